//! How strictly to read.

/// How strictly JSON is read. Start from [`Mode::strict`], [`Mode::lenient`] or [`Mode::coerce`] and change what you need.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub struct Mode {
    pub(crate) limits: bool,
    pub(crate) unknown_kept: bool,
    pub(crate) duplicates: bool,
    pub(crate) tolerant: bool,
    pub(crate) coerce: bool,
    /// Texts where any JSON is allowed get the types that they look like.
    pub(crate) guess: bool,
    pub(crate) unknown_fields: UnknownFields,
    pub(crate) max_bytes: usize,
    pub(crate) max_depth: usize,
    pub(crate) max_violations: usize,
}

/// What becomes of fields that no model declares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum UnknownFields {
    /// They stay where they are, as everywhere in API Builder. Generated structs have no place for them: there it is the same as
    /// [`Ignore`](UnknownFields::Ignore).
    #[default]
    Keep,
    /// They are left out of what was [accepted](crate::validate::schema::Schema::accept).
    Ignore,
    /// Each is a violation.
    Refuse,
}

/// Each level costs several stack frames of generated code; a thread has 2 MiB.
pub(crate) const DEEPEST: usize = 512;

/// What is read unless another depth is asked for, and what clients and servers send at most.
pub(crate) const MAX_DEPTH: usize = 128;

impl Mode {
    /// What a validator wants: exactly what the spec says. Limits hold; values that an enum or union does not declare, duplicate
    /// keys and numbers written as text are refused. Unknown fields are no violation, as everywhere in API Builder.
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

    /// What a client wants: `minimum` and `maximum` are not checked, unknown values of enums and unions are kept, of duplicate keys
    /// the last one counts, decimals may be text, integers may be written `12.0`. Of date-times everything is read that has one meaning:
    /// without seconds, as a bare date (midnight), without an offset (UTC), with an offset such as `+0100`.
    pub const fn lenient() -> Self {
        Mode { limits: false, unknown_kept: true, duplicates: true, tolerant: true, ..Self::strict() }
    }

    /// Like [`Mode::strict`], but converts what can be converted without doubt: `"12"` to 12, `"yes"` to true, 5 to `"5"`,
    /// one value to a list of one, `"2014-4-9"` to a date; date-times as in [`Mode::lenient`]. Duplicate keys are still refused.
    pub const fn coerce() -> Self {
        Mode { coerce: true, ..Self::strict() }
    }

    /// Whether `minimum` and `maximum` are checked.
    pub const fn limits(self, limits: bool) -> Self {
        Mode { limits, ..self }
    }

    /// Whether enum values and union members that the spec does not declare are kept (true) or refused.
    pub const fn unknown_values_kept(self, unknown_kept: bool) -> Self {
        Mode { unknown_kept, ..self }
    }

    /// Whether a key may occur twice in an object (the last one counts) or is refused.
    pub const fn duplicate_keys_allowed(self, duplicates: bool) -> Self {
        Mode { duplicates, ..self }
    }

    /// What becomes of fields that no model declares: kept unless said otherwise.
    pub const fn unknown_fields(self, unknown_fields: UnknownFields) -> Self {
        Mode { unknown_fields, ..self }
    }

    /// How many bytes a text may have, all of it: a larger one is not read. No limit unless said otherwise.
    pub const fn max_bytes(self, bytes: usize) -> Self {
        Mode { max_bytes: bytes, ..self }
    }

    /// How many arrays and objects may be open inside one another: 128 unless said otherwise, at most 512 (the stack is finite).
    pub const fn max_depth(self, depth: usize) -> Self {
        Mode { max_depth: if depth > DEEPEST { DEEPEST } else { depth }, ..self }
    }

    /// After how many violations reading stops: 100 unless said otherwise, at least 1.
    pub const fn max_violations(self, count: usize) -> Self {
        Mode { max_violations: if count == 0 { 1 } else { count }, ..self }
    }
}

impl Default for Mode {
    /// [`Mode::strict`].
    fn default() -> Self {
        Mode::strict()
    }
}
