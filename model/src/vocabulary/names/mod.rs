//! Names of a spec made into Rust identifiers.
//!
//! [`words()`] takes a name apart, [`snake`] and [`camel`] put the words together again, and a [`NameAllocator`] (one per Rust
//! scope) makes identifiers of them that are valid, unique and quiet under rustc's style lints. Text is untrusted: every
//! string of any length gives an identifier.

mod allocator;
mod name;
mod words;

pub use allocator::{LONGEST, NameAllocator};
pub use name::{Name, is_keyword};
pub use words::{camel, snake, words};
