//! Responses of a server: results of handlers, errors, and its own messages.

mod failure;
mod guarded;
mod handler_error;
mod raw_response;
mod reply;

#[cfg(feature = "server")]
pub(crate) use failure::BoxError;
pub(crate) use failure::{Cause, Listener, report};
pub use failure::{HandlerFailure, HandlerFailureKind};
#[cfg(feature = "server")]
pub(crate) use guarded::Guarded;
pub(crate) use guarded::{fit, guarded};
pub use handler_error::{HandlerError, HandlerResult};
pub(crate) use raw_response::RawResponse;
pub use reply::{Reply, ToHeaders};
