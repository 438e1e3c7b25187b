//! State for mock clients: what is created can be read, listed, changed and deleted.
//!
//! Generated code has one [`StateTable`] per API, which says what each operation means; the store of a mock ([`Mock::keep`](crate::mock::Mock::keep)) does it.

mod item;
mod item_collection;
mod item_path;
mod list_query;
mod store;
mod text;

pub(crate) use store::Store;

use crate::json::ToJson;
use crate::values::Empty;

/// What the operations of an API mean for the state of a mock.
#[derive(Debug)]
pub struct StateTable {
    /// What is stored.
    pub collections: &'static [Collection],
    /// The operations that are answered from it; all others are not sent to the store.
    pub operations: &'static [Stored],
}

/// What makes the JSON of a value.
pub type JsonFn = fn() -> String;

/// Items of one model.
#[derive(Debug)]
pub struct Collection {
    /// The field by which paths name an item; without one, the store keeps the key beside it.
    pub key: Option<&'static str>,
    /// Which keys the store makes.
    pub keys: Keys,
    /// Other fields of which no two items under the same parent have the same value.
    pub unique: &'static [&'static str],
    /// The date-time fields that a new item must have: each creation is a second later than the one before.
    pub instants: &'static [&'static str],
    /// The JSON of the smallest item; see [`smallest`].
    pub blank: JsonFn,
}

/// The keys of items whose form gives none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keys {
    /// `00000000-0000-4000-8000-000000000001` and so on.
    Uuids,
    /// 1 and so on, or from the smallest value that the spec allows.
    Numbers(i64),
    /// `1` and so on, with zeros in front up to this length.
    Texts(usize),
    /// The store makes none: what the form lacks is the smallest value.
    Given,
}

/// An operation that the store answers.
#[derive(Debug)]
pub struct Stored {
    /// The [`id`](crate::OperationInfo::id) of the operation.
    pub operation: &'static str,
    /// The index of the collection.
    pub collection: usize,
    /// What it does there.
    pub action: Action,
    /// The fields that a body gives to the item; of a [`List`](Action::List), those that its query filters by.
    pub fields: &'static [&'static str],
    /// The fields that say under which parent an item is.
    pub path: &'static [PathField],
    /// The bodies of declared refusals, by status.
    pub bodies: &'static [(u16, JsonFn)],
}

impl Stored {
    /// An operation that neither reads fields nor declares bodies of refusals.
    pub const fn new(operation: &'static str, collection: usize, action: Action) -> Self {
        Self { operation, collection, action, fields: &[], path: &[], bodies: &[] }
    }

    /// The same with these [`fields`](field@Self::fields).
    pub const fn fields(self, fields: &'static [&'static str]) -> Self {
        Self { fields, ..self }
    }

    /// The same with these [`path`](field@Self::path) fields.
    pub const fn path(self, path: &'static [PathField]) -> Self {
        Self { path, ..self }
    }

    /// The same with these [`bodies`](field@Self::bodies).
    pub const fn bodies(self, bodies: &'static [(u16, JsonFn)]) -> Self {
        Self { bodies, ..self }
    }
}

/// A field that says under which parent an item is.
#[derive(Debug)]
pub struct PathField {
    /// The field.
    pub field: &'static str,
    /// The variable of the path that gives it to a new item.
    pub variable: &'static str,
    /// Whether its JSON is a string.
    pub is_text: bool,
}

/// The JSON of a value.
pub fn json<T: ToJson>(value: &T) -> String {
    value.to_json()
}

/// The JSON of the smallest value of a type.
pub fn smallest<T: Empty + ToJson>() -> String {
    T::empty().to_json()
}

/// What an operation does in its collection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Adds an item.
    Create,
    /// Gives the item of a key.
    Read,
    /// Gives the items that the query asks for.
    List,
    /// Gives the item of a key all fields anew; creates it if the operation declares no 404.
    Replace,
    /// Changes the fields of the item of a key that the body has.
    Change,
    /// Removes the item of a key.
    Delete,
}
