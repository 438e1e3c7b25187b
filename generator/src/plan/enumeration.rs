//! Enums.

use super::attributes::item_attributes;
use super::context::Context;
use super::items::{Enum, EnumValue};
use super::symbols::EnumSymbols;
use super::type_override::Subject;
use apigen_model::api::{self, Id, Type};

pub fn enumeration(cx: &Context<'_>, id: Id<api::Enum>) -> Enum {
    let e = &cx.api.enums[id];
    let EnumSymbols { name, values: names, unknown } = &cx.symbols[id];
    let values = e.values.iter().zip(names).map(|(value, name)| EnumValue {
        attributes: item_attributes(value.description.as_deref(), value.deprecation.as_ref()),
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
        derives: cx.extras.derives(&subject),
        attributes: item_attributes(e.description.as_deref(), e.deprecation.as_ref()),
        values: values.collect(),
        unknown: unknown.clone(),
        spec_name: e.name.clone(),
        string: cx.models(e.service).std("String"),
        path: cx.child(e.service).path(e.service, name),
        name: name.clone(),
    }
}
