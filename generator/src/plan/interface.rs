//! Interfaces: traits, and the models that implement them.

use super::attributes::{field_attributes, item_attributes};
use super::context::{Context, LINK};
use super::items::{Accessor, FieldAccess, Implementer, Trait};
use super::types::is_copy;
use apigen_model::api::{self, Id, Model, Primitive, Type};
use apigen_model::behaviour::is_option;
use apigen_model::vocabulary::names::Name;

/// Plans the trait of an interface, with an impl for each generated model that has all its fields.
pub fn interface(cx: &Context<'_>, id: Id<api::Interface>, notes: &mut Vec<String>) -> Trait {
    let interface = &cx.api.interfaces[id];
    let scope = cx.models(interface.service);
    let names = &cx.symbols[id].methods;
    let methods = interface.fields.iter().zip(names).map(|(field, name)| Accessor {
        attributes: field_attributes(field, cx.options.sensitive.are_on(field)),
        name: name.clone(),
        ty: match scope.borrowed(&field.ty) {
            inner if is_option(field) => inner.within(scope.std("Option")),
            inner => inner,
        },
    });
    let declared = cx.implementers(id).iter().copied().filter(|model| cx.reach.has(&Type::Model(*model)));
    let mut implementers = Vec::new();
    for model in declared {
        let m = &cx.api.models[model];
        // A model of an imported service cannot implement a trait of its importer, nor can one of an external crate.
        let fields: Option<Vec<_>> = interface.fields.iter().map(|wanted| field(cx, wanted, model)).collect();
        match fields {
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

/// Returns how a method of the interface returns the field of a model; `None` if the model lacks it.
fn field(cx: &Context<'_>, wanted: &api::Field, model: Id<Model>) -> Option<(Name, FieldAccess)> {
    let fields = &cx.api.models[model].fields;
    let index = cx.fields.position(model, &wanted.name).filter(|index| fields[*index].ty == wanted.ty)?;
    let name = &cx.symbols[model].fields[index];
    let pointer = cx.pointer(cx.models(cx.api.models[model].service), model, index);
    let slice = matches!(wanted.ty, Type::List(_) | Type::Primitive(Primitive::String));
    let access = match (is_option(wanted), is_option(&fields[index])) {
        (true, false) if is_copy(&wanted.ty) => FieldAccess::SomeValue,
        (true, false) => FieldAccess::SomeReference,
        (_, true) if !is_option(wanted) => return None,
        _ if is_copy(&wanted.ty) => FieldAccess::Value,
        (true, true) if slice && pointer == Some(LINK) => FieldAccess::Slice,
        (true, true) if slice || pointer.is_some() => FieldAccess::Target,
        (true, true) => FieldAccess::Content,
        _ => FieldAccess::Reference,
    };
    Some((name.clone(), access))
}
