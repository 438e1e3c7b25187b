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
    let names = || t.methods.iter().map(|method| method.name.as_str());
    let is_new = names().any(|name| name == "new").then(|| quote!(clippy::new_ret_no_self,));
    let is_odd = is_new.is_some() || names().any(|name| name.starts_with("from_") || name.starts_with("into_"));
    let allow = is_odd.then(|| quote!(#[allow(#is_new clippy::wrong_self_convention, reason = "named by the spec")]));
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
