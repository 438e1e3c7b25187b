//! Generates a typed Rust client, mocks and validators from an [API Builder](https://www.apibuilder.io) spec.
//!
//! The stages, each in a module of its own: `spec` reads, `check` refuses, [`ir`] resolves, `rust` decides, `emit` places,
//! `output` writes. `schema` makes validators of a model without generating any code.

mod check;
mod config;
mod diagnostic;
mod emit;
mod error;
pub mod front;
#[cfg(feature = "cli")]
pub mod inspect;
pub mod ir;
pub mod lint;
#[cfg(feature = "manifest")]
pub mod manifest;
mod output;
mod rust;
#[cfg(feature = "validate")]
mod schema;
#[cfg(feature = "serve")]
pub mod serve;
mod spec;
pub mod vendor;

pub use config::{Config, Generated};
pub use diagnostic::codes;
pub use error::Error;
#[cfg(feature = "manifest")]
pub use manifest::Manifest;
#[cfg(feature = "templates")]
pub use output::template;
pub use output::{Difference, Tree, Written};
pub use rust::{Dates, Include};

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
#[doc = include_str!("../docs/configuration.md")]
#[doc = include_str!("../docs/server.md")]
#[doc = include_str!("../docs/validators.md")]
struct Readme;
