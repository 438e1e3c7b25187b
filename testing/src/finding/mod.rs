//! Findings: what a tool reports about messages, and how it ends.
//!
//! A [`Finding`] has a stable [`Code`], the [`Fault`], a place and one sentence. [`Format`] writes findings for people and
//! programs. A [`RunSummary`] says what was checked and what was not, and decides on the [`ExitStatus`].

mod code;
mod format;
mod summary;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use apigen_runtime::validate::{MessageViolation, RequestError};

pub use code::Code;
pub use format::Format;
pub use summary::{ExitStatus, RunSummary};

/// Something that a tool reports about a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The stable code.
    pub code: Code,
    /// The ID of the operation, such as `users.get_by_guid`; `None` if the request fits none.
    pub operation: Option<Cow<'static, str>>,
    /// The side at fault.
    pub fault: Fault,
    /// The location in the message: `path`, `query`, `status`, `header`, `form` or `body`; `None` if it is not about a part of
    /// one.
    pub location: Option<&'static str>,
    /// JSON pointer into the body; for parameters, it begins with the name.
    pub pointer: String,
    /// What was expected; empty if the message says it all.
    pub expected: String,
    /// What was found, without sensitive values.
    pub found: String,
    /// One sentence.
    pub message: String,
    /// Where the spec declares the rule, if that is known.
    pub spec_place: Option<SpecPlace>,
}

/// The side at fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Fault {
    /// The client sent a wrong request.
    Client,
    /// The server sent a wrong response.
    Server,
    /// The spec is wrong.
    Spec,
    /// The tool could not do its part, such as writing a log.
    Tool,
}

impl Fault {
    /// All sides.
    pub const ALL: [Fault; 4] = [Fault::Client, Fault::Server, Fault::Spec, Fault::Tool];

    /// Returns `client`, `server`, `spec` or `tool`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Fault::Client => "client",
            Fault::Server => "server",
            Fault::Spec => "spec",
            Fault::Tool => "tool",
        }
    }
}

/// A place in a spec.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SpecPlace {
    /// The name of the file, as it was given.
    pub file: Arc<str>,
    /// The line, from 1.
    pub line: usize,
}

impl fmt::Display for SpecPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file, self.line)
    }
}

impl Finding {
    /// Creates a finding that is not about a part of a message.
    pub fn new(code: Code, fault: Fault, message: impl Into<String>) -> Finding {
        Finding {
            code,
            operation: None,
            fault,
            location: None,
            pointer: String::new(),
            expected: String::new(),
            found: String::new(),
            message: message.into(),
            spec_place: None,
        }
    }

    /// Creates the finding of a violation in a message of this operation; at fault is the side that sent the message.
    pub fn of_violation(operation: Option<&'static str>, fault: Fault, violation: &MessageViolation) -> Finding {
        let own = &violation.violation;
        Finding {
            operation: operation.map(Cow::Borrowed),
            location: Some(violation.location.as_str()),
            pointer: own.pointer.clone(),
            expected: own.expected.clone(),
            found: own.found.clone(),
            ..Finding::new(Code::of_violation(own.code), fault, violation.to_string())
        }
    }

    /// Creates the finding of a request that fits no operation; `None` if it fits one. The client is at fault.
    pub fn of_request_error(error: &RequestError) -> Option<Finding> {
        let code = match error {
            RequestError::NotFound { .. } => Code::UNKNOWN_PATH,
            RequestError::MethodNotAllowed { .. } => Code::UNKNOWN_METHOD,
            _ => return None,
        };
        Some(Finding::new(code, Fault::Client, error.to_string()))
    }

    /// Sets the operation.
    #[must_use]
    pub fn of_operation(self, operation: impl Into<Cow<'static, str>>) -> Finding {
        Finding { operation: Some(operation.into()), ..self }
    }

    /// Sets the place in the spec.
    #[must_use]
    pub fn at(self, place: Option<SpecPlace>) -> Finding {
        Finding { spec_place: place, ..self }
    }
}

/// Escapes control characters, which would break lines and control terminals.
fn visible(text: &str) -> Cow<'_, str> {
    if !text.contains(char::is_control) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        if c.is_control() { out.extend(c.escape_default()) } else { out.push(c) }
    }
    Cow::Owned(out)
}

/// Writes `V806 server users.get_by_guid: body: email: the required field "email" of user is missing (api.json:12)`.
impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.code, self.fault.as_str())?;
        if let Some(operation) = &self.operation {
            write!(f, " {operation}")?;
        }
        write!(f, ": {}", visible(&self.message))?;
        match &self.spec_place {
            Some(place) => write!(f, " ({place})"),
            None => Ok(()),
        }
    }
}
