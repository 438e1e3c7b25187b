//! A response before it is converted to HTTP.

use std::convert::Infallible;

use bytes::Bytes;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE, RETRY_AFTER, TRANSFER_ENCODING};
use http::{Extensions, HeaderMap, HeaderValue, Response, StatusCode};

use super::failure::Cause;
use crate::call::{Error, Forwarded, RawBody};
use crate::json::Mode;
use crate::operation::{OperationInfo, ResponseBody, json_as_text};
use crate::validate::{Declared, MessageViolation, MessageViolations, OperationReader, Own};

#[derive(Debug, Default)]
pub(crate) struct RawResponse {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Option<Bytes>,
    /// The server's own message in place of a body; its form depends on the operation.
    pub(crate) own: Option<Own>,
    pub(crate) cause: Option<Cause>,
    /// What observers of the router find in the response.
    pub(crate) extensions: Extensions,
}

impl RawResponse {
    pub(crate) fn new(answer: Option<(u16, Option<ResponseBody>)>) -> RawResponse {
        match answer.map(|(status, body)| (status, body.transpose())) {
            Some((status, Ok(body))) => RawResponse { status, body: body.map(Bytes::from), ..RawResponse::default() },
            Some((_, Err(error))) => RawResponse::faulty(format!("the response cannot be encoded: {error}")),
            None => RawResponse::faulty("the operation declares no status for this response"),
        }
    }

    pub(crate) fn of_call(info: &OperationInfo, result: Result<Forwarded, Error<Infallible>>) -> RawResponse {
        let Forwarded { status, headers, body } = match result {
            Ok(forwarded) => forwarded,
            Err(error) => return RawResponse::of_failure(error),
        };
        match body {
            RawBody::Written(response) => RawResponse::new(response).with(info, &headers).in_its_media(info),
            RawBody::Received(body) => {
                let declares = info.response(status).is_some_and(|(response, _)| !response.unit);
                let body = Some(body).filter(|_| declares);
                let mut response = RawResponse { status, body, ..RawResponse::default() }.with(info, &headers);
                if let Some(media) = headers.get(CONTENT_TYPE) {
                    response.headers.insert(CONTENT_TYPE, media.clone());
                }
                response
            }
        }
    }

    /// Adds the headers that the operation declares for the status; others belong to one connection.
    fn with(mut self, info: &OperationInfo, headers: &HeaderMap) -> RawResponse {
        let declared = info.response(self.status).map_or(&[][..], |(response, _)| response.headers);
        for header in declared {
            for value in headers.get_all(header.name) {
                if let Ok(name) = http::HeaderName::try_from(header.name) {
                    self.headers.append(name, value.clone());
                }
            }
        }
        self
    }

    /// Creates the response for a failure that the spec does not declare. An undeclared or undecodable response is
    /// passed on as received, so that a mocked outage is visible to the client; without a response it is a gateway
    /// error.
    pub(crate) fn of_failure(error: Error<Infallible>) -> RawResponse {
        if let Some(status) = error.status().filter(|_| error.is_undeclared_status() || error.is_decode()) {
            let body = error.body().filter(|body| !body.is_empty()).map(Bytes::copy_from_slice);
            return RawResponse { status: status.as_u16(), body, ..RawResponse::default() };
        }
        let status = match () {
            () if error.is_timeout() => 504,
            () if error.is_transport() || error.is_auth() => 502,
            () => 500,
        };
        let written = RawResponse::error(status, &error.to_string());
        RawResponse { cause: Some(Cause::error(error)), ..written }
    }

    pub(crate) fn error(status: u16, message: &str) -> RawResponse {
        RawResponse { status, own: Some(Own::message(message)), ..RawResponse::default() }
    }

    /// Creates a 500 whose cause only the report shows: messages of others may be sensitive.
    pub(crate) fn failed(cause: Cause) -> RawResponse {
        RawResponse { cause: Some(cause), ..RawResponse::error(500, FAILED) }
    }

