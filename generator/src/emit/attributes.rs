//! Attributes that any item may have.

use proc_macro2::TokenStream;
use quote::quote;

use crate::plan::items::{Derives, ItemAttributes};

/// Doc comments and `#[deprecated]`.
pub fn item_attributes(attributes: &ItemAttributes) -> TokenStream {
    let docs = docs(&attributes.docs);
    let deprecated = match attributes.deprecated.as_deref() {
        None => TokenStream::new(),
        Some("") => quote!(#[deprecated]),
        Some(note) => quote!(#[deprecated(note = #note)]),
    };
    quote!(#docs #deprecated)
}

/// Doc comments.
pub fn docs(lines: &[String]) -> TokenStream {
    let lines = lines.iter().map(|line| if line.is_empty() { String::new() } else { format!(" {line}") });
    quote!(#(#[doc = #lines])*)
}

/// `#[derive(…)]`, and what the user writes below.
pub fn derives(derives: &Derives) -> TokenStream {
    let own = derives.own.iter().map(|name| quote::format_ident!("{name}"));
    let (more, attributes) = (&derives.more, &derives.attributes);
    quote!(#[derive(#(#own),* #(, #more)*)] #(#attributes)*)
}

/// For constructors whose arguments are the spec's choice.
pub fn allow_many(many: bool) -> TokenStream {
    if many {
        quote!(#[allow(clippy::too_many_arguments, reason = "the spec requires them all")])
    } else {
        TokenStream::new()
    }
}
