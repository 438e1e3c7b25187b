//! Interfaces: traits, and the models that implement them.

use proc_macro2::TokenStream;
use quote::quote;

use super::attributes::field_attributes;
use super::attributes::item_attributes;
use super::context::Context;
use super::items::{Accessor, Implementer, Trait};
use super::types::{Pointer, Scope, is_copy};
use apigen_model::api::{self, Id, Model, Primitive, Type};
use apigen_model::behaviour::is_option;

/// Plans the trait of an interface, with an impl for each generated model that has all its fields.
pub fn interface(cx: &Context<'_>, id: Id<api::Interface>, notes: &mut Vec<String>) -> Trait {
    let interface = &cx.api.interfaces[id];
    let scope = cx.models(interface.service);
    let names = &cx.symbols[id].methods;
    let methods = interface.fields.iter().zip(names).map(|(field, name)| Accessor {
        attributes: field_attributes(
            field,
            field.annotations.iter().any(|annotation| cx.options.sensitive.is_sensitive(annotation)),
        ),
        name: name.clone(),
        ty: accessor_type(scope, field),
    });
    let declared = cx.implementers(id).iter().copied().filter(|model| cx.reach.has_model(*model));
    let mut implementers = Vec::new();
    for model in declared {
        let m = &cx.api.models[model];
        // A model of an imported service cannot implement a trait of its importer, nor can one of an external crate.
        match bodies(cx, interface, model) {
            Some(bodies) if cx.symbols[m.service].external.is_none() => {
                let ty = scope.path(m.service, &cx.symbols[model].name);
                implementers.push(Implementer { ty, bodies });
            }
            _ => notes.push(format!(
                "model `{}` does not implement `{}`: a field is missing or differs",
                m.name, interface.name
            )),
        }
    }
    Trait {
        attributes: item_attributes(interface.description.as_deref(), interface.deprecation.as_ref()),
        name: cx.symbols[id].name.clone(),
        methods: methods.collect(),
        implementers,
    }
}

fn accessor_type(scope: Scope<'_>, field: &api::Field) -> TokenStream {
    let inner = scope.borrowed(&field.ty, &TokenStream::new());
    let option = scope.std("Option");
    if is_option(field) { quote!(#option<#inner>) } else { inner }
}

fn bodies(cx: &Context<'_>, interface: &api::Interface, model: Id<Model>) -> Option<Vec<TokenStream>> {
    interface.fields.iter().map(|wanted| body(cx, wanted, model)).collect()
}

fn body(cx: &Context<'_>, wanted: &api::Field, model: Id<Model>) -> Option<TokenStream> {
    let fields = &cx.api.models[model].fields;
    let index = cx.fields.position(model, &wanted.name).filter(|index| fields[*index].ty == wanted.ty)?;
    let name = &cx.symbols[model].fields[index];
    let pointer = cx.pointer(model, index);
    let slice = matches!(wanted.ty, Type::List(_) | Type::Primitive(Primitive::String));
    Some(match (is_option(wanted), is_option(&fields[index])) {
        (true, false) if is_copy(&wanted.ty) => quote!(Some(self.#name)),
        (true, false) => quote!(Some(&self.#name)),
        (_, true) if !is_option(wanted) => return None,
        _ if is_copy(&wanted.ty) => quote!(self.#name),
        (true, true) if slice && pointer == Pointer::Link => quote!(self.#name.as_ref().map(|value| value.as_slice())),
        (true, true) if slice || pointer != Pointer::None => quote!(self.#name.as_deref()),
        (true, true) => quote!(self.#name.as_ref()),
        _ => quote!(&self.#name),
    })
}
