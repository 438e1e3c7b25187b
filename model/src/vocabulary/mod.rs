//! The words of the format: type texts, paths, versions, plurals, and what somebody may have meant by a word that is not one.

pub mod advice;
pub mod paths;
pub mod plural;
pub(crate) mod type_text;
pub(crate) mod version;

/// Whether this can be the name of a header (RFC 9110, 5.6.2).
pub fn is_token(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c))
}
