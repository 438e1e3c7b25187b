//! Generates a typed Rust client, mocks and validators from an [API Builder](https://www.apibuilder.io) spec.
//!
//! The stages, each in a module of its own: `spec` reads, `check` refuses, [`ir`] resolves, `rust` decides, `emit` places,
//! `output` writes. `schema` makes validators of a model without generating any code.

mod check;
mod config;
mod diagnostic;
mod emit;
mod error;
mod fault;
mod folders;
pub mod front;
#[cfg(feature = "cli")]
pub mod inspect;
pub mod ir;
pub mod lint;
#[cfg(feature = "manifest")]
pub mod manifest;
mod named;
mod output;
mod rust;
#[cfg(feature = "validate")]
mod schema;
#[cfg(feature = "serve")]
pub mod serve;
mod spec;
mod stop;
pub mod vendor;

pub use config::{Config, Generated};
pub use diagnostic::codes;
#[doc(hidden)]
pub use diagnostic::count;
pub use error::Error;
pub use folders::check_folders;
#[cfg(feature = "manifest")]
pub use manifest::Manifest;
pub use named::check_options;
#[cfg(feature = "templates")]
pub use output::template;
pub use output::{Difference, Tree, Written};
pub use rust::{Dates, Include};
#[doc(hidden)]
pub use spec::advice::{meant, shown};

/// The documents, of which rustdoc tests every piece of Rust.
#[cfg(doctest)]
mod documents {
    #[doc = include_str!("../README.md")]
    struct Readme;
    #[doc = include_str!("../docs/build-script.md")]
    struct BuildScript;
    #[doc = include_str!("../docs/client.md")]
    struct Client;
    #[doc = include_str!("../docs/configuration.md")]
    struct Configuration;
    #[doc = include_str!("../docs/errors.md")]
    struct Errors;
    #[doc = include_str!("../docs/generator-protocol.md")]
    struct GeneratorProtocol;
    #[doc = include_str!("../docs/limits.md")]
    struct Limits;
    #[doc = include_str!("../docs/mocks.md")]
    struct Mocks;
    #[doc = include_str!("../docs/recipes.md")]
    struct Recipes;
    #[doc = include_str!("../docs/recording.md")]
    struct Recording;
    #[doc = include_str!("../docs/server.md")]
    struct Server;
    #[doc = include_str!("../docs/templates.md")]
    struct Templates;
    #[doc = include_str!("../docs/test-values.md")]
    struct TestValues;
    #[doc = include_str!("../docs/types.md")]
    struct Types;
    #[doc = include_str!("../docs/validators.md")]
    struct Validators;
}
