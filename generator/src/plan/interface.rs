//! Interfaces: traits, and the models that implement them.

use super::attributes::field_attributes;
use super::attributes::item_attributes;
use super::context::Context;
use super::items::{Accessor, FieldAccess, Implementer, RustType, Trait};
use super::types::{Pointer, Scope, is_copy};
use apigen_model::api::{self, Id, Model, Primitive, Type};
use apigen_model::behaviour::is_option;
use apigen_model::vocabulary::names::Name;

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
        match fields(cx, interface, model) {
            Some(fields) if cx.symbols[m.service].external.is_none() => {
                let path = scope.path(m.service, &cx.symbols[model].name);
                implementers.push(Implementer { path, fields });
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

fn accessor_type(scope: Scope<'_>, field: &api::Field) -> RustType {
    let inner = scope.borrowed(&field.ty);
    if is_option(field) { inner.within(scope.std("Option")) } else { inner }
}

fn fields(cx: &Context<'_>, interface: &api::Interface, model: Id<Model>) -> Option<Vec<(Name, FieldAccess)>> {
    interface.fields.iter().map(|wanted| field(cx, wanted, model)).collect()
}

fn field(cx: &Context<'_>, wanted: &api::Field, model: Id<Model>) -> Option<(Name, FieldAccess)> {
    let fields = &cx.api.models[model].fields;
    let index = cx.fields.position(model, &wanted.name).filter(|index| fields[*index].ty == wanted.ty)?;
    let name = &cx.symbols[model].fields[index];
    let pointer = cx.pointer(model, index);
    let slice = matches!(wanted.ty, Type::List(_) | Type::Primitive(Primitive::String));
    let access = match (is_option(wanted), is_option(&fields[index])) {
        (true, false) if is_copy(&wanted.ty) => FieldAccess::SomeValue,
        (true, false) => FieldAccess::SomeReference,
        (_, true) if !is_option(wanted) => return None,
        _ if is_copy(&wanted.ty) => FieldAccess::Value,
        (true, true) if slice && pointer == Pointer::Link => FieldAccess::Slice,
        (true, true) if slice || pointer != Pointer::None => FieldAccess::Target,
        (true, true) => FieldAccess::Content,
        _ => FieldAccess::Reference,
    };
    Some((name.clone(), access))
}
