//! The items of one collection, with indexes.

use std::collections::BTreeMap;

use super::item::{Fields, Item};
use super::item_path::ItemPath;
use super::{Keys, Stored};

/// Items in the order of their creation.
#[derive(Default)]
pub(super) struct ItemCollection {
    pub(super) items: BTreeMap<u64, Item>,
    /// The number of items ever created.
    count: u64,
    groups: Vec<Group>,
    /// Unique values, by the values of the parents, the field, and the JSON.
    unique: BTreeMap<(Vec<String>, &'static str, String), u64>,
    /// The memory of all items in bytes.
    pub(super) bytes: usize,
    keys: u64,
}

/// Items created under parents of the same kinds: one group for each form of creating path.
struct Group {
    above: Vec<String>,
    /// By key, and the values of the parents.
    places: BTreeMap<(String, Vec<String>), u64>,
}

impl Group {
    fn with_key<'a>(&'a self, key: &'a str) -> impl Iterator<Item = u64> + 'a {
        let begin = (key.to_owned(), Vec::new());
        self.places.range(begin..).take_while(move |((known, _), _)| known == key).map(|(_, id)| *id)
    }

    /// Returns the values of all parents, if the path has each of them.
    fn parents(&self, place: &ItemPath) -> Option<Vec<String>> {
        let distinct = |(index, above): (usize, &String)| !self.above[..index].contains(above);
        let value = |above: &String| Some(place.parents.iter().find(|parent| parent.above == *above)?.value.clone());
        self.above.iter().enumerate().all(distinct).then(|| self.above.iter().map(value).collect())?
    }
}

impl ItemCollection {
    pub(super) fn new_key(&mut self, keys: Keys) -> String {
        loop {
            self.keys += 1;
            let count = self.keys;
            let key = match keys {
                Keys::Uuids => format!("00000000-0000-4000-8000-{count:012x}"),
                Keys::Numbers(first) => first.saturating_add_unsigned(count - 1).to_string(),
                Keys::Texts(length) => format!("{count:0length$}"),
                Keys::Given => count.to_string(),
            };
            if self.groups.iter().all(|group| group.with_key(&key).next().is_none()) {
                return key;
            }
        }
    }

    /// Goes on with the generated keys of another collection.
    pub(super) fn continue_keys(&mut self, other: &ItemCollection) {
        self.keys = self.keys.max(other.keys);
    }

    pub(super) fn find(&self, place: &ItemPath, stored: &Stored) -> Option<u64> {
        let key = place.key.as_ref()?;
        let is_below = |id: &u64| self.items.get(id).is_some_and(|item| item.is_below(place, stored));
        let first = |group: &Group| match group.parents(place) {
            Some(parents) => group.places.get(&(key.clone(), parents)).copied().filter(is_below),
            None => group.with_key(key).filter(is_below).min(),
        };
        self.groups.iter().filter_map(first).min()
    }

    /// Returns true if an item other than `own` has the same parents and the same key or unique value.
    pub(super) fn clashes(&self, item: &Item, own: Option<u64>, unique: &'static [&'static str]) -> bool {
        let place = (item.key.clone(), item.values());
        let same_key = self.groups.iter().filter_map(|group| group.places.get(&place));
        let same_value = item.unique(unique).filter_map(|value| self.unique.get(&value).copied()).collect::<Vec<_>>();
        same_key.chain(&same_value).any(|id| Some(*id) != own)
    }

    /// Adds an item that does not clash.
    pub(super) fn push(&mut self, item: Item, unique: &'static [&'static str]) {
        let id = self.count;
        self.count += 1;
        let above: Vec<String> = item.parents.iter().map(|parent| parent.above.clone()).collect();
        let place = (item.key.clone(), item.values());
        match self.groups.iter_mut().find(|group| group.above == above) {
            Some(group) => drop(group.places.insert(place, id)),
            None => self.groups.push(Group { above, places: BTreeMap::from([(place, id)]) }),
        }
        self.put(id, item, unique);
    }

    pub(super) fn change(&mut self, id: u64, fields: Fields, unique: &'static [&'static str]) {
        if let Some(item) = self.take(id, unique) {
            self.put(id, Item { fields, ..item }, unique);
        }
    }

    pub(super) fn remove(&mut self, id: u64, unique: &'static [&'static str]) -> Option<Item> {
        let item = self.take(id, unique)?;
        let place = (item.key.clone(), item.values());
        for group in &mut self.groups {
            if group.places.get(&place) == Some(&id) {
                group.places.remove(&place);
            }
        }
        Some(item)
    }

    fn put(&mut self, id: u64, item: Item, unique: &'static [&'static str]) {
        self.bytes = self.bytes.saturating_add(item.size());
        self.unique.extend(item.unique(unique).map(|value| (value, id)));
        self.items.insert(id, item);
    }

    fn take(&mut self, id: u64, unique: &'static [&'static str]) -> Option<Item> {
        let item = self.items.remove(&id)?;
        self.bytes = self.bytes.saturating_sub(item.size());
        for value in item.unique(unique) {
            self.unique.remove(&value);
        }
        Some(item)
    }
}
