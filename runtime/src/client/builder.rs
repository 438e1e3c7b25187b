use std::ffi::OsString;
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use http::HeaderMap;
use http::header::{ACCEPT, USER_AGENT};

use super::auth::{Auth, Sensitive};
use super::budget::Budget;
use super::config;
use super::config::BuildError;
use super::environment::Environment;
use super::http_client::{HttpClient, Settings, Shared};
use super::observer::Observer;
use super::request::ACCEPTED;
use crate::call::{RetryPolicy, ValidationPolicy};
use crate::encoding::{ToParam, headers};
use crate::operation::ServiceInfo;
use crate::transport::{ResponseLimit, Transport};
use crate::validate::{Table, Validator};

/// The default number of retries of a client that may follow one another without a success.
pub const RETRY_BUDGET: u32 = 10;

/// A guard that does not know the environment would let every call pass.
const UNKNOWN_ENVIRONMENT: &str = "side effects are guarded, but the environment is not known: \
    set it by `environment(…)`, or by `env(…)` and its variable `…_ENVIRONMENT`";

type Layer = Box<dyn FnOnce(Arc<dyn Transport>) -> Arc<dyn Transport> + Send + Sync>;

/// A builder of clients.
///
/// Every request has the headers `User-Agent`, `X-Apidoc-Version`, `X-Apidoc-Version-Major` (if the version has a
/// major) and `Accept: application/json`, then those with a default in the spec, then the client's, then those of the
/// call. A later header replaces an earlier one of the same name.
///
/// Calls take at most [`DEFAULT_TIMEOUT`](crate::client::DEFAULT_TIMEOUT), including retries. Repeatable calls are
/// retried by [`RetryPolicy::careful`], within that time and a [budget](RETRY_BUDGET). Redirects are not followed: the
/// spec does not declare them.
#[must_use]
pub struct ClientBuilder<C = HttpClient> {
    service: &'static ServiceInfo,
    base_url: String,
    auth: Auth,
    headers: HeaderMap,
    settings: Settings,
    transport: Option<Arc<dyn Transport>>,
    layers: Vec<Layer>,
    retry_budget: u32,
    side_effects: Option<Arc<str>>,
    trusts_redirects: bool,
    error: Option<String>,
    client: PhantomData<fn() -> C>,
}

impl<C> ClientBuilder<C> {
    /// Creates a builder for a client of `service`. Paths are appended to `base_url` (`https://api.flow.io`).
    pub fn new(service: &'static ServiceInfo, base_url: impl Into<String>) -> ClientBuilder<C> {
        ClientBuilder {
            service,
            base_url: base_url.into(),
            auth: Auth::none(),
            headers: HeaderMap::new(),
            settings: Settings::default(),
            transport: None,
            layers: Vec::new(),
            retry_budget: RETRY_BUDGET,
            side_effects: None,
            trusts_redirects: false,
            error: None,
            client: PhantomData,
        }
    }

    /// Reads base URL, API key and [environment](Self::environment) from the environment variables `<PREFIX>_URL`,
    /// `<PREFIX>_API_KEY` and `<PREFIX>_ENVIRONMENT`. Unset and empty variables are ignored. [`build`](Self::build)
    /// fails if one is not Unicode, or if the URL is invalid.
    pub fn env(self, prefix: &str) -> Self {
        self.variables(prefix, &|name| std::env::var_os(name))
    }

    fn variables(mut self, prefix: &str, variable: &dyn Fn(&str) -> Option<OsString>) -> Self {
        let mut read = |name: &str| {
            let name = format!("{prefix}_{name}");
            let text = variable(&name).filter(|value| !value.is_empty())?.into_string();
            text.inspect_err(|_| {
                self.error.get_or_insert_with(|| format!("the environment variable {name} is not Unicode"));
            })
            .ok()
        };
        let (url, key, environment) = (read("URL"), read("API_KEY"), read("ENVIRONMENT"));
        self.base_url = url.unwrap_or(self.base_url);
        self.auth = key.map(Auth::api_key).unwrap_or(self.auth);
        self.settings.environment = environment.map(Environment::from).or(self.settings.environment);
        self
    }

    /// Sends an API key, as the user name of HTTP Basic with an empty password. Of several credentials the last set is
    /// used.
    pub fn api_key(self, key: impl Into<Sensitive>) -> Self {
        self.auth(Auth::api_key(key))
    }

