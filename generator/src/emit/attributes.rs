//! What all items have in common: attributes and fields.

use proc_macro2::TokenStream;
use quote::quote;

use super::rust_type::parsed;
use crate::plan::items::{Derives, ItemAttributes, RustType};
use apigen_model::vocabulary::names::Name;

/// Emits doc comments and `#[deprecated]`.
pub fn item_attributes(attributes: &ItemAttributes) -> TokenStream {
    let docs = docs(&attributes.docs);
    let deprecated = match attributes.deprecated.as_deref() {
        None => TokenStream::new(),
        Some("") => quote!(#[deprecated]),
        Some(note) => quote!(#[deprecated(note = #note)]),
    };
    quote!(#docs #deprecated)
}

pub fn docs(lines: &[String]) -> TokenStream {
    let lines = lines.iter().map(|line| if line.is_empty() { String::new() } else { format!(" {line}") });
    quote!(#(#[doc = #lines])*)
}

pub fn typed(name: &Name, ty: &RustType) -> TokenStream {
    quote!(#name: #ty)
}

pub fn field(attributes: &ItemAttributes, name: &Name, ty: &RustType) -> TokenStream {
    let attributes = item_attributes(attributes);
    quote!(#attributes pub #name: #ty)
}

/// Emits `#[derive(…)]`, and the user's attributes below it.
pub fn derives(derives: &Derives) -> TokenStream {
    let own = derives.own.iter().map(|name| quote::format_ident!("{name}"));
    let texts = |texts: &[String]| texts.iter().map(|text| parsed(text)).collect::<Vec<_>>();
    let (more, attributes) = (texts(&derives.more), texts(&derives.attributes));
    quote!(#[derive(#(#own),* #(, #more)*)] #(#attributes)*)
}

/// Allows more arguments than clippy accepts, for functions whose arguments depend on the spec.
pub fn allow_many(arguments: usize) -> TokenStream {
    if arguments > 7 {
        quote!(#[allow(clippy::too_many_arguments, reason = "the spec requires them all")])
    } else {
        TokenStream::new()
    }
}