    /// Creates a 500 with our own message, which the client may read.
    pub(crate) fn faulty(message: impl Into<String>) -> RawResponse {
        let message = message.into();
        RawResponse { cause: Some(Cause::error(message.as_str())), ..RawResponse::error(500, &message) }
    }

    pub(crate) fn busy() -> RawResponse {
        let headers = HeaderMap::from_iter([(RETRY_AFTER, HeaderValue::from_static("1"))]);
        RawResponse { headers, ..RawResponse::error(503, "the server has no room for this request now") }
    }

    pub(crate) fn invalid(violations: &[MessageViolation]) -> RawResponse {
        let own = Own::violations(violations);
        RawResponse { status: own.invalid_statuses()[0], own: Some(own), ..RawResponse::default() }
            .caused_by(violations)
    }

    /// Adds the violations for which the request was refused, for observers.
    pub(crate) fn caused_by(mut self, violations: &[MessageViolation]) -> RawResponse {
        if let Err(violations) = MessageViolations::of(violations.to_vec()) {
            self.extensions.insert(violations);
        }
        self
    }

    /// Converts the server's own message to the body that the operation declares for it, if any.
    pub(crate) fn fit(mut self, declared: &Declared<'_>) -> RawResponse {
        if let Some(own) = self.own.take() {
            let answer = match own.violations.is_empty() {
                true => declared.other(self.status, &own),
                false => declared.invalid(&own),
            };
            // The headers that the response has, such as `Retry-After`, have the right values already.
            let own = std::mem::replace(&mut self.headers, answer.headers);
            self.headers.extend(own);
            (self.status, self.body) = (answer.status, Some(answer.body));
        }
        self
    }

    pub(crate) fn undeclared(&self, operation: &OperationReader) -> Option<MessageViolations> {
        let body = self.body.as_deref().unwrap_or_default();
        operation.response(operation.info(), self.status, (&self.headers, body), &Mode::strict()).err()
    }

    /// Converts a JSON body of type `string` to text if a header declares text: `text/csv`.
    pub(crate) fn in_its_media(mut self, info: &OperationInfo) -> RawResponse {
        self.body = self.body.map(|json| json_as_text(info, self.status, &self.headers, json));
        self
    }

    /// Converts to an HTTP response. Statuses that cannot end an exchange become a 500: HTTP has none above 999, and
    /// another response follows one below 200.
    pub(crate) fn into_response(self) -> Response<Bytes> {
        let status = StatusCode::from_u16(self.status).ok().filter(|status| !status.is_informational());
        let Some(status) = status else {
            return RawResponse::error(500, &format!("status {} cannot be sent", self.status)).into_response();
        };
        let mut response = Response::new(Bytes::new());
        *response.status_mut() = status;
        *response.headers_mut() = self.headers;
        *response.extensions_mut() = self.extensions;
        let headers = response.headers_mut();
        match self.body.or_else(|| self.own.map(|own| own.body())) {
            // RFC 9110, 15.3.5, 15.3.6 and 15.4.5: these have no content.
            _ if [204, 205, 304].contains(&self.status) => {
                [CONTENT_TYPE, CONTENT_LENGTH, TRANSFER_ENCODING].iter().for_each(|name| drop(headers.remove(name)));
            }
            Some(body) => {
                headers.entry(CONTENT_TYPE).or_insert(HeaderValue::from_static("application/json"));
                *response.body_mut() = body;
            }
            None => {}
        }
        response
    }
}

/// The message to the client for a failure of the server.
pub(crate) const FAILED: &str = "the server failed to respond";

impl From<Response<Bytes>> for RawResponse {
    fn from(response: Response<Bytes>) -> Self {
        let (head, body) = response.into_parts();
        let body = Some(body).filter(|body| !body.is_empty());
        let http::response::Parts { status, headers, extensions, .. } = head;
        RawResponse { status: status.as_u16(), headers, body, extensions, ..RawResponse::default() }
    }
}
