//! Exchanges: one record of one request and its response, the same in journals, logs and reports.
//!
//! [`Capture`] makes the record of an exchange, without its sensitive values. [`Journal`] keeps the latest in memory,
//! [`ExchangeLog`] appends them to a file in JSON Lines, and [`ExchangeReader`] reads such a file.

mod capture;
mod journal;
mod log;
mod read;
#[cfg(test)]
mod tests;
mod time;
mod write;

use std::borrow::Cow;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use crate::finding::Fault;

pub use capture::{Capture, Captured, Seen};
pub use journal::{Journal, JournalEntry, JournalFilter};
pub use log::{ExchangeLog, LogOptions};
pub use read::{ExchangeReader, LineProblem};
#[cfg(feature = "toml")]
pub(crate) use time::format as format_instant;

/// One request and its response, with what was found wrong with them.
///
/// Two records are equal if they have the same JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exchange {
    /// When the request arrived; JSON has milliseconds.
    pub at: SystemTime,
    /// The name of the service, as in its spec.
    pub service: Arc<str>,
    /// The version of the spec.
    pub spec: Arc<str>,
    /// Where the service runs, such as `sandbox`.
    pub environment: Option<Arc<str>>,
    /// The ID of the operation, such as `users.get_by_guid`; `None` if the request fits none.
    pub operation: Option<Cow<'static, str>>,
    /// The HTTP method.
    pub method: String,
    /// Path and query.
    pub target: String,
    /// The time from the request to the end of the response; JSON has microseconds.
    pub duration: Duration,
    /// The request.
    pub request: Message,
    /// The response; `None` if there was none.
    pub response: Option<ResponseMessage>,
    /// What violates the spec.
    pub violations: Vec<ExchangeViolation>,
    /// JSON pointers into the record, to values that were replaced, and to bodies that were withheld (`/request/body`).
    pub redacted: Vec<String>,
    /// Whether a body was cut off.
    pub truncated: bool,
}

/// Headers and body of a request or response.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Message {
    /// Names in lower case, with their values; the values of one name are together.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Body,
}

/// A response with its status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResponseMessage {
    /// The status code.
    pub status: u16,
    /// Headers and body.
    pub message: Message,
}

/// The body of a message.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Body {
    /// There is none.
    #[default]
    None,
    /// JSON text on one line.
    Json(String),
    /// Text, or a form.
    Text(String),
    /// Other bytes.
    Binary(Vec<u8>),
}

/// The message that a violation is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum MessageSide {
    /// The request.
    Request,
    /// The response.
    Response,
}

impl MessageSide {
    /// Returns the side that sent the message, which is at fault for its violations.
    pub const fn sender(self) -> Fault {
        match self {
            MessageSide::Request => Fault::Client,
            MessageSide::Response => Fault::Server,
        }
    }

    /// Returns `request` or `response`.
    pub const fn as_str(self) -> &'static str {
        match self {
            MessageSide::Request => "request",
            MessageSide::Response => "response",
        }
    }
}

/// A violation of the spec, as records have it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExchangeViolation {
    /// The message that it is in.
    pub side: MessageSide,
    /// The location in the message: `path`, `query`, `status`, `header`, `form` or `body`.
    pub location: Cow<'static, str>,
    /// JSON pointer into the body; for parameters, it begins with the name.
    pub pointer: String,
    /// The code of the violation, such as `missing`.
    pub code: Cow<'static, str>,
    /// One sentence.
    pub message: String,
}

impl Exchange {
    /// Returns the status of the response.
    pub fn status(&self) -> Option<u16> {
        self.response.as_ref().map(|response| response.status)
    }

    /// Returns the memory that the record takes, in bytes. Texts that records share are not counted.
    pub fn size(&self) -> usize {
        let cow = |text: &Cow<'static, str>| if let Cow::Owned(text) = text { text.capacity() } else { 0 };
        let violations = self.violations.iter().map(|violation| {
            let ExchangeViolation { location, pointer, code, message, .. } = violation;
            cow(location) + pointer.capacity() + cow(code) + message.capacity()
        });
        let texts = [&self.method, &self.target].into_iter().chain(&self.redacted).map(String::capacity);
        let messages = [Some(&self.request), self.response.as_ref().map(|response| &response.message)];
        size_of::<Exchange>()
            + self.operation.as_ref().map_or(0, cow)
            + self.violations.capacity() * size_of::<ExchangeViolation>()
            + self.redacted.capacity() * size_of::<String>()
            + violations.chain(texts).chain(messages.into_iter().flatten().map(Message::size)).sum::<usize>()
    }
}

impl Message {
    /// Returns the first value of a header, whose name is in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Returns the memory outside of the struct.
    fn size(&self) -> usize {
        let headers = self.headers.iter().map(|(name, value)| name.capacity() + value.capacity());
        let body = match &self.body {
            Body::None => 0,
            Body::Json(text) | Body::Text(text) => text.capacity(),
            Body::Binary(bytes) => bytes.capacity(),
        };
        self.headers.capacity() * size_of::<(String, String)>() + headers.sum::<usize>() + body
    }
}
