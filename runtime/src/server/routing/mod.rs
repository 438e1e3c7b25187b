//! The router: finds the operation of a request, decodes it, and calls the handler.

#[cfg(feature = "server")]
mod blocking;
mod context;
mod router;
#[cfg(feature = "server")]
mod service;
mod settings;

#[cfg(feature = "server")]
pub use blocking::Abandoned;
pub use context::{Context, Peer};
pub use router::Router;
