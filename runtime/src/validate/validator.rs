//! Whole messages against the spec.

use std::any::Any;
use std::fmt;
use std::ops::Deref;

use http::{Method, Request, Response};

use super::endpoint::{Called, Endpoint, Serve, Served};
use super::violation::{MessageViolation, MessageViolations};
use crate::json::Mode;
use crate::operation::OperationInfo;
use crate::validate::request::RequestReader;
use crate::validate::routing::{Found, Table};

/// Checks requests and responses of a service, whoever serves or calls it.
///
/// `location::validator()` gives the one of a generated service.
#[derive(Debug)]
pub struct Validator {
    table: Table<&'static Endpoint>,
    endpoints: &'static [Endpoint],
    mode: Mode,
}

impl Validator {
    /// The validator of a service, whose real client `C` is: `Validator::new::<location::Client>()`.
    pub fn new<C: Served>() -> Validator {
        let routes = C::ENDPOINTS.iter().map(|endpoint| (endpoint.info, endpoint));
        Validator { table: Table::new(routes), endpoints: C::ENDPOINTS, mode: Mode::strict() }
    }

    /// How JSON bodies are read; [`Mode::strict`] unless this is called. Parameters are texts, and always coerced.
    #[must_use]
    pub fn mode(self, mode: Mode) -> Validator {
        Validator { mode, ..self }
    }

    /// Finds the operation of a request, and reads everything that the spec declares of it: path, query, headers, and form
    /// or JSON body. The authority of the URI does not count.
    ///
    /// # Errors
    /// There is no such operation, or the request breaks the spec, with everything that is wrong with it.
    pub fn request<B: AsRef<[u8]>>(&self, request: &Request<B>) -> Result<ValidRequest, RequestError> {
        self.read(request, request.uri().path(), request.body().as_ref())
    }

    /// The same for a request whose path and body are these.
    fn read<B>(&self, request: &Request<B>, path: &str, body: &[u8]) -> Result<ValidRequest, RequestError> {
        let (endpoint, operation) = self.with(request, path, body, |endpoint, reader| (endpoint.read)(reader))?;
        let info = endpoint.asked_by(request.method().as_str());
        // Without a violation there is always an operation.
        operation
            .map(|operation| ValidRequest { info, operation })
            .ok_or_else(|| RequestError::not_found(self.table.shown(path)))
    }

    /// Only whether it keeps to the spec.
    pub(crate) fn judge<B>(&self, request: &Request<B>, path: &str, body: &[u8]) -> Result<(), RequestError> {
        self.with(request, path, body, |endpoint, reader| (endpoint.skim)(reader)).map(drop)
    }

    /// The same for a request that was found already.
    pub(crate) fn judge_found<B>(&self, found: Target, request: &Request<B>, body: &[u8]) -> Result<(), RequestError> {
        if !found.fixed {
            return self.judge(request, request.uri().path(), body);
        }
        let query = request.uri().query().unwrap_or_default();
        let mut reader = RequestReader::new(&[], query, request.headers(), body, self.mode);
        (found.endpoint.skim)(&mut reader);
        MessageViolations::of(reader.into_violations()).map_err(RequestError::Invalid)
    }

    fn with<B, T>(
        &self,
        request: &Request<B>,
        path: &str,
        body: &[u8],
        read: impl FnOnce(&Endpoint, &mut RequestReader<'_>) -> T,
    ) -> Result<(&'static Endpoint, T), RequestError> {
        let (endpoint, captures) = match self.table.find(request.method().as_str(), path) {
            Found::Target(endpoint, captures) => (*endpoint, captures),
            Found::OtherMethods(allowed) => {
                return Err(RequestError::not_allowed(request.method(), self.table.shown(path), allowed));
            }
            Found::Nothing => return Err(RequestError::not_found(self.table.shown(path))),
        };
        let query = request.uri().query().unwrap_or_default();
        let mut reader = RequestReader::new(&captures, query, request.headers(), body, self.mode);
        let value = read(endpoint, &mut reader);
        MessageViolations::of(reader.into_violations()).map_err(RequestError::Invalid)?;
        Ok((endpoint, value))
    }

    /// Checks a response to a request for this operation: its status must be declared, as must be its headers and body. A
    /// response to `HEAD` has no body to check; a `string` may be text (`text/plain`) in place of JSON.
    ///
    /// # Errors
    /// Everything that is wrong with it. An operation of another service has no declared status.
    pub fn response<B: AsRef<[u8]>>(
        &self,
        operation: &OperationInfo,
        response: &Response<B>,
    ) -> Result<(), MessageViolations> {
        self.check(operation, response, response.body().as_ref())
    }

    /// What a request is for, if it is for an operation.
    pub(crate) fn find(&self, method: &str, path: &str) -> Option<Target> {
        match self.table.find(method, path) {
            Found::Target(endpoint, captures) => {
                Some(Target { endpoint, info: endpoint.asked_by(method), fixed: captures.is_empty() })
            }
            Found::OtherMethods(_) | Found::Nothing => None,
        }
    }

    /// The path of a request as it may be shown.
    pub(crate) fn shown(&self, path: &str) -> String {
        self.table.shown(path)
    }

    /// The same for a response whose body is this.
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

/// What a request is for; `fixed` if there is no variable in its path.
#[derive(Clone, Copy)]
pub(crate) struct Target {
    pub(crate) endpoint: &'static Endpoint,
    pub(crate) info: &'static OperationInfo,
    fixed: bool,
}

/// A request that keeps to the spec. Dereferences to the [operation](OperationInfo) that it is for, which has the method
/// `HEAD` where a `GET` operation is asked so: its responses have no body then.
pub struct ValidRequest {
    info: &'static OperationInfo,
    operation: Box<dyn Called>,
}

impl ValidRequest {
    /// What the operation `O` is called with; `None` if the request is for another operation.
    pub fn get<O: Serve>(&self) -> Option<&O> {
        let operation: &dyn Any = &*self.operation;
        operation.downcast_ref()
    }

    /// The same, taken out.
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

/// Why a request is no call of an operation.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum RequestError {
    /// No operation has its path.
    NotFound {
        /// The path, with `...` in place of what may be sensitive.
        path: String,
    },
    /// Operations have its path, with other methods.
    MethodNotAllowed {
        /// The method.
        method: String,
        /// The path, with `...` in place of what is sensitive.
        path: String,
        /// The methods that there are, in the order of the spec.
        allowed: Vec<&'static str>,
    },
    /// The request breaks the spec.
    Invalid(MessageViolations),
}

/// Those that a spec can use.
const METHODS: [&str; 9] = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "CONNECT", "OPTIONS", "TRACE"];

impl RequestError {
    pub(crate) fn not_found(path: String) -> RequestError {
        RequestError::NotFound { path }
    }

    pub(crate) fn not_allowed(method: &Method, path: String, allowed: Vec<&'static str>) -> RequestError {
        RequestError::MethodNotAllowed { method: method.to_string(), path, allowed }
    }
}

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
