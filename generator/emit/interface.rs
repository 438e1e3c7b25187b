//! Interfaces as traits.

use proc_macro2::TokenStream;
use quote::quote;

use super::about::about;
use crate::rust::plan::{Implementer, Trait};

/// The trait, and an impl for each model.
pub fn interface(t: &Trait) -> Vec<TokenStream> {
    let (about_trait, name) = (about(&t.about), &t.name);
    let methods = t.methods.iter().map(|method| {
        let (about, name, ty) = (about(&method.about), &method.name, &method.ty);
        quote!(#about fn #name(&self) -> #ty;)
    });
    let odd = t.methods.iter().any(|m| ["from_", "into_"].iter().any(|prefix| m.name.as_str().starts_with(prefix)));
    let allow = if odd {
        quote!(#[allow(clippy::wrong_self_convention, reason = "named by the spec")])
    } else {
        TokenStream::new()
    };
    let definition = quote!(#about_trait #allow pub trait #name { #(#methods)* });
    std::iter::once(definition).chain(t.implementers.iter().map(|i| implementation(t, i))).collect()
}

fn implementation(t: &Trait, implementer: &Implementer) -> TokenStream {
    let (name, ty) = (&t.name, &implementer.ty);
    let methods = t.methods.iter().zip(&implementer.bodies).map(|(method, body)| {
        let (name, ty) = (&method.name, &method.ty);
        quote!(fn #name(&self) -> #ty { #body })
    });
    quote!(impl #name for #ty { #(#methods)* })
}
