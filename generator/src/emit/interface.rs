//! Interfaces as traits.

use proc_macro2::TokenStream;
use quote::quote;

use super::attributes::item_attributes;
use crate::plan::items::{Implementer, Trait};

/// Emits the trait, and an impl for each model.
pub fn interface(t: &Trait) -> Vec<TokenStream> {
    let (about_trait, name) = (item_attributes(&t.attributes), &t.name);
    let methods = t.methods.iter().map(|method| {
        let (attributes, name, ty) = (item_attributes(&method.attributes), &method.name, &method.ty);
        quote!(#attributes fn #name(&self) -> #ty;)
    });
    let lints = odd_names(&t.methods.iter().map(|method| method.name.as_str()).collect::<Vec<_>>());
    let allow = (!lints.is_empty()).then(|| quote!(#[allow(#(#lints,)* reason = "named by the spec")]));
    let definition = quote!(#about_trait #allow pub trait #name { #(#methods)* });
    std::iter::once(definition).chain(t.implementers.iter().map(|i| implementation(t, i))).collect()
}

/// Allows the lints of clippy that expect another signature from methods with these names.
fn odd_names(names: &[&str]) -> Vec<TokenStream> {
    let mut lints = Vec::new();
    if names.contains(&"len") && !names.contains(&"is_empty") {
        lints.push(quote!(clippy::len_without_is_empty));
    }
    if names.contains(&"new") {
        lints.push(quote!(clippy::new_ret_no_self));
    }
    if names.iter().any(|name| *name == "new" || name.starts_with("from_") || name.starts_with("into_")) {
        lints.push(quote!(clippy::wrong_self_convention));
    }
    lints
}

fn implementation(t: &Trait, implementer: &Implementer) -> TokenStream {
    let (name, ty) = (&t.name, &implementer.ty);
    let methods = t.methods.iter().zip(&implementer.bodies).map(|(method, body)| {
        let (name, ty) = (&method.name, &method.ty);
        quote!(fn #name(&self) -> #ty { #body })
    });
    quote!(impl #name for #ty { #(#methods)* })
}
