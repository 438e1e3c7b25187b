//! The HTTP half of the runtime: encoding a call, sending it, and judging the answer.

mod answer;
mod any_error;
mod auth;
mod base_url;
mod bounds;
mod budget;
mod build_error;
mod builder;
mod call;
mod call_headers;
pub(crate) mod check;
mod client;
#[cfg(feature = "tower")]
mod collect;
mod deferred;
mod display;
mod env;
mod environment;
mod error;
mod exchange;
mod failure;
mod form;
mod guard;
pub(crate) mod headers;
pub(crate) mod media;
mod observer;
mod operation;
mod options;
#[cfg(feature = "reqwest")]
mod origin;
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
mod responses;
pub(crate) mod retry;
mod retry_after;
mod secret;
mod send;
mod service;
pub(crate) mod slot;
pub(crate) mod timer;
pub(crate) mod to_response;
#[cfg(feature = "tower")]
mod tower;
#[cfg(feature = "tower")]
mod tower_service;
#[cfg(feature = "tracing")]
mod trace;
mod transport;
mod turn;
#[cfg(feature = "testing")]
pub(crate) mod typed;
mod validation;
mod watch;

pub use any_error::AnyError;
pub use auth::Auth;
pub use bounds::BoxFuture;
pub use build_error::BuildError;
pub use builder::{ClientBuilder, DEFAULT_TIMEOUT, RETRY_BUDGET};
pub use call::{Call, CallFuture, CallOf, ResponseFuture};
pub(crate) use call_headers::CallHeaders;
pub use client::HttpClient;
pub use environment::Environment;
pub use error::Error;
pub use failure::{Failure, SentRequest};
pub(crate) use form::push_encoded;
pub use observer::{CallReport, Observer};
pub use operation::{DeclaredError, FromResponse, HeaderInfo, Operation, OperationInfo, ResponseInfo};
pub use options::CallOptions;
pub use pages::{Items, Page, Pages, items, owned_items, owned_pages, pages};
pub use param::ToParam;
pub use refresh::Credentials;
pub(crate) use request::HIDDEN;
pub use request::Request;
#[cfg(feature = "reqwest")]
pub use reqwest_transport::{CONNECT_TIMEOUT, ReqwestTransport};
pub use response::Response;
pub use response_headers::{FromHeaders, HeaderError};
pub use retry::RetryPolicy;
pub use secret::Secret;
pub use service::ServiceInfo;
pub use to_response::ToResponse;
#[cfg(feature = "tower")]
pub use tower::TowerTransport;
#[cfg(feature = "tower")]
pub use tower_service::TransportService;
pub use transport::{
    MAX_RESPONSE_BYTES, ResponseLimit, Timeout, Transport, TransportError, TransportFn, TransportFuture, transport_fn,
};
pub use validation::Validation;
