//! Failures of a server, and their reports.

use std::any::Any;
use std::error::Error;
use std::fmt;
use std::iter::successors;
use std::sync::Arc;

use http::StatusCode;

use crate::operation::OperationInfo;
use crate::validate::{MessageViolations, OperationReader};

pub(crate) type BoxError = Box<dyn Error + Send + Sync>;

/// A failure while responding to a request, or a response that the spec does not declare, as passed to
/// [`Router::on_failure`](crate::server::Router::on_failure).
///
/// Its text names the operation, the status of the response, and the error with its sources. If the operation has
/// sensitive input or output, the text of errors and panics is withheld: databases, for example, repeat values in their
/// errors. [`error`](Self::error) returns it regardless.
pub struct HandlerFailure<'f> {
    operation: &'static OperationInfo,
    status: StatusCode,
    cause: &'f Cause,
}

/// The kind of a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum HandlerFailureKind {
    /// The handler, or the client behind the router, returned an error.
    Error,
    /// A panic.
    Panic,
    /// The handler returned a response that the spec does not declare.
    Undeclared,
}

#[derive(Debug)]
pub(crate) enum Cause {
    /// An error and the name of its type, if known.
    Error(BoxError, Option<&'static str>),
    /// The message, as an error.
    Panic(BoxError),
    Undeclared(MessageViolations),
    /// The handler built its own response; whether the spec declares it is checked when it is written.
    Unchecked,
}

impl HandlerFailure<'_> {
    /// Returns the operation.
    pub fn operation(&self) -> &'static OperationInfo {
        self.operation
    }

    /// Returns the status of the response.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// Returns the kind of failure.
    pub fn kind(&self) -> HandlerFailureKind {
        match self.cause {
            Cause::Error(..) => HandlerFailureKind::Error,
            Cause::Panic(_) => HandlerFailureKind::Panic,
            Cause::Undeclared(_) | Cause::Unchecked => HandlerFailureKind::Undeclared,
        }
    }

    /// Returns the error of the handler, the message of the panic, or the violations of the spec, including sensitive
    /// text.
    pub fn error(&self) -> Option<&(dyn Error + Send + Sync + 'static)> {
        match self.cause {
            Cause::Error(error, _) | Cause::Panic(error) => Some(&**error),
            Cause::Undeclared(violations) => Some(violations),
            Cause::Unchecked => None,
        }
    }
}

impl fmt::Display for HandlerFailure<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let OperationInfo { id, method, path, .. } = self.operation;
        write!(f, "{id} ({method} {path}) answered {}: ", self.status.as_u16())?;
        match self.cause {
            Cause::Error(_, name) if self.operation.sensitive => {
                write!(f, "the handler failed with {}, withheld as sensitive", name.unwrap_or("an error"))
            }
            Cause::Error(error, _) => {
                write!(f, "the handler failed: {error}")?;
                successors(error.source(), |&error| error.source()).try_for_each(|source| write!(f, ": {source}"))
            }
            Cause::Panic(_) if self.operation.sensitive => {
                f.write_str("the handler panicked; the message is withheld as sensitive")
            }
            Cause::Panic(message) => write!(f, "the handler {message}"),
            Cause::Undeclared(violations) => write!(f, "the spec does not declare this response: {violations}"),
            Cause::Unchecked => Ok(()),
        }
    }
}

/// Shows the text, which withholds sensitive values.
impl fmt::Debug for HandlerFailure<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HandlerFailure")
            .field("operation", &self.operation.id)
            .field("status", &self.status)
            .field("kind", &self.kind())
            .field("message", &self.to_string())
            .finish()
    }
}

impl Cause {
    pub(crate) fn error(error: impl Into<BoxError>) -> Cause {
        Cause::Error(error.into(), None)
    }

    /// Returns the cause for a panic payload, which is nearly always text.
    pub(crate) fn panic(thrown: &(dyn Any + Send)) -> Cause {
        let text =
            thrown.downcast_ref::<&str>().copied().or_else(|| thrown.downcast_ref::<String>().map(String::as_str));
        Cause::Panic(format!("panicked: {}", text.unwrap_or("no message")).into())
    }
}

pub(crate) type Listener = Arc<dyn Fn(&HandlerFailure<'_>) + Send + Sync>;

/// Reports a failure to the log, with the feature `tracing`, and to the listener.
pub(crate) fn report(operation: &OperationReader, status: u16, cause: &Cause, listener: Option<&Listener>) {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let operation = operation.info();
    let failure = HandlerFailure { operation, status, cause };
    #[cfg(feature = "tracing")]
    log(&failure);
    if let Some(listener) = listener {
        listener(&failure);
    }
}

#[cfg(feature = "tracing")]
fn log(failure: &HandlerFailure<'_>) {
    let (id, status) = (failure.operation.id, failure.status.as_u16());
    match failure.kind() {
        HandlerFailureKind::Undeclared => tracing::warn!(
            target: "apigen_runtime", { "api.operation.id" = id, "http.response.status_code" = status }, "{failure}"
        ),
        HandlerFailureKind::Error | HandlerFailureKind::Panic => tracing::error!(
            target: "apigen_runtime", { "api.operation.id" = id, "http.response.status_code" = status }, "{failure}"
        ),
    }
}
