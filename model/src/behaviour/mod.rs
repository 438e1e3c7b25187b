//! Facts derived from a model: operation ids, outcomes, sensitivity, limits, smallest values, state of a stateful
//! server, refusals.

mod field_index;
mod finite;
pub mod limits;
mod operation_ids;
mod outcomes;
pub mod refusal;
mod sensitive;
mod smallest;
pub mod state;
mod type_graph;

pub use field_index::FieldIndex;
pub use finite::Finite;
pub use operation_ids::{RESERVED, accessors, methods as method_identifiers, name_override, operation_ids};
pub use outcomes::{Outcomes, Output};
pub use sensitive::{OperationSensitivity, SensitiveAnnotations, SensitiveTypes, looks_sensitive};
pub use smallest::SmallestValues;
pub use type_graph::{Node, base, direct, in_place};

use crate::api::{Attribute, Field, Primitive, Type};

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
