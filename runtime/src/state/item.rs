//! What is stored.

use std::collections::BTreeMap;

use serde_json::value::RawValue;

use super::Stored;
use super::item_path::{ItemPath, Parent};
use super::text::is;

/// An object, field by field. Values stay the text that they came as, so that no digit of a number is lost.
pub(super) type Fields = BTreeMap<String, Box<RawValue>>;

/// What an entry of a tree takes, with what its texts take beside their characters.
const PLACE: usize = 128;

/// One of a collection.
pub(super) struct Item {
    pub(super) key: String,
    pub(super) parents: Vec<Parent>,
    pub(super) fields: Fields,
}

impl Item {
    /// Whether it is below what the path names: created there, or, where it was created elsewhere, with a field that says so.
    pub(super) fn is_below(&self, place: &ItemPath, stored: &Stored) -> bool {
        place.parents.iter().all(|wanted| match self.parents.iter().find(|own| own.above == wanted.above) {
            Some(own) => own.value == wanted.value,
            None => {
                let field = stored.path.iter().find(|own| own.variable == wanted.variable);
                field.and_then(|own| self.fields.get(own.field)).is_some_and(|value| is(value, &wanted.value))
            }
        })
    }

    /// Whether a path with a key is about it.
    pub(super) fn is_at(&self, place: &ItemPath, stored: &Stored) -> bool {
        place.key.as_ref() == Some(&self.key) && self.is_below(place, stored)
    }

    /// The values of its parents: siblings have the same ones.
    pub(super) fn values(&self) -> Vec<String> {
        self.parents.iter().map(|parent| parent.value.clone()).collect()
    }

    /// Its values of these fields, of which no sibling may have the same, by the values of the parents.
    pub(super) fn unique(
        &self,
        fields: &'static [&'static str],
    ) -> impl Iterator<Item = (Vec<String>, &'static str, String)> {
        let value = |name: &&'static str| Some((*name, self.fields.get(*name).filter(|value| value.get() != "null")?));
        fields.iter().filter_map(value).map(|(name, value)| (self.values(), name, value.get().to_owned()))
    }

    /// How much memory it takes, in bytes, with its places in an index.
    pub(super) fn size(&self) -> usize {
        let parents = self.parents.iter().map(|own| own.above.len() + own.variable.len() + own.value.len() + PLACE);
        let fields = self.fields.iter().map(|(name, value)| name.len() + value.get().len() + PLACE);
        2 * (self.key.len() + PLACE) + parents.sum::<usize>() + fields.sum::<usize>()
    }
}
