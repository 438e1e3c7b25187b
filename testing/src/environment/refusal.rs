//! Why something is not sent.

use std::path::PathBuf;
use std::{fmt, io};

use super::declared::EnvironmentKind;
use crate::finding::{Code, Fault, Finding};

/// Why something is not sent.
#[derive(Debug)]
#[non_exhaustive]
pub enum Refusal {
    /// The URL is not one, with the reason.
    InvalidUrl(&'static str),
    /// The URL is not on this machine, and no environment has it.
    Unnamed(String),
    /// The environment is production, and nobody agreed to that.
    Production(String),
    /// The environment is production, and there is no reason.
    NoReason(String),
    /// Somebody agreed to production, but the environment is another one.
    NotProduction(String, EnvironmentKind),
    /// The audit log cannot be written.
    Audit(PathBuf, io::Error),
    /// The operation, or the method of a request, has side effects, and nobody allowed them in production.
    SideEffects(String),
    /// The server says that it is production, in these words, but the environment says otherwise.
    ServerIsProduction {
        /// The name of the environment.
        environment: String,
        /// Its kind.
        kind: EnvironmentKind,
        /// What the server says.
        said: String,
    },
}

impl Refusal {
    /// Returns the finding of a server that says that it is production; `None` for all refusals that precede the run.
    pub fn finding(&self) -> Option<Finding> {
        let is_finding = matches!(self, Refusal::ServerIsProduction { .. });
        is_finding.then(|| Finding::new(Code::PRODUCTION, Fault::Tool, self.to_string()))
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refusal::InvalidUrl(why) => f.write_str(why),
            Refusal::Unnamed(url) => write!(
                f,
                "{url} is not on this machine: declare it below [environments] in apigen.toml, and name it with --env"
            ),
            Refusal::Production(name) => {
                write!(f, "the environment `{name}` is production: pass --production and --reason TEXT to use it")
            }
            Refusal::NoReason(name) => {
                write!(f, "the environment `{name}` is production: say why it is used, with --reason TEXT")
            }
            Refusal::NotProduction(name, kind) => {
                write!(f, "the environment `{name}` is {kind}; remove --production, or name the one that is meant")
            }
            Refusal::Audit(path, error) => {
                write!(f, "nothing was sent, because the audit log {} cannot be written: {error}", path.display())
            }
            Refusal::SideEffects(what) => {
                write!(
                    f,
                    "{what} may have side effects, and the server is production: allow it with --allow-side-effects"
                )
            }
            Refusal::ServerIsProduction { environment, kind, said } => write!(
                f,
                "the server says that it is {said:?}, but the environment `{environment}` is declared as {kind}; stopped"
            ),
        }
    }
}

impl std::error::Error for Refusal {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Refusal::Audit(_, error) => Some(error),
            _ => None,
        }
    }
}
