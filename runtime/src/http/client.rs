use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use http::HeaderMap;

use super::budget::Budget;
use super::call::Call;
use super::call_headers::CallHeaders;
use super::environment::Environment;
use super::exchange::Exchange;
use super::observer::Observer;
use super::operation::{DeclaredError, FromResponse, Operation};
use super::param::ToParam;
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
    /// What its requests carry, if that is not the same as for the others.
    headers: Option<Arc<CallHeaders>>,
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
    /// Whether there was a response, so that there may be connections that were kept.
    pub(super) answered: AtomicBool,
    pub(super) validation: Validation,
    /// What is done about requests that break the spec, and what knows it.
    pub(super) requests: Option<(&'static Validator, Validation)>,
    pub(super) observer: Option<Arc<dyn Observer>>,
    pub(super) response_limit: Option<ResponseLimit>,
    pub(super) environment: Option<Environment>,
    pub(super) guarded: bool,
    /// Whether headers may go along with redirects to hosts that must not have credentials.
    pub(super) redirects: bool,
}

impl HttpClient {
    pub(super) fn new(shared: Shared, side_effects: Option<Arc<str>>) -> HttpClient {
        HttpClient { shared: Arc::new(shared), side_effects, headers: None }
    }

    /// A clone whose calls may have side effects in production although the client
    /// [guards](crate::ClientBuilder::guard_side_effects) them. The reason is for whoever reads spans and reports later; a
    /// blank one allows nothing.
    #[must_use]
    pub fn allow_side_effects(&self, reason: impl Into<Arc<str>>) -> HttpClient {
        HttpClient { side_effects: Some(reason.into()), ..self.clone() }
    }

    /// A clone whose calls all carry this header, in place of one of the same name that the client sends, credentials
    /// included. What a parameter or a single call sets still comes first. A list sends the header once per element; an
    /// absent value changes nothing. If the header cannot be sent, calls fail as
    /// [invalid requests](crate::Failure::is_invalid_request).
    #[must_use]
    pub fn with_header(&self, name: &str, value: impl ToParam) -> HttpClient {
        self.carrying(self.call_headers().with(name, &value))
    }

    /// A clone whose calls carry these headers, too.
    pub(super) fn with_headers(&self, headers: &CallHeaders) -> HttpClient {
        self.carrying(self.call_headers().under(headers))
    }

    fn call_headers(&self) -> CallHeaders {
        self.headers.as_deref().cloned().unwrap_or_else(|| CallHeaders::new(self.shared.headers.clone()))
    }

    fn carrying(&self, headers: CallHeaders) -> HttpClient {
        HttpClient { headers: Some(Arc::new(headers)), ..self.clone() }
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

    /// Whether headers may go along with redirects to hosts that must not have credentials.
    pub(super) fn redirects(&self) -> bool {
        self.shared.redirects
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

    /// Notes that a response has arrived.
    pub(super) fn set_answered(&self) {
        // A store would take the line of memory from other threads each time.
        if !self.has_answered() {
            self.shared.answered.store(true, Ordering::Relaxed);
        }
    }

    /// Whether one ever has.
    pub(super) fn has_answered(&self) -> bool {
        self.shared.answered.load(Ordering::Relaxed)
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
        self.headers.as_ref().map_or(&self.shared.headers, |own| &own.map)
    }

    /// Why nothing can be sent, if a header cannot.
    pub(super) fn header_error(&self) -> Option<&str> {
        self.headers.as_ref()?.error.as_deref()
    }
}

impl fmt::Debug for HttpClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpClient")
            .field("service", &self.shared.service.name)
            .field("base_url", &self.shared.base_url)
            // Names only: any header may carry a key.
            .field("headers", &self.headers().keys().collect::<Vec<_>>())
            .field("timeout", &self.shared.timeout)
            .field("retry", &self.shared.retry)
            .field("environment", &self.shared.environment)
            .field("guarded", &self.shared.guarded)
            .field("side_effects", &self.side_effects)
            .finish_non_exhaustive()
    }
}
