//! Whole messages, checked by tables.

use bytes::Bytes;
use http::{HeaderMap, Request, Response};

use super::define::{OperationDefinition, ParameterDefinition, Primitive, Type};
use super::{Schema, text};
use crate::json::{Mode, Reader};
use crate::operation::{HeaderInfo, OperationInfo, ResponseInfo};
use crate::validate::endpoint::of_body;
use crate::validate::refusal::{Declared, Own, Refusal};
use crate::validate::request::{Parameter, RequestReader};
use crate::validate::routing::Found;
use crate::validate::validator::RequestError;
use crate::validate::violation::{MessageLocation as At, MessageViolation, MessageViolations};

/// An operation of a [`Schema`].
#[derive(Debug)]
pub struct Operation {
    pub(super) info: &'static OperationInfo,
    /// Those that have no default and must be sent, the body, and all others: as generated code reads them.
    first: Vec<Row>,
    body: Option<Type>,
    then: Vec<Row>,
    responses: Vec<(Option<u16>, Type)>,
    /// The same as `HEAD` asks for it, if this is a `GET`.
    head: Option<Box<Operation>>,
    refusals: &'static [Refusal],
}

#[derive(Debug)]
struct Row {
    at: At,
    name: &'static str,
    ty: Type,
    parameter: Parameter,
}

impl Operation {
    pub(super) fn new(definition: OperationDefinition) -> Operation {
        let head = (definition.method == "GET").then(|| Box::new(Operation::new(of_head(&definition))));
        let responses = definition.responses.iter().map(|response| {
            let row = match response.status {
                Some(status) if (200..300).contains(&status) => ResponseInfo::success(status),
                Some(status) => ResponseInfo::error(status),
                None => ResponseInfo::others(!definition.responses.iter().any(|r| matches!(r.status, Some(200..300)))),
            };
            let row = match response.ty {
                Type::Primitive(Primitive::Unit) => row.unit(),
                Type::Primitive(Primitive::String) => row.text(),
                _ => row,
            };
            let headers = response.headers.iter().map(|(name, required)| {
                let header = HeaderInfo::of::<String>(text(name));
                if *required { header.required() } else { header }
            });
            row.headers(super::list(headers.collect()))
        });
        let responses = super::list(responses.collect());
        let info = OperationInfo::new(text(&definition.id), definition.method, text(&definition.path), responses);
        let sensitive = definition.parameters.iter().filter(|parameter| parameter.secret);
        let sensitive: Vec<&'static str> = sensitive.map(|parameter| text(&parameter.name)).collect();
        let info = if sensitive.is_empty() { info } else { info.sensitive(super::list(sensitive)) };
        let refusals = definition
            .refusals
            .into_iter()
            .map(|refusal| Refusal::new(super::list(refusal.statuses), text(&refusal.template)));
        let refusals = super::list(refusals.collect());
        let types = definition.responses.into_iter().map(|response| (response.status, response.ty));
        let (first, then) = definition.parameters.into_iter().partition::<Vec<_>, _>(|parameter| parameter.required);
        let rows = |parameters: Vec<ParameterDefinition>| parameters.into_iter().map(Row::new).collect();
        Operation {
            info: Box::leak(Box::new(info)),
            first: rows(first),
            body: definition.body,
            then: rows(then),
            responses: types.collect(),
            head,
            refusals,
        }
    }

    /// The operation as a request with this method, its own or `HEAD`, asks for it.
    fn asked_by(&self, method: &str) -> &Operation {
        self.head.as_deref().filter(|_| method.eq_ignore_ascii_case("HEAD")).unwrap_or(self)
    }

    /// What it is called, its method, path and responses.
    pub fn info(&self) -> &'static OperationInfo {
        self.info
    }

    /// The type of the JSON body of its requests.
    pub fn body(&self) -> Option<&Type> {
        self.body.as_ref()
    }

    /// The first status that is declared as a success.
    pub fn success(&self) -> Option<u16> {
        self.info.success_status()
    }

    /// The type of the body of a response with this status.
    pub fn response(&self, status: u16) -> Option<&Type> {
        let (declared, _) = self.info.response(status)?;
        self.responses.iter().find(|(status, _)| *status == declared.status).map(|(_, ty)| ty)
    }
}

/// A `GET` operation without the bodies of its responses.
fn of_head(get: &OperationDefinition) -> OperationDefinition {
    let mut head = OperationDefinition { method: "HEAD", ..get.clone() };
    head.responses.iter_mut().for_each(|response| response.ty = Type::Primitive(Primitive::Unit));
    head
}

