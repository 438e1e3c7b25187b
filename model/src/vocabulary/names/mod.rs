//! Converts names of a spec to Rust identifiers.
//!
//! [`words()`] splits a name, [`snake`] and [`camel`] join the words again, and a [`NameAllocator`] (one per Rust
//! scope) turns them into identifiers that are valid, unique and free of rustc's style warnings. Text is untrusted: a
//! string of any content and length yields an identifier.

mod allocator;
mod name;
mod words;

pub use allocator::{LONGEST, NameAllocator};
pub use name::{Name, is_keyword};
pub use words::{camel, snake, words};
