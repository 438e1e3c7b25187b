//! From tokens to files on disk.

mod chain;
mod difference;
mod format;
mod invocation;
mod join;
#[cfg(feature = "templates")]
mod krate;
mod list;
#[cfg(feature = "templates")]
mod package;
#[cfg(feature = "templates")]
pub mod template;
mod tree;
mod write;

pub use difference::{Difference, differences};
pub use format::format;
#[cfg(feature = "templates")]
pub use krate::add_manifest;
#[cfg(feature = "manifest")]
pub use list::{LIST, entries as list_entries, hash};
#[cfg(feature = "templates")]
pub use package::Crate;
pub use tree::Tree;
pub use write::{Refusal, Written, write};
