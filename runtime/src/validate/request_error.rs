//! Why a request is not a call of an operation.

use std::fmt;

use http::Method;

use super::routing::{Capture, Table};
use super::violation::MessageViolations;

/// Why a request is not a call of an operation.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum RequestError {
    /// No operation has this path.
    NotFound {
        /// The path, with `...` in place of values that may be sensitive.
        path: String,
    },
    /// Operations have this path, with other methods.
    MethodNotAllowed {
        /// The method.
        method: String,
        /// The path, with `...` in place of sensitive values.
        path: String,
        /// The available methods, in the order of the spec.
        allowed: Vec<&'static str>,
    },
    /// The request violates the spec.
    Invalid(MessageViolations),
}

/// The methods that a spec can use.
pub(super) const METHODS: [&str; 9] = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "CONNECT", "OPTIONS", "TRACE"];

impl fmt::Display for RequestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RequestError::NotFound { path } => write!(f, "no operation has the path {path}"),
            RequestError::MethodNotAllowed { method, path, allowed } => {
                write!(f, "{path} has no {method}, but {}", allowed.join(", "))?;
                match METHODS.iter().any(|known| known.eq_ignore_ascii_case(method)) {
                    true => Ok(()),
                    false => write!(f, "; methods are {}", METHODS.join(", ")),
                }
            }
            RequestError::Invalid(violations) => violations.fmt(f),
        }
    }
}

impl std::error::Error for RequestError {}

/// Finds the target of a request, with the variables of its path.
pub(super) fn found<'t, 'r, T>(
    table: &'t Table<T>,
    method: &Method,
    path: &'r str,
) -> Result<(&'t T, Vec<Capture<'r>>), RequestError> {
    table.find(method.as_str(), path).map_err(|allowed| match (allowed.is_empty(), table.shown(path)) {
        (true, path) => RequestError::NotFound { path },
        (false, path) => RequestError::MethodNotAllowed { method: method.to_string(), path, allowed },
    })
}
