//! Operations: arguments, request encoding, results.

use std::collections::HashMap;

use proc_macro2::TokenStream;
use quote::quote;

use super::attributes::{argument_attributes, item_attributes, limits};
use super::context::Context;
use super::docs::{code_span, paragraphs, summary};
use super::empty::{output_value, smallest};
use super::headers::{declared, response_headers};
use super::items::{ItemAttributes, Operation, OperationArgument, Params, ResponseInfo};
use super::literal::{integer, is_type_default};
use super::page::{page, paged};
use super::params::{params, takes_position};
use super::response::{infos, output_type};
use super::serve::reads;
use super::symbols::OperationSymbols;
use super::types::{Scope, is_copy};
use apigen_model::api::{self, Location, Method, Primitive, Type};
use apigen_model::behaviour::refusal::refusals;
use apigen_model::behaviour::{OperationSensitivity, Outcomes, Output};
use apigen_model::vocabulary::names::{Name, NameAllocator};

/// The maximum number of positional arguments; with more, they move into the params struct.
const MAX_POSITIONAL: usize = 6;

/// Plans one operation. `error` is the enum of its declared errors, if there are any.
pub fn operation(
    cx: &Context<'_>,
    scope: Scope<'_>,
    (resource, accessor): (&api::Resource, &Name),
    operation: &api::Operation,
    names: &OperationSymbols,
    outcomes: Outcomes<'_>,
    error: Option<&Name>,
) -> Operation {
    let sensitivity = &OperationSensitivity::new(&cx.sensitive, (cx.api, &cx.options.sensitive), resource, operation);
    let positional: Vec<&api::Parameter> = positional(operation);
    let mut scope_names = NameAllocator::new();
    ["params", "called", "mocked", "stored"].iter().for_each(|local| scope_names.reserve(local));
    let arguments: Vec<(Name, &Type)> = positional.iter().map(|p| (scope_names.value(&p.name), &p.ty)).collect();
    let body = operation.body.as_ref().map(|body| (scope_names.value(&body_text(cx, &body.ty)), &body.ty));
    let params = params(scope, operation, &names.params, &positional, sensitivity);
    let form = outcomes.output();
    let request =
        request(operation, &arguments, &positional, params.as_ref().map(|p| &p.1), body.as_ref().map(|b| &b.0));
    let all = arguments.iter().chain(&body);
    let borrows = all.clone().any(|(_, ty)| !is_copy(ty));
    let described = described(operation, &positional, &arguments, body.as_ref());
    // The type of a body withholds its sensitive fields itself.
    let sensitives = positional.iter().map(|parameter| sensitivity.parameter(parameter)).chain([false]);
    let planned =
        all.zip(&described).zip(sensitives).map(|(((name, ty), (_, attributes)), sensitive)| OperationArgument {
            attributes: attributes.clone(),
            name: name.clone(),
            ty: scope.borrowed(ty, &quote!('a)),
            elided: scope.borrowed(ty, &TokenStream::new()),
            owned: scope.owned(ty),
            borrowed: !is_copy(ty),
            unit: **ty == Type::Primitive(Primitive::Unit),
            sensitive,
        });
    let planned: Vec<OperationArgument> = planned.collect();
    let map = params.as_ref().map(|(params, map)| (params, map.as_slice()));
    let reads = reads(operation, sensitivity, &positional, &planned, map);
    let infos = infos(&outcomes, &|ty| cx.sensitive.holds(cx.api, ty));
    let sensitive = sensitive_parameters(cx, operation, sensitivity, &infos);
    let params = params.map(|(params, map)| Params {
        page: paged(operation, &form).then(|| page(operation, &map)).flatten(),
        ..params
    });
    let route = code_span(&format!("{} {}", operation.method.as_str(), operation.path));
    let mut attributes = item_attributes(operation.description.as_deref(), operation.deprecation.as_ref());
    let items: Vec<String> = described.into_iter().flat_map(|(item, _)| item).collect();
    attributes.docs = paragraphs(&[&attributes.docs, &items, &[route]]);
    let rows = infos.into_iter().zip(&outcomes.responses);
    let rows = rows.map(|(row, own)| ResponseInfo { headers: declared(scope, &own.headers, sensitivity), ..row });
    let id = format!("{}.{}", accessor.as_str(), names.method.as_str());
    Operation {
        attributes,
        summary: operation.description.as_deref().map(summary).unwrap_or_default(),
        method: names.method.clone(),
        ty: names.ty.clone(),
        http_method: operation.method.as_str(),
        path: operation.path.clone(),
        responses: rows.collect(),
        side_effects: side_effects(operation),
        arguments: planned,
        borrows,
        params,
        request,
        reads,
        refusals: refusals(cx.api, operation),
        sensitive,
        context: scope_names.value("context"),
        output: output_type(scope, &form, &names.output),
        error: error.map_or(quote!(::std::convert::Infallible), |name| quote!(#name)),
        error_alias: error.filter(|name| **name != names.error).map(|name| (names.error.clone(), name.clone())),
        result: names.result.clone(),
        std_result: scope.std("Result"),
        headers: response_headers(scope, operation, &names.headers, &id, sensitivity),
        id,
        stored: false,
        empty: mock_answer(cx, scope, &form, &outcomes.success, &names.output),
    }
}

/// Returns the sensitive parameters of an operation; `None` if it is not sensitive, or has none and sensitive responses.
fn sensitive_parameters(
    cx: &Context<'_>,
    operation: &api::Operation,
    sensitivity: &OperationSensitivity,
    infos: &[ResponseInfo],
) -> Option<Vec<String>> {
    let names = operation.parameters.iter().filter(|parameter| sensitivity.parameter(parameter));
    let names: Vec<String> = names.map(|parameter| parameter.name.clone()).collect();
    let mut taken = operation.parameters.iter().map(|p| &p.ty).chain(operation.body.iter().map(|body| &body.ty));
    let mut takes = || taken.any(|ty| cx.sensitive.holds(cx.api, ty));
    let headers = || operation.responses.iter().flat_map(|r| &r.headers).any(|header| sensitivity.header(&header.name));
    let said = || infos.iter().any(|info| info.sensitive);
    (!names.is_empty() || (!said() && (takes() || headers()))).then_some(names)
}

/// Returns the documentation of each argument, for the method and for the operation's type.
fn described(
    operation: &api::Operation,
    positional: &[&api::Parameter],
    arguments: &[(Name, &Type)],
    body: Option<&(Name, &Type)>,
) -> Vec<(Vec<String>, ItemAttributes)> {
    let parameters = positional.iter().zip(arguments).map(|(p, (name, _))| {
        let limits = limits(&p.ty, p.minimum, p.maximum);
        argument_attributes(name, p.description.as_deref(), p.deprecation.as_ref(), limits)
    });
    let body = operation.body.as_ref().zip(body).map(|(body, (name, _))| {
        argument_attributes(name, body.description.as_deref(), body.deprecation.as_ref(), None)
    });
    parameters.chain(body).collect()
}

/// Returns the value of the attribute `apigen`, if it contradicts the method's usual meaning. The first one wins.
fn side_effects(operation: &api::Operation) -> Option<bool> {
    let mut own = operation.attributes.iter().filter(|attribute| attribute.name == "apigen");
    let said = own.find_map(|attribute| attribute.value.get("side_effects")?.as_bool());
    said.filter(|said| *said == matches!(operation.method, Method::Get | Method::Head | Method::Options))
}

/// Returns the positional parameters: required without default, unless there would be too many arguments.
fn positional(operation: &api::Operation) -> Vec<&api::Parameter> {
    let required: Vec<&api::Parameter> = operation.parameters.iter().filter(|p| takes_position(p)).collect();
    let others = usize::from(required.len() < operation.parameters.len()) + usize::from(operation.body.is_some());
    if required.len() + others > MAX_POSITIONAL { Vec::new() } else { required }
}

/// Returns the name of the body argument, which is that of its type.
fn body_text(cx: &Context<'_>, ty: &Type) -> String {
    match ty {
        Type::Model(id) => cx.api.models[*id].name.clone(),
        Type::Union(id) => cx.api.unions[*id].name.clone(),
        Type::Enum(id) => cx.api.enums[*id].name.clone(),
        Type::Primitive(_) => "value".to_owned(),
        Type::List(_) => "items".to_owned(),
        Type::Map(_) => "entries".to_owned(),
    }
}

/// Returns the chain of calls that encodes the request, in declared order.
fn request(
    operation: &api::Operation,
    arguments: &[(Name, &Type)],
    positional: &[&api::Parameter],
    fields: Option<&Vec<(String, Name)>>,
    body: Option<&Name>,
) -> Vec<TokenStream> {
    let fields: HashMap<&str, &Name> =
        fields.into_iter().flatten().rev().map(|(wire, name)| (wire.as_str(), name)).collect();
    let value = |parameter: &api::Parameter| {
        if let Some(index) = positional.iter().position(|p| p.name == parameter.name) {
            let name = &arguments[index].0;
            return quote!(#name);
        }
        let field = fields.get(parameter.name.as_str());
        quote!(params.#field)
    };
    let mut calls: Vec<TokenStream> = Vec::new();
    calls.extend(operation.deprecation.is_some().then(|| quote!(.deprecated())));
    for parameter in &operation.parameters {
        let (wire, value) = (&parameter.name, value(parameter));
        calls.extend(most_values(parameter).map(|most| quote!(.at_most(#wire, #value.len(), #most))));
        calls.push(match parameter.location {
            Location::Path => quote!(.path(#wire, &#value)),
            Location::Query => quote!(.query(#wire, &#value)),
            Location::Header => quote!(.header(#wire, &#value)),
            // An empty value sends nothing, which would be read as the default, so it is refused like an optional one.
            Location::Form if has_entries_by_default(parameter) => quote!(.form(#wire, &Some(&#value))),
            Location::Form => quote!(.form(#wire, &#value)),
        });
    }
    calls.extend(body.map(|name| quote!(.body(&#name))));
    calls
}

/// Returns true if a map or object defaults to a non-empty one when nothing is sent. An absent list is always empty.
fn has_entries_by_default(parameter: &api::Parameter) -> bool {
    let map = matches!(parameter.ty, Type::Map(_) | Type::Model(_) | Type::Primitive(Primitive::Object));
    map && parameter.default.as_ref().is_some_and(|default| !is_type_default(default))
}

/// Returns the maximum number of values of a list, if there is one.
fn most_values(parameter: &api::Parameter) -> Option<TokenStream> {
    let list = matches!(parameter.ty, Type::List(_));
    parameter.maximum.filter(|_| list).map(|most| integer(most.clamp(0, i64::MAX - 1)))
}

/// Returns the response of a mocked method that is not overridden: an empty collection, nothing, or the smallest value.
fn mock_answer(
    cx: &Context<'_>,
    scope: Scope<'_>,
    form: &Output<'_>,
    success: &[&api::Response],
    name: &Name,
) -> Option<TokenStream> {
    match form {
        Output::Unit => Some(quote!(())),
        Output::Optional(_) => Some(quote!(None)),
        Output::One(ty) => smallest(cx, scope, ty),
        Output::Several => output_value(cx, scope, success, name),
    }
}
