//! Parameters: how clients write them to requests, and how servers read them.

use super::items::{Fallback, ParamField, Parameter};
use super::literal::is_type_default;
use apigen_model::api::{self, Location, Primitive, Type};
use apigen_model::behaviour::RouteParameter;
use apigen_model::vocabulary::names::Name;

/// Plans the parameters of an operation. `arguments` and `fields` have the names of those that are arguments, and of
/// the others.
pub fn parameters<'p>(
    all: &[RouteParameter<'_>],
    arguments: impl IntoIterator<Item = &'p Name>,
    fields: impl IntoIterator<Item = &'p ParamField>,
) -> Vec<Parameter> {
    let (mut arguments, mut fields) = (arguments.into_iter(), fields.into_iter());
    let planned = all.iter().filter_map(|own| match own.argument {
        true => Some(parameter(own, arguments.next()?, None)),
        false => fields.next().map(|field| parameter(own, &field.name, Some(field))),
    });
    planned.collect()
}

fn parameter(own: &RouteParameter<'_>, name: &Name, field: Option<&ParamField>) -> Parameter {
    let parameter = own.parameter;
    Parameter {
        name: name.clone(),
        in_params: field.is_some(),
        wire: parameter.name.clone(),
        location: parameter.location,
        presence: own.presence,
        sensitive: own.sensitive,
        minimum: parameter.minimum,
        maximum: parameter.maximum,
        at_most: most_values(parameter),
        // An empty value sends nothing, which would be read as the default, so it is refused like an optional one.
        optional: parameter.location == Location::Form && has_entries_by_default(parameter),
        fallback: field.and_then(|field| fallback(parameter, field)),
        given: field.is_none_or(|field| field.argument.is_some()),
    }
}

fn fallback(parameter: &api::Parameter, field: &ParamField) -> Option<Fallback> {
    let preset = field.preset.as_ref()?;
    match &parameter.default {
        Some(default) if !is_type_default(default) => Some(Fallback::Value(preset.clone())),
        Some(_) => Some(Fallback::Default),
        None => matches!(parameter.ty, Type::List(_)).then_some(Fallback::Default),
    }
}

/// Returns true if a map or an object has a default other than the empty one.
fn has_entries_by_default(parameter: &api::Parameter) -> bool {
    let map = matches!(parameter.ty, Type::Map(_) | Type::Model(_) | Type::Primitive(Primitive::Object));
    map && parameter.default.as_ref().is_some_and(|default| !is_type_default(default))
}

/// Returns the maximum number of values of a list, if there is one.
fn most_values(parameter: &api::Parameter) -> Option<i64> {
    let list = matches!(parameter.ty, Type::List(_));
    parameter.maximum.filter(|_| list).map(|most| most.clamp(0, i64::MAX - 1))
}
