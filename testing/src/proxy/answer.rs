//! The proxy's own responses.

use apigen_runtime::validate::{MessageViolations, RequestError};
use apigen_runtime::{ToJson, Writer};
use bytes::Bytes;
use http::header::{ALLOW, CONTENT_TYPE};
use http::{HeaderValue, Response, StatusCode};

/// Returns a response with this message, in the form that a router uses where nothing is declared.
pub(super) fn message(status: StatusCode, message: &str) -> Response<Bytes> {
    json(status, &[message.to_owned()], None)
}

/// Returns a response with these violations.
pub(super) fn violations(status: StatusCode, violations: &MessageViolations) -> Response<Bytes> {
    let messages: Vec<String> = violations.iter().map(ToString::to_string).collect();
    json(status, &messages, Some(violations))
}

/// Returns the response to a request for which the spec has no operation.
pub(super) fn undeclared(error: &RequestError) -> Response<Bytes> {
    let RequestError::MethodNotAllowed { allowed, .. } = error else {
        return message(StatusCode::NOT_FOUND, &error.to_string());
    };
    let mut response = message(StatusCode::METHOD_NOT_ALLOWED, &error.to_string());
    if let Ok(allow) = HeaderValue::from_str(&allowed.join(", ")) {
        response.headers_mut().insert(ALLOW, allow);
    }
    response
}

/// Returns a response with JSON.
pub(super) fn with_json(status: StatusCode, json: String) -> Response<Bytes> {
    with_body(status, json, "application/json")
}

/// Returns a response with this body.
pub(super) fn with_body(status: StatusCode, body: String, media: &'static str) -> Response<Bytes> {
    let mut response = Response::new(Bytes::from(body));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(media));
    response
}

fn json(status: StatusCode, messages: &[String], violations: Option<&MessageViolations>) -> Response<Bytes> {
    let messages: &dyn ToJson = &messages.to_vec();
    let mut writer = Writer::new();
    writer.object(&[("code", &"generic_error"), ("messages", messages), ("violations", &violations)]);
    with_json(status, writer.into_string())
}
