//! How a server reads the input of an operation.

use std::collections::HashMap;

use proc_macro2::TokenStream;
use quote::quote;

use super::items::{OperationArgument, ParamField, Params, Read, Reads};
use super::literal::{integer, is_type_default};
use apigen_model::api::{Location, Operation, Parameter, Primitive, Type};
use apigen_model::behaviour::OperationSensitivity;
use apigen_model::vocabulary::names::Name;

/// Returns one expression for each part of the operation's type, in order. `fields` has the wire name of each field of `params`.
pub fn reads(
    operation: &Operation,
    sensitivity: &OperationSensitivity,
    positional: &[&Parameter],
    arguments: &[OperationArgument],
    params: Option<(&Params, &[(String, Name)])>,
) -> Reads {
    let mut own: Vec<Read> =
        positional.iter().zip(arguments).map(|(p, a)| required(p, sensitivity.parameter(p), &a.name)).collect();
    // The body, if any, follows the parameters.
    own.extend(arguments.get(positional.len()).map(|body| Read {
        name: body.name.clone(),
        value: quote!(r.body()),
        fallible: true,
    }));
    let declared: HashMap<&str, &Parameter> = operation.parameters.iter().rev().map(|p| (p.name.as_str(), p)).collect();
    let fields = params.map(|(params, wires)| {
        params.fields.iter().zip(wires).filter_map(|(field, (wire, _))| {
            let parameter = *declared.get(wire.as_str())?;
            Some(member(parameter, field))
        })
    });
    let headers = operation.parameters.iter().any(|parameter| parameter.location == Location::Header);
    Reads { arguments: own, params: fields.map(Iterator::collect), headers }
}

fn member(parameter: &Parameter, field: &ParamField) -> Read {
    if field.argument.is_some() {
        return required(parameter, field.sensitive, &field.name);
    }
    let value = value(parameter, field.sensitive);
    let value = match (&parameter.default, &field.preset) {
        (Some(default), Some(preset)) if !is_type_default(default) => quote!(#value.unwrap_or(#preset)),
        (Some(_), _) => quote!(#value.unwrap_or_default()),
        (None, _) if matches!(parameter.ty, Type::List(_)) => quote!(#value.unwrap_or_default()),
        (None, _) => value,
    };
    Read { name: field.name.clone(), value, fallible: false }
}

fn required(parameter: &Parameter, sensitive: bool, name: &Name) -> Read {
    Read { name: name.clone(), value: value(parameter, sensitive), fallible: true }
}

fn value(parameter: &Parameter, sensitive: bool) -> TokenStream {
    let wire = &parameter.name;
    let must = parameter.required && parameter.default.is_none();
    // A client sends nothing for an empty list or object.
    let hint = match parameter.ty {
        Type::List(_) => Some(quote!(.list())),
        Type::Map(_) | Type::Model(_) | Type::Primitive(Primitive::Object)
            if must && parameter.location == Location::Form =>
        {
            Some(quote!(.object()))
        }
        _ if must && parameter.location != Location::Path => Some(quote!(.required())),
        _ => None,
    };
    let min = parameter.minimum.map(|min| {
        let min = integer(min);
        quote!(.min(#min))
    });
    let max = parameter.maximum.map(|max| {
        let max = integer(max);
        quote!(.max(#max))
    });
    let read = match parameter.location {
        Location::Path => quote!(path),
        Location::Query => quote!(query),
        Location::Header => quote!(header),
        Location::Form => quote!(form),
    };
    let sensitive = sensitive.then(|| quote!(.sensitive()));
    quote!(r #hint #sensitive #min #max.#read(#wire))
}
