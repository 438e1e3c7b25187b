//! Fetches documents from servers. Nothing else of apigen fetches documents.

use std::fmt;
use std::io::Read;
use std::time::{Duration, Instant};

use base64::prelude::{BASE64_STANDARD, Engine as _};
use ureq::config::Config;
use ureq::http::{HeaderMap, Response, StatusCode, Uri, header};
use ureq::tls::{RootCerts, TlsConfig};
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};
use ureq::{Agent, Body, Error, Timeout};

use super::fetch_policy::FetchPolicy;
use super::location::{Location, plain_host};
use apigen_model::lock::ImportError;

/// Limits on what servers may send.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Maximum size of one response, in bytes; by default 16 MiB.
    pub bytes: u64,
    /// Maximum size of all documents of one update, including existing ones, in bytes; by default 256 MiB. All of them
    /// are in memory at once, and take several times as much there.
    pub all_bytes: u64,
    /// Time limit for connecting; by default 10 seconds.
    pub connect: Duration,
    /// Time limit for a whole response, including redirects; by default 60 seconds.
    pub total: Duration,
    /// Maximum number of redirects for one URI; by default 5.
    pub redirects: usize,
    /// Maximum number of documents in one update; by default 1000. This stops servers that generate endless imports.
    pub documents: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            bytes: 16 << 20,
            all_bytes: 256 << 20,
            connect: Duration::from_secs(10),
            total: Duration::from_secs(60),
            redirects: 5,
            documents: 1000,
        }
    }
}

pub struct Client {
    agent: Agent,
    policy: FetchPolicy,
    limits: Limits,
    token: Option<String>,
}

impl Client {
    /// Creates a client that enforces the policy and limits; the token is sent only to hosts that may receive it.
    pub fn new(policy: FetchPolicy, limits: Limits, token: Option<String>) -> Self {
        // The system's certificates: servers inside companies are signed by authorities that only the system knows.
        let tls = TlsConfig::builder().root_certs(RootCerts::PlatformVerifier).build();
        let config = Agent::config_builder()
            .tls_config(tls)
            // A proxy would resolve names itself, bypassing our policy.
            .proxy(None)
            // Redirects are followed here, one by one.
            .max_redirects(0)
            .http_status_as_error(false)
            .user_agent(concat!("apigen/", env!("CARGO_PKG_VERSION")))
            .accept("application/json")
            .timeout_resolve(Some(limits.connect))
            .timeout_connect(Some(limits.connect))
            .build();
        let agent = Agent::with_parts(
            config,
            DefaultConnector::default(),
            Guard { inner: DefaultResolver::default(), policy: policy.clone() },
        );
        Self { agent, policy, limits, token }
    }

    /// Returns the bytes that a server returns for this URI.
    ///
    /// # Errors
    /// Returns `E008` with the reason: the URI or a redirect violates the policy, the connection failed, a status, a limit.
    pub fn get(&self, uri: &str) -> Result<Vec<u8>, ImportError> {
        self.follow(uri)
            .map_err(|fault| ImportError { message: format!("{uri} cannot be fetched: {}", fault.message), ..fault })
    }

    fn follow(&self, uri: &str) -> Result<Vec<u8>, ImportError> {
        let deadline = Instant::now() + self.limits.total;
        let mut at = Location::parse(uri).and_then(|location| self.policy.admit(location)).map_err(refused)?;
        let origin = at.clone();
        let mut known = self.policy.may_know_token(&origin.host);
        let mut seen = vec![at.uri()];
        loop {
            let response = self.ask(&at, known, deadline).map_err(|fault| match seen.len() {
                1 => fault,
                _ => ImportError { message: format!("the server redirects to {at}: {}", fault.message), ..fault },
            })?;
            let Some(target) = redirect(&response) else { return self.body(response) };
            let to = at.join(target).and_then(|to| self.policy.check(to));
            at = to.map_err(|why| refused(format!("the server redirects to {}: {why}", without_query(target))))?;
            // After a redirect to another server, the token is not sent again, not even on the way back.
            known &= at.same_server(&origin);
            if seen.contains(&at.uri()) {
                return Err(ImportError::new("E008", format!("the server redirects in a circle, back to {at}")));
            }
            if seen.len() > self.limits.redirects {
                let message = format!("the server redirects more than {} times", self.limits.redirects);
                return Err(ImportError::new("E008", message));
            }
            seen.push(at.uri());
        }
    }

