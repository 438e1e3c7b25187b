//! Violations in requests and responses.

use std::fmt;

use crate::json::{ToJson, Violation, Violations, Writer};

/// The location of a value in a request or a response.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum MessageLocation {
    /// A segment of the path.
    Path,
    /// The query string.
    Query,
    /// The status of a response.
    Status,
    /// A header.
    Header,
    /// A form parameter.
    Form,
    /// The JSON body.
    Body,
}

impl MessageLocation {
    /// Returns the location in one word: `path`, `query`, `status`, `header`, `form` or `body`.
    pub const fn as_str(self) -> &'static str {
        match self {
            MessageLocation::Path => "path",
            MessageLocation::Query => "query",
            MessageLocation::Status => "status",
            MessageLocation::Header => "header",
            MessageLocation::Form => "form",
            MessageLocation::Body => "body",
        }
    }
}

impl fmt::Display for MessageLocation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A violation of the spec in a request or a response.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct MessageViolation {
    /// The location of the value.
    pub location: MessageLocation,
    /// The name of the parameter or header; empty for body and status.
    pub name: String,
    /// The violation. Its pointer leads into the body, or, for parameters, begins with the name.
    pub violation: Violation,
}

impl MessageViolation {
    /// Returns line and column in the body, both from 1; `None` outside bodies, and for a missing body.
    pub fn place(&self) -> Option<(usize, usize)> {
        let Violation { line, column, .. } = self.violation;
        (self.location == MessageLocation::Body && line > 0).then_some((line, column))
    }
}

impl fmt::Display for MessageViolation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let message = &self.violation.message;
        match self.location {
            MessageLocation::Body if self.place().is_some() => write!(f, "body: {}", self.violation),
            MessageLocation::Body => write!(f, "body: {message}"),
            MessageLocation::Status => f.write_str(message),
            MessageLocation::Header => write!(f, "header {message}"),
            other => write!(f, "{other} parameter {message}"),
        }
    }
}

/// Writes `{"in": "query", "name": "limit", "pointer": "/limit", "code": "maximum", "message": …, "expected": …,
/// "found": …}`; in a body also `"line": 1, "column": 8`.
impl ToJson for MessageViolation {
    fn write(&self, w: &mut Writer) {
        let Violation { pointer, code, expected, found, suggestion, .. } = &self.violation;
        let name = Some(&self.name).filter(|name| !name.is_empty());
        let (line, column) = self.place().map(|(line, column)| (line as i64, column as i64)).unzip();
        w.object(&[
            ("in", &self.location.as_str()),
            ("name", &name),
            ("pointer", pointer),
            ("code", &code.as_str()),
            ("message", &self.to_string()),
            ("expected", expected),
            ("found", found),
            ("suggestion", suggestion),
            ("line", &line),
            ("column", &column),
        ]);
    }
}

/// All violations in a request or a response: at least one.
pub type MessageViolations = Violations<MessageViolation>;
