use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode};

use super::retry::{RetryCause, TRANSIENT, read_retry_after};
use crate::encoding::headers;
use crate::json::Violations;
use crate::operation::OperationInfo;
use crate::transport::TransportError;

/// The maximum number of bytes that an error keeps of the response body.
const MAX_BODY: usize = 1 << 20;

/// The details of a failed call, for every type of declared error.
///
/// [`Error`](crate::Error) and [`AnyError`](crate::AnyError) dereference to it.
pub struct Failure {
    pub(crate) kind: Kind,
    pub(crate) operation: Option<&'static OperationInfo>,
    pub(crate) request: Option<SentRequest>,
    pub(crate) status: Option<StatusCode>,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Option<Bytes>,
}

/// The request of a call as it may be logged: without headers and body.
#[derive(Clone, PartialEq, Eq)]
pub struct SentRequest {
    pub(crate) method: Method,
    pub(crate) url: String,
    pub(crate) attempts: u32,
    /// The number of violations of the spec, if they were to be reported.
    pub(crate) violations: usize,
}

impl SentRequest {
    /// Creates the request of a mocked call, which is not attempted yet. Its URL is the path of the operation in the spec.
    pub(crate) fn of_mock(info: &OperationInfo) -> SentRequest {
        let method = Method::from_bytes(info.method.as_bytes()).unwrap_or_default();
        SentRequest { method, url: info.path.to_owned(), attempts: 0, violations: 0 }
    }

    /// Returns the method.
    pub fn method(&self) -> &Method {
        &self.method
    }

    /// Returns the URL with its query; values of parameters that are sensitive by name or annotation are `...`.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Returns how often the request was sent.
    pub fn attempts(&self) -> u32 {
        self.attempts
    }
}

impl fmt::Debug for SentRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} ({} sent)", self.method, self.url, self.attempts)
    }
}

#[derive(Debug)]
pub(crate) enum Kind {
    Declared,
    Status,
    Decode(Violations),
    Request(String),
    Transport(TransportError),
    Auth(RedactedError),
    RepeatedPage(i64),
    Guarded,
    Other(String),
}

/// Why there are no credentials, shared by all calls that wait for them.
pub(crate) type Refused = Arc<dyn StdError + Send + Sync>;

/// A third-party error, which may show sensitive values.
pub(crate) struct RedactedError(pub(crate) Refused);

impl fmt::Debug for RedactedError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

impl Failure {
    pub(crate) fn new(kind: Kind) -> Box<Failure> {
        Failure::of(None, kind)
    }

    pub(crate) fn of(operation: Option<&'static OperationInfo>, kind: Kind) -> Box<Failure> {
        Box::new(Failure { kind, operation, request: None, status: None, headers: HeaderMap::new(), body: None })
    }

    /// Creates the failure of a call that has no value, although it did not fail.
    pub(crate) fn unread() -> Box<Failure> {
        Failure::new(Kind::Other("no value was read".to_owned()))
    }

    pub(crate) fn invalid(info: Option<&'static OperationInfo>, message: String) -> Box<Failure> {
        Failure::of(info, Kind::Request(message))
    }

    /// Sets the response; a body beyond the limit is truncated.
    pub(crate) fn set_response(&mut self, status: StatusCode, mut headers: HeaderMap, body: Bytes) {
        headers::mark_sensitive(&mut headers);
        self.status = Some(status);
        self.headers = headers;
        // A slice would keep all of the memory alive.
        self.body = Some(if body.len() > MAX_BODY { Bytes::copy_from_slice(&body[..MAX_BODY]) } else { body });
    }

    /// Returns the status of the response, if there was one.
    pub fn status(&self) -> Option<StatusCode> {
        self.status
    }

    /// Returns the headers of the response; empty if there was none. `Debug` of the error shows only the values of
    /// those that describe the message.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// Returns the body of the response as received, up to 1 MiB. Unlike messages and `Debug`, it includes sensitive
    /// values.
    pub fn body(&self) -> Option<&[u8]> {
        self.body.as_deref()
    }

    /// Returns the request. `None` if it could not be encoded, and for errors that mocks create.
    pub fn request(&self) -> Option<&SentRequest> {
        self.request.as_ref()
    }

    /// Returns the method of the [request](Self::request).
    pub fn method(&self) -> Option<&Method> {
        self.request.as_ref().map(SentRequest::method)
    }

    /// Returns the URL of the [request](Self::request).
    pub fn url(&self) -> Option<&str> {
        self.request.as_ref().map(SentRequest::url)
    }

