//! The elements of a service: types, resources with their operations, and the metadata that they carry.

use super::Id;
use crate::diagnostic::DocumentId;
use crate::source::json::Span;
use crate::vocabulary::http::{Location, Method};
use crate::vocabulary::type_text::Primitive;

/// Why a service is part of the run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Role {
    /// Requested by the user: everything in it is generated.
    Requested,
    /// Imported by another service: its reachable types are generated, its resources are not.
    Imported,
    /// Imported by another service, with types that already exist below this Rust path (`::my_common`): nothing is generated.
    External(String),
}

/// One API Builder service.
#[derive(Debug)]
pub struct Service {
    /// The document that declares it, in which the positions of its elements are.
    pub document: DocumentId,
    /// Why the service is part of the run.
    pub role: Role,
    /// Human-readable name.
    pub name: String,
    /// Key of the organisation.
    pub organization: String,
    /// Key of the application.
    pub application: String,
    /// Dotted, as in `io.flow.common.v0`.
    pub namespace: String,
    /// Version, as text.
    pub version: String,
    /// Base URL, without trailing slash.
    pub base_url: Option<String>,
    /// Markdown.
    pub description: Option<String>,
    /// Headers sent with every request.
    pub headers: Vec<Header>,
    /// Sorted by name, as in normalisation (5.3).
    pub enums: Vec<Id<Enum>>,
    /// Sorted by name.
    pub models: Vec<Id<Model>>,
    /// Sorted by name.
    pub unions: Vec<Id<Union>>,
    /// Sorted by name.
    pub interfaces: Vec<Id<Interface>>,
    /// Sorted by type.
    pub resources: Vec<Resource>,
    /// Names of the annotations that the service declares.
    pub annotations: Vec<String>,
    /// Data for generators.
    pub attributes: Vec<Attribute>,
}

/// Marks an element that should no longer be used.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Deprecation {
    /// The reason, or what to use instead.
    pub description: Option<String>,
}

/// Free-form data for generators.
#[derive(Debug, Clone, PartialEq)]
pub struct Attribute {
    /// Name; need not be unique.
    pub name: String,
    /// Value.
    pub value: serde_json::Map<String, serde_json::Value>,
}

/// A use of a type.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Type {
    /// A primitive type of the format.
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

/// A closed list of strings.
#[derive(Debug)]
pub struct Enum {
    /// The service that declares it.
    pub service: Id<Service>,
    /// The name as written in the spec.
    pub name: String,
    /// Markdown.
    pub description: Option<String>,
    /// Set if the enum should no longer be used.
    pub deprecation: Option<Deprecation>,
    /// The values; at least one.
    pub values: Vec<EnumValue>,
    /// Data for generators.
    pub attributes: Vec<Attribute>,
    /// The position of its name.
    pub at: Span,
}

/// One value of an [`Enum`].
#[derive(Debug)]
pub struct EnumValue {
    /// The name for use in code.
    pub name: String,
    /// The text on the wire: the `value`, or else the name.
    pub wire: String,
    /// Markdown.
    pub description: Option<String>,
    /// Set if the value should no longer be used.
    pub deprecation: Option<Deprecation>,
}

/// An object with declared fields.
#[derive(Debug)]
pub struct Model {
    /// The service that declares it.
    pub service: Id<Service>,
    /// The name as written in the spec.
    pub name: String,
    /// Markdown.
    pub description: Option<String>,
    /// Set if the model should no longer be used.
    pub deprecation: Option<Deprecation>,
    /// The fields, in written order.
    pub fields: Vec<Field>,
    /// The interfaces whose definitions are available.
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
    /// Whether the field must be present on the wire.
    pub required: bool,
    /// Filled in by the reader (optional field) or by the sender (required field); chapter 12.1.
    pub default: Option<Literal>,
    /// Minimum length, number of elements, or value.
    pub minimum: Option<i64>,
    /// Maximum length, number of elements, or value.
    pub maximum: Option<i64>,
    /// The example as written; documentation only.
    pub example: Option<String>,
    /// The example as a value, if it is valid for the type.
    pub sample: Option<Literal>,
    /// Markdown.
    pub description: Option<String>,
    /// Set if the field should no longer be used.
    pub deprecation: Option<Deprecation>,
    /// Names of annotations.
    pub annotations: Vec<String>,
    /// Data for generators.
    pub attributes: Vec<Attribute>,
    /// The position of its name.
    pub at: Span,
}

/// One of several types.
#[derive(Debug)]
pub struct Union {
    /// The service that declares it.
    pub service: Id<Service>,
    /// The name as written in the spec.
    pub name: String,
    /// Markdown.
    pub description: Option<String>,
    /// Set if the union should no longer be used.
    pub deprecation: Option<Deprecation>,
    /// The JSON key that distinguishes the members; without it, members are wrapped in an object with one key.
    pub discriminator: Option<String>,
    /// The members; at least one. Never contains the union itself, even through other unions.
    pub members: Vec<Member>,
    /// The interfaces whose definitions are available.
    pub interfaces: Vec<Id<Interface>>,
    /// Data for generators.
    pub attributes: Vec<Attribute>,
    /// The position of its name.
    pub at: Span,
}

