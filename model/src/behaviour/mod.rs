//! Facts that every tool derives from a model: operation ids, outcomes, sensitivity, limits, smallest values, samples,
//! routes, refusals, and the state of a stateful server.

mod echo;
mod field_index;
mod finite;
pub mod limits;
mod operation_ids;
mod outcomes;
mod overlap;
pub mod refusal;
mod route;
mod sample;
mod sensitive;
mod smallest;
pub mod state;
#[cfg(test)]
mod tests;
mod type_graph;
mod union_tags;

pub use echo::{Echo, echoes};
pub use field_index::FieldIndex;
pub use operation_ids::{accessors, is_reserved, methods as method_identifiers, name_override, operation_ids};
pub use outcomes::{Outcomes, Output};
pub use overlap::overlapping_routes;
pub use route::{Presence, Route, RouteHeader, RouteParameter, RouteResponse, has_elements, must_be_given};
pub use sample::{FieldSample, MemberSample, Samples, TypeSample, UnionSample};
pub use sensitive::{OperationSensitivity, SensitiveAnnotations, SensitiveTypes, looks_sensitive};
pub use smallest::SmallestValues;
pub use type_graph::{Node, base, direct, holders, in_place};
pub use union_tags::union_tags;

use crate::api::{Attribute, Field, Primitive, Type};
pub(crate) use finite::Finite;

/// Returns true if a field is held as `Option`.
pub fn is_option(field: &Field) -> bool {
    let hinted = || has_optional_hint(&field.attributes);
    let unit = field.ty == Type::Primitive(Primitive::Unit);
    !field.required && !unit && (field.default.is_none() || hinted())
}

/// Returns true if an attribute keeps an optional field with a default optional (format reference, 8.3).
fn has_optional_hint(attributes: &[Attribute]) -> bool {
    let ours = attributes.iter().filter(|a| a.name == "apigen" || a.name == "scala_generator");
    ours.filter_map(|a| a.value.get("model_hint")).any(|hint| hint.as_str() == Some("optional"))
}

/// Returns the values under a key of attributes `apigen`.
fn apigen_values<'a>(attributes: &'a [Attribute], key: &'a str) -> impl Iterator<Item = &'a serde_json::Value> {
    attributes.iter().filter(|attribute| attribute.name == "apigen").filter_map(move |own| own.value.get(key))
}
