//! The environments of a project: reading the file, and choosing one.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use apigen_model::diagnostic::{Diagnostic, Report};
use apigen_model::source::json::Span;
use apigen_model::source::read_text;
use apigen_model::vocabulary::suggestions::{meant, shown};

use super::credentials::Credentials;
use super::declared::DeclaredEnvironment;
use super::read::{self, Document};
use super::resolved::Environment;
use super::source::CredentialSource;
use super::url;

/// The environment is not declared, or has no URL for what is asked.
const UNKNOWN: &str = "E079";

/// The environments of a project, as declared. Their credentials are read when one is asked for.
#[derive(Debug, Clone)]
pub struct Environments {
    file: String,
    /// The text, in which nothing that may be sensitive is left.
    text: Arc<str>,
    declared: Vec<DeclaredEnvironment>,
    audit_log: PathBuf,
}

impl Environments {
    /// Reads the environments of an `apigen.toml`. Other keys of the file are ignored.
    ///
    /// # Errors
    /// Returns all problems at once, each with its place, or that the file cannot be read.
    pub fn from_file(path: impl AsRef<Path>) -> Result<Environments, Report> {
        let path = path.as_ref();
        let name = path.display().to_string();
        let text = read_text(path).map_err(|error| problem(format!("{name} cannot be read: {error}")))?;
        Environments::parse(&name, &text, path.parent().unwrap_or(Path::new("")))
    }

    /// Reads environments from a text. `file` is the name for diagnostics; relative paths are below `folder`.
    ///
    /// # Errors
    /// Returns all problems at once, each with its place.
    pub fn parse(file: &str, text: &str, folder: &Path) -> Result<Environments, Report> {
        let Document { text, declared, audit_log } = read::read(file, text, folder)?;
        Ok(Environments { file: file.to_owned(), text: Arc::from(text), declared, audit_log })
    }

    /// Returns the declared environments, in the order of the file.
    pub fn declared(&self) -> &[DeclaredEnvironment] {
        &self.declared
    }

    /// Returns the environment with this name, and reads its credentials.
    ///
    /// # Errors
    /// Returns an error if there is no such environment, if it has no URL, or if credentials cannot be read: an unset
    /// variable, an unreadable file.
    pub fn get(&self, name: &str) -> Result<Environment, Report> {
        let declared = self.find(name)?;
        let Some(url) = &declared.endpoint.url else {
            let services: Vec<&str> = declared.services.keys().map(String::as_str).collect();
            let message = format!("the environment `{name}` has only URLs of single services: {}", shown(&services));
            return Err(self.located(UNKNOWN, declared.span, message, None));
        };
        self.environment(declared, None, url, &declared.endpoint.credentials)
    }

    /// Returns the environment with this name for one of several services: with the URL and the credentials of the
    /// service if it has its own, else with those of the environment.
    ///
    /// # Errors
    /// As [`get`](Self::get).
    pub fn for_service(&self, name: &str, service: &str) -> Result<Environment, Report> {
        let declared = self.find(name)?;
        let own = declared.services.get(service);
        let Some(url) = own.and_then(|own| own.url.as_ref()).or(declared.endpoint.url.as_ref()) else {
            let known: Vec<&str> = declared.services.keys().map(String::as_str).collect();
            let help = meant(service, &known).map(|near| format!("did you mean `{near}`?"));
            let message = format!("the environment `{name}` has no URL for the service `{service}`");
            return Err(self.located(UNKNOWN, declared.span, message, help));
        };
        let credentials = own.map(|own| &own.credentials).filter(|own| !own.is_empty());
        let credentials = credentials.unwrap_or(&declared.endpoint.credentials);
        self.environment(declared, Some(service), url, credentials)
    }

    /// Returns the environment that has this URL, for itself or one of its services.
    pub fn with_url(&self, url: &str) -> Option<&DeclaredEnvironment> {
        let url = url::normalized(url);
        self.declared.iter().find(|own| own.urls().any(|known| known == url))
    }

    fn find(&self, name: &str) -> Result<&DeclaredEnvironment, Report> {
        let known: Vec<&str> = self.declared.iter().map(|own| own.name.as_str()).collect();
        self.declared.iter().find(|own| own.name == name).ok_or_else(|| {
            let advice = match meant(name, &known) {
                Some(near) => format!("did you mean `{near}`?"),
                None if known.is_empty() => format!("{} declares none; begin with `[environments.{name}]`", self.file),
                None => format!("declared in {}: {}", self.file, shown(&known)),
            };
            problem(format!("there is no environment `{name}`; {advice}"))
        })
    }

    fn environment(
        &self,
        declared: &DeclaredEnvironment,
        service: Option<&str>,
        url: &str,
        sources: &[CredentialSource],
    ) -> Result<Environment, Report> {
        let mut report = Report::default();
        let document = report.add_document(&self.file, &self.text);
        let mut credentials = Credentials::default();
        for source in sources {
            match source.read() {
                Ok(value) => credentials.add(source.header().clone(), value),
                Err(error) => report.push(error.in_document(document)),
            }
        }
        if report.has_errors() {
            return Err(report);
        }
        Ok(Environment {
            name: declared.name.clone(),
            kind: declared.kind,
            service: service.map(str::to_owned),
            url: url.to_owned(),
            credentials,
            audit_log: self.audit_log.clone(),
        })
    }

    fn located(&self, code: &'static str, span: Span, message: String, help: Option<String>) -> Report {
        let mut report = Report::default();
        let document = report.add_document(&self.file, &self.text);
        report.push(Diagnostic::error(code, span, message).help(help).in_document(document));
        report
    }
}

/// Returns a problem without a place.
fn problem(message: String) -> Report {
    let mut report = Report::default();
    report.push(Diagnostic::error(UNKNOWN, Span::default(), message));
    report
}
