//! What users decide about single types: derives, attributes, a type of their own.

mod check;
mod extra;
mod pattern;

use apigen_model::api::{Api, Type};

pub use check::{faults, is_path};
pub use extra::{Extras, Subject};
pub use pattern::unmatched;

/// A decision about all types that a pattern matches.
///
/// A pattern is a name as the spec writes it, with as much in front as is wanted: `user`, `models.user`,
/// `io.flow.common.v0.models.user`. In each part, `*` stands for any characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    pub pattern: String,
    pub change: Change,
}

/// What is decided, as text of Rust in which [`faults`] finds nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// A path behind the derived ones.
    Derive(String),
    /// `#[…]`
    Attribute(String),
    /// The path of a type that exists already.
    Replace(String),
}

impl Choice {
    /// The path of Rust that it names.
    #[cfg(feature = "manifest")]
    pub fn path(&self) -> Option<&str> {
        match &self.change {
            Change::Derive(path) | Change::Replace(path) => Some(path),
            Change::Attribute(_) => None,
        }
    }

    /// The option that it comes from, and its text.
    pub fn option(&self) -> (&'static str, &str) {
        match &self.change {
            Change::Derive(text) => ("derive", text),
            Change::Attribute(text) => ("attribute", text),
            Change::Replace(text) => ("replace", text),
        }
    }
}

/// Notes in the model which types exist already. Where two replacements match a type, the later one counts.
pub fn replace(api: &mut Api, choices: &[Choice]) {
    for choice in choices {
        let Change::Replace(path) = &choice.change else { continue };
        let types: Vec<Type> =
            pattern::names(api).filter(|(_, name)| pattern::matches(&choice.pattern, name)).map(|(ty, _)| ty).collect();
        api.replaced.extend(types.into_iter().map(|ty| (ty, path.clone())));
    }
}
