//! What calls were called with, whatever its type, and what must hold of it.

use std::any::Any;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::{diff, shown};
use crate::operation::Operation;

/// So many bytes of an input are compared with that of a rule.
const MOST_COMPARED: usize = 64 << 10;

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

/// What must hold of a call for a rule to take it.
#[derive(Clone)]
pub(super) enum Matcher {
    When(Arc<dyn Fn(&SharedInput) -> bool + Send + Sync>),
    /// The same input; the function compares two of its type.
    With(SharedInput, fn(&SharedInput, &SharedInput) -> bool),
}

/// How far a call is from what a rule asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Distance {
    /// So many lines of the input differ.
    Lines(usize),
    /// A function refused the call: nobody knows how near it was to accepting it.
    Unknown,
}

impl Matcher {
    pub(super) fn holds(&self, input: &SharedInput) -> bool {
        match self {
            Matcher::When(function) => function(input),
            Matcher::With(expected, same) => same(expected, input),
        }
    }

    /// How far a call is from what the matcher asks for, with a message; `None` if it holds.
    pub(super) fn difference(&self, input: &SharedInput) -> Option<(Distance, String)> {
        if self.holds(input) {
            return None;
        }
        Some(match self {
            Matcher::When(_) => (Distance::Unknown, "has a condition that does not hold".to_owned()),
            Matcher::With(expected, _) => {
                let text = |input: &SharedInput| shown::within(MOST_COMPARED, format_args!("{input:#?}"));
                let difference = diff::lines(&text(expected), &text(input));
                let message = match difference.changes {
                    0 => format!("is for another input: {}", diff::WITHHELD),
                    _ => format!("is for another input (- rule, + call):\n{}", difference.text),
                };
                (Distance::Lines(difference.changes), message)
            }
        })
    }
}
