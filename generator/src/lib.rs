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
//! The stages, each in a module of its own: `apigen_model` reads and resolves, `plan` decides, `emit` places, `output` writes.
//!
//! # Features
//!
//! * `manifest`: options from `apigen.toml`, with [`Manifest`].

#![cfg_attr(docsrs, feature(doc_cfg))]

// What a test of the command shares with ours names this crate.
#[cfg(test)]
extern crate self as apigen_build;

mod config;
mod emit;
mod error;
mod fault;
mod folders;
#[cfg(feature = "manifest")]
pub mod inspect;
#[cfg(feature = "manifest")]
pub mod manifest;
mod named;
#[doc(hidden)]
pub mod output;
mod plan;

pub use config::{Config, Generated};
pub use error::Error;
pub use folders::check_folders;
#[cfg(feature = "manifest")]
pub use manifest::Manifest;
pub use named::check_options;
pub use output::{Difference, Tree, Written};
pub use plan::{Dates, Include};
