//! How a server reads the input of an operation.

use super::items::{Fallback, OperationArgument, ParamField, Params, Read, ReadFrom, Reads};
use super::literal::is_type_default;
use apigen_model::api::{Location, Type};
use apigen_model::behaviour::RouteParameter;
use apigen_model::vocabulary::names::Name;

/// Plans how each part of the operation's type is read, in order. `params` has the parameter of each of its
/// fields.
pub fn reads(
    positional: &[&RouteParameter<'_>],
    arguments: &[OperationArgument],
    params: Option<(&Params, &[&RouteParameter<'_>])>,
) -> Reads {
    let required = positional.iter().zip(arguments).map(|(p, a)| read(a.name.clone(), from(p), None, true));
    // The body, if there is one, follows the parameters.
    let body = arguments.get(positional.len());
    let body = body.map(|body| read(body.name.clone(), ReadFrom::Body, None, true));
    let rest = params.map(|(_, rest)| rest).unwrap_or_default();
    Reads {
        arguments: required.chain(body).collect(),
        params: params.map(|(params, rest)| rest.iter().zip(&params.fields).map(|(p, f)| member(p, f)).collect()),
        headers: positional.iter().chain(rest).any(|own| own.parameter.location == Location::Header),
    }
}

fn member(own: &RouteParameter<'_>, field: &ParamField) -> Read {
    let fallback = match (&own.parameter.default, &field.preset) {
        _ if field.argument.is_some() => return read(field.name.clone(), from(own), None, true),
        (Some(default), Some(preset)) if !is_type_default(default) => Some(Fallback::Value(preset.clone())),
        (Some(_), _) => Some(Fallback::Default),
        (None, _) => matches!(own.parameter.ty, Type::List(_)).then_some(Fallback::Default),
    };
    read(field.name.clone(), from(own), fallback, false)
}

fn read(name: Name, from: ReadFrom, fallback: Option<Fallback>, fallible: bool) -> Read {
    Read { name, from, fallback, fallible }
}

fn from(own: &RouteParameter<'_>) -> ReadFrom {
    let parameter = own.parameter;
    ReadFrom::Parameter {
        wire: parameter.name.clone(),
        location: parameter.location,
        presence: own.presence,
        sensitive: own.sensitive,
        minimum: parameter.minimum,
        maximum: parameter.maximum,
    }
}
