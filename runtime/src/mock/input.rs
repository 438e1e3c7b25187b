//! Type-erased inputs of calls.

use std::any::Any;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::operation::Operation;

/// The input of any operation.
pub(super) trait Input: Any + fmt::Debug + Send + Sync {}

impl<T: Any + fmt::Debug + Send + Sync> Input for T {}

pub(super) type SharedInput = Arc<dyn Input>;

/// An operation that can be mocked. All generated operations can.
pub trait Mockable: Operation + fmt::Debug + Send + Sync {}

impl<O: Operation + fmt::Debug + Send + Sync> Mockable for O {}

/// Downcasts an input to its own type.
pub(super) fn typed<O: 'static>(input: &SharedInput) -> Option<&O> {
    let any: &dyn Any = &**input;
    any.downcast_ref()
}

/// Locks a mutex even if it is poisoned: a test that panicked while holding it still gets its journal.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