    /// Sends a user name and a password by HTTP Basic.
    pub fn basic(self, user: impl Into<Sensitive>, password: impl Into<Sensitive>) -> Self {
        self.auth(Auth::basic(user, password))
    }

    /// Sends `Authorization: Bearer <token>`.
    pub fn bearer(self, token: impl Into<Sensitive>) -> Self {
        self.auth(Auth::bearer(token))
    }

    /// Sets the credentials.
    pub fn auth(mut self, auth: Auth) -> Self {
        self.auth = auth;
        self
    }

    /// Sets a header of every request. A list sends it once per element; an absent value changes nothing.
    pub fn header(mut self, name: &str, value: impl ToParam) -> Self {
        if let Err(error) = headers::set_in_request(&mut self.headers, name, &value) {
            self.error.get_or_insert(error);
        }
        self
    }

    /// Sets the time limit of a call, including retries.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.settings.timeout = Some(timeout);
        self
    }

    /// Sets when repeatable calls are retried; see [`RetryPolicy`]. [`RetryPolicy::never`] turns retries off.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.settings.retry = policy;
        self
    }

    /// Sets how many retries may follow one another without a success, over all calls of the client and its clones.
    /// Each success earns a tenth of a retry.
    pub fn retry_budget(mut self, retries: u32) -> Self {
        self.retry_budget = retries;
        self
    }

    /// Sets how to handle responses that decode but violate the spec; `true` is [`ValidationPolicy::Reject`].
    pub fn validate(mut self, validation: impl Into<ValidationPolicy>) -> Self {
        self.settings.validation = validation.into();
        self
    }

    /// Sets how to handle the client's own requests that violate the spec, such as values beyond limits that argument
    /// types do not express. The validator is the generated one (`location::validator()`). `true` is
    /// [`ValidationPolicy::Reject`]: such requests are not sent.
    pub fn validate_requests(mut self, validator: &'static Validator, validation: impl Into<ValidationPolicy>) -> Self {
        self.settings.requests = Some((validator, validation.into()));
        self
    }

    /// Calls `observer` after each completed call, for metrics. Without one, nothing is measured.
    pub fn observer(mut self, observer: impl Observer) -> Self {
        self.settings.observer = Some(Arc::new(observer));
        self
    }

    /// Limits the size of response bodies; a larger one is a transport error. By default the limit is that of the
    /// transport: [`MAX_RESPONSE_BYTES`](crate::client::MAX_RESPONSE_BYTES) unless configured.
    pub fn max_response_bytes(mut self, bytes: usize) -> Self {
        self.settings.response_limit = Some(ResponseLimit(bytes));
        self
    }

    /// Sets the environment of the service: `Environment::Staging`, or its name.
    pub fn environment(mut self, environment: impl Into<Environment>) -> Self {
        self.settings.environment = Some(environment.into());
        self
    }

    /// Refuses calls in production to operations with side effects, unless a reason is given: on the call
    /// ([`Call::allow_side_effects`](crate::Call::allow_side_effects)), on a clone of the client
    /// ([`HttpClient::allow_side_effects`]), or [here](Self::allow_side_effects). A refused call sends nothing, fetches
    /// no credentials, and fails with an error that [is guarded](crate::client::Failure::is_guarded).
    ///
    /// An operation has side effects if its method is not `GET`, `HEAD` or `OPTIONS`, unless the attribute `apigen` in
    /// the spec overrides it: `{"side_effects": false}`. A guarded client must know its
    /// [environment](Self::environment). Mocks are never guarded.
    pub fn guard_side_effects(mut self) -> Self {
        self.settings.guarded = true;
        self
    }

    /// Allows side effects in production for all calls of a [guarded](Self::guard_side_effects) client. The reason
    /// appears in spans and reports; a blank one allows nothing.
    pub fn allow_side_effects(mut self, reason: impl Into<Arc<str>>) -> Self {
        self.side_effects = Some(reason.into());
        self
    }

    /// Sends requests by a reqwest client with these settings: TLS, proxies, time limits. Redirects are never followed,
    /// even if the settings say so.
    #[cfg(feature = "reqwest")]
    pub fn reqwest_builder(mut self, builder: reqwest::ClientBuilder) -> Self {
        match crate::transport::ReqwestTransport::from_builder(builder) {
            Ok(transport) => self.transport(transport),
            Err(error) => {
                self.error.get_or_insert(format!("the HTTP client cannot be set up: {error}"));
                self
            }
        }
    }

    /// Sends requests by an existing reqwest client, with its TLS, proxies and redirects. Prefer
    /// [`reqwest_builder`](Self::reqwest_builder) where there is no client to reuse.
    ///
    /// A finished client does not reveal whether it follows redirects. If it does, it removes `Authorization` and
    /// `Cookie` before it sends a request to another host, but no other header. So [`build`](Self::build) fails if
    /// there are credentials in a header of another name, unless [`trust_redirects`](Self::trust_redirects) is called,
    /// and so does a call that has such a header. A header set by [`header`](Self::header) counts as credentials by its
    /// name, such as `X-Api-Key` or `X-Auth-Token`.
    #[cfg(feature = "reqwest")]
    pub fn reqwest(self, client: reqwest::Client) -> Self {
        self.transport(crate::transport::ReqwestTransport::new(client))
    }

    /// Declares that the transport does not follow redirects to other hosts, or that those hosts may receive the
    /// credentials. Required for credentials in a header such as `X-Api-Key` over a transport that [may follow
    /// redirects](Transport::may_redirect).
    pub fn trust_redirects(mut self) -> Self {
        self.trusts_redirects = true;
        self
    }

    /// Sends requests by this transport.
    pub fn transport(mut self, transport: impl Transport) -> Self {
        self.transport = Some(Arc::new(transport));
        self
    }

    /// Wraps the transport in another one, which sees every attempt: retries, the refresh of credentials and decoding
    /// happen outside of it.
    ///
    /// Each layer wraps the previous ones, so the last one added sees a request first and its response last. The
    /// transport itself is innermost, even if it is set after the layers or is the default.
    ///
    /// ```
    /// use std::sync::Arc;
    /// use apigen_runtime::{bytes::Bytes, client::{ClientBuilder, HttpClient, Transport, TransportFuture}};
    ///
    /// /// Prints each request.
    /// struct Told<T>(T);
    ///
    /// impl<T: Transport> Transport for Told<T> {
    ///     fn send(&self, request: http::Request<Bytes>) -> TransportFuture<'_> {
    ///         println!("{} {}", request.method(), request.uri().path());
    ///         self.0.send(request)
    ///     }
    /// }
    ///
    /// fn told(builder: ClientBuilder<HttpClient>) -> ClientBuilder<HttpClient> {
    ///     builder.layer(|inner: Arc<dyn Transport>| Told(inner))
    /// }
    /// ```
    pub fn layer<T: Transport>(mut self, layer: impl FnOnce(Arc<dyn Transport>) -> T + Send + Sync + 'static) -> Self {
        self.layers.push(Box::new(|inner| Arc::new(layer(inner))));
        self
    }

    /// Creates the client.
    ///
    /// # Errors
    /// Returns an error if
    ///
    /// * the base URL is not absolute, not `http` or `https`, or contains credentials, a query or a fragment,
    /// * a header or the credentials cannot be sent, or both set the same header,
    /// * the credentials are in a header that redirects would send to other hosts, and the transport [may follow
    ///   them](Transport::may_redirect),
    /// * side effects are guarded but the environment is unknown,
    /// * TLS cannot be set up,
    /// * there is no transport (without the feature `reqwest`).
    pub fn build(mut self) -> Result<C, BuildError>
    where
        C: From<HttpClient>,
    {
        let side_effects = self.side_effects.take();
        Ok(C::from(HttpClient::new(self.shared()?, side_effects)))
    }

    fn shared(self) -> Result<Shared, BuildError> {
        if let Some(error) = self.error {
            return Err(BuildError::new(error));
        }
        if self.settings.guarded && self.settings.environment.is_none() {
            return Err(BuildError::new(UNKNOWN_ENVIRONMENT.into()));
        }
        let mut headers = built_in(self.service).map_err(BuildError::new)?;
        let refresher = self.auth.refresher();
        let credentials = if refresher.is_some() { None } else { self.auth.to_header().map_err(BuildError::new)? };
        if let Some((name, _)) = credentials.as_ref().filter(|(name, _)| self.headers.contains_key(name)) {
            return Err(BuildError::new(format!("both the credentials and a header of the client set `{name}`")));
        }
        headers::overlay(&mut headers, &self.headers);
        let transport = match self.transport {
            Some(transport) => transport,
            None => default_transport()?,
        };
        let redirects = transport.may_redirect() && !self.trusts_redirects;
        headers::all_stay([&headers, &self.headers], &[], redirects).map_err(BuildError::new)?;
        if let Some((name, value)) = credentials {
            headers::must_stay(&name, redirects).map_err(BuildError::new)?;
            headers.insert(name, value);
        }
        let transport = self.layers.into_iter().fold(transport, |inner, layer| layer(inner));
        let base_url = config::parse_base_url(&self.base_url).map_err(BuildError::new)?;
        Ok(Shared {
            service: self.service,
            base_url,
            headers,
            settings: self.settings,
            transport,
            refresher,
            budget: Budget::new(self.retry_budget),
            answered: AtomicBool::new(false),
            redirects,
            overlapping: Table::of_paths(self.service.overlapping),
        })
    }
}

