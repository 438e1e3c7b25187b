//! HTTP clients: builder, credentials, retries, transports, observers, and pages.

mod auth;
mod budget;
mod builder;
mod config;
mod dispatch;
mod environment;
mod http_client;
mod instrument;
mod observer;
mod pages;
mod refresh;
pub(crate) mod request;
mod send;
#[cfg(feature = "tracing")]
mod trace;

pub use auth::{Auth, Credentials, Sensitive};
pub use builder::{ClientBuilder, RETRY_BUDGET};
pub use config::BuildError;
pub use environment::Environment;
pub(crate) use http_client::Engine;
pub use http_client::{DEFAULT_TIMEOUT, HttpCaller, HttpClient};
pub use observer::{CallError, CallReport, Observer};
pub use pages::{Items, Page, PageParameter, Pages, items, owned_items, owned_pages, pages};

#[cfg(feature = "blocking")]
pub use crate::call::block_on;
pub use crate::call::{Failure, ResponseFuture, RetryPolicy, SentRequest, ValidationPolicy};
pub use crate::encoding::{FromHeaders, HeaderError, ToParam};
pub use crate::operation::{DeclaredError, FromResponse, HeaderInfo, ResponseInfo, ServiceInfo};
pub use crate::transport::{
    BoxFuture, MAX_RESPONSE_BYTES, ResponseLimit, Timeout, Transport, TransportError, TransportFn, TransportFuture,
    transport_fn,
};
#[cfg(feature = "reqwest")]
pub use crate::transport::{CONNECT_TIMEOUT, ReqwestTransport};
#[cfg(feature = "tower")]
pub use crate::transport::{TowerTransport, TransportService};
