//! The HTTP half of the runtime: encoding a call, sending it, and judging the answer.

mod any_error;
mod auth;
mod base_url;
mod builder;
mod call;
mod client;
mod deferred;
mod display;
mod error;
mod exchange;
mod failure;
mod form;
mod headers;
mod operation;
mod options;
mod param;
mod path;
mod request;
#[cfg(feature = "reqwest")]
mod reqwest_transport;
mod response;
mod secret;
mod service;
mod slot;
mod timer;
mod transport;

pub use any_error::AnyError;
pub use auth::Auth;
pub use builder::{BuildError, ClientBuilder, DEFAULT_TIMEOUT};
pub use call::{Call, CallFuture, ResponseFuture};
pub use client::HttpClient;
pub use error::Error;
pub use failure::Failure;
pub use operation::{DeclaredError, FromResponse, Operation, OperationInfo, ResponseInfo};
pub use options::CallOptions;
pub use param::ToParam;
pub use request::Request;
#[cfg(feature = "reqwest")]
pub use reqwest_transport::{CONNECT_TIMEOUT, MAX_RESPONSE_BYTES, ReqwestTransport};
pub use response::Response;
pub use secret::Secret;
pub use service::ServiceInfo;
pub use transport::{Timeout, Transport, TransportError, TransportFn, TransportFuture, transport_fn};
