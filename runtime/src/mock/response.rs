use bytes::Bytes;
use http::Response;

use crate::call::BoxAnswering;
use crate::transport::TransportError;

/// How a rule answers a call.
pub(crate) enum MockResponse {
    /// A future of the operation's own types.
    Future(BoxAnswering<'static>),
    /// A response, to be read as if it had come over HTTP.
    Respond(Response<Bytes>),
    /// No response.
    Fail(TransportError),
    /// Nothing, ever.
    #[cfg(feature = "testing")]
    Hang,
}

/// Why a mocked transport has no response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum TransportErrorKind {
    /// The time was up.
    Timeout,
    /// There was no connection.
    Connect,
    /// The connection broke before the response was whole.
    Broken,
    /// Anything else, which another attempt would not change.
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
