//! Structs of declared response headers.

use proc_macro2::TokenStream;
use quote::quote;

use super::attributes::{docs, field};
use super::model::redacted;
use crate::plan::items::{HeaderReader, ResponseHeaders};

/// Emits the struct, how it is read, and how a server writes it.
pub fn headers(h: &ResponseHeaders, server: Option<&TokenStream>) -> Vec<TokenStream> {
    let (docs, name) = (docs(&h.docs), &h.name);
    let fields = h.fields.iter().map(|own| field(&own.attributes, &own.name, &own.ty));
    let values = h.fields.iter().map(|field| {
        let (name, wire) = (&field.name, &field.wire);
        let reader = match field.reader {
            HeaderReader::List => quote!(header_list),
            HeaderReader::Required => quote!(header),
            HeaderReader::Optional => quote!(optional_header),
        };
        quote!(#name: ::apigen_runtime::codegen::#reader(headers, #wire)?)
    });
    let sensitive = h.fields.iter().any(|field| field.sensitive);
    let shown = (!sensitive).then(|| quote!(Debug,));
    let mut items = vec![
        quote!(#docs #[derive(#shown Clone, PartialEq)] pub struct #name { #(#fields),* }),
        quote! {
            impl ::apigen_runtime::codegen::FromHeaders for #name {
                fn from_headers(headers: &::apigen_runtime::codegen::HeaderMap) -> Result<Self, ::apigen_runtime::codegen::HeaderError> {
                    Ok(Self { #(#values),* })
                }
            }
        },
    ];
    items.extend(
        sensitive.then(|| redacted(name, h.fields.iter().map(|field| (field.name.to_token(), field.sensitive)))),
    );
    items.extend(server.map(|cfg| written(h, cfg)));
    items
}

fn written(h: &ResponseHeaders, cfg: &TokenStream) -> TokenStream {
    let name = &h.name;
    let values = h.fields.iter().map(|field| {
        let (name, wire) = (&field.name, &field.wire);
        quote!(set(#wire, &self.#name);)
    });
    quote! {
        #cfg
        impl ::apigen_runtime::codegen::ToHeaders for #name {
            fn to_headers(&self, set: &mut dyn FnMut(&str, &dyn ::apigen_runtime::codegen::ToParam)) {
                #(#values)*
            }
        }
    }
}
