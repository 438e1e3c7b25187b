//! What a stateful server keeps, as data.

use crate::api::{Id, Model, Type};

/// What a stateful server of one service keeps, and what its operations do with it.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct StateTable {
    /// Groups of items that operations share.
    pub collections: Vec<Collection>,
    /// The operations that the state answers.
    pub operations: Vec<StoredOperation>,
}

/// Items of one model.
#[derive(Debug, PartialEq, Eq)]
pub struct Collection {
    /// What the items are.
    pub model: Id<Model>,
    /// The field by which paths name an item.
    pub key: Option<String>,
    /// Which keys new items get.
    pub keys: Keys,
    /// Fields that no two items have the same value of.
    pub unique: Vec<String>,
    /// Required fields that hold an instant, which the server sets.
    pub instants: Vec<String>,
}

/// Which keys a server gives to new items.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keys {
    /// UUIDs.
    Uuids,
    /// Whole numbers from this one on.
    Numbers(i64),
    /// Texts of at least this many characters.
    Texts(usize),
    /// None: who creates an item says its key.
    Given,
}

/// An operation that the state answers.
#[derive(Debug, PartialEq, Eq)]
pub struct StoredOperation {
    /// Which one it is.
    pub place: OperationPlace,
    /// The position of its collection in the table.
    pub collection: usize,
    /// What it does there.
    pub action: Action,
    /// The fields that the body gives to the item, or that the query filters by.
    pub fields: Vec<String>,
    /// The fields that have the value of a variable of the path.
    pub path: Vec<PathField>,
    /// Statuses that the server refuses with, and the types of their bodies.
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

/// A field that has the value of a variable of the path.
#[derive(Debug, PartialEq, Eq)]
pub struct PathField {
    /// The field.
    pub field: String,
    /// The variable.
    pub variable: String,
    /// Whether its JSON is a string.
    pub is_text: bool,
}
