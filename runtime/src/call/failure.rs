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

/// An error keeps at most this many bytes of the response body.
const MAX_BODY: usize = 1 << 20;

/// What is known about a call that failed, whatever its declared errors are.
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

/// The request of a call, as far as it may be shown: without headers and body.
#[derive(Clone, PartialEq, Eq)]
pub struct SentRequest {
    pub(crate) method: Method,
    pub(crate) url: String,
    pub(crate) attempts: u32,
    /// How many rules of the spec it breaks, as far as that was to be reported.
    pub(crate) violations: usize,
}

impl SentRequest {
    /// What a mock says in place of a URL: the path of the operation as the spec has it.
    pub(crate) fn of_mock(info: &OperationInfo) -> SentRequest {
        let method = Method::from_bytes(info.method.as_bytes()).unwrap_or_default();
        SentRequest { method, url: info.path.to_owned(), attempts: 1, violations: 0 }
    }

    /// The method.
    pub fn method(&self) -> &Method {
        &self.method
    }

    /// The URL with its query; values of parameters that are sensitive by name or annotation are `...`.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// How often it was sent.
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
    /// The page at this offset is the same as the one before.
    RepeatedPage(i64),
    /// Side effects in production, without a reason.
    Guarded,
    Other(String),
}

/// Why there are no credentials, for all calls that wait for them.
pub(crate) type Refused = Arc<dyn StdError + Send + Sync>;

/// An error of somebody else, which may show secrets.
pub(crate) struct RedactedError(pub(crate) Refused);

impl fmt::Debug for RedactedError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

impl Failure {
    pub(crate) fn new(kind: Kind) -> Box<Failure> {
        Box::new(Failure { kind, operation: None, request: None, status: None, headers: HeaderMap::new(), body: None })
    }

    /// A request that cannot be sent.
    pub(crate) fn invalid(info: Option<&'static OperationInfo>, message: String) -> Box<Failure> {
        let mut failure = Failure::new(Kind::Request(message));
        failure.operation = info;
        failure
    }

    /// Keeps a response; what is beyond the limit of a body is let go.
    pub(crate) fn set_response(&mut self, status: StatusCode, mut headers: HeaderMap, body: Bytes) {
        headers::mark_sensitive(&mut headers);
        self.status = Some(status);
        self.headers = headers;
        // A slice would keep all of the memory.
        self.body = Some(if body.len() > MAX_BODY { Bytes::copy_from_slice(&body[..MAX_BODY]) } else { body });
    }

    /// The status of the response, if there was one.
    pub fn status(&self) -> Option<StatusCode> {
        self.status
    }

    /// The headers of the response; empty if there was none. `Debug` of the error shows the values of those only that describe
    /// the message.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The body of the response as it came, up to 1 MiB of it. Unlike messages and `Debug`, it has values that the spec marks
    /// as sensitive.
    pub fn body(&self) -> Option<&[u8]> {
        self.body.as_deref()
    }

    /// What was sent. `None` if the request could not be encoded, and for errors that mocks make.
    pub fn request(&self) -> Option<&SentRequest> {
        self.request.as_ref()
    }

    /// The method of the [request](Self::request).
    pub fn method(&self) -> Option<&Method> {
        self.request.as_ref().map(SentRequest::method)
    }

    /// The URL of the [request](Self::request).
    pub fn url(&self) -> Option<&str> {
        self.request.as_ref().map(SentRequest::url)
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

    /// Whether there were no credentials: [`Auth::refreshing`](crate::client::Auth::refreshing) got none. Its error is the source.
    pub fn is_auth(&self) -> bool {
        matches!(self.kind, Kind::Auth(_))
    }

    /// Whether a page was the same as the one before, so that a server seems to ignore `offset`; see
    /// [`pages`](crate::client::pages).
    pub fn is_repeated_page(&self) -> bool {
        matches!(self.kind, Kind::RepeatedPage(_))
    }

    /// Whether the call would have had side effects in production, which the client
    /// [guards](crate::client::ClientBuilder::guard_side_effects). Nothing was sent.
    pub fn is_guarded(&self) -> bool {
        matches!(self.kind, Kind::Guarded)
    }

    /// Whether the same call may succeed later: nothing arrived for a reason that may pass (no connection, a broken one, a
    /// timeout), or the status is 408, 425, 429, 502, 503 or 504. Says nothing about whether the server has already done
    /// what it was asked to.
    pub fn is_retryable(&self) -> bool {
        match self.retry_cause() {
            Some(RetryCause::Status(status, _)) => TRANSIENT.contains(&status.as_u16()),
            Some(RetryCause::Error(error)) => error.is_connect() || error.is_timeout() || error.is_broken(),
            None => false,
        }
    }

    /// How long the server asks to wait before the next attempt (`Retry-After`). A date is taken relative to the server's
    /// own clock, or to ours, at the time of asking, if it did not send `Date`.
    pub fn retry_after(&self) -> Option<Duration> {
        read_retry_after(&self.headers)
    }

    /// Whether the body may have values that must not be shown. A body that is not as declared can repeat what was sent.
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

    /// One word for metrics: why the call failed.
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

    /// The cause that the message does not already tell.
    pub(crate) fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match &self.kind {
            Kind::Transport(error) => error.source(),
            Kind::Auth(error) => Some(&*error.0),
            _ => None,
        }
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
