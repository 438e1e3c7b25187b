//! The normalised form, which API Builder publishes as `service.json`, with the position of every text.

use std::collections::HashSet;

use crate::api::Deprecation;
use crate::source::json::{Member, Node, Span};
use crate::vocabulary::plural::plural;

/// A text and its position.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Text {
    /// Trimmed.
    pub value: String,
    /// Its position, or that of what it was computed from.
    pub at: Span,
}

/// The two forms of a document (format reference, chapter 1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Written by people.
    Api,
    /// Published by a server.
    Service,
}

/// The kind of a declaration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    Enum,
    Model,
    Union,
    Interface,
}

impl Kind {
    pub const ALL: [Self; 4] = [Self::Enum, Self::Model, Self::Union, Self::Interface];

    pub fn word(self) -> &'static str {
        match self {
            Self::Enum => "enum",
            Self::Model => "model",
            Self::Union => "union",
            Self::Interface => "interface",
        }
    }
}

/// A whole service. Collections are in the order of normalisation (format reference, 5.3).
#[derive(Debug, Clone, Default)]
pub struct Service {
    pub name: Text,
    pub organization: String,
    pub application: String,
    pub namespace: String,
    /// Whether the document declares its namespace.
    pub namespace_declared: bool,
    pub version: String,
    pub base_url: Option<Text>,
    pub description: Option<String>,
    /// Contact and licence, as they are published.
    pub info: Vec<Member>,
    pub imports: Vec<Import>,
    pub headers: Vec<Header>,
    pub annotations: Vec<Annotation>,
    pub enums: Vec<Enum>,
    pub interfaces: Vec<Model>,
    pub models: Vec<Model>,
    pub unions: Vec<Union>,
    pub resources: Vec<Resource>,
    pub attributes: Vec<Attribute>,
    /// Models declared by union types with fields.
    pub auto_models: HashSet<String>,
}

impl Service {
    /// Iterates over all texts that name a type.
    pub fn type_texts(&self) -> impl Iterator<Item = &str> {
        let models = || self.models.iter().chain(&self.interfaces);
        let operations = || self.resources.iter().flat_map(|r| &r.operations);
        let fields = models().flat_map(|m| &m.fields).map(|f| &f.ty);
        let interfaces = models().flat_map(|m| &m.interfaces).chain(self.unions.iter().flat_map(|u| &u.interfaces));
        let members = self.unions.iter().flat_map(|u| &u.types).map(|t| &t.ty);
        let parameters = operations().flat_map(|o| &o.parameters).map(|p| &p.field.ty);
        let bodies = operations().filter_map(|o| o.body.as_ref()).map(|b| &b.ty);
        let responses = operations().flat_map(|o| &o.responses).map(|r| &r.ty);
        let resources = self.resources.iter().map(|r| &r.common.name);
        let types = fields.chain(interfaces).chain(members).chain(parameters).chain(bodies).chain(responses);
        types.chain(resources).map(|text| text.value.as_str())
    }
}

#[derive(Debug, Clone)]
pub struct Import {
    pub uri: Text,
    /// Known in the normalised form only.
    pub namespace: Option<String>,
    /// Names of annotations that the import declares; known in the normalised form only.
    pub annotations: Vec<String>,
    /// The whole summary, in the normalised form.
    pub summary: Option<Node>,
}

#[derive(Debug, Clone)]
pub struct Annotation {
    pub name: Text,
    pub description: Option<String>,
    pub deprecation: Option<Deprecation>,
}

/// Free-form data for generators.
#[derive(Debug, Clone)]
pub struct Attribute {
    pub name: String,
    /// An object.
    pub value: Node,
    pub description: Option<String>,
    pub deprecation: Option<Deprecation>,
}

/// The common parts of all declarations.
#[derive(Debug, Clone, Default)]
pub struct Common {
    pub name: Text,
    pub plural: Option<String>,
    pub description: Option<String>,
    pub deprecation: Option<Deprecation>,
    pub attributes: Vec<Attribute>,
}

impl Common {
    /// Returns the plural: as written, else computed.
    pub fn plural(&self) -> String {
        self.plural.clone().unwrap_or_else(|| plural(&self.name.value))
    }
}

#[derive(Debug, Clone)]
pub struct Enum {
    pub common: Common,
    pub values: Vec<EnumValue>,
}

#[derive(Debug, Clone)]
pub struct EnumValue {
    pub common: Common,
    /// The text on the wire, if it differs from the name.
    pub value: Option<Text>,
}

/// A model or an interface.
#[derive(Debug, Clone)]
pub struct Model {
    pub common: Common,
    pub fields: Vec<Field>,
    pub interfaces: Vec<Text>,
}

#[derive(Debug, Clone, Default)]
pub struct Field {
    pub common: Common,
    pub ty: Text,
    pub required: bool,
    pub default: Option<Text>,
    pub minimum: Option<i64>,
    pub maximum: Option<i64>,
    pub example: Option<Text>,
    /// Keys whose values are meaningless and were dropped: limits that are not whole numbers, blank defaults.
    pub dropped: Vec<Text>,
    pub annotations: Vec<Text>,
}

#[derive(Debug, Clone)]
pub struct Union {
    pub common: Common,
    pub discriminator: Option<Text>,
    pub types: Vec<UnionType>,
    pub interfaces: Vec<Text>,
}

#[derive(Debug, Clone)]
pub struct UnionType {
    pub common: Common,
    pub ty: Text,
    /// As written, if present.
    pub default: Option<bool>,
    pub discriminator_value: Option<Text>,
    /// Fields, which declare a model of the type's name (format reference, 5.7).
    pub fields: Option<Vec<Field>>,
}

#[derive(Debug, Clone)]
pub struct Header {
    pub common: Common,
    pub ty: Text,
    pub required: bool,
    pub default: Option<Text>,
}

#[derive(Debug, Clone)]
pub struct Resource {
    pub common: Common,
    /// As written; the default path is computed when all services are known, since it may come from an imported type.
    pub path: Option<String>,
    pub operations: Vec<Operation>,
}

#[derive(Debug, Clone)]
pub struct Operation {
    pub at: Span,
    pub method: Text,
    /// Relative to the resource's path in `api.json`, full in `service.json`.
    pub path: Option<Text>,
    pub description: Option<String>,
    pub deprecation: Option<Deprecation>,
    pub attributes: Vec<Attribute>,
    pub parameters: Vec<Parameter>,
    pub body: Option<Body>,
    pub responses: Vec<Response>,
}

#[derive(Debug, Clone)]
pub struct Parameter {
    pub field: Field,
    pub location: Option<Text>,
}

#[derive(Debug, Clone)]
pub struct Body {
    pub ty: Text,
    pub description: Option<String>,
    pub deprecation: Option<Deprecation>,
    pub attributes: Vec<Attribute>,
}

#[derive(Debug, Clone)]
pub struct Response {
    pub code: Text,
    pub ty: Text,
    pub headers: Vec<Header>,
    pub description: Option<String>,
    pub deprecation: Option<Deprecation>,
    /// `None` if a published document omits them, as servers do for the response that they add.
    pub attributes: Option<Vec<Attribute>>,
}
