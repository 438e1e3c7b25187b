//! Interfaces as traits.

use proc_macro2::TokenStream;
use quote::quote;

use super::attributes::item_attributes;
use crate::plan::items::{FieldAccess, Implementer, Trait};
use apigen_model::vocabulary::names::Name;

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
    let (name, ty) = (&t.name, &implementer.path);
    let methods = t.methods.iter().zip(&implementer.fields).map(|(method, (field, access))| {
        let (name, ty, body) = (&method.name, &method.ty, body(field, *access));
        quote!(fn #name(&self) -> #ty { #body })
    });
    quote!(impl #name for #ty { #(#methods)* })
}

fn body(field: &Name, access: FieldAccess) -> TokenStream {
    match access {
        FieldAccess::Value => quote!(self.#field),
        FieldAccess::Reference => quote!(&self.#field),
        FieldAccess::SomeValue => quote!(Some(self.#field)),
        FieldAccess::SomeReference => quote!(Some(&self.#field)),
        FieldAccess::Content => quote!(self.#field.as_ref()),
        FieldAccess::Target => quote!(self.#field.as_deref()),
        FieldAccess::Slice => quote!(self.#field.as_ref().map(|value| value.as_slice())),
    }
}
