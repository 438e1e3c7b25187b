//! Parses text to the document as written, and converts it to the normalised form that both kinds of document share.

mod agreement;
pub mod bounds;
pub mod default;
pub mod imports;
pub mod names;
pub mod publish;
pub mod read;
mod read_operation;
mod read_types;
pub mod reader;
pub mod resource;
pub mod scope;
pub mod service;
pub mod spec_defaults;
mod templates;
mod union_fields;
mod unit;

pub use imports::{Imports, is_uri};
pub use read::read;
pub use service::Form;
pub use spec_defaults::SpecDefaults;
pub use unit::Unit;
