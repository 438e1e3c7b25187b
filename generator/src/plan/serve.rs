//! The expressions by which a server reads the input of an operation.

use proc_macro2::TokenStream;
use quote::quote;

use super::items::{OperationArgument, ParamField, Params, Read, Reads};
use super::literal::{integer, is_type_default};
use apigen_model::api::{Location, Type};
use apigen_model::behaviour::{Presence, RouteParameter};

/// Returns one expression for each part of the operation's type, in order. `params` has the parameter of each of its
/// fields.
pub fn reads(
    positional: &[&RouteParameter<'_>],
    arguments: &[OperationArgument],
    params: Option<(&Params, &[&RouteParameter<'_>])>,
) -> Reads {
    let required =
        positional.iter().zip(arguments).map(|(p, a)| Read { name: a.name.clone(), value: value(p), fallible: true });
    // The body, if there is one, follows the parameters.
    let body = arguments.get(positional.len());
    let body = body.map(|body| Read { name: body.name.clone(), value: quote!(r.body()), fallible: true });
    let rest = params.map(|(_, rest)| rest).unwrap_or_default();
    Reads {
        arguments: required.chain(body).collect(),
        params: params.map(|(params, rest)| rest.iter().zip(&params.fields).map(|(p, f)| member(p, f)).collect()),
        headers: positional.iter().chain(rest).any(|own| own.parameter.location == Location::Header),
    }
}

fn member(own: &RouteParameter<'_>, field: &ParamField) -> Read {
    let value = value(own);
    let value = match (&own.parameter.default, &field.preset) {
        _ if field.argument.is_some() => return Read { name: field.name.clone(), value, fallible: true },
        (Some(default), Some(preset)) if !is_type_default(default) => quote!(#value.unwrap_or(#preset)),
        (Some(_), _) => quote!(#value.unwrap_or_default()),
        (None, _) if matches!(own.parameter.ty, Type::List(_)) => quote!(#value.unwrap_or_default()),
        (None, _) => value,
    };
    Read { name: field.name.clone(), value, fallible: false }
}

fn value(own: &RouteParameter<'_>) -> TokenStream {
    let parameter = own.parameter;
    let wire = &parameter.name;
    let hint = match own.presence {
        Presence::Optional => None,
        Presence::Required => Some(quote!(.required())),
        Presence::List => Some(quote!(.list())),
        Presence::PresetList => Some(quote!(.preset_list())),
        Presence::Object => Some(quote!(.object())),
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
    let sensitive = own.sensitive.then(|| quote!(.sensitive()));
    quote!(r #hint #sensitive #min #max.#read(#wire))
}
