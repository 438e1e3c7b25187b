//! What observers of a router see.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::Response;
use http::request::Parts;

use crate::encoding::Shown;
use crate::operation::OperationInfo;

/// A request and its response, as a [`Router`](crate::server::Router) passes them to its
/// [observer](crate::server::Router::observe).
///
/// A response to an invalid request has its [`MessageViolations`](crate::validate::MessageViolations) as an extension;
/// a response of a handler has the extensions that the handler gave it.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct ServedExchange<'e> {
    /// The operation; `None` if the spec has none for this method and path.
    pub operation: Option<&'static OperationInfo>,
    /// Method, URI, headers and extensions of the request.
    pub request: &'e Parts,
    /// The body of the request; empty if it was not received completely.
    pub body: &'e Bytes,
    /// The response, with its body even if the method is `HEAD`.
    pub response: &'e Response<Bytes>,
    /// When the request began: its head was read, its body maybe not.
    pub begun: Instant,
}

pub(crate) type Observer = Arc<dyn Fn(&ServedExchange<'_>) + Send + Sync>;

impl ServedExchange<'_> {
    /// Returns the time since the request began.
    pub fn duration(&self) -> Duration {
        self.begun.elapsed()
    }
}

impl fmt::Debug for ServedExchange<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // No URI and no bodies: they may have sensitive values.
        f.debug_struct("ServedExchange")
            .field("operation", &self.operation.map(|operation| operation.id))
            .field("headers", &Shown(&self.request.headers))
            .field("status", &self.response.status())
            .finish_non_exhaustive()
    }
}
