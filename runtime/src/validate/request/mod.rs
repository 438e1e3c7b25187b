//! Reads path, query, headers and body of a request.

mod form;
mod pairs;
mod query;
mod reader;
mod source;
mod tree;

#[cfg(feature = "axum")]
pub(crate) use form::{ExpectedBody, refusal};
#[cfg(feature = "axum")]
pub(crate) use pairs::Pairs;
#[cfg(test)]
pub(crate) use query::cases;
pub use query::{ListIndexes, QueryError, json_to_query, query_to_json};
pub(crate) use reader::Parameter;
pub use reader::{MAX_REQUEST_BYTES, Presence, RequestReader};
#[cfg(feature = "axum")]
pub(crate) use source::Values;
#[cfg(feature = "axum")]
pub(crate) use tree::{Tree, TreeError};