    fn ask(&self, at: &Location, token: bool, deadline: Instant) -> Result<Response<Body>, ImportError> {
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(self.timeout());
        }
        let mut request = self.agent.get(at.uri()).config().timeout_global(Some(left)).build();
        if let Some(token) = self.token.as_ref().filter(|_| token) {
            let credentials = BASE64_STANDARD.encode(format!("{token}:"));
            request = request.header(header::AUTHORIZATION, format!("Basic {credentials}"));
        }
        request.call().map_err(|error| self.fault(&error, at))
    }

    fn body(&self, response: Response<Body>) -> Result<Vec<u8>, ImportError> {
        self.status(response.status())?;
        if encoded(response.headers()) {
            return Err(ImportError::new("E008", "the response is compressed, which was not requested"));
        }
        let length = response.body().content_length();
        let too_long = || ImportError::new("E008", format!("the response has more than {} bytes", self.limits.bytes));
        if length.is_some_and(|length| length > self.limits.bytes) {
            return Err(too_long());
        }
        let mut bytes = Vec::new();
        let mut reader = response.into_body().into_reader().take(self.limits.bytes + 1);
        reader.read_to_end(&mut bytes).map_err(|error| match Error::from(error) {
            Error::Timeout(_) => self.timeout(),
            error => ImportError::new("E008", format!("the connection broke in the middle of the response: {error}")),
        })?;
        if bytes.len() as u64 > self.limits.bytes {
            return Err(too_long());
        }
        Ok(bytes)
    }

    fn status(&self, status: StatusCode) -> Result<(), ImportError> {
        let fault = ImportError::new("E008", format!("the server responded with {status}"));
        Err(match status.as_u16() {
            200 => return Ok(()),
            401 | 403 => fault.help(
                "set the environment variable APIBUILDER_TOKEN; for servers other than apibuilder.io, also say \
                 --allow-host HOST, so that they are told it",
            ),
            404 => fault.help("check organisation, application and version, and whether the service is public"),
            _ => fault,
        })
    }

    fn timeout(&self) -> ImportError {
        ImportError::new("E008", format!("the response was not complete after {:?}", self.limits.total))
    }

    fn fault(&self, error: &Error, at: &Location) -> ImportError {
        match error {
            Error::Other(inner) if inner.is::<Refused>() => refused(inner.to_string()),
            Error::Timeout(Timeout::Connect | Timeout::Resolve) => {
                ImportError::new("E008", format!("no connection to {} within {:?}", at.host, self.limits.connect))
            }
            Error::Timeout(_) => self.timeout(),
            error => ImportError::new("E008", format!("no response from {}: {error}", at.host)),
        }
    }
}

/// The system's resolver, filtered by our policy. The connection uses exactly its addresses, so a name that resolves
/// differently the second time gains nothing.
#[derive(Debug)]
struct Guard {
    inner: DefaultResolver,
    policy: FetchPolicy,
}

/// The error if every address of a host was refused.
#[derive(Debug)]
struct Refused(String);

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Refused {}

impl Resolver for Guard {
    fn resolve(&self, uri: &Uri, config: &Config, timeout: NextTimeout) -> Result<ResolvedSocketAddrs, Error> {
        let found = self.inner.resolve(uri, config, timeout)?;
        let host = plain_host(uri.host().unwrap_or_default());
        let secure = uri.scheme_str() == Some("https");
        let mut kept = self.empty();
        let mut refusal = None;
        for address in found.iter() {
            match self.policy.refusal(secure, &host, address.ip()) {
                None => kept.push(*address),
                Some(why) => refusal = Some(why),
            }
        }
        match refusal {
            Some(why) if kept.is_empty() => Err(Error::Other(Box::new(Refused(why)))),
            _ => Ok(kept),
        }
    }
}

fn refused(why: String) -> ImportError {
    ImportError::new("E008", why).help("if you have the document, pass its place with --imports")
}

fn redirect(response: &Response<Body>) -> Option<&str> {
    let redirects = matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308);
    response.headers().get(header::LOCATION).filter(|_| redirects)?.to_str().ok()
}

fn encoded(headers: &HeaderMap) -> bool {
    headers.get(header::CONTENT_ENCODING).is_some_and(|value| !value.as_bytes().eq_ignore_ascii_case(b"identity"))
}

fn without_query(text: &str) -> &str {
    text.split(['?', '#']).next().unwrap_or_default()
}
