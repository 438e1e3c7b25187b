//! Transports: the trait, reqwest, and tower services.

#[cfg(feature = "reqwest")]
mod reqwest;
pub(crate) mod timer;
#[cfg(feature = "tower")]
mod tower;
mod traits;

#[cfg(feature = "reqwest")]
pub use reqwest::{CONNECT_TIMEOUT, ReqwestTransport};
pub(crate) use timer::Sleep;
#[cfg(feature = "tower")]
pub use tower::{TowerTransport, TransportService};
pub use traits::{
    BoxFuture, MAX_RESPONSE_BYTES, ResponseLimit, Timeout, Transport, TransportError, TransportFn, TransportFuture,
    transport_fn,
};
