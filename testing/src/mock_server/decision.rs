//! Why a response is what it is.

use std::fmt;

use apigen_runtime::validate::MessageViolations;
use http::Response;

/// What answered a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AnsweredBy {
    /// A rule, by its number, and its name if it has one: `rule 3`.
    Rule(String),
    /// The state: what was created through the server.
    State,
    /// An example, by its name.
    Example(String),
    /// A made-up response.
    Sample,
    /// A fault.
    Fault(String),
    /// The server's own message, such as `404` for an unknown path.
    Refusal(u16),
    /// The violations of an invalid request, by their number.
    Invalid(u16, usize),
    /// The control interface.
    Control,
}

impl AnsweredBy {
    /// Returns what made a response of the router: what its handler noted, or else a refusal.
    pub(super) fn of<B>(response: &Response<B>) -> AnsweredBy {
        let (extensions, status) = (response.extensions(), response.status().as_u16());
        match (extensions.get::<AnsweredBy>(), extensions.get::<MessageViolations>()) {
            (Some(answered), _) => answered.clone(),
            (None, Some(violations)) => AnsweredBy::Invalid(status, violations.as_slice().len()),
            (None, None) => AnsweredBy::Refusal(status),
        }
    }
}

impl AnsweredBy {
    /// Returns one word for all of its kind.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            AnsweredBy::Rule(_) => "rules",
            AnsweredBy::State => "state",
            AnsweredBy::Example(_) => "examples",
            AnsweredBy::Sample => "samples",
            AnsweredBy::Fault(_) => "faults",
            AnsweredBy::Refusal(_) | AnsweredBy::Invalid(..) => "refusals",
            AnsweredBy::Control => "the control interface",
        }
    }
}

impl fmt::Display for AnsweredBy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            AnsweredBy::Rule(rule) => f.write_str(rule),
            AnsweredBy::State => f.write_str("state"),
            AnsweredBy::Example(name) => write!(f, "example {name}"),
            AnsweredBy::Sample => f.write_str("sample"),
            AnsweredBy::Fault(fault) => write!(f, "fault {fault}"),
            AnsweredBy::Refusal(404) => f.write_str("404: no such path"),
            AnsweredBy::Refusal(405) => f.write_str("405: no such method"),
            AnsweredBy::Refusal(status) => write!(f, "{status}: refused"),
            AnsweredBy::Invalid(status, 1) => write!(f, "{status}: 1 violation"),
            AnsweredBy::Invalid(status, count) => write!(f, "{status}: {count} violations"),
            AnsweredBy::Control => f.write_str("control"),
        }
    }
}
