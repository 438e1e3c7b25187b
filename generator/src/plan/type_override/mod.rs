//! What users decide about single types: derives, attributes, a type of their own.

mod check;
mod extra;
mod pattern;

pub use check::{errors, is_path};
pub use extra::{Extras, Subject};
pub use pattern::{replace, unmatched};

/// A decision about all types that a pattern matches.
///
/// A pattern is a name as the spec writes it, with as much in front as is wanted: `user`, `models.user`,
/// `io.flow.common.v0.models.user`. In each part, `*` stands for any characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypeOverride {
    pub pattern: String,
    pub change: TypeChange,
}

/// What is decided, as text of Rust in which [`errors`] finds nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TypeChange {
    /// A path behind the derived ones.
    Derive(String),
    /// `#[…]`
    Attribute(String),
    /// The path of a type that exists already.
    Replace(String),
}

impl TypeOverride {
    /// The path of Rust that it names.
    #[cfg(feature = "manifest")]
    pub fn path(&self) -> Option<&str> {
        match &self.change {
            TypeChange::Derive(path) | TypeChange::Replace(path) => Some(path),
            TypeChange::Attribute(_) => None,
        }
    }

    /// The option that it comes from, and its text.
    pub fn option(&self) -> (&'static str, &str) {
        match &self.change {
            TypeChange::Derive(text) => ("derive", text),
            TypeChange::Attribute(text) => ("attribute", text),
            TypeChange::Replace(text) => ("replace", text),
        }
    }
}
