//! Checks whole messages by tables.

use bytes::Bytes;
use http::{HeaderMap, Request, Response};

use super::Schema;
use super::define::{ParameterDefinition, Type};
use super::message::{InputParameter, Operation, SchemaInput};
use super::read::Seen;
use crate::json::{Mode, Reader};
use crate::validate::endpoint::of_body;
use crate::validate::refusal::{Answer, Declared, Own};
use crate::validate::request::{Parameter, RequestReader};
use crate::validate::request_error::{RequestError, found};
use crate::validate::violation::{MessageViolation, MessageViolations};

/// The parts of a request from which its input is read.
pub(crate) struct RequestParts<'r> {
    pub(crate) path: &'r str,
    pub(crate) query: &'r str,
    pub(crate) headers: &'r HeaderMap,
    pub(crate) body: &'r [u8],
}

impl Schema {
    /// Checks a request as [`Validator::request`](crate::validate::Validator::request) does.
    ///
    /// # Errors
    /// Returns an error if there is no such operation, or all violations if the request violates the spec.
    pub fn request<B: AsRef<[u8]>>(&self, request: &Request<B>, mode: &Mode) -> Result<&Operation, RequestError> {
        self.request_with(request, request.body().as_ref(), mode, None)
    }

    /// Checks a request with this body, whatever body `request` has; `seen` is told what its values have.
    ///
    /// # Errors
    /// Returns the same errors as [`request`](Self::request).
    pub fn request_with<B>(
        &self,
        request: &Request<B>,
        body: &[u8],
        mode: &Mode,
        seen: Option<&dyn Seen>,
    ) -> Result<&Operation, RequestError> {
        let (index, captures) = found(&self.table, request.method(), request.uri().path())?;
        let operation = &self.operations[*index];
        let query = request.uri().query().unwrap_or_default();
        let mut reader = RequestReader::new(&captures, query, request.headers(), body, *mode);
        self.read(operation, &mut reader, seen);
        MessageViolations::of(reader.into_violations()).map_err(RequestError::Invalid)?;
        Ok(operation.asked_by(request.method().as_str()))
    }

