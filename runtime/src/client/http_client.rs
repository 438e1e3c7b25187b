use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use http::HeaderMap;

use super::budget::Budget;
use super::environment::Environment;
use super::observer::Observer;
use super::refresh::Refresher;
use super::request::Request;
use crate::call::{CallHeaders, CallOptions, Exchange, Failure, Kind, RetryPolicy, SharedInput, ValidationPolicy};
use crate::encoding::ToParam;
use crate::operation::{OperationInfo, ServiceInfo};
use crate::transport::{ResponseLimit, Transport};
use crate::validate::{Table, Validator};

/// The default time limit of a call, including retries.
pub const DEFAULT_TIMEOUT: Duration = Duration::from_secs(30);

/// A type whose calls an [`HttpClient`] sends. The traits of resources require it, and generated clients implement it.
pub trait HttpCaller: Send + Sync {
    /// Returns the client that sends the calls.
    fn http(&self) -> &HttpClient;
}

/// The HTTP client that generated clients use: base URL, headers, credentials and a transport.
///
/// Clones are cheap; they share connections, fetched credentials and the retry budget. Create one with a
/// [`ClientBuilder`](crate::client::ClientBuilder).
#[derive(Clone)]
pub struct HttpClient {
    pub(super) shared: Arc<Shared>,
    /// The reason that allows side effects.
    pub(crate) side_effects: Option<Arc<str>>,
    /// The headers of this clone, if they differ from the shared ones.
    pub(crate) headers: Option<Arc<CallHeaders>>,
    /// Responds in place of the transport.
    pub(super) engine: Option<Arc<dyn Engine>>,
}

/// Responds to the calls of a client, which knows their typed input. Implemented by mocks, which are in a layer above.
pub(crate) trait Engine: Send + Sync {
    /// Begins a call of this client, whose request is `request`.
    fn begin(self: Arc<Self>, client: &HttpClient, request: Request, input: SharedInput) -> Box<Exchange>;
}

/// What a client is built with and its calls read.
#[derive(Default)]
pub(crate) struct Settings {
    /// [`DEFAULT_TIMEOUT`] if it is not set.
    pub(crate) timeout: Option<Duration>,
    pub(crate) retry: RetryPolicy,
    pub(crate) validation: ValidationPolicy,
    pub(crate) requests: Option<(&'static Validator, ValidationPolicy)>,
    pub(crate) observer: Option<Arc<dyn Observer>>,
    pub(crate) response_limit: Option<ResponseLimit>,
    pub(crate) environment: Option<Environment>,
    pub(crate) guarded: bool,
}

pub(crate) struct Shared {
    pub(crate) service: &'static ServiceInfo,
    pub(crate) base_url: String,
    pub(crate) headers: HeaderMap,
    pub(crate) settings: Settings,
    pub(crate) transport: Arc<dyn Transport>,
    pub(crate) refresher: Option<Arc<Refresher>>,
    pub(crate) budget: Budget,
    /// Whether a response has arrived, so that there may be idle connections.
    pub(crate) answered: AtomicBool,
    /// Whether redirects may send headers to hosts that must not receive credentials.
    pub(crate) redirects: bool,
    /// The paths that a value in the path of another operation could lead to.
    pub(crate) overlapping: Table<&'static str>,
}

impl HttpClient {
    pub(crate) fn new(shared: Shared, side_effects: Option<Arc<str>>) -> HttpClient {
        HttpClient { shared: Arc::new(shared), side_effects, headers: None, engine: None }
    }

    /// Creates a client that has only a transport: it adds nothing to requests.
    pub(crate) fn bare(service: &'static ServiceInfo, transport: Arc<dyn Transport>) -> HttpClient {
        let shared = Shared {
            service,
            base_url: "http://mock.invalid".to_owned(),
            headers: HeaderMap::new(),
            settings: Settings { retry: RetryPolicy::never(), ..Settings::default() },
            transport,
            refresher: None,
            budget: Budget::new(0),
            answered: AtomicBool::new(false),
            redirects: false,
            overlapping: Table::of_paths(service.overlapping),
        };
        HttpClient::new(shared, None)
    }

    pub(crate) fn with_engine(&self, engine: Arc<dyn Engine>) -> HttpClient {
        HttpClient { engine: Some(engine), ..self.clone() }
    }

