use std::convert::Infallible;
use std::error::Error as StdError;
use std::fmt;
use std::ops::Deref;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};

use super::failure::{Failure, Kind};
use crate::operation::{DeclaredError, OperationInfo};
use crate::transport::TransportError;

/// Why a call failed; `E` is the error that the spec declares for the operation.
///
/// Dereferences to [`Failure`], which has the status, the body, the URL and more. Two words in size for every `E`. Its
/// message names operation, URL and status, and shows at most 1 KiB of the body.
#[derive(Debug)]
pub struct Error<E> {
    pub(crate) failure: Box<Failure>,
    pub(crate) declared: Option<Box<E>>,
}

impl<E> Error<E> {
    pub(crate) fn new(failure: Box<Failure>) -> Error<E> {
        Error { failure, declared: None }
    }

    /// Creates an error from a message, for mocks and wrappers.
    pub fn other(message: impl Into<String>) -> Error<E> {
        Error::new(Failure::new(Kind::Other(message.into())))
    }

    /// Creates a transport error, for mocks and wrappers: `Error::transport(TransportError::timeout("mocked"))`.
    pub fn transport(error: TransportError) -> Error<E> {
        Error::new(Failure::new(Kind::Transport(error)))
    }

    /// Creates an error for a status that the spec does not declare, for mocks and wrappers.
    pub fn undeclared_status(status: StatusCode, body: impl Into<Bytes>) -> Error<E> {
        let mut failure = Failure::new(Kind::Status);
        failure.set_response(status, HeaderMap::new(), body.into());
        Error::new(failure)
    }

    /// Sets the operation, unless the error already has one.
    pub fn in_operation(mut self, info: &'static OperationInfo) -> Error<E> {
        self.failure.operation.get_or_insert(info);
        self
    }

    /// Returns the declared error, if it is one.
    pub fn declared(&self) -> Option<&E> {
        self.declared.as_deref()
    }

    /// Returns the declared error. To match on all kinds of errors, use [`into_kind`](Self::into_kind).
    ///
    /// # Errors
    /// Returns the error itself if it is not a declared one.
    pub fn into_declared(self) -> Result<E, Error<Infallible>> {
        match self.declared {
            Some(declared) => Ok(*declared),
            None => Err(Error::new(self.failure)),
        }
    }
}

impl<E> Deref for Error<E> {
    type Target = Failure;

    fn deref(&self) -> &Failure {
        &self.failure
    }
}

impl<E: DeclaredError> From<E> for Error<E> {
    fn from(declared: E) -> Self {
        let mut failure = Failure::new(Kind::Declared);
        failure.status = StatusCode::from_u16(declared.status()).ok();
        Error { failure, declared: Some(Box::new(declared)) }
    }
}

impl<E: fmt::Debug> fmt::Display for Error<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let declared = self.declared.as_ref().map(|declared| &**declared as &dyn fmt::Debug);
        super::display::write(&self.failure, declared, f)
    }
}

impl<E: fmt::Debug> StdError for Error<E> {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.failure.source()
    }
}