    /// Reads the input of an operation, as generated code does: first the arguments and the body, then the other
    /// parameters.
    pub(crate) fn read(&self, operation: &Operation, reader: &mut RequestReader<'_>, seen: Option<&dyn Seen>) {
        let parameters = |argument| operation.parameters.iter().filter(move |own| own.argument == argument);
        let read = |reader: &mut RequestReader<'_>, parameter| {
            self.parameter_by(reader, parameter, &mut |r, ty| {
                self.check_seen(r, ty, seen);
            });
        };
        parameters(true).for_each(|parameter| read(reader, parameter));
        if let Some(ty) = &operation.body {
            reader.body_by(&mut |r| self.check_seen(r, ty, seen));
        }
        parameters(false).for_each(|parameter| read(reader, parameter));
    }

    /// Returns the input of a request that was accepted: JSON texts that a strict reader accepts.
    pub(crate) fn input(&self, operation: &Operation, request: RequestParts<'_>) -> SchemaInput {
        let RequestParts { path, query, headers, body } = request;
        let Ok((_, captures)) = self.table.find(operation.info.method, path) else { return SchemaInput::default() };
        let mut reader = RequestReader::new(&captures, query, headers, body, Mode::strict());
        let mut input = SchemaInput::default();
        for definition in &operation.parameters {
            let mut json = None;
            if self.parameter_by(&mut reader, definition, &mut |r, ty| json = self.text(r, ty)) {
                let ParameterDefinition { location, name, .. } = *definition;
                input.parameters.extend(json.map(|json| InputParameter { location, name, json }));
            }
        }
        if let Some(ty) = &operation.body {
            reader.body_by(&mut |r| {
                input.body = self.text(r, ty);
                input.body.as_ref().map(|_| ())
            });
        }
        input
    }

    /// Returns the operation with this method and path; the path may be the template itself.
    pub fn operation(&self, method: &str, path: &str) -> Option<&Operation> {
        self.table.target(method, path).map(|index| self.operations[*index].asked_by(method))
    }

    /// Returns the methods of a path, in the order of the spec; none for an unknown path.
    pub fn methods(&self, path: &str) -> Vec<&'static str> {
        self.table.methods(path)
    }

    pub(super) fn parameter_by(
        &self,
        reader: &mut RequestReader<'_>,
        definition: &ParameterDefinition,
        read: &mut dyn FnMut(&mut Reader<'_>, &Type),
    ) -> bool {
        let ParameterDefinition { location, name, presence, sensitive, minimum: min, maximum: max, .. } = *definition;
        let parameter = Parameter { presence, sensitive, min, max };
        reader.parameter_by(location, name, parameter, &mut |r| {
            read(r, &definition.ty);
            Some(())
        })
    }

    /// Checks a response to a request for this operation as
    /// [`Validator::response`](crate::validate::Validator::response) does; headers are checked as their
    /// [`HeaderInfo`](crate::client::HeaderInfo) says.
    ///
    /// # Errors
    /// Returns all violations.
    pub fn response<B: AsRef<[u8]>>(
        &self,
        operation: &Operation,
        response: &Response<B>,
        mode: &Mode,
    ) -> Result<(), MessageViolations> {
        self.response_with(operation, response, response.body().as_ref(), mode, None)
    }

    /// Checks a response with this body, whatever body `response` has; `seen` is told what its values have.
    ///
    /// # Errors
    /// Returns all violations.
    pub fn response_with<B>(
        &self,
        operation: &Operation,
        response: &Response<B>,
        body: &[u8],
        mode: &Mode,
        seen: Option<&dyn Seen>,
    ) -> Result<(), MessageViolations> {
        self.content(operation, response.status().as_u16(), (response.headers(), body), mode, seen)
    }

    /// Checks the content of a response with this status.
    pub(crate) fn content(
        &self,
        operation: &Operation,
        status: u16,
        content: (&HeaderMap, &[u8]),
        mode: &Mode,
        seen: Option<&dyn Seen>,
    ) -> Result<(), MessageViolations> {
        let Some((declared, _)) = operation.info.response(status) else {
            return MessageViolations::of(vec![MessageViolation::undeclared(operation.info, status)]);
        };
        let mut list = MessageViolation::of_headers(declared, content.0);
        list.extend(self.body(operation, status, content, mode, seen));
        MessageViolations::of(list)
    }

    /// Returns the violations in the body of a response with this status, if the operation declares one.
    pub(crate) fn body(
        &self,
        operation: &Operation,
        status: u16,
        (headers, body): (&HeaderMap, &[u8]),
        mode: &Mode,
        seen: Option<&dyn Seen>,
    ) -> Vec<MessageViolation> {
        let declared = operation.info.response(status).filter(|(declared, _)| !declared.unit);
        let Some(((declared, _), ty)) = declared.zip(operation.response(status)) else { return Vec::new() };
        of_body(declared, headers, body, mode, |r| self.check_seen(r, ty, seen))
    }

    /// Returns the response of a [`Router`](crate::server::Router) to a request with these violations.
    pub fn refusal(&self, operation: &Operation, violations: &MessageViolations) -> Response<Bytes> {
        self.declared(operation, |declared| declared.invalid(&Own::violations(violations.as_slice())))
    }

    /// Returns its response with this status and message, for a failure or another refusal.
    pub fn failure(&self, operation: &Operation, status: u16, message: &str) -> Response<Bytes> {
        self.declared(operation, |declared| declared.other(status, &Own::message(message)))
    }

    fn declared(&self, operation: &Operation, answer: impl FnOnce(Declared<'_>) -> Answer) -> Response<Bytes> {
        let headers = HeaderMap::new();
        let accepts =
            |status: u16, body: &[u8]| self.body(operation, status, (&headers, body), &Mode::strict(), None).is_empty();
        answer(Declared { info: operation.info, refusals: operation.refusals, accepts: &accepts }).into_response()
    }
}
