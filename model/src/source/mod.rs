//! Text of documents: files, and JSON in which every part has its position.

mod file;
pub mod json;
pub(crate) mod number;

pub use file::{read_document, read_text};
