//! Which fields of a response repeat what its request says: a user at `/users/:guid` has this `guid`.

use super::state::{USUAL_KEYS, compatible, identified, is_named_by, is_plain, reference};
use super::{FieldIndex, base};
use crate::api::{Api, Field, Id, Location, Model, Operation, Parameter, Resource, Type};
use crate::vocabulary::paths::variable;

/// A field of a model whose value is that of a parameter. A parameter with several values gives one to each element of a
/// list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Echo {
    /// The position of the parameter in the operation.
    pub parameter: usize,
    /// The position of the field in the model.
    pub field: usize,
    /// The position of a field inside, if the field itself is a model, or a list of models.
    pub inner: Option<usize>,
}

/// A parameter that names something, with the fixed segment before it if it is in the path.
struct Known<'a> {
    operation: (&'a Resource, &'a Operation),
    parameter: &'a Parameter,
    above: Option<&'a str>,
    /// Whether it ends the path.
    last: bool,
}

/// Returns the fields of a model in a response to an operation that repeat path variables and filters of the query.
pub fn echoes<'a>(
    api: &'a Api,
    fields: &FieldIndex<'a>,
    (resource, operation): (&'a Resource, &'a Operation),
    model: Id<Model>,
) -> Vec<Echo> {
    let mut found = Vec::new();
    for (index, parameter) in operation.parameters.iter().enumerate() {
        let Some(known) = known((resource, operation), parameter) else { continue };
        let fits = |field: &&'a Field| compatible(api, fields, element(&parameter.ty), &field.ty);
        let own = known.field(&api.models[model], &|name| fields.field(model, name)).filter(fits);
        if let Some(position) = own.and_then(|field| fields.position(model, &field.name)) {
            found.push(Echo { parameter: index, field: position, inner: None });
            continue;
        }
        for (position, field) in api.models[model].fields.iter().enumerate() {
            let Type::Model(inner) = *base(&field.ty) else { continue };
            let inside = known.inside(field, &api.models[inner], &|name| fields.field(inner, name));
            let inside = inside.filter(fits).and_then(|inside| fields.position(inner, &inside.name));
            found.extend(inside.map(|inside| Echo { parameter: index, field: position, inner: Some(inside) }));
        }
    }
    found
}

fn element(ty: &Type) -> &Type {
    match ty {
        Type::List(inner) => inner,
        other => other,
    }
}

/// Returns what a parameter names, unless it is neither a plain variable of the path nor a filter.
fn known<'a>(operation: (&'a Resource, &'a Operation), parameter: &'a Parameter) -> Option<Known<'a>> {
    if !is_plain(element(&parameter.ty)) {
        return None;
    }
    let (mut above, mut last) = (None, false);
    match parameter.location {
        Location::Query if !["limit", "offset", "sort"].contains(&parameter.name.as_str()) => {}
        Location::Path => {
            let segments: Vec<&str> = operation.1.path.split('/').filter(|segment| !segment.is_empty()).collect();
            let is_own = |segment: &&str| variable(segment).is_some_and(|(name, _)| name == parameter.name);
            let at = segments.iter().position(is_own)?;
            above = at.checked_sub(1).map(|before| segments[before]).filter(|before| variable(before).is_none());
            last = at + 1 == segments.len();
        }
        _ => return None,
    }
    Some(Known { operation, parameter, above, last })
}

impl Known<'_> {
    /// Returns the field of the model itself: its key, its reference to what the path is about, or the field of the same
    /// name.
    fn field<'m>(&self, model: &'m Model, field: &dyn Fn(&str) -> Option<&'m Field>) -> Option<&'m Field> {
        let name = self.parameter.name.as_str();
        let Some(above) = self.above else { return field(name) };
        if is_named_by(&model.name, above) {
            return identified(self.operation, Some(name), &model.name, field);
        }
        let refers = || reference(model, above, name);
        // `/users/:id/orders` does not say the `id` of an order.
        let same = || field(name).filter(|_| self.last || !USUAL_KEYS.contains(&name));
        refers().or_else(same)
    }

    /// Returns the field of a model inside a field: the `id` of the `organization` at `/organizations/:organization`, or
    /// of the `user` at `/users/:id/visits` or `?user_id=`.
    fn inside<'m>(&self, of: &Field, model: &'m Model, field: &dyn Fn(&str) -> Option<&'m Field>) -> Option<&'m Field> {
        let name = self.parameter.name.as_str();
        if matches!(of.ty, Type::List(_) | Type::Map(_)) {
            return self.above.and_then(|above| reference(model, above, name));
        }
        let usual = || USUAL_KEYS.iter().find_map(|usual| field(usual));
        match name.strip_prefix(of.name.as_str()) {
            Some("") => usual(),
            Some(rest) => field(rest.strip_prefix('_')?),
            None if self.above.is_some_and(|above| is_named_by(&of.name, above)) => field(name).or_else(usual),
            None => None,
        }
    }
}
