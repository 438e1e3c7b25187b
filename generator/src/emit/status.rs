//! Enums with a variant per status.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::attributes::item_attributes;
use crate::plan::items::{StatusEnum, StatusKind};

/// Emits the enum, and a macro call for reading it, and for writing it where there are mocks or servers: `written` is
/// their condition.
pub fn status_enum(s: &StatusEnum, written: Option<&TokenStream>) -> Vec<TokenStream> {
    let (docs, name) = (format!(" {}", s.docs), &s.name);
    let variants = s.variants.iter().map(|variant| {
        let (attributes, name) = (item_attributes(&variant.attributes), &variant.name);
        match (&variant.ty, variant.status) {
            (Some(ty), Some(_)) => quote!(#attributes #name(#ty)),
            (None, Some(_)) => quote!(#attributes #name),
            (Some(ty), None) => quote!(#attributes #name(u16, #ty)),
            (None, None) => quote!(#attributes #name(u16)),
        }
    });
    let open = (s.kind == StatusKind::Error).then(|| quote!(#[non_exhaustive]));
    let definition = quote! {
        #[doc = #docs]
        #[derive(Debug, Clone, PartialEq)]
        #open
        #[allow(clippy::large_enum_variant, reason = "bodies are plain to match on")]
        pub enum #name { #(#variants),* }
    };
    vec![definition, responses(s, written)]
}

/// Emits `error_responses! { GetError { 404 => NotFound, 409 => Conflict(body), } }`, or `client_error_responses!`.
fn responses(s: &StatusEnum, written: Option<&TokenStream>) -> TokenStream {
    let name = &s.name;
    let rows = s.variants.iter().map(|variant| {
        let (name, body) = (&variant.name, variant.ty.is_some());
        match variant.status.map(Literal::u16_unsuffixed) {
            Some(code) if body => quote!(#code => #name(body)),
            Some(code) => quote!(#code => #name),
            None if body => quote!(_ => #name(status, body)),
            None => quote!(_ => #name(status)),
        }
    });
    let rows = quote!(#written #name { #(#rows,)* });
    let table = match (s.kind, written) {
        (StatusKind::Error, Some(_)) => quote!(error_responses),
        (StatusKind::Error, None) => quote!(client_error_responses),
        (StatusKind::Output, Some(_)) => quote!(responses),
        (StatusKind::Output, None) => quote!(client_responses),
    };
    quote!(::apigen_runtime::codegen::#table! { #rows })
}
