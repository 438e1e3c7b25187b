//! Writing values that must not be shown.

use super::traits::ToJson;
use super::writer::Writer;

/// A field whose value is not to be shown to anybody: it is written as it is, and what records the text knows where it is.
#[derive(Clone, Copy)]
pub struct Hidden<'a> {
    value: &'a dyn ToJson,
    min: Option<i64>,
    max: Option<i64>,
}

impl<'a> Hidden<'a> {
    /// The value of a field without limits.
    pub const fn new(value: &'a dyn ToJson) -> Self {
        Hidden { value, min: None, max: None }
    }

    /// As [`Field::min`](super::Field::min).
    pub const fn min(self, min: i64) -> Self {
        Hidden { min: Some(min), ..self }
    }

    /// As [`Field::max`](super::Field::max).
    pub const fn max(self, max: i64) -> Self {
        Hidden { max: Some(max), ..self }
    }
}

impl ToJson for Hidden<'_> {
    fn write(&self, w: &mut Writer) {
        w.hidden(self.min, self.max, self.value);
    }

    fn is_absent(&self) -> bool {
        self.value.is_absent()
    }

    fn is_optional(&self) -> bool {
        self.value.is_optional()
    }
}
