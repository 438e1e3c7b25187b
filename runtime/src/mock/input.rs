//! The inputs of calls, whatever their types.

use std::any::Any;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::operation::Operation;

/// What an operation was called with, whatever it is.
pub(super) trait Input: Any + fmt::Debug + Send + Sync {}

impl<T: Any + fmt::Debug + Send + Sync> Input for T {}

pub(super) type SharedInput = Arc<dyn Input>;

/// An operation that can be mocked: every generated one.
pub trait Mockable: Operation + fmt::Debug + Send + Sync {}

impl<O: Operation + fmt::Debug + Send + Sync> Mockable for O {}

/// An input as its own type.
pub(super) fn typed<O: 'static>(input: &SharedInput) -> Option<&O> {
    let any: &dyn Any = &**input;
    any.downcast_ref()
}

/// The content of a lock. A test that panics while it holds one still gets its journal.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
