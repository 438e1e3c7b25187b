//! Interfaces: traits, and the models that implement them.

use proc_macro2::TokenStream;
use quote::quote;

use super::about::about;
use super::about::about_field;
use super::builder::Builder;
use super::items::{Accessor, Implementer, Trait};
use super::types::{Pointer, Scope, is_copy};
use apigen_model::api::{self, Id, Model, Primitive, Type};
use apigen_model::behaviour::is_option;

/// The trait of an interface, with an impl for each generated model that has all its fields.
pub fn interface(b: &Builder<'_>, id: Id<api::Interface>, notes: &mut Vec<String>) -> Trait {
    let interface = &b.api.interfaces[id];
    let scope = b.models(interface.service);
    let names = &b.symbols.accessors[id.index()];
    let methods = interface.fields.iter().zip(names).map(|(field, name)| Accessor {
        about: about_field(
            field,
            field.annotations.iter().any(|annotation| b.options.sensitive.is_sensitive(annotation)),
        ),
        name: name.clone(),
        ty: accessor_type(scope, field),
    });
    let declared = b.implementers(id).iter().copied().filter(|model| b.reach.has_model(*model));
    let mut implementers = Vec::new();
    for model in declared {
        let m = &b.api.models[model];
        // A model of an imported service cannot implement a trait of its importer, nor can we for an external crate.
        match bodies(b, interface, model) {
            Some(bodies) if b.symbols.services[m.service.index()].external.is_none() => {
                let ty = scope.path(m.service, &b.symbols.models[model.index()]);
                implementers.push(Implementer { ty, bodies });
            }
            _ => notes.push(format!(
                "model `{}` does not implement `{}`: a field is not there or differs",
                m.name, interface.name
            )),
        }
    }
    Trait {
        about: about(interface.description.as_deref(), interface.deprecation.as_ref()),
        name: b.symbols.interfaces[id.index()].clone(),
        methods: methods.collect(),
        implementers,
    }
}

fn accessor_type(scope: Scope<'_>, field: &api::Field) -> TokenStream {
    let inner = scope.borrowed(&field.ty, &TokenStream::new());
    let option = scope.std("Option");
    if is_option(field) { quote!(#option<#inner>) } else { inner }
}

fn bodies(b: &Builder<'_>, interface: &api::Interface, model: Id<Model>) -> Option<Vec<TokenStream>> {
    interface.fields.iter().map(|wanted| body(b, wanted, model)).collect()
}

fn body(b: &Builder<'_>, wanted: &api::Field, model: Id<Model>) -> Option<TokenStream> {
    let fields = &b.api.models[model].fields;
    let index = b.field_index(model, &wanted.name).filter(|index| fields[*index].ty == wanted.ty)?;
    let name = &b.symbols.fields[model.index()][index];
    let pointer = b.pointer(model, index);
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
