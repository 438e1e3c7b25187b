use std::error::Error;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};

/// What a transport answers with, later.
pub type TransportFuture<'a> = Pin<Box<dyn Future<Output = Result<Response<Bytes>, TransportError>> + Send + 'a>>;

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
}

impl<T: Transport + ?Sized> Transport for Arc<T> {
    fn send(&self, request: Request<Bytes>) -> TransportFuture<'_> {
        (**self).send(request)
    }
}

impl<T: Transport + ?Sized> Transport for Box<T> {
    fn send(&self, request: Request<Bytes>) -> TransportFuture<'_> {
        (**self).send(request)
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
    pub(super) fn exceeded(self) -> TransportError {
        TransportError::other(format!("the body of the response is larger than {} bytes", self.0))
    }
}

/// A transport made of a function; see [`transport_fn`].
#[derive(Clone, Debug)]
pub struct TransportFn<F>(F);

/// Makes a transport of a function, for tests and small wrappers.
///
/// ```
/// use apigen_runtime::{Bytes, transport_fn};
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
    timeout: bool,
    connect: bool,
    broken: bool,
    /// The source says it all, to whoever reads it: it is the message.
    told: bool,
    source: Box<dyn Error + Send + Sync>,
}

impl TransportError {
    /// The time was up.
    pub fn timeout(source: impl Into<Box<dyn Error + Send + Sync>>) -> TransportError {
        TransportError { timeout: true, ..TransportError::other(source) }
    }

    /// There was no connection, so the server has seen nothing of the request.
    pub fn connect(source: impl Into<Box<dyn Error + Send + Sync>>) -> TransportError {
        TransportError { connect: true, ..TransportError::other(source) }
    }

    /// The connection broke before the response was whole; nobody knows what the server has done.
    pub fn broken(source: impl Into<Box<dyn Error + Send + Sync>>) -> TransportError {
        TransportError { broken: true, ..TransportError::other(source) }
    }

    /// Anything else, which another attempt would not change: a body that is too large, a request that cannot be sent.
    pub fn other(source: impl Into<Box<dyn Error + Send + Sync>>) -> TransportError {
        TransportError { timeout: false, connect: false, broken: false, told: false, source: source.into() }
    }

    /// Why a transport for tests refuses to answer.
    #[cfg(feature = "testing")]
    pub(crate) fn told(message: String) -> TransportError {
        TransportError { told: true, ..TransportError::other(message) }
    }

    /// Whether the time was up, be it for connecting or in all.
    pub fn is_timeout(&self) -> bool {
        self.timeout
    }

    /// Whether there was no connection.
    pub fn is_connect(&self) -> bool {
        self.connect
    }

    /// Whether the connection broke before the response was whole.
    pub fn is_broken(&self) -> bool {
        self.broken
    }

    /// The same, said to be a failure to connect or not.
    #[cfg(feature = "reqwest")]
    pub(super) fn while_connecting(self, connect: bool) -> TransportError {
        TransportError { connect, ..self }
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.told {
            return write!(f, "{}", self.source);
        }
        f.write_str(match (self.connect, self.timeout, self.broken) {
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
