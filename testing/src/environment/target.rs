//! The guard in front of a server: what may be sent, and when sending stops.

use std::sync::OnceLock;

use apigen_runtime::OperationInfo;
use apigen_runtime::client;
use apigen_runtime::http::{HeaderMap, HeaderName};

use super::declared::EnvironmentKind;
use super::refusal::Refusal;
use super::resolved::Environment;
use super::{audit, url};

/// The header in which a server says what it is.
const HEADER: HeaderName = HeaderName::from_static("x-apigen-environment");

/// The path at which a server says what it is.
const VERSION_PATH: &str = "/_apigen/version";

/// What somebody agreed to for one run. Nothing by default, and never by configuration.
#[derive(Debug, Clone, Default)]
pub struct Consent {
    /// Whether requests may be sent to production.
    pub production: bool,
    /// Why they are sent to production; required there.
    pub reason: Option<String>,
    /// Whether operations with side effects may be called in production.
    pub side_effects: bool,
}

/// A server that a tool may send requests to. The tool asks [`check`](Self::check) before each request, and shows each
/// response to [`check_response`](Self::check_response).
#[derive(Debug)]
pub struct Target {
    environment: Environment,
    side_effects: bool,
    /// What the server said, once it said that it is production and nobody expected that.
    production: OnceLock<String>,
}

impl Target {
    /// Opens an environment for a run of a command. The use of production is written to the audit log before this returns.
    ///
    /// # Errors
    /// Returns why nothing may be sent.
    pub fn open(command: &str, environment: Environment, consent: &Consent) -> Result<Target, Refusal> {
        let name = || environment.name.clone();
        if environment.kind != EnvironmentKind::Production {
            if consent.production {
                return Err(Refusal::NotProduction(name(), environment.kind));
            }
            return Ok(Target { environment, side_effects: true, production: OnceLock::new() });
        }
        if !consent.production {
            return Err(Refusal::Production(name()));
        }
        let reason = consent.reason.as_deref().map(str::trim).filter(|reason| !reason.is_empty());
        let reason = reason.ok_or_else(|| Refusal::NoReason(name()))?;
        audit::record(command, &environment, reason, consent.side_effects)?;
        Ok(Target { environment, side_effects: consent.side_effects, production: OnceLock::new() })
    }

    /// Opens a server on this machine, which needs no consent.
    ///
    /// # Errors
    /// Returns an error if the URL is invalid, or not on this machine.
    pub fn local(url: &str) -> Result<Target, Refusal> {
        Target::open("", Environment::local(url)?, &Consent::default())
    }

    /// Returns the environment.
    pub fn environment(&self) -> &Environment {
        &self.environment
    }

    /// Returns the URL, without a slash at its end.
    pub fn url(&self) -> &str {
        self.environment.url()
    }

    /// Returns true if requests stay on this machine, so that their rate needs no limit.
    pub fn is_loopback(&self) -> bool {
        url::is_loopback(self.url())
    }

    /// Returns the credentials, as headers that are marked as sensitive. They are only for the [origin](Self::url) of this
    /// target.
    pub fn headers(&self) -> HeaderMap {
        self.environment.credentials.headers()
    }

    /// Returns where the server may say what it is. The first request of a run is a `GET` of this URL, without
    /// credentials; [`check_version`](Self::check_version) reads the response.
    pub fn version_url(&self) -> String {
        format!("{}{VERSION_PATH}", url::origin(self.url()))
    }

    /// Returns an error if a request for this operation must not be sent.
    ///
    /// # Errors
    /// In production, an operation with side effects that were not allowed; anywhere, once the server said that it is
    /// production against what the environment says.
    pub fn check(&self, operation: &OperationInfo) -> Result<(), Refusal> {
        self.check_stopped()?;
        match operation.side_effects && !self.side_effects {
            true => Err(Refusal::SideEffects(operation.id.to_owned())),
            false => Ok(()),
        }
    }

    /// Returns an error if a request that fits no operation must not be sent: its method says whether it has side effects.
    ///
    /// # Errors
    /// As [`check`](Self::check).
    pub fn check_method(&self, method: &str) -> Result<(), Refusal> {
        self.check_stopped()?;
        let is_safe = matches!(method, "GET" | "HEAD" | "OPTIONS" | "TRACE");
        if is_safe || self.side_effects { Ok(()) } else { Err(Refusal::SideEffects(method.to_owned())) }
    }

    fn check_stopped(&self) -> Result<(), Refusal> {
        self.production.get().map_or(Ok(()), |said| Err(self.contradicted(said)))
    }

    /// Reads what the server says of itself in the headers of a response.
    ///
    /// # Errors
    /// Returns an error if it says that it is production, but the environment says otherwise. The run must stop;
    /// [`check`](Self::check) refuses everything from now on.
    pub fn check_response(&self, headers: &HeaderMap) -> Result<(), Refusal> {
        let values = headers.get_all(HEADER).into_iter();
        values.map(|value| String::from_utf8_lossy(value.as_bytes())).try_for_each(|said| self.hear(&said))
    }

    /// Reads what the server says of itself in the body of a response to [`version_url`](Self::version_url). Any other body
    /// says nothing.
    ///
    /// # Errors
    /// As [`check_response`](Self::check_response).
    pub fn check_version(&self, body: &[u8]) -> Result<(), Refusal> {
        let body = serde_json::from_slice::<serde_json::Value>(body).unwrap_or_default();
        body.get("environment").and_then(serde_json::Value::as_str).map_or(Ok(()), |said| self.hear(said))
    }

    fn hear(&self, said: &str) -> Result<(), Refusal> {
        let is_production = |part: &str| client::Environment::from(part) == client::Environment::Production;
        if self.environment.kind == EnvironmentKind::Production || !said.split(',').any(is_production) {
            return Ok(());
        }
        let said = self.production.get_or_init(|| said.trim().chars().filter(|c| !c.is_control()).take(100).collect());
        Err(self.contradicted(said))
    }

    fn contradicted(&self, said: &str) -> Refusal {
        let (environment, kind) = (self.environment.name.clone(), self.environment.kind);
        Refusal::ServerIsProduction { environment, kind, said: said.to_owned() }
    }
}
