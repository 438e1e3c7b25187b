//! From tokens to files on disk.

mod chain;
mod difference;
mod files;
mod format;
mod hold;
mod invocation;
mod join;
#[cfg(feature = "templates")]
mod krate;
mod list;
#[cfg(test)]
pub mod mortal;
#[cfg(feature = "templates")]
mod package;
#[cfg(feature = "templates")]
pub mod template;
mod transaction;
mod tree;
mod write;

pub use difference::{Difference, differences};
#[cfg(any(feature = "fetch", feature = "manifest"))]
pub use files::{Disk, Files, read};
pub use format::format;
#[cfg(feature = "manifest")]
pub use hold::{Hold, hold};
#[cfg(feature = "templates")]
pub use krate::add_manifest;
#[cfg(feature = "manifest")]
pub use list::{LIST, entries as list_entries, hash};
#[cfg(feature = "templates")]
pub use package::Crate;
#[cfg(any(feature = "fetch", feature = "manifest"))]
pub use transaction::{Change, Transaction, is_interrupted};
pub use tree::Tree;
pub use write::{Refusal, Written, write};
