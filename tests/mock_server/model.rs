//! What a server that keeps items should be: lists and maps, written without looking at the store.

use std::cmp::Ordering;

use serde_json::{Map, Value, json};

pub type Fields = Map<String, Value>;

/// SplitMix64: the same numbers in every run.
pub struct Random(pub u64);

impl Random {
    pub fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % bound as u64).unwrap()
    }

    pub fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())].clone()
    }

    pub fn maybe(&mut self) -> bool {
        self.below(2) == 0
    }
}

/// Returns an object of these fields without those that are `null`.
pub fn fields(value: Value) -> Fields {
    let Value::Object(mut fields) = value else { panic!("not an object: {value}") };
    fields.retain(|_, value| !value.is_null());
    fields
}

/// What a spec says about the items of one model.
pub struct Resource {
    /// The paths of the collection, for several parents.
    pub paths: &'static [&'static str],
    /// The fields that the path sets, with their values for each path.
    pub parents: fn(&str) -> Value,
    pub key: &'static str,
    /// Keys that no item has.
    pub unknown_keys: &'static [&'static str],
    /// The fields that a form can have; a replace leaves others as they are.
    pub settable: &'static [&'static str],
    /// The body of a create or replace.
    pub form: fn(&mut Random) -> Value,
    /// The body of a change.
    pub patch: Option<fn(&mut Random) -> Value>,
    /// What a created item has besides its form, key and parents.
    pub defaults: fn() -> Value,
    /// Fields that the server sets when it creates an item.
    pub made: &'static [&'static str],
    pub unique: &'static [&'static str],
    pub replace: Replace,
    /// The status of a delete.
    pub delete: u16,
    /// Some filters of a list: pairs of the query with texts that are encoded already.
    pub filters: fn(&mut Random) -> Vec<(&'static str, String)>,
    pub sorts: &'static [&'static str],
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Replace {
    Undeclared,
    /// Unknown keys are 404.
    Existing,
    /// Unknown keys are created, with this status.
    Creates(u16),
}

/// An item, with the path of its collection.
#[derive(Debug, Clone)]
pub struct Item {
    pub path: &'static str,
    pub fields: Fields,
}

/// The items, in the order of their creation.
#[derive(Debug, Default)]
pub struct Model {
    pub items: Vec<Item>,
}

impl Model {
    pub fn below<'m>(&'m self, path: &'m str) -> impl Iterator<Item = &'m Item> {
        self.items.iter().filter(move |item| item.path == path)
    }

    pub fn position(&self, resource: &Resource, path: &str, key: &str) -> Option<usize> {
        self.items.iter().position(|item| item.path == path && text(&item.fields[resource.key]) == key)
    }

    /// Returns whether another item of the collection than `own` has a key or a unique value of these fields.
    pub fn clashes(&self, resource: &Resource, path: &str, fields: &Fields, own: Option<&Value>) -> bool {
        let names = || resource.unique.iter().chain([&resource.key]);
        let other = |item: &&Item| Some(&item.fields[resource.key]) != own;
        let same = |item: &Item, name: &str| fields.get(name).is_some_and(|value| item.fields.get(name) == Some(value));
        self.below(path).filter(other).any(|item| names().any(|name| same(item, name)))
    }

    pub fn list(&self, path: &str, query: &ListQuery) -> Vec<Value> {
        let wanted = |item: &&Item| {
            query.filters.iter().all(|(name, values)| {
                let own = item.fields.get(*name);
                values.iter().any(|value| own.is_some_and(|own| is(own, value)))
            })
        };
        let mut found: Vec<&Item> = self.below(path).filter(wanted).collect();
        found.sort_by(|a, b| {
            query.sort.split(',').fold(Ordering::Equal, |order, key| order.then_with(|| by(key, a, b)))
        });
        let page = found.into_iter().skip(query.offset).take(query.limit);
        page.map(|item| Value::Object(item.fields.clone())).collect()
    }
}

#[derive(Debug)]
pub struct ListQuery {
    /// Fields with the values that they may have.
    pub filters: Vec<(&'static str, Vec<String>)>,
    pub sort: &'static str,
    pub offset: usize,
    pub limit: usize,
}

/// Returns a value as in a path.
pub fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn is(own: &Value, wanted: &str) -> bool {
    match own {
        Value::Array(items) => items.iter().any(|item| is(item, wanted)),
        Value::Number(number) => number.as_f64() == wanted.parse().ok(),
        own => text(own) == wanted,
    }
}

/// Those without a value are last, and first if the order is reversed.
fn by(key: &str, a: &Item, b: &Item) -> Ordering {
    let (reversed, key) = key.strip_prefix('-').map_or((false, key), |key| (true, key));
    let folded = key.strip_prefix("lower(").and_then(|key| key.strip_suffix(')'));
    let value = |item: &Item| {
        let value = item.fields.get(folded.unwrap_or(key)).cloned();
        if folded.is_some() { value.map(|value| json!(text(&value).to_lowercase())) } else { value }
    };
    let order = match (value(a), value(b)) {
        (Some(Value::Number(a)), Some(Value::Number(b))) => a.as_f64().partial_cmp(&b.as_f64()).unwrap(),
        (Some(a), Some(b)) => text(&a).cmp(&text(&b)),
        (a, b) => a.is_none().cmp(&b.is_none()),
    };
    if reversed { order.reverse() } else { order }
}
