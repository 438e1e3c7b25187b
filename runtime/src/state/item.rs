//! What is stored.

use std::collections::BTreeMap;

use serde_json::value::RawValue;

use super::Stored;
use super::place::{Parent, Place};
use super::text::is;

/// An object, field by field. Values stay the text that they came as, so that no digit of a number is lost.
pub(super) type Fields = BTreeMap<String, Box<RawValue>>;

/// One of a collection.
pub(super) struct Item {
    pub(super) key: String,
    pub(super) parents: Vec<Parent>,
    pub(super) fields: Fields,
}

impl Item {
    /// Whether it is below what the path names: created there, or, where it was created elsewhere, with a field that says so.
    pub(super) fn is_below(&self, place: &Place, stored: &Stored) -> bool {
        place.parents.iter().all(|wanted| match self.parents.iter().find(|own| own.above == wanted.above) {
            Some(own) => own.value == wanted.value,
            None => {
                let field = stored.path.iter().find(|(_, variable, _)| *variable == wanted.variable);
                field.and_then(|(name, ..)| self.fields.get(*name)).is_some_and(|value| is(value, &wanted.value))
            }
        })
    }

    /// Whether a path with a key is about it.
    pub(super) fn is_at(&self, place: &Place, stored: &Stored) -> bool {
        place.key.as_ref() == Some(&self.key) && self.is_below(place, stored)
    }

    /// Whether both are under the same parent and share the key, or a value that only one may have.
    pub(super) fn clashes(&self, other: &Item, unique: &[&str]) -> bool {
        let same = |name: &&str| match (self.fields.get(*name), other.fields.get(*name)) {
            (Some(own), Some(other)) => own.get() == other.get() && own.get() != "null",
            _ => false,
        };
        let siblings = self.parents.iter().map(|own| &own.value).eq(other.parents.iter().map(|own| &own.value));
        siblings && (self.key == other.key || unique.iter().any(same))
    }
}
