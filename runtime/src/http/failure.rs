use std::fmt;

use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode};

use super::operation::OperationInfo;
use super::transport::TransportError;
use super::{display, headers};
use crate::Violations;

/// An error keeps at most this many bytes of the response body.
const MAX_BODY: usize = 1 << 20;

/// What is known about a call that failed, whatever its declared errors are.
///
/// [`Error`](crate::Error) and [`AnyError`](crate::AnyError) dereference to it.
pub struct Failure {
    pub(super) kind: Kind,
    pub(super) operation: Option<&'static OperationInfo>,
    pub(super) method: Option<Method>,
    pub(super) url: Option<String>,
    pub(super) status: Option<StatusCode>,
    pub(super) headers: HeaderMap,
    pub(super) body: Option<Bytes>,
}

#[derive(Debug)]
pub(super) enum Kind {
    Declared,
    Status,
    Decode(Violations),
    Request(String),
    Transport(TransportError),
    Other(String),
}

impl Failure {
    pub(super) fn new(kind: Kind) -> Box<Failure> {
        Box::new(Failure {
            kind,
            operation: None,
            method: None,
            url: None,
            status: None,
            headers: HeaderMap::new(),
            body: None,
        })
    }

    /// A request that cannot be sent.
    pub(super) fn invalid(info: Option<&'static OperationInfo>, message: String) -> Box<Failure> {
        let mut failure = Failure::new(Kind::Request(message));
        failure.operation = info;
        failure
    }

    /// Keeps a response; what is beyond the limit of a body is let go.
    pub(super) fn set_response(&mut self, status: StatusCode, mut headers: HeaderMap, body: Bytes) {
        headers::mark_secrets(&mut headers);
        self.status = Some(status);
        self.headers = headers;
        // A slice would keep all of the memory.
        self.body = Some(if body.len() > MAX_BODY { Bytes::copy_from_slice(&body[..MAX_BODY]) } else { body });
    }

    /// The status of the response, if there was one.
    pub fn status(&self) -> Option<StatusCode> {
        self.status
    }

    /// The headers of the response; empty if there was none.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The body of the response as it came, up to 1 MiB of it.
    pub fn body(&self) -> Option<&[u8]> {
        self.body.as_deref()
    }

    /// The method of the request.
    pub fn method(&self) -> Option<&Method> {
        self.method.as_ref()
    }

    /// The URL of the request with its query; it holds no credentials. `None` if the request could not be encoded.
    pub fn url(&self) -> Option<&str> {
        self.url.as_deref()
    }

    /// The operation that was called.
    pub fn operation(&self) -> Option<&'static OperationInfo> {
        self.operation
    }

    /// Whether the time was up, be it for connecting or in all.
    pub fn is_timeout(&self) -> bool {
        matches!(&self.kind, Kind::Transport(error) if error.is_timeout())
    }

    /// Whether there was no connection, so that the server has seen nothing of the request.
    pub fn is_connect(&self) -> bool {
        matches!(&self.kind, Kind::Transport(error) if error.is_connect())
    }

    /// Whether no whole response arrived, for whatever reason.
    pub fn is_transport(&self) -> bool {
        matches!(self.kind, Kind::Transport(_))
    }

    /// Whether the body of the response does not fit what the spec declares for its status.
    pub fn is_decode(&self) -> bool {
        matches!(self.kind, Kind::Decode(_))
    }

    /// Whether the request could not be encoded, so that nothing was sent.
    pub fn is_invalid_request(&self) -> bool {
        matches!(self.kind, Kind::Request(_))
    }

    /// Whether the response is an error that the spec declares.
    pub fn is_declared(&self) -> bool {
        matches!(self.kind, Kind::Declared)
    }

    /// Whether the response has a status that the spec does not declare.
    pub fn is_undeclared_status(&self) -> bool {
        matches!(self.kind, Kind::Status)
    }

    /// What is wrong with the body, if [`is_decode`](Failure::is_decode).
    pub fn violations(&self) -> Option<&Violations> {
        match &self.kind {
            Kind::Decode(violations) => Some(violations),
            _ => None,
        }
    }
}

impl fmt::Debug for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let body = self.body.as_deref().map(display::excerpt);
        f.debug_struct("Failure")
            .field("kind", &self.kind)
            .field("operation", &self.operation.map(|info| info.id))
            .field("method", &self.method)
            .field("url", &self.url)
            .field("status", &self.status)
            .field("headers", &self.headers)
            .field("body", &body)
            .finish()
    }
}
