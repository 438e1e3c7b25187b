//! What generated mock clients answer with when no rule does.

use std::sync::Arc;

use super::journal::AnsweredBy;

/// What answers a call of a resource when no rule does.
pub struct Mocked<'a, T: ?Sized + 'a> {
    /// It.
    pub api: &'a T,
    /// Which of them it is.
    pub by: AnsweredBy,
}

impl<'a, T: ?Sized> Mocked<'a, T> {
    /// The override, else the state of a stateful mock if it knows the operation, else the client to fall through to, else the one
    /// that answers empty results.
    pub fn of(own: &'a Option<Arc<T>>, state: Option<&'a T>, rest: Option<&'a T>, empty: &'a T) -> Self {
        let (api, by) = match (own, state, rest) {
            (Some(api), ..) => (&**api, AnsweredBy::Override),
            (None, Some(api), _) => (api, AnsweredBy::State),
            (None, None, Some(api)) => (api, AnsweredBy::FallThrough),
            (None, None, None) => (empty, AnsweredBy::Empty),
        };
        Mocked { api, by }
    }
}

/// Implements the mock trait of every resource without a method of its own: all results are empty.
#[derive(Debug, Clone, Copy)]
pub struct Unset;
