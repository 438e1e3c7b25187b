//! Enums of strings.

use proc_macro2::TokenStream;
use quote::quote;

use super::attributes::{derives, item_attributes};
use crate::plan::items::Enum;

pub fn enumeration(e: &Enum) -> Vec<TokenStream> {
    let (about_enum, name, unknown, string) = (item_attributes(&e.attributes), &e.name, &e.unknown, &e.string);
    let derives = derives(&e.derives);
    let variants = e.values.iter().map(|value| {
        let (attributes, name) = (item_attributes(&value.attributes), &value.name);
        quote!(#attributes #name)
    });
    let definition = quote! {
        #about_enum
        #derives
        pub enum #name {
            #(#variants,)*
            /// A value that the spec does not declare; written back unchanged.
            #unknown(#string)
        }
    };
    let display = quote! {
        impl ::std::fmt::Display for #name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.pad(self.as_str())
            }
        }
    };
    let from_str = quote! {
        impl ::std::str::FromStr for #name {
            type Err = ::std::convert::Infallible;

            // `Self::Err` could be a value of the spec.
            fn from_str(text: &str) -> ::std::result::Result<Self, ::std::convert::Infallible> {
                let known = Self::ALL.iter().find(|value| value.as_str() == text);
                Ok(known.cloned().unwrap_or_else(|| Self::#unknown(text.to_owned())))
            }
        }
    };
    vec![definition, texts(e), display, from_str]
}

fn texts(e: &Enum) -> TokenStream {
    let (name, unknown) = (&e.name, &e.unknown);
    let names: Vec<_> = e.values.iter().map(|value| &value.name).collect();
    let wires = e.values.iter().map(|value| &value.wire);
    quote! {
        impl #name {
            /// The values in the order of the spec.
            pub const ALL: &'static [Self] = &[#(Self::#names),*];

            /// Returns the value as it is on the wire.
            pub fn as_str(&self) -> &str {
                match self {
                    #(Self::#names => #wires,)*
                    Self::#unknown(text) => text,
                }
            }
        }
    }
}
