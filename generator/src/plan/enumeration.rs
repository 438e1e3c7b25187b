//! Enums.

use super::about::about;
use super::builder::Builder;
use super::choice::Subject;
use super::items::{Enum, EnumValue};
use apigen_model::api::{self, Id, Type};

/// The Rust enum of an enum.
pub fn enumeration(b: &Builder<'_>, id: Id<api::Enum>) -> Enum {
    let e = &b.api.enums[id];
    let (names, unknown) = &b.symbols.values[id.index()];
    let name = b.symbols.enums[id.index()].clone();
    let values = e.values.iter().zip(names).map(|(value, name)| EnumValue {
        about: about(value.description.as_deref(), value.deprecation.as_ref()),
        name: name.clone(),
        spec_name: value.name.clone(),
        wire: value.wire.clone(),
    });
    let subject = Subject {
        ty: Type::Enum(id),
        derived: &["Debug", "Clone", "PartialEq", "Eq", "Hash"],
        implemented: &["Display", "FromStr"],
        defaults: false,
        total: true,
    };
    Enum {
        derives: b.extras.derives(&subject),
        about: about(e.description.as_deref(), e.deprecation.as_ref()),
        values: values.collect(),
        unknown: unknown.clone(),
        spec_name: e.name.clone(),
        string: b.models(e.service).std("String"),
        path: b.child(e.service).path(e.service, &name),
        name,
    }
}
