//! State for mock clients: created items can be read, listed, changed and deleted.
//!
//! Generated code has one [`StateTable`] per API, which declares what each operation does; the store of a mock
//! ([`Mock::stateful`](crate::mock::Mock::stateful)) does it.

mod item;
mod item_collection;
mod item_path;
mod list_query;
mod store;
mod text;

pub use store::{StateRequest, StateResponse, Store};

use std::borrow::Cow;

use crate::json::ToJson;
use crate::values::Empty;

/// How the operations of an API act on the state of a mock.
///
/// Generated code has it as a static; `apigen-testing` makes it of a spec at run time.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct StateTable {
    /// The collections.
    pub collections: &'static [Collection],
    /// The operations that the store responds to; all others are not sent to it.
    pub operations: &'static [Stored],
}

/// Returns the JSON of a value.
pub type JsonFn = fn() -> String;

/// The JSON of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(unpredictable_function_pointer_comparisons, reason = "only tables that are equal by chance are shared")]
pub enum StaticJson {
    /// Made by generated code.
    Made(JsonFn),
    /// A text, of a service that is known at run time only.
    Text(&'static str),
}

impl StaticJson {
    fn get(self) -> Cow<'static, str> {
        match self {
            StaticJson::Made(make) => Cow::Owned(make()),
            StaticJson::Text(text) => Cow::Borrowed(text),
        }
    }
}

/// Items of one model.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct Collection {
    /// The field that identifies an item in paths; without one, the store keeps the key separately.
    pub key: Option<&'static str>,
    /// The keys that the store generates.
    pub keys: Keys,
    /// The fields that the bodies of its operations set.
    pub fields: &'static [&'static str],
    /// Other fields whose values must be unique under the same parent.
    pub unique: &'static [&'static str],
    /// The date-time fields of a new item: each creation is a second after the previous one.
    pub instants: &'static [&'static str],
    /// The JSON of the smallest item; see [`smallest`].
    pub blank: StaticJson,
}

impl Collection {
    /// Creates a collection whose items have no field for their key.
    pub const fn new(keys: Keys, blank: JsonFn) -> Self {
        Self { key: None, keys, fields: &[], unique: &[], instants: &[], blank: StaticJson::Made(blank) }
    }

    /// Sets the field that identifies an item.
    pub const fn key(self, key: &'static str) -> Self {
        Self { key: Some(key), ..self }
    }

    /// Sets the fields that bodies set.
    pub const fn fields(self, fields: &'static [&'static str]) -> Self {
        Self { fields, ..self }
    }

    /// Sets the fields whose values must be unique.
    pub const fn unique(self, unique: &'static [&'static str]) -> Self {
        Self { unique, ..self }
    }

    /// Sets the date-time fields of a new item.
    pub const fn instants(self, instants: &'static [&'static str]) -> Self {
        Self { instants, ..self }
    }
}

/// The generated keys of items created without a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Keys {
    /// `00000000-0000-4000-8000-000000000001` and so on.
    Uuids,
    /// 1 and so on, or from the minimum in the spec.
    Numbers(i64),
    /// `1` and so on, padded with zeros to this length.
    Texts(usize),
    /// No generated keys: a missing key is the smallest value.
    Given,
}

/// An operation that the store responds to.
#[derive(Debug, PartialEq, Eq, Hash)]
#[allow(unpredictable_function_pointer_comparisons, reason = "only tables that are equal by chance are shared")]
pub struct Stored {
    /// The [`id`](crate::OperationInfo::id) of the operation.
    pub operation: &'static str,
    /// The index of the collection.
    pub collection: usize,
    /// The action on the collection.
    pub action: Action,
    /// The fields that a body sets, if they are not those of the collection; for a [`List`](Action::List), the fields
    /// that its query filters by.
    pub fields: Option<&'static [&'static str]>,
    /// The fields that refer to the parent of an item.
    pub path: &'static [PathField],
    /// The bodies of declared errors, by status.
    pub bodies: &'static [(u16, JsonFn)],
    /// The same as texts, of a service that is known at run time only.
    pub texts: &'static [(u16, &'static str)],
}

impl Stored {
    /// Creates an operation without fields and error bodies.
    pub const fn new(operation: &'static str, collection: usize, action: Action) -> Self {
        Self { operation, collection, action, fields: None, path: &[], bodies: &[], texts: &[] }
    }

    /// Sets the [`fields`](field@Self::fields).
    pub const fn fields(self, fields: &'static [&'static str]) -> Self {
        Self { fields: Some(fields), ..self }
    }

    /// Sets the [`path`](field@Self::path) fields.
    pub const fn path(self, path: &'static [PathField]) -> Self {
        Self { path, ..self }
    }

    /// Sets the [`bodies`](field@Self::bodies).
    pub const fn bodies(self, bodies: &'static [(u16, JsonFn)]) -> Self {
        Self { bodies, ..self }
    }
}

/// A field that refers to the parent of an item.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct PathField {
    /// The field.
    pub field: &'static str,
    /// The path variable that sets it in a new item.
    pub variable: &'static str,
    /// Whether its JSON is a string.
    pub is_text: bool,
}

/// Returns the JSON of a value.
pub fn json<T: ToJson>(value: &T) -> String {
    value.to_json()
}

/// Returns the JSON of the smallest value of a type.
pub fn smallest<T: Empty + ToJson>() -> String {
    T::empty().to_json()
}

/// The action of an operation on its collection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    /// Adds an item.
    Create,
    /// Returns the item with a key.
    Read,
    /// Returns the items that match the query.
    List,
    /// Replaces all fields of the item with a key; creates it if the operation declares no 404.
    Replace,
    /// Changes the fields in the body of the item with a key.
    Change,
    /// Removes the item with a key.
    Delete,
}
