//! A service and what any of its elements may carry.

use super::{Enum, Header, Id, Interface, Model, Resource, Union};

/// Why a service is part of the run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Role {
    /// It was asked for: everything in it is generated.
    Requested,
    /// Another service imports it: those of its types that are reachable are generated, its resources are not.
    Imported,
    /// Another service imports it, and its types exist already below this Rust path (`::my_common`): nothing is generated.
    External(String),
}

/// One API Builder service.
#[derive(Debug)]
pub struct Service {
    /// Why it is here.
    pub role: Role,
    /// The name for people.
    pub name: String,
    /// Key of the organisation.
    pub organization: String,
    /// Key of the application.
    pub application: String,
    /// Dotted, as in `io.flow.common.v0`.
    pub namespace: String,
    /// Version text.
    pub version: String,
    /// Without trailing slash.
    pub base_url: Option<String>,
    /// Markdown.
    pub description: Option<String>,
    /// Sent with every request.
    pub headers: Vec<Header>,
    /// Sorted by name, as normalisation does (5.3).
    pub enums: Vec<Id<Enum>>,
    /// Sorted by name.
    pub models: Vec<Id<Model>>,
    /// Sorted by name.
    pub unions: Vec<Id<Union>>,
    /// Sorted by name.
    pub interfaces: Vec<Id<Interface>>,
    /// Sorted by type.
    pub resources: Vec<Resource>,
    /// Names of the annotations that it declares.
    pub annotations: Vec<String>,
    /// Data for generators.
    pub attributes: Vec<Attribute>,
}

/// Mark of a thing that should no longer be used.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Deprecation {
    /// Why, or what to use instead.
    pub description: Option<String>,
}

/// Free data for generators.
#[derive(Debug, Clone, PartialEq)]
pub struct Attribute {
    /// Need not be unique.
    pub name: String,
    /// What it says.
    pub value: serde_json::Map<String, serde_json::Value>,
}
