//! Where in a JSON text the values are that must not be shown.

use super::field::Field;

/// A value, or part of one, that must not be shown.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Mark {
    /// Where in the text its first byte is.
    pub(crate) at: usize,
    pub(crate) what: Marked,
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum Marked {
    /// All of a value, whose field has these limits.
    Value { min: Option<i64>, max: Option<i64> },
    /// A key of a map inside such a value.
    Key,
    /// A value of an enum inside such a value, or such a value itself: what else it could be.
    Choice(&'static [(&'static str, &'static str)]),
}

impl Mark {
    pub(crate) fn field(at: usize, field: &Field) -> Mark {
        Mark { at, what: Marked::Value { min: field.min, max: field.max } }
    }
}
