use bytes::Bytes;
use http::Response;

use crate::call::BoxAnswering;
use crate::transport::TransportError;

/// The response of a rule.
pub(crate) enum MockResponse {
    /// A future with the operation's own types.
    Future(BoxAnswering<'static>),
    /// A response to decode as if it had arrived over HTTP.
    Respond(Response<Bytes>),
    /// A transport error.
    Fail(TransportError),
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
            TransportErrorKind::Timeout => TransportError::timeout("the mock lets the time run out"),
            TransportErrorKind::Connect => TransportError::connect("the mock refuses the connection"),
            TransportErrorKind::Broken => TransportError::broken("the mock breaks the connection"),
            TransportErrorKind::Other => TransportError::other("the mock sends nothing"),
        }
    }
}
