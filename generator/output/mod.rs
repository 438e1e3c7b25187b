//! From tokens to files on disk.

mod format;
#[cfg(feature = "templates")]
mod krate;
mod tree;
mod write;

pub use format::format;
#[cfg(feature = "templates")]
pub use krate::add_manifest;
pub use tree::Tree;
pub use write::{Written, write};
