//! The other end of HTTP: requests become calls of an API, its results responses.

mod endpoint;
#[cfg(feature = "server")]
mod listener;
mod methods;
mod pairs;
mod percent;
mod query;
mod reader;
mod reply;
#[cfg(feature = "server")]
mod router;
#[cfg(feature = "server")]
mod service;
mod source;
#[cfg(feature = "server")]
mod table;
#[cfg(feature = "server")]
mod template;
mod tree;
mod violation;

pub use endpoint::{CallOf, Endpoint, Serve, Served};
#[cfg(feature = "server")]
pub use listener::Server;
pub use query::{QueryError, query_to_json};
pub use reader::RequestReader;
#[cfg(feature = "server")]
pub use router::{MAX_REQUEST_BYTES, Router};
pub use violation::{ParameterLocation, RequestViolation};
