//! Environments as they are declared, without their credentials.

use std::collections::BTreeMap;
use std::fmt;

use apigen_model::source::json::Span;
use apigen_runtime::client;

use super::source::CredentialSource;
use super::url;

/// An environment as it is declared, without its credentials.
#[derive(Debug, Clone)]
pub struct DeclaredEnvironment {
    pub(super) name: String,
    pub(super) kind: EnvironmentKind,
    pub(super) span: Span,
    pub(super) endpoint: Endpoint,
    pub(super) services: BTreeMap<String, Endpoint>,
}

/// Where requests are sent, and which credentials they have.
#[derive(Debug, Clone, Default)]
pub(super) struct Endpoint {
    pub(super) url: Option<String>,
    pub(super) credentials: Vec<CredentialSource>,
}

/// What an environment is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum EnvironmentKind {
    /// On this machine.
    Local,
    /// For tests, with data that can be lost.
    Sandbox,
    /// Serves customers.
    Production,
}

impl EnvironmentKind {
    /// All kinds.
    pub const ALL: [EnvironmentKind; 3] =
        [EnvironmentKind::Local, EnvironmentKind::Sandbox, EnvironmentKind::Production];

    /// Returns `local`, `sandbox` or `production`.
    pub const fn as_str(self) -> &'static str {
        match self {
            EnvironmentKind::Local => "local",
            EnvironmentKind::Sandbox => "sandbox",
            EnvironmentKind::Production => "production",
        }
    }
}

impl fmt::Display for EnvironmentKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl From<EnvironmentKind> for client::Environment {
    fn from(kind: EnvironmentKind) -> Self {
        match kind {
            EnvironmentKind::Local => client::Environment::Local,
            EnvironmentKind::Sandbox => client::Environment::Sandbox,
            EnvironmentKind::Production => client::Environment::Production,
        }
    }
}

impl DeclaredEnvironment {
    /// Returns the name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns what it is for.
    pub fn kind(&self) -> EnvironmentKind {
        self.kind
    }

    /// Returns the URL; `None` if only its services have one.
    pub fn url(&self) -> Option<&str> {
        self.endpoint.url.as_deref()
    }

    /// Returns where the credentials come from.
    pub fn credentials(&self) -> &[CredentialSource] {
        &self.endpoint.credentials
    }

    /// Returns each service that has a URL or credentials of its own: its name, URL, and where the credentials come from.
    pub fn services(&self) -> impl Iterator<Item = (&str, Option<&str>, &[CredentialSource])> {
        self.services.iter().map(|(name, own)| (name.as_str(), own.url.as_deref(), own.credentials.as_slice()))
    }

    /// Returns all URLs, in a form that is equal for equal ones.
    pub(super) fn urls(&self) -> impl Iterator<Item = String> {
        let endpoints = self.services.values().chain([&self.endpoint]);
        endpoints.filter_map(|own| own.url.as_deref()).map(url::normalized)
    }
}
