//! The other end of HTTP: requests become calls of an API, its results responses.

#[cfg(feature = "server")]
mod blocking;
#[cfg(feature = "server")]
mod connections;
mod context;
mod endpoint;
#[cfg(feature = "axum")]
mod extract;
mod failure;
mod form;
mod guarded;
mod handler_error;
#[cfg(feature = "server")]
mod intake;
#[cfg(feature = "server")]
mod layer;
#[cfg(feature = "server")]
mod limits;
#[cfg(feature = "server")]
mod listener;
mod pairs;
mod percent;
#[cfg(feature = "server")]
mod pool;
#[cfg(feature = "server")]
mod pulse;
mod query;
mod reader;
mod refusal;
mod reply;
mod router;
#[cfg(feature = "server")]
mod service;
mod settings;
mod source;
mod table;
#[cfg(feature = "server")]
mod tally;
mod template;
mod tree;
mod validator;
mod violation;
#[cfg(feature = "server")]
mod watched;
mod written;

#[cfg(feature = "server")]
pub use blocking::Abandoned;
pub use context::{Context, Peer};
pub use endpoint::{Endpoint, Serve, Served};
#[cfg(feature = "axum")]
pub use extract::{Rejection, Valid, ValidQuery};
pub use failure::{HandlerFailure, HandlerFailureKind};
pub use handler_error::HandlerError;
#[cfg(feature = "server")]
pub use layer::{Validate, Validated};
#[cfg(feature = "server")]
pub use limits::ServerLimits;
#[cfg(feature = "server")]
pub use listener::Server;
pub use query::{ListIndexes, QueryError, json_to_query, query_to_json};
pub(crate) use reader::Parameter;
pub use reader::RequestReader;
pub use refusal::Refusal;
pub(crate) use refusal::{Declared, Own};
pub use reply::{Answer, Reply, ToHeaders};
pub use router::{MAX_REQUEST_BYTES, Router};
pub(crate) use table::{Found, Table};
#[cfg(feature = "server")]
pub use tally::{Tally, Verdict};
pub(crate) use validator::of_body;
pub use validator::{RequestError, ValidRequest, Validator};
pub use violation::{MessageLocation, MessageViolation, MessageViolations};
#[cfg(feature = "server")]
pub use watched::Watched;
