//! Unions as enums.

use proc_macro2::TokenStream;
use quote::quote;

use super::attributes::{derives, item_attributes};
use crate::plan::items::Union;

pub fn union(u: &Union) -> Vec<TokenStream> {
    let (about_union, name, unknown) = (item_attributes(&u.attributes), &u.name, &u.unknown);
    let derives = derives(&u.derives);
    let variants = u.members.iter().map(|member| {
        let (attributes, name, ty) = (item_attributes(&member.attributes), &member.name, &member.ty);
        quote!(#attributes #name(#ty))
    });
    let definition = quote! {
        #about_union
        #derives
        #[allow(clippy::large_enum_variant, reason = "members are plain to match on; the spec decides their size")]
        pub enum #name {
            #(#variants,)*
            /// A member that the spec does not declare; written back unchanged.
            #unknown(::apigen_runtime::Unknown)
        }
    };
    let conversions = u.members.iter().filter(|member| member.from).map(|member| {
        let (variant, ty) = (&member.name, &member.ty);
        quote! {
            impl ::std::convert::From<#ty> for #name {
                fn from(member: #ty) -> Self {
                    Self::#variant(member)
                }
            }
        }
    });
    std::iter::once(definition).chain(conversions).collect()
}
