use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use http::HeaderMap;

use super::budget::Budget;
use super::environment::Environment;
use super::observer::Observer;
use super::refresh::Refresher;
use crate::call::{CallHeaders, CallOptions, Failure, Kind, RetryPolicy, ValidationPolicy};
use crate::encoding::ToParam;
use crate::operation::{OperationInfo, ServiceInfo};
use crate::transport::{ResponseLimit, Transport};
use crate::validate::Validator;

/// What generated clients send their calls by: base URL, headers, credentials and a transport.
///
/// Cloning it is cheap, and the clones share connections, fetched credentials and the budget of retries. Made by a [`ClientBuilder`](crate::client::ClientBuilder).
#[derive(Clone)]
pub struct HttpClient {
    shared: Arc<Shared>,
    /// Why its calls may have side effects.
    side_effects: Option<Arc<str>>,
    /// What its requests carry, if that is not the same as for the others.
    headers: Option<Arc<CallHeaders>>,
}

pub(crate) struct Shared {
    pub(crate) service: &'static ServiceInfo,
    pub(crate) base_url: String,
    pub(crate) headers: HeaderMap,
    pub(crate) timeout: Duration,
    pub(crate) transport: Arc<dyn Transport>,
    pub(crate) refresher: Option<Arc<Refresher>>,
    pub(crate) retry: RetryPolicy,
    pub(crate) budget: Budget,
    /// Whether there was a response, so that there may be connections that were kept.
    pub(crate) answered: AtomicBool,
    pub(crate) validation: ValidationPolicy,
    /// What is done about requests that break the spec, and what knows it.
    pub(crate) requests: Option<(&'static Validator, ValidationPolicy)>,
    pub(crate) observer: Option<Arc<dyn Observer>>,
    pub(crate) response_limit: Option<ResponseLimit>,
    pub(crate) environment: Option<Environment>,
    pub(crate) guarded: bool,
    /// Whether headers may go along with redirects to hosts that must not have credentials.
    pub(crate) redirects: bool,
}

impl HttpClient {
    pub(crate) fn new(shared: Shared, side_effects: Option<Arc<str>>) -> HttpClient {
        HttpClient { shared: Arc::new(shared), side_effects, headers: None }
    }

    /// A clone whose calls may have side effects in production although the client
    /// [guards](crate::client::ClientBuilder::guard_side_effects) them. The reason is for whoever reads spans and reports later; a
    /// blank one allows nothing.
    #[must_use]
    pub fn allow_side_effects(&self, reason: impl Into<Arc<str>>) -> HttpClient {
        HttpClient { side_effects: Some(reason.into()), ..self.clone() }
    }

    /// A clone whose calls all carry this header, in place of one of the same name that the client sends, credentials
    /// included. What a parameter or a single call sets still comes first. A list sends the header once per element; an
    /// absent value changes nothing. If the header cannot be sent, calls fail as
    /// [invalid requests](crate::client::Failure::is_invalid_request).
    #[must_use]
    pub fn with_header(&self, name: &str, value: impl ToParam) -> HttpClient {
        self.carrying(self.call_headers().with(name, &value))
    }

    /// A clone whose calls carry these headers, too.
    pub(crate) fn with_headers(&self, headers: &CallHeaders) -> HttpClient {
        self.carrying(self.call_headers().under(headers))
    }

    fn call_headers(&self) -> CallHeaders {
        self.headers.as_deref().cloned().unwrap_or_else(|| CallHeaders::new(self.shared.headers.clone()))
    }

    fn carrying(&self, headers: CallHeaders) -> HttpClient {
        HttpClient { headers: Some(Arc::new(headers)), ..self.clone() }
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
    pub(crate) fn redirects(&self) -> bool {
        self.shared.redirects
    }

    /// Whether the side effects of an operation need a reason.
    fn guards(&self, info: &OperationInfo) -> bool {
        info.side_effects && self.shared.guarded && self.shared.environment == Some(Environment::Production)
    }

    /// Why a call may have side effects that the client guards, if it does and somebody said so. The call counts for more than
    /// the client.
    pub(crate) fn side_effects_reason(&self, info: &OperationInfo, options: &CallOptions) -> Option<Arc<str>> {
        if !self.guards(info) {
            return None;
        }
        let reasons = [options.side_effects.as_ref(), self.side_effects.as_ref()];
        reasons.into_iter().flatten().find(|reason| !reason.trim().is_empty()).cloned()
    }

    /// The error of a call with side effects that nobody has allowed.
    pub(crate) fn guarded(&self, info: &'static OperationInfo, options: &CallOptions) -> Option<Box<Failure>> {
        if !self.guards(info) || self.side_effects_reason(info, options).is_some() {
            return None;
        }
        let mut failure = Failure::new(Kind::Guarded);
        failure.operation = Some(info);
        Some(failure)
    }

    pub(crate) fn transport(&self) -> &dyn Transport {
        &*self.shared.transport
    }

    pub(crate) fn timeout(&self) -> Duration {
        self.shared.timeout
    }

    pub(crate) fn refresher(&self) -> Option<&Arc<Refresher>> {
        self.shared.refresher.as_ref()
    }

    pub(crate) fn retry(&self) -> RetryPolicy {
        self.shared.retry
    }

    pub(crate) fn budget(&self) -> &Budget {
        &self.shared.budget
    }

    /// Notes that a response has arrived.
    pub(crate) fn set_answered(&self) {
        // A store would take the line of memory from other threads each time.
        if !self.has_answered() {
            self.shared.answered.store(true, Ordering::Relaxed);
        }
    }

    /// Whether one ever has.
    pub(crate) fn has_answered(&self) -> bool {
        self.shared.answered.load(Ordering::Relaxed)
    }

    pub(crate) fn requests(&self) -> Option<(&'static Validator, ValidationPolicy)> {
        self.shared.requests
    }

    pub(crate) fn validation(&self) -> ValidationPolicy {
        self.shared.validation
    }

    pub(crate) fn observer(&self) -> Option<&Arc<dyn Observer>> {
        self.shared.observer.as_ref()
    }

    pub(crate) fn response_limit(&self) -> Option<ResponseLimit> {
        self.shared.response_limit
    }

    /// What every request carries.
    pub(crate) fn headers(&self) -> &HeaderMap {
        self.headers.as_ref().map_or(&self.shared.headers, |own| &own.map)
    }

    /// Why nothing can be sent, if a header cannot.
    pub(crate) fn header_error(&self) -> Option<&str> {
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
