//! How strictly to read.

/// How strictly JSON is read. Start from [`Mode::strict`], [`Mode::lenient`] or [`Mode::coerce`] and change what you
/// need.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub struct Mode {
    pub(crate) limits: bool,
    pub(crate) unknown_kept: bool,
    pub(crate) duplicates: bool,
    pub(crate) tolerant: bool,
    pub(crate) coerce: bool,
    /// Whether text in places for any JSON gets the type that it looks like.
    pub(crate) guess: bool,
    pub(crate) unknown_fields: UnknownFields,
    pub(crate) max_bytes: usize,
    pub(crate) max_depth: usize,
    pub(crate) max_violations: usize,
}

/// How to handle fields that no model declares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum UnknownFields {
    /// Keeps them, as API Builder does everywhere. Generated structs have no place for them: there this is the same as
    /// [`Ignore`](UnknownFields::Ignore).
    #[default]
    Keep,
    /// Omits them from what was [accepted](crate::validate::schema::Schema::accept).
    Ignore,
    /// Reports each as a violation.
    Refuse,
}

/// Each level takes several stack frames of generated code; a thread has 2 MiB.
pub(crate) const DEEPEST: usize = 512;

/// The default limit for reading, and the limit for what clients and servers send.
pub(crate) const MAX_DEPTH: usize = 128;

impl Mode {
    /// Reads as a validator does: exactly by the spec. Limits are checked; values that an enum or union does not
    /// declare, duplicate keys and numbers written as text are rejected. Unknown fields are not violations, as
    /// everywhere in API Builder.
    pub const fn strict() -> Self {
        Mode {
            limits: true,
            unknown_kept: false,
            duplicates: false,
            tolerant: false,
            coerce: false,
            guess: false,
            unknown_fields: UnknownFields::Keep,
            max_bytes: usize::MAX,
            max_depth: MAX_DEPTH,
            max_violations: 100,
        }
    }

    /// Reads as a client does: `minimum` and `maximum` are not checked, unknown values of enums and unions are kept,
    /// the last of duplicate keys is used, decimals may be text, integers may be written `12.0`. Every unambiguous
    /// date-time is accepted: without seconds, as a bare date (midnight), without an offset (UTC), with an offset such
    /// as `+0100`.
    pub const fn lenient() -> Self {
        Mode { limits: false, unknown_kept: true, duplicates: true, tolerant: true, ..Self::strict() }
    }

    /// Reads as [`Mode::strict`] does, but converts unambiguous values: `"12"` to 12, `"yes"` to true, 5 to `"5"`, one
    /// value to a list of one, `"2014-4-9"` to a date; date-times as in [`Mode::lenient`]. Duplicate keys are still
    /// rejected.
    pub const fn coerce() -> Self {
        Mode { coerce: true, ..Self::strict() }
    }

    /// Sets whether `minimum` and `maximum` are checked.
    pub const fn limits(self, limits: bool) -> Self {
        Mode { limits, ..self }
    }

    /// Sets whether undeclared enum values and union members are kept (true) or rejected.
    pub const fn unknown_values_kept(self, unknown_kept: bool) -> Self {
        Mode { unknown_kept, ..self }
    }

    /// Sets whether a key may occur twice in an object (the last one is used) or is rejected.
    pub const fn duplicate_keys_allowed(self, duplicates: bool) -> Self {
        Mode { duplicates, ..self }
    }

    /// Sets how to handle fields that no model declares; by default they are kept.
    pub const fn unknown_fields(self, unknown_fields: UnknownFields) -> Self {
        Mode { unknown_fields, ..self }
    }

    /// Limits the size of a text in bytes: a larger one is not read. No limit by default.
    pub const fn max_bytes(self, bytes: usize) -> Self {
        Mode { max_bytes: bytes, ..self }
    }

    /// Limits the nesting of arrays and objects: 128 by default, at most 512 (the stack is finite).
    pub const fn max_depth(self, depth: usize) -> Self {
        Mode { max_depth: if depth > DEEPEST { DEEPEST } else { depth }, ..self }
    }

    /// Sets after how many violations reading stops: 100 by default, at least 1.
    pub const fn max_violations(self, count: usize) -> Self {
        Mode { max_violations: if count == 0 { 1 } else { count }, ..self }
    }
}

impl Default for Mode {
    /// Returns [`Mode::strict`].
    fn default() -> Self {
        Mode::strict()
    }
}
