//! Stored items.

use std::collections::BTreeMap;

use serde_json::value::RawValue;

use super::Stored;
use super::item_path::{ItemPath, Parent};
use super::text::is;

/// The fields of an object. Values keep their original text, so that no digit of a number is lost.
pub(super) type Fields = BTreeMap<String, Box<RawValue>>;

/// The memory of an entry of a tree, including the overhead of its strings.
const PLACE: usize = 128;

#[derive(Clone)]
pub(super) struct Item {
    pub(super) key: String,
    pub(super) parents: Vec<Parent>,
    pub(super) fields: Fields,
}

impl Item {
    /// Returns true if it belongs to the parents of the path: it was created there, or, if it was created elsewhere, a
    /// field refers to them.
    pub(super) fn is_below(&self, place: &ItemPath, stored: &Stored) -> bool {
        place.parents.iter().all(|wanted| match self.parents.iter().find(|own| own.above == wanted.above) {
            Some(own) => own.value == wanted.value,
            None => {
                let field = stored.path.iter().find(|own| own.variable == wanted.variable);
                field.and_then(|own| self.fields.get(own.field)).is_some_and(|value| is(value, &wanted.value))
            }
        })
    }

    /// Returns the values of its parents, which siblings share.
    pub(super) fn values(&self) -> Vec<String> {
        self.parents.iter().map(|parent| parent.value.clone()).collect()
    }

    /// Returns its values of fields that must be unique among siblings, with the values of the parents.
    pub(super) fn unique(
        &self,
        fields: &'static [&'static str],
    ) -> impl Iterator<Item = (Vec<String>, &'static str, String)> {
        let value = |name: &&'static str| Some((*name, self.fields.get(*name).filter(|value| value.get() != "null")?));
        fields.iter().filter_map(value).map(|(name, value)| (self.values(), name, value.get().to_owned()))
    }

    /// Returns its approximate memory in bytes, including its index entries.
    pub(super) fn size(&self) -> usize {
        let parents = self.parents.iter().map(|own| own.above.len() + own.variable.len() + own.value.len() + PLACE);
        let fields = self.fields.iter().map(|(name, value)| name.len() + value.get().len() + PLACE);
        2 * (self.key.len() + PLACE) + parents.sum::<usize>() + fields.sum::<usize>()
    }
}
