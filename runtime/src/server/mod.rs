//! Servers: requests become calls of an API, and their results become responses.

#[cfg(feature = "server")]
mod connection;
#[cfg(feature = "axum")]
mod extract;
#[cfg(feature = "server")]
mod limits;
mod response;
mod routing;
#[cfg(feature = "server")]
mod validation;

#[cfg(feature = "server")]
pub use connection::{Disconnect, Server};
#[cfg(feature = "axum")]
pub use extract::{Rejection, ValidJson, ValidQuery};
#[cfg(feature = "server")]
pub use limits::{BodyMemory, BodyShare, ServerLimits};
pub use response::{HandlerError, HandlerFailure, HandlerFailureKind, HandlerResult, Reply, ToHeaders};
#[cfg(feature = "server")]
pub use routing::{Abandoned, ENVIRONMENT_HEADER, ServedExchange};
pub use routing::{Context, Peer, Router, SchemaRequest};
#[cfg(feature = "server")]
pub use validation::{TapBody, ValidationEvent, ValidationLayer, ValidationService, ValidationStats};

pub use crate::validate::request::MAX_REQUEST_BYTES;