/// One member of a [`Union`].
#[derive(Debug)]
pub struct Member {
    /// Its type; never [`Primitive::Unit`].
    pub ty: Type,
    /// The text that identifies the member on the wire.
    pub discriminator_value: String,
    /// The type text as written, used for naming: `string`, `[toy]`, `toy`.
    pub type_text: String,
    /// Whether an object without a discriminator is this member.
    pub default: bool,
    /// Markdown.
    pub description: Option<String>,
    /// Set if the member should no longer be used.
    pub deprecation: Option<Deprecation>,
}

/// A list of fields that models promise to have. It is not a type.
#[derive(Debug)]
pub struct Interface {
    /// The service that declares it.
    pub service: Id<Service>,
    /// The name as written in the spec.
    pub name: String,
    /// Markdown.
    pub description: Option<String>,
    /// Set if the interface should no longer be used.
    pub deprecation: Option<Deprecation>,
    /// The fields, in written order.
    pub fields: Vec<Field>,
}

/// A group of operations, named after a type.
#[derive(Debug)]
pub struct Resource {
    /// The type text as written, for documentation.
    pub type_text: String,
    /// The plural name of the type; names the accessor and the module.
    pub plural: String,
    /// The common path of the operations; absent in some older files.
    pub path: Option<String>,
    /// Markdown.
    pub description: Option<String>,
    /// Set if the resource should no longer be used.
    pub deprecation: Option<Deprecation>,
    /// The operations, in written order; at least one.
    pub operations: Vec<Operation>,
    /// Data for generators.
    pub attributes: Vec<Attribute>,
}

/// A method on a path.
#[derive(Debug)]
pub struct Operation {
    /// HTTP method.
    pub method: Method,
    /// The Rust method name that the user chose, if any.
    pub name: Option<String>,
    /// Full path, starting with `/`; variables are segments `:name`, which end at the first dot.
    pub path: String,
    /// Markdown.
    pub description: Option<String>,
    /// Set if the operation should no longer be used.
    pub deprecation: Option<Deprecation>,
    /// Path parameters in path order, then the others as written. Every path variable has exactly one.
    pub parameters: Vec<Parameter>,
    /// JSON body.
    pub body: Option<Body>,
    /// The declared responses; at least one, each code once.
    pub responses: Vec<Response>,
    /// Data for generators.
    pub attributes: Vec<Attribute>,
    /// Its position.
    pub at: Span,
}

/// A parameter of an operation.
#[derive(Debug)]
pub struct Parameter {
    /// The name on the wire.
    pub name: String,
    /// Where the parameter is sent.
    pub location: Location,
    /// Its type; the allowed types depend on the location (format reference, 6.3).
    pub ty: Type,
    /// Whether the parameter must be sent.
    pub required: bool,
    /// Sent if the caller passes no value; only on required parameters.
    pub default: Option<Literal>,
    /// Minimum length, number of elements, or value.
    pub minimum: Option<i64>,
    /// Maximum length, number of elements, or value.
    pub maximum: Option<i64>,
    /// The example as written; documentation only.
    pub example: Option<String>,
    /// Markdown.
    pub description: Option<String>,
    /// Set if the parameter should no longer be used.
    pub deprecation: Option<Deprecation>,
    /// The position of its name, in the path if nothing else declares it.
    pub at: Span,
}

/// The JSON body of a request.
#[derive(Debug)]
pub struct Body {
    /// Its type.
    pub ty: Type,
    /// Markdown.
    pub description: Option<String>,
    /// Set if the body should no longer be used.
    pub deprecation: Option<Deprecation>,
    /// The position of its type.
    pub at: Span,
}

/// A declared response.
#[derive(Debug)]
pub struct Response {
    /// The status of the response.
    pub code: Code,
    /// Type of the body; [`Primitive::Unit`](Primitive::Unit) for none, and always for `HEAD`.
    pub ty: Type,
    /// Declared headers.
    pub headers: Vec<Header>,
    /// Markdown.
    pub description: Option<String>,
    /// Set if the response should no longer be used.
    pub deprecation: Option<Deprecation>,
    /// The position of its code.
    pub at: Span,
}

/// The code of a response.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Code {
    /// An HTTP status, at least 100.
    Status(u16),
    /// Every status that is not listed.
    Default,
}

impl Code {
    /// Returns the status, if it is listed.
    pub fn status(self) -> Option<u16> {
        match self {
            Self::Status(status) => Some(status),
            Self::Default => None,
        }
    }
}

/// A header of the service (sent with every request) or of a response.
#[derive(Debug)]
pub struct Header {
    /// The name as written in the spec.
    pub name: String,
    /// `string`, an enum, or a list of those.
    pub ty: Type,
    /// Whether the header must be present.
    pub required: bool,
    /// Sent with each request; visible characters only.
    pub default: Option<Literal>,
    /// Markdown.
    pub description: Option<String>,
    /// Set if the header should no longer be used.
    pub deprecation: Option<Deprecation>,
    /// The position of its name.
    pub at: Span,
}

/// A default (format reference, chapter 12.1) that has been checked against its type.
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
    /// `yyyy-MM-dd`, an existing day.
    Date(String),
    /// RFC 3339 with an offset.
    DateTime(String),
    /// A value of an enum, by its position.
    Enum(Id<Enum>, usize),
    /// JSON text of an object.
    Object(String),
    /// JSON text.
    Json(String),
    /// The elements.
    List(Vec<Literal>),
    /// Keys (each once) and values, in written order.
    Map(Vec<(String, Literal)>),
}
