//! What a service is made of: types, resources with their operations, and what any of these may carry.

use super::Id;
use crate::vocabulary::http::{Location, Method};
use crate::vocabulary::type_text::Primitive;

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

/// A use of a type.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Type {
    /// A type of the format itself.
    Primitive(Primitive),
    /// An enum.
    Enum(Id<Enum>),
    /// A model.
    Model(Id<Model>),
    /// A union.
    Union(Id<Union>),
    /// `[t]`.
    List(Box<Type>),
    /// `map[t]`: an object with any keys.
    Map(Box<Type>),
}

/// A closed list of texts.
#[derive(Debug)]
pub struct Enum {
    /// The service that declares it.
    pub service: Id<Service>,
    /// The name as written.
    pub name: String,
    /// Markdown.
    pub description: Option<String>,
    /// Set if it should no longer be used.
    pub deprecation: Option<Deprecation>,
    /// At least one.
    pub values: Vec<EnumValue>,
    /// Data for generators.
    pub attributes: Vec<Attribute>,
}

/// One value of an [`Enum`].
#[derive(Debug)]
pub struct EnumValue {
    /// The name, meant for code.
    pub name: String,
    /// The text on the wire (the `value`, or else the name).
    pub wire: String,
    /// Markdown.
    pub description: Option<String>,
    /// Set if it should no longer be used.
    pub deprecation: Option<Deprecation>,
}

/// An object with declared fields.
#[derive(Debug)]
pub struct Model {
    /// The service that declares it.
    pub service: Id<Service>,
    /// The name as written.
    pub name: String,
    /// Markdown.
    pub description: Option<String>,
    /// Set if it should no longer be used.
    pub deprecation: Option<Deprecation>,
    /// In written order.
    pub fields: Vec<Field>,
    /// Interfaces whose definition is at hand.
    pub interfaces: Vec<Id<Interface>>,
    /// Data for generators.
    pub attributes: Vec<Attribute>,
}

/// A field of a [`Model`] or [`Interface`].
#[derive(Debug)]
pub struct Field {
    /// The JSON key.
    pub name: String,
    /// Its type.
    pub ty: Type,
    /// Whether it must be on the wire.
    pub required: bool,
    /// Filled in by the reader (optional field) or by the sender (required field); chapter 12.1.
    pub default: Option<Literal>,
    /// Least length, number of elements or value.
    pub minimum: Option<i64>,
    /// Greatest length, number of elements or value.
    pub maximum: Option<i64>,
    /// Documentation only.
    pub example: Option<String>,
    /// The example as a value, if it is one of the type.
    pub sample: Option<Literal>,
    /// Markdown.
    pub description: Option<String>,
    /// Set if it should no longer be used.
    pub deprecation: Option<Deprecation>,
    /// Names of annotations.
    pub annotations: Vec<String>,
    /// Data for generators.
    pub attributes: Vec<Attribute>,
}

/// One of several types.
#[derive(Debug)]
pub struct Union {
    /// The service that declares it.
    pub service: Id<Service>,
    /// The name as written.
    pub name: String,
    /// Markdown.
    pub description: Option<String>,
    /// Set if it should no longer be used.
    pub deprecation: Option<Deprecation>,
    /// The JSON key that tells the members apart; without it members are wrapped in an object with one key.
    pub discriminator: Option<String>,
    /// At least one; never contains the union itself, not even through other unions.
    pub members: Vec<Member>,
    /// Interfaces whose definition is at hand.
    pub interfaces: Vec<Id<Interface>>,
    /// Data for generators.
    pub attributes: Vec<Attribute>,
}

/// One member of a [`Union`].
#[derive(Debug)]
pub struct Member {
    /// Its type; never [`Primitive::Unit`].
    pub ty: Type,
    /// What stands for it on the wire.
    pub discriminator_value: String,
    /// The type text as written, for naming: `string`, `[toy]`, `toy`.
    pub type_text: String,
    /// Whether an object without discriminator is this member.
    pub default: bool,
    /// Markdown.
    pub description: Option<String>,
    /// Set if it should no longer be used.
    pub deprecation: Option<Deprecation>,
}

/// A list of fields that models promise to have. Not a type.
#[derive(Debug)]
pub struct Interface {
    /// The service that declares it.
    pub service: Id<Service>,
    /// The name as written.
    pub name: String,
    /// Markdown.
    pub description: Option<String>,
    /// Set if it should no longer be used.
    pub deprecation: Option<Deprecation>,
    /// In written order.
    pub fields: Vec<Field>,
}