impl Row {
    fn new(definition: ParameterDefinition) -> Row {
        let ParameterDefinition { location: at, name, ty, required, secret, minimum, maximum } = definition;
        let list = matches!(ty, Type::List(_));
        let object = at == At::Form
            && required
            && matches!(ty, Type::Map(_) | Type::Model(_) | Type::Primitive(Primitive::Object));
        let must = required && !list && !object && at != At::Path;
        let parameter = Parameter { required: must, list, object, secret, min: minimum, max: maximum };
        Row { at, name: text(&name), ty, parameter }
    }
}

impl Schema {
    /// Checks a request as [`Validator::request`](crate::validate::Validator::request) does.
    ///
    /// # Errors
    /// There is no such operation, or the request breaks the spec, with everything that is wrong with it.
    pub fn request<B: AsRef<[u8]>>(&self, request: &Request<B>, mode: &Mode) -> Result<&Operation, RequestError> {
        let path = request.uri().path();
        let (index, captures) = match self.table.find(request.method().as_str(), path) {
            Found::Target(index, captures) => (*index, captures),
            Found::OtherMethods(allowed) => {
                return Err(RequestError::not_allowed(request.method(), self.table.shown(path), allowed));
            }
            Found::Nothing => return Err(RequestError::not_found(self.table.shown(path))),
        };
        let Some(operation) = self.operations.get(index) else {
            return Err(RequestError::not_found(self.table.shown(path)));
        };
        let (query, body) = (request.uri().query().unwrap_or_default(), request.body().as_ref());
        let mut reader = RequestReader::new(&captures, query, request.headers(), body, *mode);
        for row in &operation.first {
            self.parameter(&mut reader, row);
        }
        if let Some(ty) = &operation.body {
            reader.body_by(&mut |r| self.check(r, ty));
        }
        for row in &operation.then {
            self.parameter(&mut reader, row);
        }
        MessageViolations::of(reader.into_violations()).map_err(RequestError::Invalid)?;
        Ok(operation.asked_by(request.method().as_str()))
    }

    /// The operation with this method and path; the path may be the template itself.
    pub fn operation(&self, method: &str, path: &str) -> Option<&Operation> {
        match self.table.find(method, path) {
            Found::Target(index, _) => self.operations.get(*index).map(|operation| operation.asked_by(method)),
            Found::OtherMethods(_) | Found::Nothing => None,
        }
    }

    fn parameter(&self, reader: &mut RequestReader<'_>, row: &Row) {
        reader.parameter_by(row.at, row.name, row.parameter, &mut |r| self.check(r, &row.ty));
    }

    /// Checks a response to a request for this operation as [`Validator::response`](crate::validate::Validator::response) does; of
    /// headers, that they are there and text.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn response<B: AsRef<[u8]>>(
        &self,
        operation: &Operation,
        response: &Response<B>,
        mode: &Mode,
    ) -> Result<(), MessageViolations> {
        let status = response.status().as_u16();
        let Some((declared, _)) = operation.info.response(status) else {
            return MessageViolations::of(vec![MessageViolation::undeclared(operation.info, status)]);
        };
        let mut list = MessageViolation::of_headers(declared, response.headers());
        list.extend(self.body(operation, status, (response.headers(), response.body().as_ref()), mode));
        MessageViolations::of(list)
    }

    /// What is wrong with the body of a response.
    fn body(
        &self,
        operation: &Operation,
        status: u16,
        (headers, body): (&HeaderMap, &[u8]),
        mode: &Mode,
    ) -> Vec<MessageViolation> {
        let declared = operation.info.response(status).filter(|(declared, _)| !declared.unit);
        let Some(((declared, _), ty)) = declared.zip(operation.response(status)) else { return Vec::new() };
        let check = |json: &[u8]| {
            let mut reader = Reader::new(json, mode);
            self.check(&mut reader, ty);
            reader.finish()
        };
        of_body(declared, headers, body, check).collect()
    }

    /// What a [`Router`](crate::server::Router) answers to a request that breaks the spec so: status and body.
    pub fn refusal(&self, operation: &Operation, violations: &MessageViolations) -> (u16, Bytes) {
        self.declared(operation, |declared| declared.invalid(&Own::violations(violations.as_slice())))
    }

    /// What it answers when it fails itself, or refuses a request for another reason, with this status and sentence: the body.
    pub fn failure(&self, operation: &Operation, status: u16, message: &str) -> Bytes {
        self.declared(operation, |declared| declared.other(status, &Own::message(message)))
    }

    fn declared<T>(&self, operation: &Operation, answer: impl FnOnce(Declared<'_>) -> T) -> T {
        let headers = HeaderMap::new();
        let accepts =
            |status: u16, body: &[u8]| self.body(operation, status, (&headers, body), &Mode::strict()).is_empty();
        answer(Declared { info: operation.info, refusals: operation.refusals, accepts: &accepts })
    }
}
