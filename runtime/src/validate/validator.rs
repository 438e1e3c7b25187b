//! Validates whole messages.

use std::any::Any;
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use http::{Request, Response};

use super::endpoint::{Called, Serve, Served};
use super::operation_reader::OperationReader;
use super::request::RequestReader;
use super::request_error::{RequestError, found};
use super::routing::Table;
use super::schema::Schema;
use super::violation::{MessageViolation, MessageViolations};
use crate::json::Mode;
use crate::operation::OperationInfo;

/// Validates requests and responses of a service, independently of who serves or calls it.
///
/// `location::validator()` returns the validator of a generated service; [`from_schema`](Self::from_schema) makes one for
/// a service that is known at run time only. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Validator {
    operations: Arc<Operations>,
    mode: Mode,
}

/// An operation with its input, if that could be read.
type ReadRequest<'v> = (&'v OperationReader, Option<Box<dyn Called>>);

#[derive(Debug)]
struct Operations {
    table: Table<usize>,
    readers: Vec<OperationReader>,
}

impl Validator {
    /// Creates the validator of a service with the real client `C`: `Validator::new::<location::Client>()`.
    pub fn new<C: Served>() -> Validator {
        Validator::of(C::ENDPOINTS.iter().map(|endpoint| OperationReader::Generated(*endpoint)).collect())
    }

    /// Creates the validator of a service that is known at run time only.
    pub fn from_schema(schema: &Arc<Schema>) -> Validator {
        Validator::of(OperationReader::of_schema(schema).collect())
    }

    fn of(readers: Vec<OperationReader>) -> Validator {
        let table = Table::new(readers.iter().enumerate().map(|(index, reader)| (reader.info(), index)));
        Validator { operations: Arc::new(Operations { table, readers }), mode: Mode::strict() }
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
        let (operation, input) = self.with(request, path, body)?;
        let info = operation.asked_by(request.method().as_str());
        // Without a violation there is always an operation.
        let valid = input.map(|operation| ValidRequest { info, operation });
        valid.ok_or_else(|| RequestError::NotFound { path: self.shown(path) })
    }

    pub(crate) fn judge<B>(&self, request: &Request<B>, path: &str, body: &[u8]) -> Result<(), RequestError> {
        self.with(request, path, body).map(drop)
    }

    pub(crate) fn judge_found<B>(&self, found: Target, request: &Request<B>, body: &[u8]) -> Result<(), RequestError> {
        if !found.fixed {
            return self.judge(request, request.uri().path(), body);
        }
        let query = request.uri().query().unwrap_or_default();
        let mut reader = RequestReader::new(&[], query, request.headers(), body, self.mode);
        drop(self.operation(found).read(&mut reader));
        MessageViolations::of(reader.into_violations()).map_err(RequestError::Invalid)
    }

    fn with<B>(&self, request: &Request<B>, path: &str, body: &[u8]) -> Result<ReadRequest<'_>, RequestError> {
        let (index, captures) = found(&self.operations.table, request.method(), path)?;
        let operation = &self.operations.readers[*index];
        let query = request.uri().query().unwrap_or_default();
        let mut reader = RequestReader::new(&captures, query, request.headers(), body, self.mode);
        let input = operation.read(&mut reader);
        MessageViolations::of(reader.into_violations()).map_err(RequestError::Invalid)?;
        Ok((operation, input))
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
        let (index, captures) = self.operations.table.find(method, path).ok()?;
        let info = self.operations.readers[*index].asked_by(method);
        Some(Target { index: *index, info, fixed: captures.is_empty() })
    }

    pub(crate) fn operation(&self, found: Target) -> &OperationReader {
        &self.operations.readers[found.index]
    }

    pub(crate) fn shown(&self, path: &str) -> String {
        self.operations.table.shown(path)
    }

    pub(crate) fn check<B>(
        &self,
        operation: &OperationInfo,
        response: &Response<B>,
        body: &[u8],
    ) -> Result<(), MessageViolations> {
        let status = response.status().as_u16();
        match self.operations.readers.iter().find(|reader| reader.info().id == operation.id) {
            Some(reader) => reader.response(operation, status, (response.headers(), body), &self.mode),
            None => MessageViolations::of(vec![MessageViolation::undeclared(operation, status)]),
        }
    }
}

/// The target of a request; `fixed` if its path has no variable.
#[derive(Clone, Copy)]
pub(crate) struct Target {
    index: usize,
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
