//! From the model to Rust: every name, type, derive and module is decided here.

mod about;
pub mod analysis;
mod builder;
mod choice;
pub mod docs;
mod empty;
mod enumeration;
mod factory;
mod family;
mod headers;
mod index;
mod interface;
mod limits;
mod literal;
pub mod methods;
mod model;
pub mod names;
mod operation;
mod options;
mod package;
mod page;
mod params;
pub mod plan;
pub(crate) mod refusal;
mod rename;
mod resource;
mod response;
mod sample;
mod selection;
pub(crate) mod sensitive;
mod serve;
mod state;
mod status;
pub mod symbols;
mod types;
mod union;

pub(crate) use choice::{Change, Choice, faults, is_path, replace, unmatched};
#[cfg(feature = "validate")]
pub use headers::is_token;
pub(crate) use literal::integer;
pub use options::{Dates, Include, Options, SENSITIVE};
pub use package::{package, package_name};
pub use rename::{Rename, rename, rename_faults};
pub use selection::Selection;
