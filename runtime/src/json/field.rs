//! The table of a model's fields.

use super::path::Segment;

/// A field of a model, as generated code describes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Field {
    pub(crate) name: &'static str,
    pub(crate) required: bool,
    pub(crate) nullable: bool,
    pub(crate) sensitive: bool,
    pub(crate) min: Option<i64>,
    pub(crate) max: Option<i64>,
}

/// A field that must be present. One with a default must be too: it is the sender who applies the default (reference 12.1).
pub const fn req(name: &'static str) -> Field {
    Field { name, required: true, nullable: false, sensitive: false, min: None, max: None }
}

/// A field that may be left out.
pub const fn opt(name: &'static str) -> Field {
    Field { required: false, ..req(name) }
}

impl Field {
    /// The smallest number of characters or elements, or the smallest number, that is allowed.
    pub const fn min(self, min: i64) -> Self {
        Field { min: Some(min), ..self }
    }

    /// The largest number of characters or elements, or the largest number, that is allowed.
    pub const fn max(self, max: i64) -> Self {
        Field { max: Some(max), ..self }
    }

    /// `null` is a value of this field (type `json`) and does not mean that it is absent.
    pub const fn nullable(self) -> Self {
        Field { nullable: true, ..self }
    }

    /// The value is not to be shown to anybody: violations in it say what was expected, not what was found.
    pub const fn sensitive(self) -> Self {
        Field { sensitive: true, ..self }
    }

    /// Where the value is.
    #[inline]
    pub(crate) const fn segment(&self) -> Segment {
        if self.sensitive { Segment::Sensitive(self.name) } else { Segment::Field(self.name) }
    }

    #[inline]
    pub(crate) const fn limited(&self) -> bool {
        self.min.is_some() || self.max.is_some()
    }
}

/// A value, or part of one, that must not be shown.
#[cfg(feature = "testing")]
#[derive(Debug, Clone, Copy)]
pub(crate) struct Mark {
    /// Where in the text its first byte is.
    pub(crate) at: usize,
    pub(crate) what: Marked,
}

#[cfg(feature = "testing")]
#[derive(Debug, Clone, Copy)]
pub(crate) enum Marked {
    /// All of a value, whose field has these limits.
    Value { min: Option<i64>, max: Option<i64> },
    /// A key of a map inside such a value.
    Key,
    /// A value of an enum inside such a value, or such a value itself: what else it could be.
    Choice(&'static [(&'static str, &'static str)]),
}

#[cfg(feature = "testing")]
impl Mark {
    pub(crate) fn field(at: usize, field: &Field) -> Mark {
        Mark { at, what: Marked::Value { min: field.min, max: field.max } }
    }
}
