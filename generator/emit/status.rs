//! Enums with a variant per status.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::about::about;
use crate::rust::plan::{StatusEnum, StatusKind, StatusVariant};

/// The enum, how it is read, and for errors which status each variant has.
pub fn status_enum(s: &StatusEnum, written: Option<&TokenStream>) -> Vec<TokenStream> {
    let (docs, name) = (format!(" {}", s.docs), &s.name);
    let variants = s.variants.iter().map(|variant| {
        let (about, name) = (about(&variant.about), &variant.name);
        match (&variant.ty, variant.status) {
            (Some(ty), Some(_)) => quote!(#about #name(#ty)),
            (None, Some(_)) => quote!(#about #name),
            (Some(ty), None) => quote!(#about #name(u16, #ty)),
            (None, None) => quote!(#about #name(u16)),
        }
    });
    let open = (s.kind == StatusKind::Error).then(|| quote!(#[non_exhaustive]));
    let definition = quote! {
        #[doc = #docs]
        #[derive(Debug, Clone, PartialEq)]
        #open
        #[allow(clippy::large_enum_variant, reason = "bodies are plain to match on; the spec decides their size")]
        pub enum #name { #(#variants),* }
    };
    let mut items = vec![definition, read(s)];
    items.extend((s.kind == StatusKind::Error).then(|| error(s)));
    items.extend(written.map(|cfg| write(s, cfg)));
    items
}

fn write(s: &StatusEnum, cfg: &TokenStream) -> TokenStream {
    let name = &s.name;
    let arms = s.variants.iter().map(|variant| {
        let name = &variant.name;
        match (&variant.ty, variant.status.map(Literal::u16_unsuffixed)) {
            (Some(_), Some(code)) => quote!(Self::#name(body) => ::apigen_runtime::codec::content(#code, body)),
            (None, Some(code)) => quote!(Self::#name => ::apigen_runtime::codec::no_content(#code)),
            (Some(_), None) => quote!(Self::#name(status, body) => ::apigen_runtime::codec::content(*status, body)),
            (None, None) => quote!(Self::#name(status) => ::apigen_runtime::codec::no_content(*status)),
        }
    });
    quote! {
        #cfg
        impl ::apigen_runtime::ToResponse for #name {
            fn to_response(&self, _: &::apigen_runtime::OperationInfo) -> Option<(u16, Option<String>)> {
                match self { #(#arms,)* }
            }
        }
    }
}

fn read(s: &StatusEnum) -> TokenStream {
    let name = &s.name;
    let listed: Vec<_> = s.variants.iter().filter(|v| v.status.is_some()).collect();
    let arms = listed.iter().map(|variant| {
        let code = Literal::u16_unsuffixed(variant.status.unwrap_or_default());
        let (name, unit) = (&variant.name, variant.ty.is_none());
        if unit { quote!(#code => r.get().map(|()| Self::#name)) } else { quote!(#code => r.get().map(Self::#name)) }
    });
    let rest = match s.variants.iter().find(|v| v.status.is_none()) {
        Some(StatusVariant { name, ty: Some(_), .. }) => quote!(r.get().map(|body| Self::#name(status, body))),
        Some(StatusVariant { name, ty: None, .. }) => quote!(r.get().map(|()| Self::#name(status))),
        None => quote!(None),
    };
    let body = if listed.is_empty() { rest } else { quote!(match status { #(#arms,)* _ => #rest, }) };
    quote! {
        impl ::apigen_runtime::FromResponse for #name {
            fn read(status: u16, r: &mut ::apigen_runtime::codec::Reader<'_>) -> Option<Self> {
                #body
            }
        }
    }
}

fn error(s: &StatusEnum) -> TokenStream {
    let name = &s.name;
    let arms = s.variants.iter().map(|variant| {
        let name = &variant.name;
        match (&variant.ty, variant.status.map(Literal::u16_unsuffixed)) {
            (Some(_), Some(code)) => quote!(Self::#name(_) => #code),
            (None, Some(code)) => quote!(Self::#name => #code),
            (Some(_), None) => quote!(Self::#name(status, _) => *status),
            (None, None) => quote!(Self::#name(status) => *status),
        }
    });
    quote! {
        impl ::apigen_runtime::DeclaredError for #name {
            fn status(&self) -> u16 {
                match self { #(#arms,)* }
            }
        }
    }
}
