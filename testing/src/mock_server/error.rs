//! Why mock servers do not start.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::{fmt, io};

use crate::service::LoadError;

/// Why a mock server cannot start, or not take rules.
#[derive(Debug)]
#[non_exhaustive]
pub enum MockError {
    /// A spec cannot be loaded.
    Spec(LoadError),
    /// Several specs have the same base path, which is this one.
    BasePath(String),
    /// Rules have these problems, with their places.
    Rules(String),
    /// Examples have these problems, with their files.
    Examples(String),
    /// A plan of faults names an operation that no spec has.
    Fault(String),
    /// The log cannot be written.
    Log(PathBuf, io::Error),
    /// No port can be opened at this address.
    Listen(SocketAddr, io::Error),
    /// There is no spec, or none that declares an operation.
    NoSpec,
    /// The files of the specs cannot be watched.
    Watch(String),
}

impl fmt::Display for MockError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            MockError::Spec(error) => error.fmt(f),
            MockError::BasePath(path) => {
                write!(
                    f,
                    "several specs have the base path {path:?}; give their base URLs different paths, or serve them one by one"
                )
            }
            MockError::Rules(problems) | MockError::Examples(problems) | MockError::Fault(problems) => {
                f.write_str(problems.trim_end())
            }
            MockError::Log(path, error) => write!(f, "{}: {error}", path.display()),
            MockError::Listen(address, error) => write!(f, "cannot listen on {address}: {error}"),
            MockError::NoSpec => f.write_str("there is nothing to serve: no spec declares an operation"),
            MockError::Watch(why) => write!(f, "the files of the specs cannot be watched: {why}"),
        }
    }
}

impl std::error::Error for MockError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            MockError::Spec(error) => Some(error),
            MockError::Log(_, error) | MockError::Listen(_, error) => Some(error),
            _ => None,
        }
    }
}
