//! Checks whole messages by tables.

use bytes::Bytes;
use http::{HeaderMap, Request, Response};

use super::Schema;
use super::define::ParameterDefinition;
use super::message::Operation;
use super::read::Seen;
use crate::json::Mode;
use crate::validate::endpoint::of_body;
use crate::validate::refusal::{Answer, Declared, Own};
use crate::validate::request::{Parameter, RequestReader};
use crate::validate::validator::{RequestError, found};
use crate::validate::violation::{MessageViolation, MessageViolations};

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
        // As generated code does: first the arguments and the body, then the other parameters.
        let parameters = |argument| operation.parameters.iter().filter(move |own| own.argument == argument);
        parameters(true).for_each(|parameter| self.parameter(&mut reader, parameter, seen));
        if let Some(ty) = &operation.body {
            reader.body_by(&mut |r| self.check(r, ty, seen));
        }
        parameters(false).for_each(|parameter| self.parameter(&mut reader, parameter, seen));
        MessageViolations::of(reader.into_violations()).map_err(RequestError::Invalid)?;
        Ok(operation.asked_by(request.method().as_str()))
    }

    /// Returns the operation with this method and path; the path may be the template itself.
    pub fn operation(&self, method: &str, path: &str) -> Option<&Operation> {
        self.table.target(method, path).map(|index| self.operations[*index].asked_by(method))
    }

    fn parameter(
        &self,
        reader: &mut RequestReader<'_>,
        definition: &ParameterDefinition,
        seen: Option<&dyn Seen>,
    ) {
        let ParameterDefinition { location, name, presence, sensitive, minimum: min, maximum: max, .. } = *definition;
        let parameter = Parameter { presence, sensitive, min, max };
        reader.parameter_by(location, name, parameter, &mut |r| self.check(r, &definition.ty, seen));
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
        let status = response.status().as_u16();
        let Some((declared, _)) = operation.info.response(status) else {
            return MessageViolations::of(vec![MessageViolation::undeclared(operation.info, status)]);
        };
        let mut list = MessageViolation::of_headers(declared, response.headers());
        list.extend(self.body(operation, status, (response.headers(), body), mode, seen));
        MessageViolations::of(list)
    }

    fn body(
        &self,
        operation: &Operation,
        status: u16,
        (headers, body): (&HeaderMap, &[u8]),
        mode: &Mode,
        seen: Option<&dyn Seen>,
    ) -> Vec<MessageViolation> {
        let declared = operation.info.response(status).filter(|(declared, _)| !declared.unit);
        let Some(((declared, _), ty)) = declared.zip(operation.response(status)) else { return Vec::new() };
        of_body(declared, headers, body, mode, |r| self.check(r, ty, seen))
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
