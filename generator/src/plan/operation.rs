//! Operations: arguments, parameters, results.

use super::attributes::{argument_attributes, item_attributes, limits};
use super::context::Context;
use super::docs::{code_span, paragraphs, summary};
use super::empty::{empty_response, empty_result};
use super::headers::response_headers;
use super::input::parameters;
use super::items::{Operation, OperationArgument, Page, Parameter, Params, RustType, TypePath};
use super::params::params;
use super::response::{info, output_type};
use super::symbols::OperationSymbols;
use super::types::Scope;
use apigen_model::api::{self, Deprecation, Id, Primitive, Service, Type};
use apigen_model::behaviour::{Outcomes, Output, Route, RouteParameter};
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
    let mut argument_names = NameAllocator::new();
    argument_names.reserve("params");
    let arguments = positional.iter().map(|RouteParameter { parameter: p, sensitive, .. }| {
        let limits = limits(&p.ty, p.minimum, p.maximum);
        let about = (p.description.as_deref(), p.deprecation.as_ref(), limits);
        argument(scope, argument_names.value(&p.name), &p.ty, about, *sensitive)
    });
    let mut arguments: Vec<(OperationArgument, Vec<String>)> = arguments.collect();
    arguments.extend(operation.body.as_ref().map(|body| {
        let about = (body.description.as_deref(), body.deprecation.as_ref(), None);
        // The type of a body withholds its sensitive fields itself.
        argument(scope, argument_names.value(&body_text(cx, &body.ty)), &body.ty, about, false)
    }));
    let (arguments, items): (Vec<OperationArgument>, Vec<Vec<String>>) = arguments.into_iter().unzip();
    let params = params(scope, operation, &names.params, &rest);
    let fields = params.iter().flat_map(|params| &params.fields);
    let parameters = parameters(&route.parameters, arguments.iter().map(|argument| &argument.name), fields);
    let form = outcomes.output();
    // A sensitive response already makes the operation sensitive.
    let said = route.responses.iter().any(|response| response.sensitive);
    let sensitive = route.sensitive_parameters();
    let sensitive = (!sensitive.is_empty() || (route.sensitive && !said)).then_some(sensitive);
    let page = paged(operation, &form).then(|| page(operation, &parameters)).flatten();
    let heading = code_span(&format!("{} {}", operation.method.as_str(), operation.path));
    let mut attributes = item_attributes(operation.description.as_deref(), operation.deprecation.as_ref());
    attributes.docs = paragraphs(&[&attributes.docs, &items.concat(), &[heading]]);
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
        body: operation.body.as_ref().and(arguments.last()).map(|body| body.name.clone()),
        arguments,
        params: params.map(|params| Params { page, ..params }),
        parameters,
        sensitive: sensitive.map(|names| names.into_iter().map(str::to_owned).collect()),
        context: argument_names.value("context"),
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

/// Plans an argument, and its documentation in a list. `about` has description, deprecation and limits.
fn argument(
    scope: Scope<'_>,
    name: Name,
    ty: &Type,
    (description, deprecation, limits): (Option<&str>, Option<&Deprecation>, Option<String>),
    sensitive: bool,
) -> (OperationArgument, Vec<String>) {
    let (item, attributes) = argument_attributes(&name, description, deprecation, limits);
    (OperationArgument { attributes, name, ty: scope.borrowed(ty), owned: scope.owned(ty), sensitive }, item)
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

/// Returns true if the operation returns one list, which may be paged.
fn paged(operation: &api::Operation, form: &Output<'_>) -> bool {
    matches!(form, Output::One(Type::List(_))) && number(operation, "limit").and(number(operation, "offset")).is_some()
}

/// Plans how the params struct reads and sets its page. `parameters` are those of the operation.
fn page(operation: &api::Operation, parameters: &[Parameter]) -> Option<Page> {
    let part = |name: &str| {
        let field = parameters.iter().find(|parameter| parameter.in_params && parameter.wire == name)?;
        number(operation, name).map(|_| field.name.clone())
    };
    Some(Page { limit: part("limit")?, offset: part("offset")? })
}

fn number<'o>(operation: &'o api::Operation, name: &str) -> Option<&'o api::Parameter> {
    let numbers = [Type::Primitive(Primitive::Integer), Type::Primitive(Primitive::Long)];
    operation.parameters.iter().find(|p| p.name == name && numbers.contains(&p.ty))
}
