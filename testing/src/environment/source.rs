//! Where credentials come from: environment variables and files, never the text itself.

use std::fmt;
use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::PathBuf;

use apigen_model::diagnostic::Diagnostic;
use apigen_model::source::json::Span;
use apigen_runtime::client::Sensitive;
use apigen_runtime::http::header::AUTHORIZATION;
use apigen_runtime::http::{HeaderName, HeaderValue};
use base64::prelude::{BASE64_STANDARD, Engine as _};

/// A credential cannot be read.
const UNREADABLE: &str = "E078";

/// Larger files are no credentials.
const LARGEST: u64 = 64 << 10;

/// Where a credential comes from. `Display` shows that, and never the credential.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CredentialSource {
    pub(super) header: HeaderName,
    pub(super) scheme: Scheme,
    pub(super) place: Place,
    pub(super) span: Span,
}

/// How a credential is written into its header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scheme {
    Bearer,
    /// User name and password with a colon between them; without a colon, an API key as user name.
    Basic,
    /// As it is.
    Plain,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Place {
    Variable(String),
    File(PathBuf),
}

/// Returns the source of a header that is not in the file.
pub(super) fn header_from_env(header: &str, variable: &str) -> Result<CredentialSource, Diagnostic> {
    let error = |message: &str| Diagnostic::error(UNREADABLE, Span::default(), message);
    let header = header.parse().map_err(|_| error("the name of a header for credentials is invalid"))?;
    if !is_variable(variable) {
        // The text may be the secret itself.
        return Err(error("a header takes its value from an environment variable: NAME=VARIABLE"));
    }
    let place = Place::Variable(variable.to_owned());
    Ok(CredentialSource { header, scheme: Scheme::Plain, place, span: Span::default() })
}

/// Returns true for what can be the name of an environment variable.
pub(super) fn is_variable(text: &str) -> bool {
    let starts = text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    starts && text.len() <= 100 && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

impl CredentialSource {
    /// Returns the header that carries the credential.
    pub fn header(&self) -> &HeaderName {
        &self.header
    }

    /// Returns true if the credential can be read now.
    pub fn is_readable(&self) -> bool {
        self.read().is_ok()
    }

    /// Reads the credential, in the form of its header.
    pub(super) fn read(&self) -> Result<Sensitive, Diagnostic> {
        let error = |message: String| Diagnostic::error(UNREADABLE, self.span, message);
        let text = match &self.place {
            Place::Variable(name) => variable(name),
            Place::File(path) => file(path),
        };
        let text = text.map_err(error)?;
        if text.is_empty() {
            return Err(error(format!("{} is empty", self.place)));
        }
        let value = match self.scheme {
            Scheme::Bearer => format!("Bearer {text}"),
            Scheme::Basic if text.contains(':') => format!("Basic {}", BASE64_STANDARD.encode(&text)),
            Scheme::Basic => format!("Basic {}", BASE64_STANDARD.encode(format!("{text}:"))),
            Scheme::Plain => text,
        };
        if HeaderValue::from_bytes(value.as_bytes()).is_err() {
            return Err(error(format!("{} contains control characters, which no header can carry", self.place)));
        }
        Ok(Sensitive::from(value))
    }
}

fn variable(name: &str) -> Result<String, String> {
    match std::env::var(name) {
        Ok(text) => Ok(text),
        Err(std::env::VarError::NotPresent) => Err(format!("the environment variable {name} is not set")),
        Err(std::env::VarError::NotUnicode(_)) => Err(format!("the environment variable {name} is not Unicode")),
    }
}

/// Returns the text of a file without the line break at its end.
fn file(path: &PathBuf) -> Result<String, String> {
    let mut text = String::new();
    let read = File::open(path).and_then(|file| file.take(LARGEST + 1).read_to_string(&mut text));
    match read {
        Ok(bytes) if bytes as u64 > LARGEST => {
            Err(format!("the file {} has more than {} KiB", path.display(), LARGEST >> 10))
        }
        Ok(_) => Ok(text.trim_end_matches(['\r', '\n']).to_owned()),
        Err(error) if error.kind() == ErrorKind::InvalidData => Err(format!("the file {} is not text", path.display())),
        Err(error) => Err(format!("the file {} cannot be read: {error}", path.display())),
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::Variable(name) => write!(f, "the environment variable {name}"),
            Place::File(path) => write!(f, "the file {}", path.display()),
        }
    }
}

impl fmt::Display for CredentialSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = match self.scheme {
            Scheme::Bearer => " (Bearer)",
            Scheme::Basic => " (Basic)",
            Scheme::Plain => "",
        };
        write!(f, "{}{scheme} from {}", self.header, self.place)
    }
}

/// Returns the header of credentials that have a scheme.
pub(super) fn authorization(scheme: Scheme, place: Place, span: Span) -> CredentialSource {
    CredentialSource { header: AUTHORIZATION, scheme, place, span }
}
