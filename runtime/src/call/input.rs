use std::any::Any;
use std::fmt;
use std::sync::Arc;

use crate::operation::Operation;

/// The input of a call of any operation: a value of the operation's type.
pub(crate) trait Input: Any + fmt::Debug + Send + Sync {}

impl<T: Any + fmt::Debug + Send + Sync> Input for T {}

pub(crate) type SharedInput = Arc<dyn Input>;

/// An operation that can be mocked. All generated operations can.
pub trait Mockable: Operation + fmt::Debug + Send + Sync {}

impl<O: Operation + fmt::Debug + Send + Sync> Mockable for O {}

/// Downcasts an input to its own type.
pub(crate) fn typed<O: 'static>(input: &SharedInput) -> Option<&O> {
    let any: &dyn Any = &**input;
    any.downcast_ref()
}
