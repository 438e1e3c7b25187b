//! Operations: arguments, request encoding, results.

use std::collections::HashMap;

use proc_macro2::TokenStream;
use quote::quote;

use super::attributes::{argument_attributes, item_attributes, limits};
use super::context::Context;
use super::docs::{code_span, paragraphs, summary};
use super::empty::{empty_response, empty_result};
use super::headers::response_headers;
use super::items::{ItemAttributes, Operation, OperationArgument, Params};
use super::literal::{integer, is_type_default};
use super::page::{page, paged};
use super::params::params;
use super::response::{info, output_type};
use super::serve::reads;
use super::symbols::OperationSymbols;
use super::types::{Scope, is_copy};
use apigen_model::api::{self, Id, Location, Primitive, Service, Type};
use apigen_model::behaviour::{Outcomes, Route, RouteParameter, has_elements};
use apigen_model::vocabulary::names::{Name, NameAllocator};

/// Plans one operation. `error` is the enum of its declared errors, if there are any.
pub fn operation(
    cx: &Context<'_>,
    scope: Scope<'_>,
    (service, resource, accessor): (Id<Service>, &api::Resource, &Name),
    operation: &api::Operation,
    names: &OperationSymbols,
    outcomes: Outcomes<'_>,
    error: Option<&Name>,
) -> Operation {
    let route = Route::new(&cx.sensitive, (cx.api, &cx.options.sensitive), resource, operation);
    let (positional, rest): (Vec<&RouteParameter<'_>>, Vec<_>) = route.parameters.iter().partition(|own| own.argument);
    let mut scope_names = NameAllocator::new();
    scope_names.reserve("params");
    let arguments: Vec<(Name, &Type)> =
        positional.iter().map(|p| &p.parameter).map(|p| (scope_names.value(&p.name), &p.ty)).collect();
    let body = operation.body.as_ref().map(|body| (scope_names.value(&body_text(cx, &body.ty)), &body.ty));
    let params = params(scope, operation, &names.params, &rest);
    let form = outcomes.output();
    let request =
        request(operation, &arguments, &positional, params.as_ref().map(|p| &p.1), body.as_ref().map(|b| &b.0));
    let all = arguments.iter().chain(&body);
    let borrows = all.clone().any(|(_, ty)| !is_copy(ty));
    let described = described(operation, &positional, &arguments, body.as_ref());
    // The type of a body withholds its sensitive fields itself.
    let sensitives = positional.iter().map(|parameter| parameter.sensitive).chain([false]);
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
    let reads = reads(&positional, &planned, params.as_ref().map(|(params, _)| (params, rest.as_slice())));
    // A sensitive response already makes the operation sensitive.
    let said = route.responses.iter().any(|response| response.sensitive);
    let sensitive = route.sensitive_parameters();
    let sensitive = (!sensitive.is_empty() || (route.sensitive && !said)).then_some(sensitive);
    let params = params.map(|(params, map)| Params {
        page: paged(operation, &form).then(|| page(operation, &map)).flatten(),
        ..params
    });
    let heading = code_span(&format!("{} {}", operation.method.as_str(), operation.path));
    let mut attributes = item_attributes(operation.description.as_deref(), operation.deprecation.as_ref());
    let items: Vec<String> = described.into_iter().flat_map(|(item, _)| item).collect();
    attributes.docs = paragraphs(&[&attributes.docs, &items, &[heading]]);
    let id = format!("{}.{}", accessor.as_str(), names.method.as_str());
    Operation {
        attributes,
        summary: operation.description.as_deref().map(summary).unwrap_or_default(),
        method: names.method.clone(),
        ty: names.ty.clone(),
        http_method: operation.method.as_str(),
        path: operation.path.clone(),
        responses: route.responses.iter().map(|response| info(scope, response)).collect(),
        side_effects: Some(route.side_effects).filter(|any| *any == operation.method.is_safe()),
        arguments: planned,
        borrows,
        params,
        request,
        reads,
        sensitive: sensitive.map(|names| names.into_iter().map(str::to_owned).collect()),
        context: scope_names.value("context"),
        output: output_type(scope, &form, &names.output),
        error: error.map_or(quote!(::std::convert::Infallible), |name| quote!(#name)),
        error_alias: error.filter(|name| **name != names.error).map(|name| (names.error.clone(), name.clone())),
        result: names.result.clone(),
        std_result: scope.std("Result"),
        headers: response_headers(scope, operation, &route, &names.headers, &id),
        id,
        empty: empty_result(cx, scope, &outcomes, &names.output),
        empty_response: empty_response(cx, cx.child(service), &outcomes),
        refusals: route.refusals,
    }
}

/// Returns the documentation of each argument, for the method and for the operation's type.
fn described(
    operation: &api::Operation,
    positional: &[&RouteParameter<'_>],
    arguments: &[(Name, &Type)],
    body: Option<&(Name, &Type)>,
) -> Vec<(Vec<String>, ItemAttributes)> {
    let parameters = positional.iter().map(|own| own.parameter).zip(arguments).map(|(p, (name, _))| {
        let limits = limits(&p.ty, p.minimum, p.maximum);
        argument_attributes(name, p.description.as_deref(), p.deprecation.as_ref(), limits)
    });
    let body = operation.body.as_ref().zip(body).map(|(body, (name, _))| {
        argument_attributes(name, body.description.as_deref(), body.deprecation.as_ref(), None)
    });
    parameters.chain(body).collect()
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
    positional: &[&RouteParameter<'_>],
    fields: Option<&Vec<(String, Name)>>,
    body: Option<&Name>,
) -> Vec<TokenStream> {
    let fields: HashMap<&str, &Name> =
        fields.into_iter().flatten().rev().map(|(wire, name)| (wire.as_str(), name)).collect();
    let value = |parameter: &api::Parameter| {
        if let Some(index) = positional.iter().position(|own| own.parameter.name == parameter.name) {
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
        calls.extend(has_elements(parameter.default.as_ref()).then(|| quote!(.not_empty(#wire, #value.len()))));
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

/// Returns true if a map or an object has a default other than the empty one.
fn has_entries_by_default(parameter: &api::Parameter) -> bool {
    let map = matches!(parameter.ty, Type::Map(_) | Type::Model(_) | Type::Primitive(Primitive::Object));
    map && parameter.default.as_ref().is_some_and(|default| !is_type_default(default))
}

/// Returns the maximum number of values of a list, if there is one.
fn most_values(parameter: &api::Parameter) -> Option<TokenStream> {
    let list = matches!(parameter.ty, Type::List(_));
    parameter.maximum.filter(|_| list).map(|most| integer(most.clamp(0, i64::MAX - 1)))
}
