use std::fmt;

use bytes::Bytes;
use http::{HeaderMap, Response, StatusCode};

use super::Reply;
use super::failure::{BoxError, Cause};
use super::raw_response::RawResponse;
use crate::encoding::{ToParam, headers};
use crate::operation::{Operation, OperationInfo, ToResponse};
use crate::validate::Own;

/// The result of a handler: a declared success, with or without headers, or a [`HandlerError`]: a declared error, any
/// other error, or a response that the spec does not declare.
///
/// Return `Ok(user.into())` or `Err(users::PostError::Conflict(errors).into())`; `?` converts declared errors and all
/// others.
pub type HandlerResult<O> = Result<Reply<<O as Operation>::Output>, HandlerError<<O as Operation>::Error>>;

/// The error of a handler: one that the spec declares, an error of the program, or a response that the spec does not
/// declare.
///
/// * Declared errors convert by `?` or `into()`, alone or as a [`Reply`] with headers.
/// * All other errors convert by `?` too: every [`Error`](std::error::Error), `Box<dyn Error + Send + Sync>`,
///   `anyhow::Error`, and text. The response is a 500 with a general message; the error is
///   [reported](crate::server::Router::on_failure) in full.
/// * [`status`](Self::status) and [`response`](Self::response) return any response that HTTP allows. Undeclared ones
///   are reported.
///
/// ```
/// # use apigen_runtime::server::HandlerError;
/// # use http::StatusCode;
/// # enum PostError {}
/// fn number(text: &str) -> Result<i32, HandlerError<PostError>> {
///     if text.is_empty() {
///         return Err(HandlerError::status(StatusCode::SERVICE_UNAVAILABLE).header("Retry-After", 30));
///     }
///     Ok(text.parse::<i32>()?) // 500, if it is no number
/// }
/// # assert!(number("").is_err() && number("x").is_err());
/// ```
pub struct HandlerError<E>(Box<Inner<E>>);

enum Inner<E> {
    Declared(Reply<E>),
    Other(Other),
}

struct Other {
    status: StatusCode,
    headers: HeaderMap,
    /// `None` for the server's own body.
    body: Option<Bytes>,
    message: Option<String>,
    cause: Cause,
}

impl<E> HandlerError<E> {
    /// Creates a declared error, as `?` does.
    pub fn from_declared(error: E) -> HandlerError<E> {
        HandlerError(Box::new(Inner::Declared(Reply { value: error, headers: HeaderMap::new(), error: None })))
    }

    /// Creates a 500 for an error of the program, as `?` does.
    pub fn new(error: impl Into<BoxError>) -> HandlerError<E> {
        HandlerError::other(StatusCode::INTERNAL_SERVER_ERROR, Cause::error(error))
    }

    /// Creates a response with this status, declared or not. For an error status, the body is the reason phrase or the
    /// [`message`](Self::message): `{"code": "generic_error", "messages": ["Service Unavailable"]}`, or as the
    /// operation declares it if routers use the status themselves. Other statuses have a body only with a message.
    pub fn status(status: StatusCode) -> HandlerError<E> {
        HandlerError::other(status, Cause::Unchecked)
    }

    /// Creates an arbitrary response.
    pub fn response(response: Response<impl Into<Bytes>>) -> HandlerError<E> {
        let (head, body) = response.into_parts();
        let body = Some(body.into());
        let other = Other { status: head.status, headers: head.headers, body, message: None, cause: Cause::Unchecked };
        HandlerError(Box::new(Inner::Other(other)))
    }

    /// Sets the message of the body. Has no effect on declared errors and on a [`response`](Self::response), which have
    /// a body.
    #[must_use]
    pub fn message(mut self, message: impl Into<String>) -> HandlerError<E> {
        if let Inner::Other(other) = &mut *self.0 {
            other.message = Some(message.into());
        }
        self
    }

    /// Sets a header, as [`Reply::header`] does.
    #[must_use]
    pub fn header(self, name: &str, value: impl ToParam) -> HandlerError<E> {
        HandlerError(Box::new(match *self.0 {
            Inner::Declared(reply) => Inner::Declared(reply.header(name, value)),
            Inner::Other(mut other) => {
                if let Err(error) = headers::set(&mut other.headers, name, &value) {
                    (other.status, other.cause) = (StatusCode::INTERNAL_SERVER_ERROR, Cause::error(error));
                }
                Inner::Other(other)
            }
        }))
    }

    /// Sets the error to [report](crate::server::Router::on_failure), which the client does not see.
    #[must_use]
    pub fn because(mut self, error: impl Into<BoxError>) -> HandlerError<E> {
        if let Inner::Other(other) = &mut *self.0 {
            other.cause = Cause::error(error);
        }
        self
    }

    /// Returns the declared error, if it is one.
    pub fn declared(&self) -> Option<&E> {
        match &*self.0 {
            Inner::Declared(reply) => Some(reply.value()),
            Inner::Other(_) => None,
        }
    }

    fn other(status: StatusCode, cause: Cause) -> HandlerError<E> {
        let other = Other { status, headers: HeaderMap::new(), body: None, message: None, cause };
        HandlerError(Box::new(Inner::Other(other)))
    }
}

impl<E: ToResponse> HandlerError<E> {
    pub(crate) fn write(self, info: &OperationInfo) -> RawResponse {
        match *self.0 {
            Inner::Declared(reply) => reply.write(info),
            Inner::Other(other) => other.write(),
        }
    }
}

impl Other {
    fn write(self) -> RawResponse {
        let Other { status, headers, body, message, cause } = self;
        if status.is_informational() {
            return RawResponse::faulty(format!("status {} cannot be sent", status.as_u16()));
        }
        let failed = matches!(cause, Cause::Error(..)) && status == StatusCode::INTERNAL_SERVER_ERROR;
        let name = || if failed { super::raw_response::FAILED } else { status.canonical_reason().unwrap_or("error") };
        // A success or a redirection needs no message.
        let wordless = status.as_u16() < 400 && message.is_none();
        let own = match &body {
            None if !wordless => Some(Own::message(message.as_deref().unwrap_or_else(name))),
            _ => None,
        };
        let body = body.filter(|body| !body.is_empty());
        RawResponse { status: status.as_u16(), headers, body, own, cause: Some(cause), ..RawResponse::default() }
    }
}

impl<E> From<Reply<E>> for HandlerError<E> {
    fn from(reply: Reply<E>) -> Self {
        HandlerError(Box::new(Inner::Declared(reply)))
    }
}

/// Errors of the program. This conversion requires that `HandlerError` is not a `std::error::Error` itself.
impl<E, X: Into<BoxError>> From<X> for HandlerError<E> {
    fn from(error: X) -> Self {
        let cause = Cause::Error(error.into(), Some(std::any::type_name::<X>()));
        HandlerError::other(StatusCode::INTERNAL_SERVER_ERROR, cause)
    }
}

impl<E: fmt::Debug> fmt::Debug for HandlerError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.0 {
            Inner::Declared(reply) => reply.fmt(f),
            Inner::Other(Other { status, headers, body, message, cause }) => f
                .debug_struct("HandlerError")
                .field("status", status)
                .field("headers", &headers::Shown(headers))
                .field("bytes", &body.as_ref().map(Bytes::len))
                .field("message", message)
                .field("cause", cause)
                .finish(),
        }
    }
}
