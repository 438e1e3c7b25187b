//! Operations: arguments, parameters, results.

use super::attributes::{argument_attributes, item_attributes, limits};
use super::context::Context;
use super::docs::{code_span, paragraphs, summary};
use super::empty::{empty_response, empty_result};
use super::headers::response_headers;
use super::input::parameters;
use super::items::{ItemAttributes, Operation, OperationArgument, Params, RustType, TypePath};
use super::page::{page, paged};
use super::params::params;
use super::response::{info, output_type};
use super::symbols::OperationSymbols;
use super::types::Scope;
use apigen_model::api::{self, Id, Service, Type};
use apigen_model::behaviour::{Outcomes, Route, RouteParameter};
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
    let fields = params.iter().flat_map(|params| &params.fields);
    let parameters = parameters(&route.parameters, arguments.iter().map(|(name, _)| name), fields);
    let all = arguments.iter().chain(&body);
    let described = described(operation, &positional, &arguments, body.as_ref());
    // The type of a body withholds its sensitive fields itself.
    let sensitives = positional.iter().map(|parameter| parameter.sensitive).chain([false]);
    let planned =
        all.zip(&described).zip(sensitives).map(|(((name, ty), (_, attributes)), sensitive)| OperationArgument {
            attributes: attributes.clone(),
            name: name.clone(),
            ty: scope.borrowed(ty),
            owned: scope.owned(ty),
            sensitive,
        });
    let planned: Vec<OperationArgument> = planned.collect();
    // A sensitive response already makes the operation sensitive.
    let said = route.responses.iter().any(|response| response.sensitive);
    let sensitive = route.sensitive_parameters();
    let sensitive = (!sensitive.is_empty() || (route.sensitive && !said)).then_some(sensitive);
    let page = paged(operation, &form).then(|| page(operation, &parameters)).flatten();
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
        params: params.map(|params| Params { page, ..params }),
        parameters,
        body: body.map(|(name, _)| name),
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
