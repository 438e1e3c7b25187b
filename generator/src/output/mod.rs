//! From tokens to files on disk.

mod chain;
mod difference;
mod files;
mod format;
mod hold;
mod invocation;
mod join;
#[cfg(feature = "manifest")]
mod krate;
mod list;
#[cfg(test)]
pub mod mortal;
#[cfg(feature = "manifest")]
mod package;
mod transaction;
mod tree;
mod write;

pub use difference::{Difference, differences};
#[cfg(feature = "manifest")]
pub use files::read;
#[cfg(any(feature = "manifest", test))]
pub use files::{Disk, Files};
pub use format::{MARK, format};
#[cfg(feature = "manifest")]
pub use hold::{Hold, hold};
#[cfg(feature = "manifest")]
pub use krate::add_manifest;
#[cfg(feature = "manifest")]
pub use list::{LIST, entries as list_entries, hash};
#[cfg(feature = "manifest")]
pub use package::{Crate, CrateFiles};
#[cfg(feature = "manifest")]
pub use transaction::{Change, Transaction, is_interrupted};
pub use tree::Tree;
pub use write::{Refusal, Written, write};
