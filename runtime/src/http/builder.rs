use std::error::Error as StdError;
use std::fmt;
use std::marker::PhantomData;
use std::time::Duration;

use http::HeaderMap;
use http::header::{ACCEPT, USER_AGENT};

use super::auth::Auth;
use super::client::{HttpClient, Shared};
use super::param::ToParam;
use super::secret::Secret;
use super::service::ServiceInfo;
use super::transport::Transport;
use super::{base_url, headers};

/// The time that a call may take in all, unless client or call say otherwise.
pub const DEFAULT_TIMEOUT: Duration = Duration::from_secs(30);

/// Makes a client.
///
/// Every request carries `User-Agent`, `X-Apidoc-Version`, `X-Apidoc-Version-Major` (if the version has one) and
/// `Accept: application/json`; over these go the headers that the spec gives a default, then the client's, then those of
/// the call. A header of a later layer replaces one of the same name.
///
/// Calls take at most [`DEFAULT_TIMEOUT`]. Redirects are not followed: they are answers that the spec does not declare.
#[must_use]
pub struct ClientBuilder<C = HttpClient> {
    service: &'static ServiceInfo,
    base_url: String,
    auth: Auth,
    headers: HeaderMap,
    timeout: Duration,
    transport: Option<Box<dyn Transport>>,
    error: Option<String>,
    client: PhantomData<fn() -> C>,
}

impl<C> ClientBuilder<C> {
    /// A builder for a client of `service` at `base_url` (`https://api.flow.io`), which every path is appended to.
    pub fn new(service: &'static ServiceInfo, base_url: impl Into<String>) -> ClientBuilder<C> {
        ClientBuilder {
            service,
            base_url: base_url.into(),
            auth: Auth::none(),
            headers: HeaderMap::new(),
            timeout: DEFAULT_TIMEOUT,
            transport: None,
            error: None,
            client: PhantomData,
        }
    }

    /// Sends an API key, as the user name of HTTP Basic with an empty password. The last of the methods for credentials
    /// wins.
    pub fn api_key(self, key: impl Into<Secret>) -> Self {
        self.auth(Auth::api_key(key))
    }

    /// Sends a user name and a password by HTTP Basic.
    pub fn basic(self, user: impl Into<Secret>, password: impl Into<Secret>) -> Self {
        self.auth(Auth::basic(user, password))
    }

    /// Sends `Authorization: Bearer <token>`.
    pub fn bearer(self, token: impl Into<Secret>) -> Self {
        self.auth(Auth::bearer(token))
    }

    /// Sends credentials of any kind.
    pub fn auth(mut self, auth: Auth) -> Self {
        self.auth = auth;
        self
    }

    /// Sets a header of every request; a list sends it once per element, an absent value changes nothing.
    pub fn header(mut self, name: &str, value: impl ToParam) -> Self {
        if let Err(error) = headers::set(&mut self.headers, name, &value) {
            self.error.get_or_insert(error);
        }
        self
    }

    /// Sets the time that a call may take in all.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Sends by this client, with its own TLS, proxies and redirects.
    #[cfg(feature = "reqwest")]
    pub fn reqwest(self, client: reqwest::Client) -> Self {
        self.transport(super::ReqwestTransport::new(client))
    }

    /// Sends by this transport.
    pub fn transport(mut self, transport: impl Transport) -> Self {
        self.transport = Some(Box::new(transport));
        self
    }

    /// Makes the client.
    ///
    /// # Errors
    /// If the base URL is not an absolute one of `http` or `https`, or holds credentials, a query or a fragment; if a
    /// header or the credentials cannot be sent, or both set the same header; if TLS cannot be set up; if there is no
    /// transport (without the feature `reqwest`).
    pub fn build(self) -> Result<C, BuildError>
    where
        C: From<HttpClient>,
    {
        Ok(C::from(HttpClient::new(self.shared()?)))
    }

    fn shared(self) -> Result<Shared, BuildError> {
        if let Some(error) = self.error {
            return Err(BuildError::new(error));
        }
        let mut headers = built_in(self.service)?;
        let credentials = self.auth.to_header()?;
        if let Some((name, _)) = credentials.as_ref().filter(|(name, _)| self.headers.contains_key(name)) {
            return Err(BuildError::new(format!("both the credentials and a header of the client set `{name}`")));
        }
        headers::overlay(&mut headers, self.headers);
        if let Some((name, value)) = credentials {
            headers.insert(name, value);
        }
        let transport = match self.transport {
            Some(transport) => transport,
            None => default_transport()?,
        };
        let base_url = base_url::parse(&self.base_url)?;
        Ok(Shared { service: self.service, base_url, headers, timeout: self.timeout, transport })
    }
}

impl<C> fmt::Debug for ClientBuilder<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Neither the URL nor header values, which may hold secrets.
        f.debug_struct("ClientBuilder").field("service", &self.service.name).finish_non_exhaustive()
    }
}

/// What the service itself sends with every request.
fn built_in(service: &ServiceInfo) -> Result<HeaderMap, String> {
    let mut map = HeaderMap::new();
    let user_agent = Some(service.user_agent).filter(|text| !text.is_empty());
    headers::set(&mut map, ACCEPT.as_str(), &"application/json")?;
    headers::set(&mut map, USER_AGENT.as_str(), &user_agent)?;
    headers::set(&mut map, "x-apidoc-version", &service.version)?;
    headers::set(&mut map, "x-apidoc-version-major", &service.major())?;
    for (name, value) in service.headers {
        headers::set(&mut map, name, value)?;
    }
    Ok(map)
}

#[cfg(feature = "reqwest")]
fn default_transport() -> Result<Box<dyn Transport>, BuildError> {
    match super::ReqwestTransport::with_defaults() {
        Ok(transport) => Ok(Box::new(transport)),
        Err(error) => Err(BuildError { message: "the HTTP client cannot be set up".into(), source: Some(error) }),
    }
}

#[cfg(not(feature = "reqwest"))]
fn default_transport() -> Result<Box<dyn Transport>, BuildError> {
    Err(BuildError::new("there is no transport: set one, or enable the feature `reqwest` of apigen-runtime".into()))
}

/// Why a client cannot be made. It repeats no secret.
#[derive(Debug)]
pub struct BuildError {
    message: String,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

impl BuildError {
    fn new(message: String) -> BuildError {
        BuildError { message, source: None }
    }
}

impl From<String> for BuildError {
    fn from(message: String) -> Self {
        BuildError::new(message)
    }
}

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl StdError for BuildError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}
