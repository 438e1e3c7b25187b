//! The state of a stateful server, as data.

use crate::api::{Id, Model, Type};

/// The collections of a stateful server of one service, and what its operations do with them.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct StateTable {
    /// Groups of items that operations share.
    pub collections: Vec<Collection>,
    /// The operations that the state responds to.
    pub operations: Vec<StoredOperation>,
}

/// Items of one model.
#[derive(Debug, PartialEq, Eq)]
pub struct Collection {
    /// The model of the items.
    pub model: Id<Model>,
    /// The field by which paths identify an item.
    pub key: Option<String>,
    /// The keys of new items.
    pub keys: Keys,
    /// Fields whose values are unique among the items.
    pub unique: Vec<String>,
    /// Required fields that hold an instant, which the server sets.
    pub instants: Vec<String>,
}

/// The keys that a server assigns to new items.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keys {
    /// UUIDs.
    Uuids,
    /// Whole numbers, starting with this one.
    Numbers(i64),
    /// Strings of at least this many characters.
    Texts(usize),
    /// None: the client that creates an item sets its key.
    Given,
}

/// An operation that the state responds to.
#[derive(Debug, PartialEq, Eq)]
pub struct StoredOperation {
    /// The operation.
    pub place: OperationPlace,
    /// The position of its collection in the table.
    pub collection: usize,
    /// What it does in the collection.
    pub action: Action,
    /// The fields that the body sets on the item, or that the query filters by.
    pub fields: Vec<String>,
    /// The fields whose values are variables of the path.
    pub path: Vec<PathField>,
    /// Statuses of refusals, with the types of their bodies.
    pub refusals: Vec<(u16, Type)>,
}

/// Positions of a resource in its service, and of an operation in its resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct OperationPlace {
    /// Position of the resource.
    pub resource: usize,
    /// Position of the operation.
    pub operation: usize,
}

/// What an operation does in its collection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "they say it")]
pub enum Action {
    Create,
    Read,
    List,
    Replace,
    Change,
    Delete,
}

/// A field whose value is a variable of the path.
#[derive(Debug, PartialEq, Eq)]
pub struct PathField {
    /// The field.
    pub field: String,
    /// The variable.
    pub variable: String,
    /// Whether its JSON is a string.
    pub is_text: bool,
}