impl<C> fmt::Debug for ClientBuilder<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Neither the URL nor header values: they may be sensitive.
        f.debug_struct("ClientBuilder").field("service", &self.service.name).finish_non_exhaustive()
    }
}

fn built_in(service: &ServiceInfo) -> Result<HeaderMap, String> {
    let mut map = HeaderMap::new();
    let user_agent = Some(service.user_agent).filter(|text| !text.is_empty());
    headers::set(&mut map, ACCEPT.as_str(), &ACCEPTED)?;
    headers::set(&mut map, USER_AGENT.as_str(), &user_agent)?;
    headers::set(&mut map, "x-apidoc-version", &service.version)?;
    headers::set(&mut map, "x-apidoc-version-major", &service.major())?;
    for (name, value) in service.headers {
        headers::set(&mut map, name, value)?;
    }
    Ok(map)
}

#[cfg(feature = "reqwest")]
fn default_transport() -> Result<Arc<dyn Transport>, BuildError> {
    match crate::transport::ReqwestTransport::with_defaults() {
        Ok(transport) => Ok(Arc::new(transport)),
        Err(error) => Err(BuildError::caused("the HTTP client cannot be set up", error)),
    }
}

#[cfg(not(feature = "reqwest"))]
fn default_transport() -> Result<Arc<dyn Transport>, BuildError> {
    Err(BuildError::new("there is no transport: set one, or enable the feature `reqwest` of apigen-runtime".into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    static SERVICE: ServiceInfo =
        ServiceInfo { name: "", namespace: "", version: "", user_agent: "", headers: &[], overlapping: &[] };

    #[test]
    fn variables_of_the_environment() {
        let builder = || ClientBuilder::<HttpClient>::new(&SERVICE, "http://spec.org").api_key("old");
        let with = |values: [Option<&str>; 3]| {
            builder().variables("X", &|name| {
                let index = ["X_URL", "X_API_KEY", "X_ENVIRONMENT"].iter().position(|known| *known == name).unwrap();
                values[index].map(OsString::from)
            })
        };
        let shown = |builder: ClientBuilder| {
            let key = builder.auth.to_header().unwrap().unwrap().1.to_str().unwrap().to_owned();
            (builder.base_url, key, builder.settings.environment)
        };
        let (old, new) = ("Basic b2xkOg==".to_owned(), "Basic bmV3Og==".to_owned());
        assert_eq!(shown(with([None; 3])), ("http://spec.org".into(), old.clone(), None));
        assert_eq!(shown(with([Some(""); 3])), ("http://spec.org".into(), old.clone(), None));
        assert_eq!(shown(with([Some("http://e.org"), None, None])), ("http://e.org".into(), old.clone(), None));
        assert_eq!(shown(with([None, Some("new"), None])), ("http://spec.org".into(), new, None));
        let production = Some(Environment::Production);
        assert_eq!(shown(with([None, None, Some("prod")])), ("http://spec.org".into(), old.clone(), production));
        let kept = builder().environment("staging").variables("X", &|_| None);
        assert_eq!(shown(kept), ("http://spec.org".into(), old, Some(Environment::Staging)));
    }

    #[cfg(unix)]
    #[test]
    fn variables_that_are_not_unicode() {
        use std::os::unix::ffi::OsStringExt;

        let bad = OsString::from_vec(b"hunter2\xff".to_vec());
        let builder = ClientBuilder::<HttpClient>::new(&SERVICE, "http://spec.org");
        let error = builder.variables("X", &|name| (name == "X_API_KEY").then(|| bad.clone())).build().unwrap_err();
        assert_eq!(error.to_string(), "the environment variable X_API_KEY is not Unicode");
        assert!(!format!("{error:?}").contains("hunter2"));
    }
}
