//! What was wrong with a request.

use std::fmt;

use crate::{ToJson, Violation, Writer};

/// Where in a request a value stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ParameterLocation {
    /// A segment of the path.
    Path,
    /// The query string.
    Query,
    /// A header.
    Header,
    /// A form parameter.
    Form,
    /// The JSON body.
    Body,
}

impl ParameterLocation {
    /// The word for it: `path`, `query`, `header`, `form` or `body`.
    pub const fn as_str(self) -> &'static str {
        match self {
            ParameterLocation::Path => "path",
            ParameterLocation::Query => "query",
            ParameterLocation::Header => "header",
            ParameterLocation::Form => "form",
            ParameterLocation::Body => "body",
        }
    }
}

impl fmt::Display for ParameterLocation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One thing that is wrong with a request.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RequestViolation {
    /// Where the value stands.
    pub location: ParameterLocation,
    /// The name of the parameter; empty for the body.
    pub name: String,
    /// What is wrong. Its pointer leads into the body, or, for parameters, begins with the name.
    pub violation: Violation,
}

impl fmt::Display for RequestViolation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let message = &self.violation.message;
        match self.location {
            ParameterLocation::Body => write!(f, "body: {message}"),
            ParameterLocation::Header => write!(f, "header {message}"),
            other => write!(f, "{other} parameter {message}"),
        }
    }
}

/// `{"in": "query", "name": "limit", "pointer": "/limit", "code": "maximum", "message": …, "expected": …, "found": …}`
impl ToJson for RequestViolation {
    fn write(&self, w: &mut Writer) {
        let Violation { pointer, code, expected, found, suggestion, .. } = &self.violation;
        let (place, code, message) = (Text(self.location.as_str()), Text(code.as_str()), self.to_string());
        let mut fields: Vec<(&str, &dyn ToJson)> = vec![("in", &place)];
        if !self.name.is_empty() {
            fields.push(("name", &self.name));
        }
        fields.extend([("pointer", pointer as &dyn ToJson), ("code", &code), ("message", &message)]);
        fields.extend([("expected", expected as &dyn ToJson), ("found", found)]);
        fields.extend(suggestion.as_ref().map(|suggestion| ("suggestion", suggestion as &dyn ToJson)));
        w.object(&fields);
    }
}

/// A text that is borrowed.
pub(crate) struct Text<'t>(pub(crate) &'t str);

impl ToJson for Text<'_> {
    fn write(&self, w: &mut Writer) {
        w.string(self.0);
    }
}
