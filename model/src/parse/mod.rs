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

pub use imports::{Imports, is_uri};
pub use read::read;
pub use service::Form;
pub use spec_defaults::SpecDefaults;

use std::path::PathBuf;

use crate::api;
use crate::diagnostic::DocumentId;
use names::Names;
use service::Service;

/// A service that passes through the stages.
pub struct Unit {
    pub document: DocumentId,
    pub form: Form,
    pub path: Option<PathBuf>,
    pub service: Service,
    pub role: api::Role,
    /// The unit of each import; `None` if it was not found.
    pub imports: Vec<Option<usize>>,
    pub names: Names,
}
