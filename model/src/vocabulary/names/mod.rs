//! Converts names of a spec to Rust identifiers.
//!
//! [`words()`] splits a name, [`snake`] and [`camel`] join the words again, and a [`NameAllocator`] (one per Rust
//! scope) turns them into identifiers that are valid, unique and free of rustc's style warnings. Text is untrusted: a
//! string of any content and length yields an identifier.

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

/// Returns true if the text is a keyword of any edition.
pub fn is_keyword(text: &str) -> bool {
    KEYWORDS.binary_search(&text).is_ok()
}

/// Returns true if the text is a keyword that cannot be raw.
pub(super) fn is_never_raw(text: &str) -> bool {
    matches!(text, "self" | "Self" | "super" | "crate")
}

/// A valid Rust identifier, created by a [`NameAllocator`].
///
/// `Display` writes it as in code: with `r#` if needed.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Name(String);

impl Name {
    /// Wraps ASCII text that is an identifier or a keyword that can be raw. Only the allocator guarantees that.
    pub(super) fn from_valid(text: String) -> Self {
        debug_assert!(!is_never_raw(&text));
        Self(text)
    }

    /// Returns a placeholder for a name that is not allocated yet.
    pub fn placeholder() -> Self {
        Self("placeholder".to_owned())
    }

    /// Returns the identifier without `r#`.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the identifier as a token, raw if it is a keyword.
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
