//! The HTTP half of the runtime: encoding a call, sending it, and judging the answer.

mod answer;
mod any_error;
mod auth;
mod base_url;
mod budget;
mod build_error;
mod builder;
mod call;
mod client;
mod deferred;
mod display;
mod env;
mod error;
mod exchange;
mod failure;
mod form;
mod headers;
mod observer;
mod operation;
mod options;
mod pages;
mod param;
pub(crate) mod path;
mod refresh;
mod repeat;
mod request;
#[cfg(feature = "reqwest")]
mod reqwest_transport;
mod response;
pub(crate) mod response_headers;
pub(crate) mod retry;
mod retry_after;
mod secret;
mod send;
mod service;
mod slot;
pub(crate) mod timer;
#[cfg(feature = "tracing")]
mod trace;
mod transport;
#[cfg(feature = "testing")]
pub(crate) mod typed;
mod validation;
mod watch;

pub use any_error::AnyError;
pub use auth::Auth;
pub use build_error::BuildError;
pub use builder::{ClientBuilder, DEFAULT_TIMEOUT, RETRY_BUDGET};
pub use call::{Call, CallFuture, ResponseFuture};
pub use client::HttpClient;
pub use error::Error;
pub use failure::{Failure, SentRequest};
pub use observer::{CallReport, Observer};
pub use operation::{DeclaredError, FromResponse, Operation, OperationInfo, ResponseInfo};
pub use options::CallOptions;
pub use pages::{Items, Page, Pages, items, pages};
pub use param::ToParam;
pub use refresh::Credentials;
pub use request::Request;
#[cfg(feature = "reqwest")]
pub use reqwest_transport::{CONNECT_TIMEOUT, MAX_RESPONSE_BYTES, ReqwestTransport};
pub use response::Response;
pub use response_headers::{FromHeaders, HeaderError};
pub use retry::RetryPolicy;
pub use secret::Secret;
pub use service::ServiceInfo;
pub use transport::{ResponseLimit, Timeout, Transport, TransportError, TransportFn, TransportFuture, transport_fn};
pub use validation::Validation;
