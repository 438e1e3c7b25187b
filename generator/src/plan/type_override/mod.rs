//! The user's overrides for single types: derives, attributes, replacements.

mod check;
mod extra;
mod pattern;

pub use check::{errors, is_path};
pub use extra::{Extras, Subject};
pub use pattern::{glob, replace, unmatched};

/// An override for all types that match a pattern.
///
/// A pattern is a name as the spec writes it, optionally qualified: `user`, `models.user`,
/// `io.flow.common.v0.models.user`. In each part, `*` stands for any characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypeOverride {
    pub pattern: String,
    pub change: TypeChange,
}

/// The kind of override, as Rust text in which [`errors`] finds nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TypeChange {
    /// A path of a trait, derived after the generated ones.
    Derive(String),
    /// `#[…]`
    Attribute(String),
    /// The path of an existing type.
    Replace(String),
}

impl TypeOverride {
    /// Returns the option that it comes from, and its text.
    pub fn option(&self) -> (&'static str, &str) {
        match &self.change {
            TypeChange::Derive(text) => ("derive", text),
            TypeChange::Attribute(text) => ("attribute", text),
            TypeChange::Replace(text) => ("replace", text),
        }
    }
}
