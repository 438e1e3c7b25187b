//! What answers a mocked call.

use std::sync::Arc;

use bytes::Bytes;
use http::Response;

use super::journal::AnsweredBy;
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

/// What answers a call of a resource when no rule does.
pub struct Fallback<'a, T: ?Sized + 'a> {
    /// The implementation that answers.
    pub api: &'a T,
    /// Which one it is.
    pub by: AnsweredBy,
}

impl<'a, T: ?Sized> Fallback<'a, T> {
    /// Returns the override, or else the state of a stateful mock if it knows the operation, the client to fall through to, or the
    /// one with empty results.
    pub fn of(own: &'a Option<Arc<T>>, state: Option<&'a T>, rest: Option<&'a T>, empty: &'a T) -> Self {
        let (api, by) = match (own, state, rest) {
            (Some(api), ..) => (&**api, AnsweredBy::Override),
            (None, Some(api), _) => (api, AnsweredBy::State),
            (None, None, Some(api)) => (api, AnsweredBy::FallThrough),
            (None, None, None) => (empty, AnsweredBy::Empty),
        };
        Fallback { api, by }
    }
}

/// Implements the mock trait of every resource without a method of its own: all results are empty.
#[derive(Debug, Clone, Copy)]
pub struct NoOverrides;
