//! One environment: its URL, what it is for, and the credentials that were read.

use std::path::PathBuf;

use apigen_model::diagnostic::{Diagnostic, Report};
use apigen_runtime::client::{self, ClientBuilder};

use super::credentials::Credentials;
use super::declared::EnvironmentKind;
use super::refusal::Refusal;
use super::{source, url};

/// A server that requests are sent to: its URL, what it is for, and the credentials.
#[derive(Debug, Clone)]
pub struct Environment {
    pub(super) name: String,
    pub(super) kind: EnvironmentKind,
    pub(super) service: Option<String>,
    pub(super) url: String,
    pub(super) credentials: Credentials,
    /// Where uses of production are recorded. A local environment is never production.
    pub(super) audit_log: PathBuf,
}

impl Environment {
    /// Returns the environment of a server on this machine, which needs no declaration.
    ///
    /// # Errors
    /// Returns an error if the URL is invalid, or its host is not a loopback address.
    pub fn local(url: &str) -> Result<Environment, Refusal> {
        let url = url::parse(url).map_err(Refusal::InvalidUrl)?;
        if !url::is_loopback(&url) {
            return Err(Refusal::Unnamed(url));
        }
        let (name, kind) = (EnvironmentKind::Local.to_string(), EnvironmentKind::Local);
        Ok(Environment {
            name,
            kind,
            service: None,
            url,
            credentials: Credentials::default(),
            audit_log: PathBuf::new(),
        })
    }

    /// Returns the name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns what it is for.
    pub fn kind(&self) -> EnvironmentKind {
        self.kind
    }

    /// Returns the URL, without a slash at its end.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Returns the credentials.
    pub fn credentials(&self) -> &Credentials {
        &self.credentials
    }

    /// Adds a header whose value is in an environment variable. It replaces a credential in the same header.
    ///
    /// # Errors
    /// Returns an error if the name of the header is invalid, or the variable is not set.
    pub fn header_from_env(mut self, header: &str, variable: &str) -> Result<Environment, Report> {
        let source = source::header_from_env(header, variable).map_err(report_of)?;
        let value = source.read().map_err(report_of)?;
        self.credentials.add(source.header().clone(), value);
        Ok(self)
    }

    /// Sets up the builder of a generated client for this environment: its kind, its credentials, and the [guard against
    /// side effects](ClientBuilder::guard_side_effects).
    pub fn configure<C>(&self, builder: ClientBuilder<C>) -> ClientBuilder<C> {
        self.credentials.configure(builder.environment(self).guard_side_effects())
    }
}

fn report_of(diagnostic: Diagnostic) -> Report {
    let mut report = Report::default();
    report.push(diagnostic);
    report
}

impl From<&Environment> for client::Environment {
    fn from(environment: &Environment) -> Self {
        environment.kind.into()
    }
}
