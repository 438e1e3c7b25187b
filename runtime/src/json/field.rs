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

/// Creates a required field. This includes fields with a default, which the sender applies (reference 12.1).
pub const fn req(name: &'static str) -> Field {
    Field { name, required: true, nullable: false, sensitive: false, min: None, max: None }
}

/// Creates an optional field.
pub const fn opt(name: &'static str) -> Field {
    Field { required: false, ..req(name) }
}

impl Field {
    /// Sets the minimum value, or number of characters or elements.
    pub const fn min(self, min: i64) -> Self {
        Field { min: Some(min), ..self }
    }

    /// Sets the maximum value, or number of characters or elements.
    pub const fn max(self, max: i64) -> Self {
        Field { max: Some(max), ..self }
    }

    /// Makes `null` a value of this field (type `json`), distinct from absence.
    pub const fn nullable(self) -> Self {
        Field { nullable: true, ..self }
    }

    /// Makes the field sensitive: violations in it state what was expected, not what was found.
    pub const fn sensitive(self) -> Self {
        Field { sensitive: true, ..self }
    }

    #[inline]
    pub(crate) const fn segment(&self) -> Segment {
        if self.sensitive { Segment::Sensitive(self.name) } else { Segment::Field(self.name) }
    }

    #[inline]
    pub(crate) const fn limited(&self) -> bool {
        self.min.is_some() || self.max.is_some()
    }
}

/// The position of a sensitive value, or of a part of one.
#[cfg(feature = "testing")]
#[derive(Debug, Clone, Copy)]
pub(crate) struct Mark {
    /// The offset of its first byte in the text.
    pub(crate) at: usize,
    pub(crate) what: Marked,
}

#[cfg(feature = "testing")]
#[derive(Debug, Clone, Copy)]
pub(crate) enum Marked {
    /// A whole value, whose field has these limits.
    Value { min: Option<i64>, max: Option<i64> },
    /// A key of a map inside a sensitive value.
    Key,
    /// A sensitive value of an enum, or one inside a sensitive value, with all alternatives.
    Choice(&'static [(&'static str, &'static str)]),
}
