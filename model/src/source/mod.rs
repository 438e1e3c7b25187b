//! Text of documents: files, and JSON whose every part knows its place.

mod file;
pub mod json;
pub(crate) mod number;

pub use file::{read_document, read_text};