    /// Returns a clone that may have side effects in production although the client
    /// [guards](crate::client::ClientBuilder::guard_side_effects) them. The reason appears in spans and reports; a
    /// blank one allows nothing.
    #[must_use]
    pub fn allow_side_effects(&self, reason: impl Into<Arc<str>>) -> HttpClient {
        HttpClient { side_effects: Some(reason.into()), ..self.clone() }
    }

    /// Returns a clone that adds this header to all of its calls. It replaces a header of the same name of the client,
    /// including credentials, but not one of a parameter or a single call. A list sends the header once per element; an
    /// absent value changes nothing. If the header cannot be sent, calls fail as [invalid
    /// requests](crate::client::Failure::is_invalid_request).
    #[must_use]
    pub fn with_header(&self, name: &str, value: impl ToParam) -> HttpClient {
        let mut headers = CallHeaders::default();
        headers.set(name, &value);
        self.with_headers(&headers)
    }

    pub(crate) fn with_headers(&self, headers: &CallHeaders) -> HttpClient {
        let shared = || CallHeaders { map: self.shared.headers.clone(), error: None };
        let own = self.headers.as_deref().cloned().unwrap_or_else(shared);
        HttpClient { headers: Some(Arc::new(own.under(headers))), ..self.clone() }
    }

    /// Returns the service of this client.
    pub fn service(&self) -> &'static ServiceInfo {
        self.shared.service
    }

    /// Returns the URL that paths are appended to, without a trailing slash.
    pub fn base_url(&self) -> &str {
        &self.shared.base_url
    }

    /// Returns the environment, if it is set.
    pub fn environment(&self) -> Option<&Environment> {
        self.shared.settings.environment.as_ref()
    }

    /// Returns true if the side effects of an operation need a reason.
    fn guards(&self, info: &OperationInfo) -> bool {
        info.side_effects
            && self.shared.settings.guarded
            && self.shared.settings.environment == Some(Environment::Production)
    }

    /// Returns why a call may have guarded side effects. The reason of the call overrides that of the client.
    pub(crate) fn side_effects_reason(&self, info: &OperationInfo, options: &CallOptions) -> Option<Arc<str>> {
        if !self.guards(info) {
            return None;
        }
        let reasons = [options.side_effects.as_ref(), self.side_effects.as_ref()];
        reasons.into_iter().flatten().find(|reason| !reason.trim().is_empty()).cloned()
    }

    pub(crate) fn guarded(&self, info: &'static OperationInfo, options: &CallOptions) -> Option<Box<Failure>> {
        if !self.guards(info) || self.side_effects_reason(info, options).is_some() {
            return None;
        }
        Some(Failure::of(Some(info), Kind::Guarded))
    }

    /// Returns the path of the operation that a request for `info` would reach in its place.
    pub(crate) fn reached_instead(&self, info: &OperationInfo, path: &str) -> Option<&'static str> {
        let routes = &self.shared.overlapping;
        routes.target(info.method, path).copied().filter(|reached| *reached != info.path)
    }

    pub(crate) fn timeout(&self) -> Duration {
        self.shared.settings.timeout.unwrap_or(DEFAULT_TIMEOUT)
    }

    pub(crate) fn set_answered(&self) {
        // An unconditional store would invalidate the cache line of other threads each time.
        if !self.has_answered() {
            self.shared.answered.store(true, Ordering::Relaxed);
        }
    }

    pub(crate) fn has_answered(&self) -> bool {
        self.shared.answered.load(Ordering::Relaxed)
    }

    pub(crate) fn headers(&self) -> &HeaderMap {
        self.headers.as_ref().map_or(&self.shared.headers, |own| &own.map)
    }
}

impl fmt::Debug for HttpClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpClient")
            .field("service", &self.shared.service.name)
            .field("base_url", &self.shared.base_url)
            // Names only: any header may hold a key.
            .field("headers", &self.headers().keys().collect::<Vec<_>>())
            .field("timeout", &self.timeout())
            .field("retry", &self.shared.settings.retry)
            .field("environment", &self.shared.settings.environment)
            .field("guarded", &self.shared.settings.guarded)
            .field("side_effects", &self.side_effects)
            .finish_non_exhaustive()
    }
}
