use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};

use super::error::Error;
use super::failure::{Failure, Kind, RedactedError};
use crate::encoding::Shown;
use crate::json::Violations;
use crate::transport::TransportError;

/// Why a call failed, to match on; see [`Error::into_kind`]. `E` is the error that the spec declares for the operation.
///
/// ```
/// use apigen_runtime::{Error, ErrorKind};
///
/// # #[derive(Debug)]
/// # enum PostError { Conflict(String) }
/// fn explain(error: Error<PostError>) -> String {
///     match error.into_kind() {
///         ErrorKind::Declared(PostError::Conflict(name)) => format!("{name} is taken"),
///         ErrorKind::Timeout(_) | ErrorKind::Connect(_) => "try again later".to_owned(),
///         ErrorKind::Status { status, .. } => format!("unexpected status {status}"),
///         other => format!("{other:?}"),
///     }
/// }
/// # assert_eq!(explain(Error::other("no")), r#"Other("no")"#);
/// ```
///
/// Its `Debug` shows neither bodies nor third-party errors, which may be sensitive.
#[non_exhaustive]
pub enum ErrorKind<E> {
    /// The response is an error that the spec declares.
    Declared(E),
    /// The spec does not declare the status of the response.
    Status {
        /// The status.
        status: StatusCode,
        /// The headers of the response.
        headers: HeaderMap,
        /// The body of the response as received, up to 1 MiB. It may be sensitive.
        body: Bytes,
    },
    /// The body of the response violates what the spec declares for its status.
    Decode {
        /// The status.
        status: StatusCode,
        /// The headers of the response.
        headers: HeaderMap,
        /// The body of the response as received, up to 1 MiB. It may be sensitive.
        body: Bytes,
        /// All violations in the body.
        violations: Violations,
    },
    /// Connecting, or the whole call, exceeded its time limit.
    Timeout(TransportError),
    /// The connection could not be made; the server has not received the request.
    Connect(TransportError),
    /// No complete response arrived, for any other reason.
    Transport(TransportError),
    /// There were no credentials: [`Auth::refreshing`](crate::client::Auth::refreshing) failed with this error. Its
    /// text may be sensitive.
    Auth(Arc<dyn StdError + Send + Sync>),
    /// The request could not be encoded, or violates the spec. Nothing was sent.
    InvalidRequest(String),
    /// The call has side effects in production, which the client
    /// [guards](crate::client::ClientBuilder::guard_side_effects). Nothing was sent.
    Guarded,
    /// The page at this offset equals the previous one; see [`pages`](crate::client::pages).
    RepeatedPage {
        /// The `offset` that the server seems to ignore.
        offset: i64,
    },
    /// Any other error, from a mock or a wrapper.
    Other(String),
}

impl<E> Error<E> {
    /// Converts the error to its kind, to match on.
    ///
    /// Drops operation, URL and attempts: read them from [`Failure`] before, or print the error.
    pub fn into_kind(self) -> ErrorKind<E> {
        let Failure { kind, status, headers, body, .. } = *self.failure;
        if let Some(declared) = self.declared {
            return ErrorKind::Declared(*declared);
        }
        let (status, body) = (status.unwrap_or_default(), body.unwrap_or_default());
        match kind {
            // Without the typed error, only the response is known.
            Kind::Declared | Kind::Status => ErrorKind::Status { status, headers, body },
            Kind::Decode(violations) => ErrorKind::Decode { status, headers, body, violations },
            Kind::Transport(error) if error.is_timeout() => ErrorKind::Timeout(error),
            Kind::Transport(error) if error.is_connect() => ErrorKind::Connect(error),
            Kind::Transport(error) => ErrorKind::Transport(error),
            Kind::Auth(RedactedError(error)) => ErrorKind::Auth(error),
            Kind::Request(message) => ErrorKind::InvalidRequest(message),
            Kind::Guarded => ErrorKind::Guarded,
            Kind::RepeatedPage(offset) => ErrorKind::RepeatedPage { offset },
            Kind::Other(message) => ErrorKind::Other(message),
        }
    }
}

impl<E: fmt::Debug> fmt::Debug for ErrorKind<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let one =
            |f: &mut fmt::Formatter<'_>, name: &str, value: &dyn fmt::Debug| f.debug_tuple(name).field(value).finish();
        match self {
            ErrorKind::Declared(error) => one(f, "Declared", error),
            ErrorKind::Status { status, headers, body } | ErrorKind::Decode { status, headers, body, .. } => f
                .debug_struct(if matches!(self, ErrorKind::Decode { .. }) { "Decode" } else { "Status" })
                .field("status", status)
                .field("headers", &Shown(headers))
                .field("body_bytes", &body.len())
                .finish_non_exhaustive(),
            ErrorKind::Timeout(error) => one(f, "Timeout", error),
            ErrorKind::Connect(error) => one(f, "Connect", error),
            ErrorKind::Transport(error) => one(f, "Transport", error),
            ErrorKind::Auth(_) => f.debug_tuple("Auth").finish_non_exhaustive(),
            ErrorKind::InvalidRequest(message) => one(f, "InvalidRequest", message),
            ErrorKind::Guarded => f.write_str("Guarded"),
            ErrorKind::RepeatedPage { offset } => f.debug_struct("RepeatedPage").field("offset", offset).finish(),
            ErrorKind::Other(message) => one(f, "Other", message),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::call::Refused;

    #[test]
    fn each_kind_has_what_it_needs_and_shows_nothing_sensitive() {
        let kind = |error: Error<std::convert::Infallible>| error.into_kind();
        let status = kind(Error::undeclared_status(StatusCode::BAD_GATEWAY, "hunter2"));
        assert!(!format!("{status:?}").contains("hunter2"));
        assert!(matches!(status, ErrorKind::Status { status, body, .. } if status == 502 && body == "hunter2"));
        assert!(matches!(kind(Error::transport(TransportError::timeout("t"))), ErrorKind::Timeout(_)));
        assert!(matches!(kind(Error::transport(TransportError::connect("c"))), ErrorKind::Connect(_)));
        assert!(matches!(kind(Error::transport(TransportError::broken("b"))), ErrorKind::Transport(_)));
        let secret: Refused = Arc::from(Box::<dyn StdError + Send + Sync>::from("hunter2"));
        let auth = kind(Error::new(Failure::new(Kind::Auth(RedactedError(secret)))));
        assert!(!format!("{auth:?}").contains("hunter2"));
        assert!(matches!(auth, ErrorKind::Auth(error) if error.to_string() == "hunter2"));
        assert!(matches!(kind(Error::other("no")), ErrorKind::Other(message) if message == "no"));
    }
}
