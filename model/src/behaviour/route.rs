//! Operations on the wire: how requests are read, and which responses are declared.

use super::refusal::{Refusal, refusals};
use super::{OperationSensitivity, Outcomes, SensitiveAnnotations, SensitiveTypes, apigen_values};
use crate::api::{Api, Code, Header, Literal, Location, Operation, Parameter, Primitive, Resource, Type};
use crate::vocabulary::http::is_token;

/// The maximum number of arguments, including the body and the struct of other parameters, with which parameters are
/// arguments of their own.
const MAX_ARGUMENTS: usize = 6;

/// An operation as clients and servers see it.
#[derive(Debug)]
pub struct Route<'a> {
    /// The operation, with its method and path.
    pub operation: &'a Operation,
    /// Whether calls may change something: by the attribute `apigen`, or else by the method.
    pub side_effects: bool,
    /// Whether requests or responses have sensitive values.
    pub sensitive: bool,
    /// The parameters in declared order. Arguments are read before the body, the others after it.
    pub parameters: Vec<RouteParameter<'a>>,
    /// The type of the body.
    pub body: Option<&'a Type>,
    /// The declared responses, sorted by code.
    pub responses: Vec<RouteResponse<'a>>,
    /// Templates that fit the server's own messages into declared responses.
    pub refusals: Vec<Refusal>,
}

/// A parameter of a [`Route`].
#[derive(Debug, Clone, Copy)]
pub struct RouteParameter<'a> {
    /// Its name, type, location and limits.
    pub parameter: &'a Parameter,
    /// The meaning of its absence.
    pub presence: Presence,
    /// Whether it is an argument of its own, which callers must pass.
    pub argument: bool,
    /// Whether its values are sensitive.
    pub sensitive: bool,
}

/// The meaning of the absence of a parameter in a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// Nothing is passed; or, for a path parameter, the path is another one.
    Optional,
    /// The request violates the spec.
    Required,
    /// The list is empty.
    List,
    /// The list has its default, which is not empty.
    PresetList,
    /// The object is empty: forms have no text for it.
    Object,
}

/// A declared response of a [`Route`].
#[derive(Debug)]
pub struct RouteResponse<'a> {
    /// The status; `None` for `default`.
    pub status: Option<u16>,
    /// Whether calls with this response succeed.
    pub success: bool,
    /// The type of its body; [`Primitive::Unit`] for none.
    pub ty: &'a Type,
    /// Whether its body has sensitive values.
    pub sensitive: bool,
    /// The headers that it declares.
    pub headers: Vec<RouteHeader<'a>>,
}

/// A declared header of a response.
#[derive(Debug, Clone, Copy)]
pub struct RouteHeader<'a> {
    /// Its name as written.
    pub name: &'a str,
    /// The type of its value, or of each value of a list.
    pub ty: &'a Type,
    /// Whether it may have several values.
    pub list: bool,
    /// Whether it is required.
    pub required: bool,
    /// Whether its value is sensitive.
    pub sensitive: bool,
}

impl<'a> Route<'a> {
    /// Creates the route of an operation of this resource.
    pub fn new(
        sensitive: &SensitiveTypes,
        (api, annotations): (&'a Api, &SensitiveAnnotations),
        resource: &Resource,
        operation: &'a Operation,
    ) -> Self {
        let names = OperationSensitivity::new(sensitive, (api, annotations), resource, operation);
        let has_arguments = has_arguments(operation);
        let parameters = operation.parameters.iter().map(|parameter| RouteParameter {
            parameter,
            presence: presence(parameter),
            argument: has_arguments && must_be_given(parameter),
            sensitive: names.parameter(parameter),
        });
        let parameters: Vec<RouteParameter<'a>> = parameters.collect();
        let body = operation.body.as_ref().map(|body| &body.ty);
        let is_sensitive = |ty: &Type| sensitive.holds(api, ty);
        let responses = responses(operation, &names, &is_sensitive);
        let takes = parameters.iter().any(|own| own.sensitive || is_sensitive(&own.parameter.ty));
        let gives = responses.iter().any(|response| response.sensitive || response.headers.iter().any(|h| h.sensitive));
        Self {
            operation,
            side_effects: side_effects(operation),
            sensitive: takes || gives || body.is_some_and(is_sensitive),
            parameters,
            body,
            responses,
            refusals: refusals(api, operation),
        }
    }

    /// Returns the names of the sensitive parameters.
    pub fn sensitive_parameters(&self) -> Vec<&'a str> {
        let sensitive = self.parameters.iter().filter(|parameter| parameter.sensitive);
        sensitive.map(|own| own.parameter.name.as_str()).collect()
    }
}

/// Returns true if callers must pass a parameter: it is required and has no default.
pub fn must_be_given(parameter: &Parameter) -> bool {
    parameter.required && parameter.default.is_none()
}

/// Returns true if the parameters that callers must pass are arguments of their own.
fn has_arguments(operation: &Operation) -> bool {
    let given = operation.parameters.iter().filter(|parameter| must_be_given(parameter)).count();
    let others = usize::from(given < operation.parameters.len()) + usize::from(operation.body.is_some());
    given + others <= MAX_ARGUMENTS
}

/// Returns true for a default that is a list with elements: clients then cannot send the empty list.
pub fn has_elements(default: Option<&Literal>) -> bool {
    matches!(default, Some(Literal::List(items)) if !items.is_empty())
}

fn presence(parameter: &Parameter) -> Presence {
    let must = must_be_given(parameter);
    // A client sends nothing for an empty list or object.
    match parameter.ty {
        Type::List(_) if has_elements(parameter.default.as_ref()) => Presence::PresetList,
        Type::List(_) => Presence::List,
        Type::Map(_) | Type::Model(_) | Type::Primitive(Primitive::Object)
            if must && parameter.location == Location::Form =>
        {
            Presence::Object
        }
        _ if must && parameter.location != Location::Path => Presence::Required,
        _ => Presence::Optional,
    }
}

fn responses<'a>(
    operation: &'a Operation,
    names: &OperationSensitivity,
    is_sensitive: &dyn Fn(&Type) -> bool,
) -> Vec<RouteResponse<'a>> {
    let outcomes = Outcomes::new(operation);
    let is_success = |code: Code| outcomes.success.iter().any(|success| success.code == code);
    let responses = outcomes.responses.iter().map(|response| RouteResponse {
        status: response.code.status(),
        success: is_success(response.code),
        ty: &response.ty,
        sensitive: is_sensitive(&response.ty),
        headers: response.headers.iter().filter(|header| is_token(&header.name)).map(|h| header(h, names)).collect(),
    });
    responses.collect()
}

fn header<'a>(header: &'a Header, names: &OperationSensitivity) -> RouteHeader<'a> {
    let (list, ty) = match &header.ty {
        Type::List(inner) => (true, &**inner),
        ty => (false, ty),
    };
    RouteHeader { name: &header.name, ty, list, required: header.required, sensitive: names.header(&header.name) }
}

/// Returns whether calls may change something: by the first attribute `apigen` that says so, or else by the method.
fn side_effects(operation: &Operation) -> bool {
    let said = apigen_values(&operation.attributes, "side_effects").find_map(|value| value.as_bool());
    said.unwrap_or(!operation.method.is_safe())
}