    /// Returns the operation, if known.
    pub fn operation(&self) -> Option<&'static OperationInfo> {
        self.operation
    }

    /// Returns true for connect and overall timeouts.
    pub fn is_timeout(&self) -> bool {
        matches!(&self.kind, Kind::Transport(error) if error.is_timeout())
    }

    /// Returns true if the connection could not be made, so the server has not received the request.
    pub fn is_connect(&self) -> bool {
        matches!(&self.kind, Kind::Transport(error) if error.is_connect())
    }

    /// Returns true if no complete response arrived, for any reason.
    pub fn is_transport(&self) -> bool {
        matches!(self.kind, Kind::Transport(_))
    }

    /// Returns true if [`Auth::refreshing`](crate::client::Auth::refreshing) fetched no credentials. Its error is the
    /// source.
    pub fn is_auth(&self) -> bool {
        matches!(self.kind, Kind::Auth(_))
    }

    /// Returns true if a page equals the previous one, so the server seems to ignore `offset`; see
    /// [`pages`](crate::client::pages).
    pub fn is_repeated_page(&self) -> bool {
        matches!(self.kind, Kind::RepeatedPage(_))
    }

    /// Returns true if the call has side effects in production, which the client
    /// [guards](crate::client::ClientBuilder::guard_side_effects). Nothing was sent.
    pub fn is_guarded(&self) -> bool {
        matches!(self.kind, Kind::Guarded)
    }

    /// Returns true if the same call may succeed later: the error is transient (no connection, a broken one, a
    /// timeout), or the status is 408, 425, 429, 502, 503 or 504. The server may have performed the operation
    /// nevertheless.
    pub fn is_retryable(&self) -> bool {
        match self.retry_cause() {
            Some(RetryCause::Status(status, _)) => TRANSIENT.contains(&status.as_u16()),
            Some(RetryCause::Error(error)) => error.is_connect() || error.is_timeout() || error.is_broken(),
            None => false,
        }
    }

    /// Returns how long the server requests to wait before the next attempt (`Retry-After`). A date is relative to the
    /// server's `Date`, or, without one, to our clock at the time of this call.
    pub fn retry_after(&self) -> Option<Duration> {
        read_retry_after(&self.headers)
    }

    /// Returns true if the body may have sensitive values. A body that violates the spec may repeat what was sent.
    pub(crate) fn is_body_sensitive(&self) -> bool {
        self.operation.is_some_and(|info| info.sensitive)
    }

    pub(crate) fn retry_cause(&self) -> Option<RetryCause<'_>> {
        match (&self.kind, self.status) {
            (Kind::Transport(error), _) => Some(RetryCause::Error(error)),
            (Kind::Declared | Kind::Status, Some(status)) => Some(RetryCause::Status(status, &self.headers)),
            _ => None,
        }
    }

    pub(crate) fn kind_name(&self) -> &'static str {
        match &self.kind {
            Kind::Declared => "declared",
            Kind::Status => "undeclared_status",
            Kind::Decode(_) => "decode",
            Kind::Request(_) => "invalid_request",
            Kind::Transport(error) if error.is_timeout() => "timeout",
            Kind::Transport(error) if error.is_connect() => "connect",
            Kind::Transport(_) => "transport",
            Kind::Auth(_) => "auth",
            Kind::RepeatedPage(_) => "repeated_page",
            Kind::Guarded => "guarded",
            Kind::Other(_) => "other",
        }
    }

    /// Returns the cause that the message does not already include.
    pub(crate) fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match &self.kind {
            Kind::Transport(error) => error.source(),
            Kind::Auth(error) => Some(&*error.0),
            _ => None,
        }
    }

    /// Returns true if the body of the response violates what the spec declares for its status.
    pub fn is_decode(&self) -> bool {
        matches!(self.kind, Kind::Decode(_))
    }

    /// Returns true if the request could not be encoded, or violates the spec. Nothing was sent.
    pub fn is_invalid_request(&self) -> bool {
        matches!(self.kind, Kind::Request(_))
    }

    /// Returns true if the response is an error that the spec declares.
    pub fn is_declared(&self) -> bool {
        matches!(self.kind, Kind::Declared)
    }

    /// Returns true if the spec does not declare the status of the response.
    pub fn is_undeclared_status(&self) -> bool {
        matches!(self.kind, Kind::Status)
    }

    /// Returns the violations in the body, if [`is_decode`](Failure::is_decode).
    pub fn violations(&self) -> Option<&Violations> {
        match &self.kind {
            Kind::Decode(violations) => Some(violations),
            _ => None,
        }
    }
}
