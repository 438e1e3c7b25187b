//! Formats tokens as the text of files.

mod format;
#[cfg(feature = "manifest")]
mod krate;
mod layout;
#[cfg(feature = "manifest")]
mod package;

pub use format::format;
#[cfg(feature = "manifest")]
pub use krate::add_manifest;
#[cfg(feature = "manifest")]
pub use package::{Crate, CrateFiles};
