//! Resources and their operations.

use super::{Attribute, Deprecation, Literal, Type};

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

/// The nine methods of the format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[expect(missing_docs, reason = "they are the names of HTTP")]
pub enum Method {
    Get,
    Post,
    Put,
    Patch,
    Delete,
    Head,
    Connect,
    Options,
    Trace,
}

impl Method {
    /// Every method with its name.
    pub const ALL: [(Self, &'static str); 9] = [
        (Self::Get, "GET"),
        (Self::Post, "POST"),
        (Self::Put, "PUT"),
        (Self::Patch, "PATCH"),
        (Self::Delete, "DELETE"),
        (Self::Head, "HEAD"),
        (Self::Connect, "CONNECT"),
        (Self::Options, "OPTIONS"),
        (Self::Trace, "TRACE"),
    ];

    /// The name, in upper case.
    pub fn as_str(self) -> &'static str {
        Self::ALL[self as usize].1
    }
}

/// Where a parameter travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "they are the names of the format")]
pub enum Location {
    Path,
    Query,
    Form,
    Header,
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
    /// Type of the body; [`Primitive::Unit`](super::Primitive::Unit) for none, and always for `HEAD`.
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
