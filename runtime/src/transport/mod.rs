//! What sends requests: the trait, reqwest, tower services.

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
use http::{Request, Response};

use crate::json::counted;

/// What a transport answers with, later.
pub type TransportFuture<'a> = BoxFuture<'a, Result<Response<Bytes>, TransportError>>;

pub(crate) type BoxError = Box<dyn Error + Send + Sync>;

/// Sends one HTTP request and receives its whole response.
///
/// The request has an absolute URL, all its headers and its whole body. Its extensions hold what is no part of HTTP: the
/// [`Timeout`] of this attempt, the [`ResponseLimit`] if the client has one, and the
/// [`OperationInfo`](crate::OperationInfo) (as `&'static OperationInfo`).
///
/// A transport gives back every response whatever its status, follows no redirects, and does not retry unless that is
/// what it is for. Wrappers (recording, latency, faults) hold another transport and pass requests on.
pub trait Transport: Send + Sync + 'static {
    /// Sends `request`; fails if no whole response arrives.
    fn send(&self, request: Request<Bytes>) -> TransportFuture<'_>;

    /// Returns whether it may follow redirects, so that headers reach hosts that the client does not know. A client whose
    /// credentials would go along is not [built](crate::client::ClientBuilder::build) with it, unless
    /// [`trust_redirects`](crate::client::ClientBuilder::trust_redirects) is called. Wrappers ask the transport that they hold.
    fn may_redirect(&self) -> bool {
        false
    }
}

impl<T: Transport + ?Sized> Transport for Arc<T> {
    fn send(&self, request: Request<Bytes>) -> TransportFuture<'_> {
        (**self).send(request)
    }

    fn may_redirect(&self) -> bool {
        (**self).may_redirect()
    }
}

impl<T: Transport + ?Sized> Transport for Box<T> {
    fn send(&self, request: Request<Bytes>) -> TransportFuture<'_> {
        (**self).send(request)
    }

    fn may_redirect(&self) -> bool {
        (**self).may_redirect()
    }
}

/// The time that this attempt may take, in the extensions of its request. A transport that does not keep it is dropped
/// when the time is up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeout(pub Duration);

/// The size of the largest response body that is accepted, in the extensions of a request whose client was given one. A
/// transport should stop reading there; larger bodies are refused in any case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ResponseLimit(pub usize);

impl ResponseLimit {
    pub(crate) fn exceeded(self) -> TransportError {
        TransportError::other(format!("the body of the response is larger than {}", counted(&self.0, "bytes")))
    }
}

/// The size of the largest response that the transports of this crate accept unless told otherwise: 64 MiB.
pub const MAX_RESPONSE_BYTES: usize = 64 << 20;

/// A transport made of a function; see [`transport_fn`].
#[derive(Clone, Debug)]
pub struct TransportFn<F>(F);

/// Makes a transport of a function, for tests and small wrappers.
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
    /// The source says it all, to whoever reads it: it is the message.
    told: bool,
    source: BoxError,
}

/// What is known of the reason.
#[derive(Debug, Clone, Copy, Default)]
struct Kinds {
    timeout: bool,
    connect: bool,
    broken: bool,
    /// Before the response began; only where it is broken.
    closed: bool,
}

impl TransportError {
    /// The time was up.
    pub fn timeout(source: impl Into<BoxError>) -> TransportError {
        TransportError::new(Kinds { timeout: true, ..Kinds::default() }, source)
    }

    /// There was no connection, so the server has seen nothing of the request.
    pub fn connect(source: impl Into<BoxError>) -> TransportError {
        TransportError::new(Kinds { connect: true, ..Kinds::default() }, source)
    }

    /// The connection broke before the response was whole; nobody knows what the server has done.
    pub fn broken(source: impl Into<BoxError>) -> TransportError {
        TransportError::new(Kinds { broken: true, ..Kinds::default() }, source)
    }

    /// The connection was closed before the response began, as happens to one that was kept since an earlier call, and that
    /// the server gives up just then. It [is broken](Self::is_broken), too: the server may have seen the request.
    pub fn closed(source: impl Into<BoxError>) -> TransportError {
        TransportError::new(Kinds { broken: true, closed: true, ..Kinds::default() }, source)
    }

    /// Anything else, which another attempt would not change: a body that is too large, a request that cannot be sent.
    pub fn other(source: impl Into<BoxError>) -> TransportError {
        TransportError::new(Kinds::default(), source)
    }

    fn new(kinds: Kinds, source: impl Into<BoxError>) -> TransportError {
        TransportError { kinds, told: false, source: source.into() }
    }

    /// Why a transport for tests refuses to answer: errors show it.
    pub(crate) fn told(message: String) -> TransportError {
        TransportError { told: true, ..TransportError::other(message) }
    }

    /// Whether the time was up, be it for connecting or in all.
    pub fn is_timeout(&self) -> bool {
        self.kinds.timeout
    }

    /// Whether there was no connection.
    pub fn is_connect(&self) -> bool {
        self.kinds.connect
    }

    /// Whether the connection broke before the response was whole.
    pub fn is_broken(&self) -> bool {
        self.kinds.broken
    }

    /// Whether the connection was closed before the response began. Calls that may be repeated are then
    /// [sent once more](crate::client::RetryPolicy::closed_connections).
    pub fn is_closed(&self) -> bool {
        self.kinds.closed
    }

    /// An error of somebody else's code, in place of a response. If it is a `TransportError` it is taken as it is; if one, or
    /// an error of a socket or a connection, caused it, it is of the same kind; else `otherwise` says of which.
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

    /// The same for a connection that broke, if a cause says that it was closed: no part of a response had arrived.
    #[cfg(feature = "reqwest")]
    pub(crate) fn before_response(mut self) -> TransportError {
        self.kinds.closed = self.kinds.broken && kinds(&*self.source).is_some_and(|kinds| kinds.closed);
        self
    }

    /// The same for an error that came while a response was read.
    #[cfg(feature = "tower")]
    pub(crate) fn amid_response(mut self) -> TransportError {
        self.kinds.closed = false;
        self
    }

    /// The same, said to be a failure to connect or not.
    #[cfg(feature = "reqwest")]
    pub(crate) fn while_connecting(self, connect: bool) -> TransportError {
        TransportError { kinds: Kinds { connect, ..self.kinds }, ..self }
    }
}

/// What the first cause says that knows anything about the connection.
#[cfg(any(feature = "reqwest", feature = "tower"))]
fn kinds(error: &(dyn Error + 'static)) -> Option<Kinds> {
    let known = error.downcast_ref::<TransportError>().map(|known| known.kinds);
    let known = known.or_else(|| error.downcast_ref().and_then(of_connection));
    known.or_else(|| error.downcast_ref().and_then(of_socket)).or_else(|| error.source().and_then(kinds))
}

/// Whether hyper found its connection closed.
#[cfg(any(feature = "reqwest", feature = "tower"))]
fn of_connection(error: &hyper::Error) -> Option<Kinds> {
    let closed = error.is_incomplete_message() || error.is_canceled() || error.is_closed();
    closed.then(|| Kinds { broken: true, closed, ..Kinds::default() })
}

/// Whether an error of a socket is a timeout, a refused connection, or a broken one.
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

/// A boxed future, as calls and transports hand out.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;
