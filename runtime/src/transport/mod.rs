//! Transports: the trait, reqwest, and tower services.

#[cfg(feature = "blocking")]
pub(crate) mod background;
#[cfg(feature = "reqwest")]
mod reqwest;
pub(crate) mod timer;
#[cfg(feature = "tower")]
mod tower;

#[cfg(feature = "reqwest")]
pub use reqwest::{CONNECT_TIMEOUT, ReqwestTransport};
pub(crate) use timer::Sleep;
#[cfg(feature = "tower")]
pub use tower::{TowerTransport, TransportService};

use std::error::Error;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response, StatusCode};

use crate::json::counted;

/// The future of a transport's response.
pub type TransportFuture<'a> = BoxFuture<'a, Result<Response<Bytes>, TransportError>>;

pub(crate) type BoxError = Box<dyn Error + Send + Sync>;

/// Sends one HTTP request and receives its complete response.
///
/// The request has an absolute URL, all its headers and its whole body. Its extensions hold what is not part of HTTP:
/// the [`Timeout`] of this attempt, the [`ResponseLimit`] if the client has one, and the
/// [`OperationInfo`](crate::OperationInfo) (as `&'static OperationInfo`).
///
/// A transport returns every response regardless of its status, follows no redirects, and does not retry unless that is
/// its purpose. Wrappers (recording, latency, faults) hold another transport and pass requests on.
pub trait Transport: Send + Sync + 'static {
    /// Sends `request`; fails if no complete response arrives.
    fn send(&self, request: Request<Bytes>) -> TransportFuture<'_>;

    /// Returns true if it may follow redirects, so that headers may reach unknown hosts. A client whose credentials
    /// would be sent along cannot be [built](crate::client::ClientBuilder::build) with it, unless
    /// [`trust_redirects`](crate::client::ClientBuilder::trust_redirects) is called. Wrappers return the value of the
    /// inner transport.
    fn may_redirect(&self) -> bool {
        false
    }
}

macro_rules! transport_through {
    ($($type:ty),*) => {$(
        impl<T: Transport + ?Sized> Transport for $type {
            fn send(&self, request: Request<Bytes>) -> TransportFuture<'_> {
                (**self).send(request)
            }

            fn may_redirect(&self) -> bool {
                (**self).may_redirect()
            }
        }
    )*};
}

transport_through!(Arc<T>, Box<T>);

/// The time limit of this attempt, in the extensions of its request. The future of a transport that ignores it is
/// dropped at the deadline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeout(pub Duration);

/// The maximum size of the response body, in the extensions of a request whose client has such a limit. A transport
/// should stop reading there; larger bodies are rejected in any case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ResponseLimit(pub usize);

impl ResponseLimit {
    pub(crate) fn exceeded(self) -> TransportError {
        TransportError::other(format!("the body of the response is larger than {}", counted(&self.0, "bytes")))
    }
}

/// The default maximum size of a response in the transports of this crate: 64 MiB.
pub const MAX_RESPONSE_BYTES: usize = 64 << 20;

/// A transport made from a function; see [`transport_fn`].
#[derive(Clone, Debug)]
pub struct TransportFn<F>(F);

/// Creates a transport from a function, for tests and small wrappers.
///
/// ```
/// use apigen_runtime::{bytes::Bytes, client::transport_fn};
///
/// let teapot = transport_fn(async |request| {
///     let mut response = http::Response::new(Bytes::from("{}"));
///     *response.status_mut() = http::StatusCode::IM_A_TEAPOT;
///     Ok(response)
/// });
/// ```
pub fn transport_fn<F, R>(function: F) -> TransportFn<F>
where
    F: Fn(Request<Bytes>) -> R + Send + Sync + 'static,
    R: Future<Output = Result<Response<Bytes>, TransportError>> + Send + 'static,
{
    TransportFn(function)
}

impl<F, R> Transport for TransportFn<F>
where
    F: Fn(Request<Bytes>) -> R + Send + Sync + 'static,
    R: Future<Output = Result<Response<Bytes>, TransportError>> + Send + 'static,
{
    fn send(&self, request: Request<Bytes>) -> TransportFuture<'_> {
        Box::pin((self.0)(request))
    }
}

/// Why no response arrived.
#[derive(Debug)]
pub struct TransportError {
    kinds: Kinds,
    /// The source is the whole message, and may be shown.
    told: bool,
    source: BoxError,
}

#[derive(Debug, Clone, Copy, Default)]
struct Kinds {
    timeout: bool,
    connect: bool,
    broken: bool,
    /// Before the response began; only set together with `broken`.
    closed: bool,
}

impl TransportError {
    /// Creates a timeout.
    pub fn timeout(source: impl Into<BoxError>) -> TransportError {
        TransportError::new(Kinds { timeout: true, ..Kinds::default() }, source)
    }

    /// Creates an error for a connection that could not be made: the server has not received the request.
    pub fn connect(source: impl Into<BoxError>) -> TransportError {
        TransportError::new(Kinds { connect: true, ..Kinds::default() }, source)
    }