/// A group of operations, named after a type.
#[derive(Debug)]
pub struct Resource {
    /// The type text as written, for documentation.
    pub type_text: String,
    /// Names the accessor and the module.
    pub plural: String,
    /// The common path of its operations; absent in some older files.
    pub path: Option<String>,
    /// Markdown.
    pub description: Option<String>,
    /// Set if it should no longer be used.
    pub deprecation: Option<Deprecation>,
    /// In written order; at least one.
    pub operations: Vec<Operation>,
    /// Data for generators.
    pub attributes: Vec<Attribute>,
}

/// A method on a path.
#[derive(Debug)]
pub struct Operation {
    /// HTTP method.
    pub method: Method,
    /// What its method is to be called, if the user chose that.
    pub name: Option<String>,
    /// Full path, starts with `/`; variables are segments `:name`, which end at the first dot.
    pub path: String,
    /// Markdown.
    pub description: Option<String>,
    /// Set if it should no longer be used.
    pub deprecation: Option<Deprecation>,
    /// Path parameters in path order, then the others as written. Every path variable has exactly one.
    pub parameters: Vec<Parameter>,
    /// JSON body.
    pub body: Option<Body>,
    /// At least one; each code once.
    pub responses: Vec<Response>,
    /// Data for generators.
    pub attributes: Vec<Attribute>,
}

/// A parameter of an operation.
#[derive(Debug)]
pub struct Parameter {
    /// The name on the wire.
    pub name: String,
    /// Where it travels.
    pub location: Location,
    /// Its type; what is allowed depends on the location (format reference, 6.3).
    pub ty: Type,
    /// Whether it must be sent.
    pub required: bool,
    /// Sent when the caller gives nothing; only on required parameters.
    pub default: Option<Literal>,
    /// Least length, number of elements or value.
    pub minimum: Option<i64>,
    /// Greatest length, number of elements or value.
    pub maximum: Option<i64>,
    /// Documentation only.
    pub example: Option<String>,
    /// Markdown.
    pub description: Option<String>,
    /// Set if it should no longer be used.
    pub deprecation: Option<Deprecation>,
}

/// The JSON body of a request.
#[derive(Debug)]
pub struct Body {
    /// Its type.
    pub ty: Type,
    /// Markdown.
    pub description: Option<String>,
    /// Set if it should no longer be used.
    pub deprecation: Option<Deprecation>,
}

/// A declared response.
#[derive(Debug)]
pub struct Response {
    /// The status it belongs to.
    pub code: Code,
    /// Type of the body; [`Primitive::Unit`](Primitive::Unit) for none, and always for `HEAD`.
    pub ty: Type,
    /// Declared headers.
    pub headers: Vec<Header>,
    /// Markdown.
    pub description: Option<String>,
    /// Set if it should no longer be used.
    pub deprecation: Option<Deprecation>,
}

/// The code of a response.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Code {
    /// An HTTP status, at least 100.
    Status(u16),
    /// Every status that is not listed.
    Default,
}

/// A header of the service (sent with every request) or of a response.
#[derive(Debug)]
pub struct Header {
    /// The name as written.
    pub name: String,
    /// `string`, an enum, or a list of those.
    pub ty: Type,
    /// Whether it must be there.
    pub required: bool,
    /// Sent with each request; visible characters.
    pub default: Option<Literal>,
    /// Markdown.
    pub description: Option<String>,
    /// Set if it should no longer be used.
    pub deprecation: Option<Deprecation>,
}

/// A default (format reference, chapter 12.1), already known to fit its type.
#[derive(Debug, Clone, PartialEq)]
pub enum Literal {
    /// `true` or `false`.
    Boolean(bool),
    /// For `integer` and `long`; in the range of the type.
    Integer(i64),
    /// Finite.
    Double(f64),
    /// Digits with optional sign, point and exponent; in the range of the type.
    Decimal(String),
    /// Any text.
    String(String),
    /// Lower case, 8-4-4-4-12.
    Uuid(String),
    /// `yyyy-MM-dd`, a real day.
    Date(String),
    /// RFC 3339 with offset.
    DateTime(String),
    /// A value of an enum, by its position.
    Enum(Id<Enum>, usize),
    /// JSON text of an object.
    Object(String),
    /// JSON text.
    Json(String),
    /// Elements.
    List(Vec<Literal>),
    /// Keys (each once) and values, in written order.
    Map(Vec<(String, Literal)>),
}
