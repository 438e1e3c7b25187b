//! Structs of declared response headers.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::about::{about, docs};
use crate::rust::plan::ResponseHeaders;

/// The struct, and how it is read.
pub fn headers(h: &ResponseHeaders) -> [TokenStream; 2] {
    let (docs, name) = (docs(&h.docs), &h.name);
    let fields = h.fields.iter().map(|field| {
        let (about, name, ty) = (about(&field.about), &field.name, &field.ty);
        quote!(#about pub #name: #ty)
    });
    let values = h.fields.iter().map(|field| {
        let (name, wire, reader) = (&field.name, &field.wire, format_ident!("{}", field.reader));
        quote!(#name: ::apigen_runtime::codec::#reader(headers, #wire)?)
    });
    [
        quote!(#docs #[derive(Debug, Clone, PartialEq)] pub struct #name { #(#fields),* }),
        quote! {
            impl ::apigen_runtime::FromHeaders for #name {
                fn from_headers(headers: &::apigen_runtime::HeaderMap) -> Result<Self, ::apigen_runtime::HeaderError> {
                    Ok(Self { #(#values),* })
                }
            }
        },
    ]
}
