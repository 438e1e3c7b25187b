//! The responses of a mock: of a rule, or of the implementation that a call falls back to.

use std::sync::Arc;

use bytes::Bytes;
use http::Response;

use super::journal::AnsweredBy;
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
            TransportErrorKind::Timeout => TransportError::timeout("the mock simulates a timeout"),
            TransportErrorKind::Connect => TransportError::connect("the mock refuses the connection"),
            TransportErrorKind::Broken => TransportError::broken("the mock breaks the connection"),
            TransportErrorKind::Other => TransportError::other("the mock sends nothing"),
        }
    }
}

/// The implementation of a resource to call when no rule matches.
pub struct Fallback<'a, T: ?Sized + 'a> {
    /// The implementation.
    pub api: &'a T,
    /// Its kind, for the journal.
    pub by: AnsweredBy,
}

impl<'a, T: ?Sized> Fallback<'a, T> {
    /// Selects the implementation: the override, else the state of a stateful mock if it supports the operation, else
    /// the client to fall through to, else the one that returns empty results.
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

/// Implements the mock trait of every resource with its default methods, so all results are empty.
#[derive(Debug, Clone, Copy)]
pub struct NoOverrides;
