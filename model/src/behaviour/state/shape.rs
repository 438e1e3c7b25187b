//! Classifies operations by their shape: method, path, body and response.

use super::table::{Action, OperationPlace};
use crate::api::{Id, Location, Method, Model, Operation, Primitive, Resource, Service, Type};
use crate::behaviour::Outcomes;
use crate::vocabulary::paths::variable;

/// An operation of a usual shape.
pub struct Shape<'a> {
    pub resource: &'a Resource,
    pub operation: &'a Operation,
    /// Positions of both.
    pub place: OperationPlace,
    pub action: Action,
    /// The last fixed segment of the path.
    pub segment: &'a str,
    /// The variable after it.
    pub key: Option<&'a str>,
    /// The model of the response, if it has a body.
    pub model: Option<Id<Model>>,
    /// The model of the body.
    pub form: Option<Id<Model>>,
}

/// Returns the operations of a service that have a usual shape.
pub fn shapes(service: &Service) -> Vec<Shape<'_>> {
    let resources = service.resources.iter().enumerate();
    let operations = resources.flat_map(|(i, r)| {
        r.operations.iter().enumerate().map(move |(j, o)| (OperationPlace { resource: i, operation: j }, r, o))
    });
    operations.filter_map(|(place, resource, operation)| shape(resource, operation, place)).collect()
}

fn shape<'a>(resource: &'a Resource, operation: &'a Operation, place: OperationPlace) -> Option<Shape<'a>> {
    let segments: Vec<&str> = operation.path.split('/').filter(|segment| !segment.is_empty()).collect();
    // `/users/:guid.csv` is the same in another format.
    if segments.iter().any(|segment| variable(segment).is_some_and(|(_, suffix)| !suffix.is_empty())) {
        return None;
    }
    let (last, before) = segments.split_last()?;
    let key = variable(last).map(|(name, _)| name);
    let segment = if key.is_some() { before.last()? } else { last };
    if variable(segment).is_some() || operation.parameters.iter().any(|p| p.location == Location::Form) {
        return None;
    }
    let form = match operation.body.as_ref().map(|body| &body.ty) {
        None => None,
        Some(Type::Model(id)) => Some(*id),
        Some(_) => return None,
    };
    let (list, model) = answer(operation)?;
    let action = match (operation.method, key.is_some(), form.is_some(), list) {
        (Method::Post, false, true, false) => Action::Create,
        (Method::Get, true, false, false) if model.is_some() => Action::Read,
        (Method::Get, false, false, true) => Action::List,
        (Method::Put, true, true, false) => Action::Replace,
        (Method::Patch, true, true, false) => Action::Change,
        (Method::Delete, true, false, false) => Action::Delete,
        _ => return None,
    };
    Some(Shape { resource, operation, place, action, segment, key, model, form })
}

/// Returns whether the response is a list, and its model; `None` if it is something else.
fn answer(operation: &Operation) -> Option<(bool, Option<Id<Model>>)> {
    let success = Outcomes::new(operation).success;
    let mut found = None;
    for response in &success {
        let own = match &response.ty {
            Type::Primitive(Primitive::Unit) => continue,
            Type::Model(id) => (false, Some(*id)),
            Type::List(inner) => match **inner {
                Type::Model(id) => (true, Some(id)),
                _ => return None,
            },
            _ => return None,
        };
        if found.replace(own).is_some_and(|other| other != own) {
            return None;
        }
    }
    if success.is_empty() { None } else { Some(found.unwrap_or((false, None))) }
}
