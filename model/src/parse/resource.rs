//! Derives what `api.json` omits from resources: paths, path parameters, locations (format reference, 5.8).

use std::ops::Range;

use super::agreement::agreed_type;
use super::scope::{Scope, Target};
use super::service::{Common, Field, Form, Kind, Operation, Parameter, Resource, Text};
use crate::source::json::Span;
use crate::vocabulary::http::{Location, Method};
use crate::vocabulary::paths::variables;

/// Returns the path of a resource: as written, else `/` and the plural of its type, else nothing. Published documents
/// may have none.
pub fn resource_path(scope: &Scope<'_>, resource: &Resource) -> Option<String> {
    if resource.path.is_some() || scope.units[scope.unit].form == Form::Service {
        return resource.path.clone();
    }
    let target = scope.resource_type(&resource.common.name.value);
    Some(target.map(|target| format!("/{}", scope.common(target).plural())).unwrap_or_default())
}

/// Returns the plural of a resource: as published, else that of its type, else computed from the type text.
pub fn resource_plural(scope: &Scope<'_>, resource: &Resource) -> String {
    let own = resource.common.plural.clone().filter(|_| scope.units[scope.unit].form == Form::Service);
    let of_type = || scope.resource_type(&resource.common.name.value).map(|target| scope.common(target).plural());
    let name = &resource.common.name.value;
    own.or_else(of_type).unwrap_or_else(|| crate::vocabulary::plural::plural(name.rsplit('.').next().unwrap_or(name)))
}

pub fn operation_path(scope: &Scope<'_>, resource_path: Option<&str>, operation: &Operation) -> String {
    let own = operation.path.as_ref().map(|p| p.value.as_str()).unwrap_or_default();
    let path = match scope.units[scope.unit].form {
        Form::Api => format!("{}{own}", resource_path.unwrap_or_default()),
        Form::Service => own.to_owned(),
    };
    if path.is_empty() { "/".to_owned() } else { path }
}

/// Returns all parameters with their locations: those of the path in path order, then the others. An unknown location
/// is `None`.
pub fn parameters(
    scope: &Scope<'_>,
    resource: &Resource,
    operation: &Operation,
    path: &str,
) -> Vec<(Parameter, Option<Location>)> {
    // A relative operation path counts as a segment here, although it is appended without a slash.
    let joined = match (&operation.path, scope.units[scope.unit].form) {
        (Some(own), Form::Api) if !own.value.starts_with('/') && path.ends_with(&own.value) => {
            format!("{}/{}", &path[..path.len() - own.value.len()], own.value)
        }
        _ => path.to_owned(),
    };
    let names = variables(&joined);
    let declared = |name: &str| operation.parameters.iter().find(|p| p.field.common.name.value == name);
    let mut seen = std::collections::HashSet::new();
    let in_path = names.iter().map(|name| {
        let declared = if seen.insert(*name) { declared(name).cloned() } else { None };
        (declared.unwrap_or_else(|| inferred(scope, resource, operation, name)), Some(Location::Path))
    });
    let in_path: Vec<_> = in_path.collect();
    let others = operation.parameters.iter().filter(|p| !names.contains(&p.field.common.name.value.as_str()));
    let others = others.map(|p| (p.clone(), location(p, operation)));
    in_path.into_iter().chain(others).collect()
}

fn location(parameter: &Parameter, operation: &Operation) -> Option<Location> {
    let in_query = || matches!(Method::named(&operation.method.value), Some(Method::Get | Method::Delete));
    match parameter.location.as_ref().map(|l| l.value.to_ascii_lowercase()).as_deref() {
        Some("path") => Some(Location::Path),
        Some("query") => Some(Location::Query),
        Some("form") => Some(Location::Form),
        Some("header") => Some(Location::Header),
        Some(_) => None,
        None if operation.body.is_some() || in_query() => Some(Location::Query),
        None => Some(Location::Form),
    }
}

/// Infers an undeclared path parameter: its type is that of the resource's field of that name, else `string`.
fn inferred(scope: &Scope<'_>, resource: &Resource, operation: &Operation, name: &str) -> Parameter {
    let ty = scope.resource_type(&resource.common.name.value).and_then(|target| field_type(scope, target, name));
    let at = operation.path.as_ref().map_or(operation.at, |path| segment(path, name));
    let common = Common { name: Text { value: name.to_owned(), at }, ..Common::default() };
    let field =
        Field { common, ty: Text { value: ty.unwrap_or("string").to_owned(), at }, required: true, ..Field::default() };
    Parameter { field, location: None }
}

/// Returns the position of a variable in a path; the whole path if it contains escapes or was trimmed.
fn segment(path: &Text, name: &str) -> Span {
    let quoted = path.at.end - path.at.start == path.value.len() + 2;
    match path.value.find(&format!(":{name}")).filter(|_| quoted) {
        Some(from) => Span { start: path.at.start + 1 + from, end: path.at.start + 2 + from + name.len() },
        None => path.at,
    }
}

/// Returns the type of a model's field, or the one type that all members of a union agree on.
fn field_type<'a>(scope: &Scope<'a>, target: Target, name: &str) -> Option<&'a str> {
    match target.kind {
        Kind::Model => scope.own_type(target.unit, scope.field(target.unit, target.index, name)?),
        Kind::Union => agreed_type(scope, target, name),
        Kind::Enum | Kind::Interface => None,
    }
}

/// Returns the position of a part of an operation's `full` path, if it is in the operation's own path, written without
/// escapes; otherwise the position of the whole.
pub fn part_place(operation: &Operation, full: &str, part: Range<usize>) -> Span {
    let whole = path_place(operation);
    let Some(own) = operation.path.as_ref().filter(|own| own.at == whole) else { return whole };
    let is_plain = whole.end - whole.start == own.value.len() + 2 && full.ends_with(&own.value);
    match part.start.checked_sub(full.len() - own.value.len().min(full.len())) {
        Some(start) if is_plain => Span { start: whole.start + 1 + start, end: whole.start + 1 + start + part.len() },
        _ => whole,
    }
}

/// Returns the position to report for a path.
pub fn path_place(operation: &Operation) -> Span {
    let place = operation.path.as_ref().map_or(operation.at, |p| p.at);
    if place == Span::default() { operation.at } else { place }
}
