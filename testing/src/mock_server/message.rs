//! The server's own messages.

use bytes::Bytes;
use http::header::{ALLOW, CONTENT_TYPE};
use http::{HeaderValue, Method, Response, StatusCode};

/// Returns the body of the server's own messages.
pub(super) fn error(code: &str, message: &str) -> String {
    serde_json::json!({ "code": code, "messages": [message] }).to_string()
}

pub(super) fn json(status: StatusCode, body: &str) -> Response<Bytes> {
    let mut response = Response::new(Bytes::copy_from_slice(body.as_bytes()));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

/// Returns a response without a method that the path has.
pub(super) fn not_allowed(methods: &'static str, method: &Method) -> Response<Bytes> {
    let message = format!("this path does not support {method}; it supports {methods}");
    let mut response = json(StatusCode::METHOD_NOT_ALLOWED, &error("method_not_allowed", &message));
    response.headers_mut().insert(ALLOW, HeaderValue::from_static(methods));
    response
}
