//! Validates whole messages.

use std::any::Any;
use std::fmt;
use std::ops::Deref;

use http::{Method, Request, Response};

use super::endpoint::{Called, Endpoint, Serve, Served};
use super::violation::{MessageViolation, MessageViolations};
use crate::json::Mode;
use crate::operation::OperationInfo;
use crate::validate::request::RequestReader;
use crate::validate::routing::{Capture, Table};

/// Validates requests and responses of a service, independently of who serves or calls it.
///
/// `location::validator()` returns the validator of a generated service.
#[derive(Debug)]
pub struct Validator {
    table: Table<&'static Endpoint>,
    endpoints: &'static [Endpoint],
    mode: Mode,
}

impl Validator {
    /// Creates the validator of a service with the real client `C`: `Validator::new::<location::Client>()`.
    pub fn new<C: Served>() -> Validator {
        let routes = C::ENDPOINTS.iter().map(|endpoint| (endpoint.info, endpoint));
        Validator { table: Table::new(routes), endpoints: C::ENDPOINTS, mode: Mode::strict() }
    }

    /// Sets how JSON bodies are read; [`Mode::strict`] by default. Parameters are text, and always coerced.
    #[must_use]
    pub fn mode(self, mode: Mode) -> Validator {
        Validator { mode, ..self }
    }

    /// Finds the operation of a request, and decodes everything that the spec declares: path, query, headers, and form
    /// or JSON body. The authority of the URI is ignored.
    ///
    /// # Errors
    /// Returns an error if there is no such operation, or all violations if the request violates the spec.
    pub fn request<B: AsRef<[u8]>>(&self, request: &Request<B>) -> Result<ValidRequest, RequestError> {
        let (path, body) = (request.uri().path(), request.body().as_ref());
        let (endpoint, operation) = self.with(request, path, body, |endpoint, reader| (endpoint.read)(reader))?;
        let info = endpoint.asked_by(request.method().as_str());
        // Without a violation there is always an operation.
        let valid = operation.map(|operation| ValidRequest { info, operation });
        valid.ok_or_else(|| RequestError::NotFound { path: self.shown(path) })
    }

    pub(crate) fn judge<B>(&self, request: &Request<B>, path: &str, body: &[u8]) -> Result<(), RequestError> {
        self.with(request, path, body, |endpoint, reader| drop((endpoint.read)(reader))).map(drop)
    }

    pub(crate) fn judge_found<B>(&self, found: Target, request: &Request<B>, body: &[u8]) -> Result<(), RequestError> {
        if !found.fixed {
            return self.judge(request, request.uri().path(), body);
        }
        let query = request.uri().query().unwrap_or_default();
        let mut reader = RequestReader::new(&[], query, request.headers(), body, self.mode);
        drop((found.endpoint.read)(&mut reader));
        MessageViolations::of(reader.into_violations()).map_err(RequestError::Invalid)
    }

    fn with<B, T>(
        &self,
        request: &Request<B>,
        path: &str,
        body: &[u8],
        read: impl FnOnce(&Endpoint, &mut RequestReader<'_>) -> T,
    ) -> Result<(&'static Endpoint, T), RequestError> {
        let (endpoint, captures) = found(&self.table, request.method(), path)?;
        let query = request.uri().query().unwrap_or_default();
        let mut reader = RequestReader::new(&captures, query, request.headers(), body, self.mode);
        let value = read(endpoint, &mut reader);
        MessageViolations::of(reader.into_violations()).map_err(RequestError::Invalid)?;
        Ok((endpoint, value))
    }

    /// Validates a response to a request for this operation: its status, headers and body. A response to `HEAD` has no
    /// body to check; a `string` may be text (`text/plain`) instead of JSON.
    ///
    /// # Errors
    /// Returns all violations. For an operation of another service no status is declared.
    pub fn response<B: AsRef<[u8]>>(
        &self,
        operation: &OperationInfo,
        response: &Response<B>,
    ) -> Result<(), MessageViolations> {
        self.check(operation, response, response.body().as_ref())
    }

    pub(crate) fn find(&self, method: &str, path: &str) -> Option<Target> {
        let (endpoint, captures) = self.table.find(method, path).ok()?;
        Some(Target { endpoint, info: endpoint.asked_by(method), fixed: captures.is_empty() })
    }

    pub(crate) fn shown(&self, path: &str) -> String {
        self.table.shown(path)
    }

    pub(crate) fn check<B>(
        &self,
        operation: &OperationInfo,
        response: &Response<B>,
        body: &[u8],
    ) -> Result<(), MessageViolations> {
        let status = response.status().as_u16();
        match self.endpoints.iter().find(|endpoint| endpoint.info.id == operation.id) {
            Some(endpoint) => endpoint.response(operation, status, (response.headers(), body), &self.mode),
            None => MessageViolations::of(vec![MessageViolation::undeclared(operation, status)]),
        }
    }
}

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

/// The target of a request; `fixed` if its path has no variable.
#[derive(Clone, Copy)]
pub(crate) struct Target {
    pub(crate) endpoint: &'static Endpoint,
    pub(crate) info: &'static OperationInfo,
    fixed: bool,
}

/// A valid request. Dereferences to its [operation](OperationInfo), whose method is `HEAD` for a `HEAD` request to a
/// `GET` operation: its responses then have no body.
pub struct ValidRequest {
    info: &'static OperationInfo,
    operation: Box<dyn Called>,
}

impl ValidRequest {
    /// Returns the input of the operation `O`; `None` if the request is for another operation.
    pub fn get<O: Serve>(&self) -> Option<&O> {
        let operation: &dyn Any = &*self.operation;
        operation.downcast_ref()
    }

    /// Converts to the input of the operation `O`; `None` if the request is for another operation.
    pub fn take<O: Serve>(self) -> Option<O> {
        let operation: Box<dyn Any> = self.operation;
        operation.downcast().ok().map(|operation| *operation)
    }
}

impl Deref for ValidRequest {
    type Target = OperationInfo;

    fn deref(&self) -> &OperationInfo {
        self.info
    }
}

impl fmt::Debug for ValidRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ValidRequest").field(&self.info.id).finish()
    }
}

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
