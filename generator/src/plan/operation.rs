//! Operations: arguments, request encoding, results.

use std::collections::HashMap;

use super::attributes::{argument_attributes, item_attributes, limits};
use super::context::Context;
use super::docs::{code_span, paragraphs, summary};
use super::empty::{empty_response, empty_result};
use super::headers::response_headers;
use super::items::{
    InputValue, ItemAttributes, Operation, OperationArgument, Params, Request, RequestParameter, RustType, TypePath,
};
use super::literal::is_type_default;
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
            ty: scope.borrowed(ty),
            owned: scope.owned(ty),
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
        error: RustType::Path(error.map_or(TypePath::Std("convert", "Infallible"), TypePath::local)),
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

/// Plans how the request is written.
fn request(
    operation: &api::Operation,
    arguments: &[(Name, &Type)],
    positional: &[&RouteParameter<'_>],
    fields: Option<&Vec<(String, Name)>>,
    body: Option<&Name>,
) -> Request {
    let fields: HashMap<&str, &Name> =
        fields.into_iter().flatten().rev().map(|(wire, name)| (wire.as_str(), name)).collect();
    let value = |parameter: &api::Parameter| {
        if let Some(index) = positional.iter().position(|own| own.parameter.name == parameter.name) {
            return Some(InputValue::Argument(arguments[index].0.clone()));
        }
        fields.get(parameter.name.as_str()).map(|field| InputValue::Field((*field).clone()))
    };
    let parameters = operation.parameters.iter().filter_map(|parameter| {
        Some(RequestParameter {
            wire: parameter.name.clone(),
            location: parameter.location,
            value: value(parameter)?,
            not_empty: has_elements(parameter.default.as_ref()),
            at_most: most_values(parameter),
            // An empty value sends nothing, which would be read as the default, so it is refused like an optional one.
            optional: parameter.location == Location::Form && has_entries_by_default(parameter),
        })
    });
    Request { deprecated: operation.deprecation.is_some(), parameters: parameters.collect(), body: body.cloned() }
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