    /// Creates an error for a connection that broke before the response was complete: it is unknown what the server has
    /// done.
    pub fn broken(source: impl Into<BoxError>) -> TransportError {
        TransportError::new(Kinds { broken: true, ..Kinds::default() }, source)
    }

    /// Creates an error for a connection that was closed before the response began, as a server may do with an idle
    /// connection at any time. It also [is broken](Self::is_broken): the server may have received the request.
    pub fn closed(source: impl Into<BoxError>) -> TransportError {
        TransportError::new(Kinds { broken: true, closed: true, ..Kinds::default() }, source)
    }

    /// Creates any other error that a retry would not fix: a body that is too large, a request that cannot be sent.
    pub fn other(source: impl Into<BoxError>) -> TransportError {
        TransportError::new(Kinds::default(), source)
    }

    fn new(kinds: Kinds, source: impl Into<BoxError>) -> TransportError {
        TransportError { kinds, told: false, source: source.into() }
    }

    /// Creates an error of a transport for tests, whose message is shown.
    pub(crate) fn told(message: String) -> TransportError {
        TransportError { told: true, ..TransportError::other(message) }
    }

    /// Returns true for connect and overall timeouts.
    pub fn is_timeout(&self) -> bool {
        self.kinds.timeout
    }

    /// Returns true if the connection could not be made.
    pub fn is_connect(&self) -> bool {
        self.kinds.connect
    }

    /// Returns true if the connection broke before the response was complete.
    pub fn is_broken(&self) -> bool {
        self.kinds.broken
    }

    /// Returns true if the connection was closed before the response began. Repeatable calls are then [sent once
    /// more](crate::client::RetryPolicy::closed_connections).
    pub fn is_closed(&self) -> bool {
        self.kinds.closed
    }

    /// Converts a third-party error. A `TransportError` is taken as it is; an error caused by one, or by an error of a
    /// socket or a connection, is of the same kind; for all others `otherwise` decides.
    #[cfg(feature = "tower")]
    pub(crate) fn from_error(error: BoxError, otherwise: fn(BoxError) -> TransportError) -> TransportError {
        let error = match error.downcast::<TransportError>() {
            Ok(error) => return *error,
            Err(error) => error,
        };
        match kinds(&*error) {
            Some(kinds) => TransportError::new(kinds, error),
            None => otherwise(error),
        }
    }

    /// Marks a broken connection as closed if a cause says so: no part of a response had arrived.
    #[cfg(feature = "reqwest")]
    pub(crate) fn before_response(mut self) -> TransportError {
        self.kinds.closed = self.kinds.broken && kinds(&*self.source).is_some_and(|kinds| kinds.closed);
        self
    }
}

/// Returns the kinds of the first cause that is an error of a connection.
#[cfg(any(feature = "reqwest", feature = "tower"))]
fn kinds(error: &(dyn Error + 'static)) -> Option<Kinds> {
    let known = error.downcast_ref::<TransportError>().map(|known| known.kinds);
    let known = known.or_else(|| error.downcast_ref().and_then(of_connection));
    known.or_else(|| error.downcast_ref().and_then(of_socket)).or_else(|| error.source().and_then(kinds))
}

#[cfg(any(feature = "reqwest", feature = "tower"))]
fn of_connection(error: &hyper::Error) -> Option<Kinds> {
    let closed = error.is_incomplete_message() || error.is_canceled() || error.is_closed();
    closed.then(|| Kinds { broken: true, closed, ..Kinds::default() })
}

/// Returns the kinds of a socket error: a timeout, a refused connection, or a broken one.
#[cfg(any(feature = "reqwest", feature = "tower"))]
fn of_socket(error: &std::io::Error) -> Option<Kinds> {
    use std::io::ErrorKind;

    match error.kind() {
        ErrorKind::TimedOut => Some(Kinds { timeout: true, ..Kinds::default() }),
        ErrorKind::ConnectionRefused | ErrorKind::HostUnreachable | ErrorKind::NetworkUnreachable => {
            Some(Kinds { connect: true, ..Kinds::default() })
        }
        ErrorKind::ConnectionReset
        | ErrorKind::ConnectionAborted
        | ErrorKind::BrokenPipe
        | ErrorKind::NotConnected
        | ErrorKind::UnexpectedEof => Some(Kinds { broken: true, closed: true, ..Kinds::default() }),
        _ => None,
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.told {
            return write!(f, "{}", self.source);
        }
        f.write_str(match (self.kinds.connect, self.kinds.timeout, self.kinds.broken) {
            (true, true, _) => "connecting timed out",
            (true, false, _) => "could not connect",
            (false, true, _) => "timed out",
            (false, false, true) => "the connection broke",
            (false, false, false) => "no response",
        })
    }
}

impl Error for TransportError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        (!self.told).then_some(&*self.source)
    }
}

/// Returns a response with this status, or with 200 if HTTP has no such status.
pub(crate) fn response(status: u16, body: impl Into<Bytes>) -> Response<Bytes> {
    let mut response = Response::new(body.into());
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or_default();
    response
}

/// A boxed future, as calls and transports return.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;
