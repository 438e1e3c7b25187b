/// What a call does about a response that breaks rules of the spec which do not hinder decoding: limits, values that an
/// enum or union does not declare, duplicate keys. See [`Mode::strict`](crate::Mode::strict).
///
/// It has no influence on mocks, which give values and no JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Validation {
    /// Nothing: what a server adds or relaxes later must not break the clients of today.
    #[default]
    Off,
    /// Goes on, after telling the [`Observer`](crate::Observer) how many violations there are, and (with the feature
    /// `tracing`) the log where.
    Report,
    /// Fails, as with any body that [cannot be decoded](crate::Failure::is_decode).
    Reject,
}

impl From<bool> for Validation {
    /// `true` is [`Reject`](Validation::Reject).
    fn from(reject: bool) -> Self {
        if reject { Validation::Reject } else { Validation::Off }
    }
}
