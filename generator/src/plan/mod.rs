//! Plans the Rust code for a model: every name, type, derive and module is decided here.

pub mod analysis;
mod attributes;
mod context;
pub mod docs;
mod empty;
mod enumeration;
mod family;
mod footprint;
mod headers;
mod input;
mod interface;
pub mod items;
mod literal;
mod model;
mod operation;
mod options;
mod package;
mod params;
mod rename;
mod resource;
mod response;
mod sample;
mod selection;
mod state;
mod status;
pub mod symbols;
mod type_override;
mod type_set;
mod types;
mod union;

pub use footprint::footprint;
pub use options::{Dates, Emit, Format, Options};
pub use package::{package, package_name};
pub use rename::{Rename, rename, rename_errors};
pub use selection::Selection;
pub(crate) use type_override::{TypeChange, TypeOverride, errors, is_path, replace, unmatched};
