//! Generates a typed Rust client, mocks and validators from an [API Builder](https://www.apibuilder.io) spec.
//!
//! In `build.rs`:
//!
//! ```no_run
//! fn main() -> Result<(), apigen_build::Error> {
//!     apigen_build::Config::new().spec("specs/location.json").generate()
//! }
//! ```
//!
//! Each stage is a module: `apigen_model` reads and resolves, `plan` decides, `emit` produces tokens, `output` formats
//! them, `write` puts files into a folder.
//!
//! # Features
//!
//! * `manifest`: options from `apigen.toml`, with [`Manifest`].

#![cfg_attr(docsrs, feature(doc_cfg))]

// Tests shared with the command refer to this crate by name.
#[cfg(test)]
extern crate self as apigen_build;

mod config;
mod emit;
mod error;
#[cfg(test)]
mod growth;
#[cfg(feature = "manifest")]
pub mod inspect;
#[cfg(feature = "manifest")]
pub mod manifest;
mod option_error;
mod option_use;
mod output;
mod plan;
#[doc(hidden)]
pub mod write;

pub use config::{Config, Generated, check_outputs};
pub use error::{Difference, Error};
#[cfg(feature = "manifest")]
pub use manifest::Manifest;
pub use plan::{Dates, Emit, Format};
pub use write::{GeneratedFiles, Written};
