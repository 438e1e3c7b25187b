//! Names of a spec made into Rust identifiers.
//!
//! [`words()`] takes a name apart, [`snake`] and [`camel`] put the words together again, and a [`NameAllocator`] (one per Rust
//! scope) makes identifiers of them that are valid, unique and quiet under rustc's style lints. Text is untrusted: every
//! string of any length gives an identifier.

mod allocator;
mod words;

pub use allocator::{LONGEST, NameAllocator};
pub use words::{camel, snake, words};

use std::fmt;

#[cfg(feature = "quote")]
use proc_macro2::{Ident, Span, TokenStream};
#[cfg(feature = "quote")]
use quote::{ToTokens, TokenStreamExt};

/// Strict and reserved keywords of all editions, sorted. Contextual ones (`union`, `auto`, `safe`) are ordinary names.
const KEYWORDS: &[&str] = &[
    "Self", "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate", "do", "dyn",
    "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro",
    "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return", "self", "static", "struct", "super",
    "trait", "true", "try", "type", "typeof", "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// Whether the text is a keyword of any edition.
pub fn is_keyword(text: &str) -> bool {
    KEYWORDS.binary_search(&text).is_ok()
}

/// Whether the text is a keyword that `r#` does not help.
pub(super) fn is_never_raw(text: &str) -> bool {
    matches!(text, "self" | "Self" | "super" | "crate")
}

/// A valid Rust identifier, made by a [`NameAllocator`](super::NameAllocator).
///
/// Shown (`Display`) as it stands in code, so with `r#` where that is needed.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Name(String);

impl Name {
    /// Takes ASCII text that is an identifier or a keyword that can be raw. Only the allocator promises that.
    pub(super) fn from_valid(text: String) -> Self {
        debug_assert!(!is_never_raw(&text));
        Self(text)
    }

    /// What stands in for a name until it is allocated.
    pub fn placeholder() -> Self {
        Self("placeholder".to_owned())
    }

    /// The identifier without `r#`.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The identifier as a token, raw where it is a keyword.
    #[cfg(feature = "quote")]
    pub fn to_token(&self) -> Ident {
        if is_keyword(&self.0) {
            Ident::new_raw(&self.0, Span::call_site())
        } else {
            Ident::new(&self.0, Span::call_site())
        }
    }
}

#[cfg(feature = "quote")]
impl ToTokens for Name {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        tokens.append(self.to_token());
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if is_keyword(&self.0) { "r#" } else { "" })?;
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::KEYWORDS;

    #[test]
    fn keywords_are_sorted() {
        assert!(KEYWORDS.is_sorted());
    }
}
