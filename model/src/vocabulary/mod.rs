//! The vocabulary of the format: type texts, paths, versions, plurals, and suggestions for unknown words.

pub mod http;
pub mod method_names;
pub mod names;
pub(crate) mod paths;
pub mod plural;
pub mod suggestions;
pub(crate) mod type_text;
pub(crate) mod version;
