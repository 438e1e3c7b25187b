use std::error::Error;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};

use super::bounds::{BoxFuture, MaybeSend, MaybeSync};

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
pub trait Transport: MaybeSend + MaybeSync + 'static {
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

/// The size of the largest response that the transports of this crate accept unless told otherwise: 64 MiB.
pub const MAX_RESPONSE_BYTES: usize = 64 << 20;

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
    F: Fn(Request<Bytes>) -> R + MaybeSend + MaybeSync + 'static,
    R: Future<Output = Result<Response<Bytes>, TransportError>> + MaybeSend + 'static,
{
    TransportFn(function)
}

impl<F, R> Transport for TransportFn<F>
where
    F: Fn(Request<Bytes>) -> R + MaybeSend + MaybeSync + 'static,
    R: Future<Output = Result<Response<Bytes>, TransportError>> + MaybeSend + 'static,
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
    source: BoxError,
}

impl TransportError {
    /// The time was up.
    pub fn timeout(source: impl Into<BoxError>) -> TransportError {
        TransportError { timeout: true, ..TransportError::other(source) }
    }

    /// There was no connection, so the server has seen nothing of the request.
    pub fn connect(source: impl Into<BoxError>) -> TransportError {
        TransportError { connect: true, ..TransportError::other(source) }
    }

    /// The connection broke before the response was whole; nobody knows what the server has done.
    pub fn broken(source: impl Into<BoxError>) -> TransportError {
        TransportError { broken: true, ..TransportError::other(source) }
    }

    /// Anything else, which another attempt would not change: a body that is too large, a request that cannot be sent.
    pub fn other(source: impl Into<BoxError>) -> TransportError {
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

    /// An error of somebody else's code. If it is a `TransportError` it is taken as it is; if one, or an error of a socket,
    /// caused it, it is of the same kind; else `otherwise` says of which.
    #[cfg(feature = "tower")]
    pub(super) fn from_error(error: BoxError, otherwise: fn(BoxError) -> TransportError) -> TransportError {
        let error = match error.downcast::<TransportError>() {
            Ok(error) => return *error,
            Err(error) => error,
        };
        let mut cause: Option<&(dyn Error + 'static)> = Some(&*error);
        while let Some(current) = cause {
            let kind = match current.downcast_ref::<TransportError>() {
                Some(known) => Some((known.timeout, known.connect, known.broken)),
                None => current.downcast_ref().and_then(of_socket),
            };
            if let Some((timeout, connect, broken)) = kind {
                return TransportError { timeout, connect, broken, told: false, source: error };
            }
            cause = current.source();
        }
        otherwise(error)
    }

    /// The same, said to be a failure to connect or not.
    #[cfg(feature = "reqwest")]
    pub(super) fn while_connecting(self, connect: bool) -> TransportError {
        TransportError { connect, ..self }
    }
}

/// Whether an error of a socket is a timeout, a refused connection, or a broken one.
#[cfg(feature = "tower")]
fn of_socket(error: &std::io::Error) -> Option<(bool, bool, bool)> {
    use std::io::ErrorKind;

    match error.kind() {
        ErrorKind::TimedOut => Some((true, false, false)),
        ErrorKind::ConnectionRefused | ErrorKind::HostUnreachable | ErrorKind::NetworkUnreachable => {
            Some((false, true, false))
        }
        ErrorKind::ConnectionReset
        | ErrorKind::ConnectionAborted
        | ErrorKind::BrokenPipe
        | ErrorKind::UnexpectedEof => Some((false, false, true)),
        _ => None,
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
