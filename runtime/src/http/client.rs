use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::HeaderMap;

use super::budget::Budget;
use super::call::Call;
use super::environment::Environment;
use super::exchange::Exchange;
use super::observer::Observer;
use super::operation::{DeclaredError, FromResponse, Operation};
use super::refresh::Refresher;
use super::request::Request;
use super::retry::RetryPolicy;
use super::service::ServiceInfo;
use super::transport::{ResponseLimit, Transport};
use super::validation::Validation;
use crate::server::Validator;

/// What generated clients send their calls by: base URL, headers, credentials and a transport.
///
/// Cloning it is cheap, and the clones share connections, fetched credentials and the budget of retries. Made by a [`ClientBuilder`](crate::ClientBuilder).
#[derive(Clone)]
pub struct HttpClient {
    shared: Arc<Shared>,
    /// Why its calls may have side effects.
    side_effects: Option<Arc<str>>,
}

pub(super) struct Shared {
    pub(super) service: &'static ServiceInfo,
    pub(super) base_url: String,
    pub(super) headers: HeaderMap,
    pub(super) timeout: Duration,
    pub(super) transport: Arc<dyn Transport>,
    pub(super) refresher: Option<Arc<Refresher>>,
    pub(super) retry: RetryPolicy,
    pub(super) budget: Budget,
    pub(super) validation: Validation,
    /// What is done about requests that break the spec, and what knows it.
    pub(super) requests: Option<(&'static Validator, Validation)>,
    pub(super) observer: Option<Arc<dyn Observer>>,
    pub(super) response_limit: Option<ResponseLimit>,
    pub(super) environment: Option<Environment>,
    pub(super) guarded: bool,
}

impl HttpClient {
    pub(super) fn new(shared: Shared, side_effects: Option<Arc<str>>) -> HttpClient {
        HttpClient { shared: Arc::new(shared), side_effects }
    }

    /// A clone whose calls may have side effects in production although the client
    /// [guards](crate::ClientBuilder::guard_side_effects) them. The reason is for whoever reads spans and reports later; a
    /// blank one allows nothing.
    #[must_use]
    pub fn allow_side_effects(&self, reason: impl Into<Arc<str>>) -> HttpClient {
        HttpClient { shared: Arc::clone(&self.shared), side_effects: Some(reason.into()) }
    }

    /// A call that sends `request` when it is awaited.
    pub fn call<'a, O: Operation>(&'a self, request: Request) -> Call<'a, O::Output, O::Error> {
        Call::http(Exchange::http(self.clone(), request))
    }

    /// As [`call`](Self::call), for generated code, where the types follow from the signature around it.
    pub fn send<'a, T: FromResponse, E: DeclaredError>(&'a self, request: Request) -> Call<'a, T, E> {
        Call::http(Exchange::http(self.clone(), request))
    }

    /// The service that this client is for.
    pub fn service(&self) -> &'static ServiceInfo {
        self.shared.service
    }

    /// The URL that paths are appended to, without a trailing slash.
    pub fn base_url(&self) -> &str {
        &self.shared.base_url
    }

    /// Where its calls go, if it was told.
    pub fn environment(&self) -> Option<&Environment> {
        self.shared.environment.as_ref()
    }

    /// Whether side effects need a reason.
    pub(super) fn guards(&self) -> bool {
        self.shared.guarded && self.shared.environment == Some(Environment::Production)
    }

    pub(super) fn side_effects(&self) -> Option<&Arc<str>> {
        self.side_effects.as_ref()
    }

    pub(super) fn transport(&self) -> &dyn Transport {
        &*self.shared.transport
    }

    pub(super) fn timeout(&self) -> Duration {
        self.shared.timeout
    }

    pub(super) fn refresher(&self) -> Option<&Arc<Refresher>> {
        self.shared.refresher.as_ref()
    }

    pub(super) fn retry(&self) -> RetryPolicy {
        self.shared.retry
    }

    pub(super) fn budget(&self) -> &Budget {
        &self.shared.budget
    }

    pub(super) fn requests(&self) -> Option<(&'static Validator, Validation)> {
        self.shared.requests
    }

    pub(super) fn validation(&self) -> Validation {
        self.shared.validation
    }

    pub(super) fn observer(&self) -> Option<&Arc<dyn Observer>> {
        self.shared.observer.as_ref()
    }

    pub(super) fn response_limit(&self) -> Option<ResponseLimit> {
        self.shared.response_limit
    }

    /// What every request carries.
    pub(super) fn headers(&self) -> &HeaderMap {
        &self.shared.headers
    }
}

impl fmt::Debug for HttpClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpClient")
            .field("service", &self.shared.service.name)
            .field("base_url", &self.shared.base_url)
            // Names only: any header may carry a key.
            .field("headers", &self.shared.headers.keys().collect::<Vec<_>>())
            .field("timeout", &self.shared.timeout)
            .field("retry", &self.shared.retry)
            .field("environment", &self.shared.environment)
            .field("guarded", &self.shared.guarded)
            .field("side_effects", &self.side_effects)
            .finish_non_exhaustive()
    }
}
