use std::error::Error as StdError;
use std::fmt;
use std::ops::Deref;

use super::error::Error;
use super::failure::Failure;
use crate::operation::DeclaredError;

/// The error of any operation, for functions that call several; `?` converts to it.
///
/// Dereferences to [`Failure`]; [`downcast_ref`](AnyError::downcast_ref) returns the typed error.
pub struct AnyError(Box<dyn Typed>);

trait Typed: StdError + Send + Sync + 'static {
    fn failure(&self) -> &Failure;
}

impl<E: DeclaredError + Sync> Typed for Error<E> {
    fn failure(&self) -> &Failure {
        &self.failure
    }
}

impl AnyError {
    /// Returns the error of a certain operation: `error.downcast_ref::<Error<users::PostError>>()`.
    pub fn downcast_ref<T: StdError + 'static>(&self) -> Option<&T> {
        let error: &(dyn StdError + 'static) = &*self.0;
        error.downcast_ref()
    }
}

impl<E: DeclaredError + Sync> From<Error<E>> for AnyError {
    fn from(error: Error<E>) -> Self {
        AnyError(Box::new(error))
    }
}

impl Deref for AnyError {
    type Target = Failure;

    fn deref(&self) -> &Failure {
        self.0.failure()
    }
}

impl fmt::Debug for AnyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl fmt::Display for AnyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl StdError for AnyError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source()
    }
}
