//! The responses of a mock.

use bytes::Bytes;
use http::Response;

use crate::call::{BoxAnswering, Kind};
use crate::operation::OperationInfo;
use crate::state::JsonFn;
use crate::transport::{TransportError, response};

/// A response before it is decoded.
pub(crate) enum MockResponse {
    /// A future with the operation's own types.
    Future(BoxAnswering<'static>),
    /// A response to decode as if it had arrived over HTTP.
    Respond(Response<Bytes>),
    /// An error of the transport, or the refusal of a call.
    Fail(Kind),
    /// No response: the call stays pending.
    #[cfg(feature = "testing")]
    Hang,
}

/// The kind of a mocked transport error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum TransportErrorKind {
    /// A timeout.
    Timeout,
    /// The connection could not be made.
    Connect,
    /// The connection broke before the response was complete.
    Broken,
    /// Any other error that a retry would not fix.
    Other,
}

impl TransportErrorKind {
    pub(crate) fn error(self) -> TransportError {
        match self {
            TransportErrorKind::Timeout => TransportError::timeout("the mock simulates a timeout"),
            TransportErrorKind::Connect => TransportError::connect("the mock refuses the connection"),
            TransportErrorKind::Broken => TransportError::broken("the mock breaks the connection"),
            TransportErrorKind::Other => TransportError::other("the mock sends nothing"),
        }
    }
}

/// The response of an operation for which nothing was set up.
#[derive(Debug)]
pub struct EmptyResponse {
    /// The [`id`](OperationInfo::id) of the operation.
    pub(super) operation: &'static str,
    body: JsonFn,
    /// The status, if it is not the first success that the operation declares.
    status: Option<u16>,
}

impl EmptyResponse {
    /// Creates a response with the first success status of an operation.
    pub const fn new(operation: &'static str, body: JsonFn) -> Self {
        Self { operation, body, status: None }
    }

    /// Sets another status.
    pub const fn status(self, status: u16) -> Self {
        Self { status: Some(status), ..self }
    }

    pub(super) fn response(&self, info: &OperationInfo) -> Response<Bytes> {
        response(self.status.or(info.success_status()).unwrap_or(200), (self.body)())
    }
}

/// Returns the JSON of no value.
pub fn nothing() -> String {
    "null".to_owned()
}

/// Returns the JSON of an empty list.
pub fn empty_list() -> String {
    "[]".to_owned()
}

/// Returns the JSON of an empty map.
pub fn empty_map() -> String {
    "{}".to_owned()
}
