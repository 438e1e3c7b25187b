//! For implementers: requests become calls of an API, its results responses.

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
pub use connection::Server;
#[cfg(feature = "axum")]
pub use extract::{Rejection, Valid, ValidQuery};
#[cfg(feature = "server")]
pub use limits::ServerLimits;
pub use response::{Answer, HandlerError, HandlerFailure, HandlerFailureKind, Reply, ToHeaders};
#[cfg(feature = "server")]
pub use routing::Abandoned;
pub use routing::{Context, Peer, Router};
#[cfg(feature = "server")]
pub use validation::{Tally, Validate, Validated, Verdict, Watched};

pub use crate::validate::request::MAX_REQUEST_BYTES;
