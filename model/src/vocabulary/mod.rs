//! The words of the format: type texts, paths, versions, plurals, and what somebody may have meant by a word that is not one.

pub mod http;
pub mod method_names;
pub mod names;
pub(crate) mod paths;
pub(crate) mod plural;
pub mod suggestions;
pub(crate) mod type_text;
pub(crate) mod version;
