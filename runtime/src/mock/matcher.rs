//! The conditions that rules set on the inputs of calls.

use std::sync::Arc;

use super::{diff, shown};
use crate::call::SharedInput;

/// The maximum number of bytes of inputs to compare for a message.
const MAX_COMPARED: usize = 64 << 10;

#[derive(Clone)]
pub(super) enum Matcher {
    When(Arc<dyn Fn(&SharedInput) -> bool + Send + Sync>),
    /// An equal input; the function compares two inputs of its type.
    With(SharedInput, fn(&SharedInput, &SharedInput) -> bool),
}

/// The distance of a call from matching a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Distance {
    /// The number of lines that differ in the input.
    Lines(usize),
    /// A closure rejected the call, which does not reveal how close it was.
    Unknown,
}

impl Matcher {
    pub(super) fn holds(&self, input: &SharedInput) -> bool {
        match self {
            Matcher::When(function) => function(input),
            Matcher::With(expected, same) => same(expected, input),
        }
    }

    /// Returns how far a call is from matching, and a message; `None` if it matches.
    pub(super) fn difference(&self, input: &SharedInput) -> Option<(Distance, String)> {
        if self.holds(input) {
            return None;
        }
        Some(match self {
            Matcher::When(_) => (Distance::Unknown, "has a condition that does not hold".to_owned()),
            Matcher::With(expected, _) => {
                let text = |input: &SharedInput| shown::within(MAX_COMPARED, format_args!("{input:#?}"));
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
