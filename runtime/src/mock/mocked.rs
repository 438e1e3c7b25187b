//! The implementations that generated mock clients call when no rule matches.

use std::sync::Arc;

use super::journal::AnsweredBy;

/// The implementation of a resource to call when no rule matches.
pub struct Mocked<'a, T: ?Sized + 'a> {
    /// The implementation.
    pub api: &'a T,
    /// Its kind, for the journal.
    pub by: AnsweredBy,
}

impl<'a, T: ?Sized> Mocked<'a, T> {
    /// Selects the implementation: the override, else the state of a stateful mock if it supports the operation, else
    /// the client to fall through to, else the one that returns empty results.
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

/// Implements the mock trait of every resource with its default methods, so all results are empty.
#[derive(Debug, Clone, Copy)]
pub struct Unset;
