//! The router of generated code responds to invalid requests with the declared bodies, and its validator finds no violations.
#![cfg(test)]

#[allow(dead_code, reason = "the server is tested, and nothing else")]
mod api;

use std::convert::Infallible;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use apigen_runtime::bytes::Bytes;
use http::{Request, Response};
use serde_json::{Map, Value, json};
use tower_service::Service;

/// Returns the response to this request.
fn answer(uri: &str) -> Response<Bytes> {
    let mut router = api::MockClient::new().router();
    let future = pin!(router.call(Request::get(uri).body(String::new()).unwrap()));
    let answered: Poll<Result<_, Infallible>> = future.poll(&mut Context::from_waker(Waker::noop()));
    let Poll::Ready(Ok(response)) = answered else { panic!("{uri} waits") };
    let (head, body) = response.into_parts();
    let frame = http_body::Body::poll_frame(pin!(body), &mut Context::from_waker(Waker::noop()));
    let Poll::Ready(Some(Ok(frame))) = frame else { panic!("{uri} has no body") };
    Response::from_parts(head, frame.into_data().unwrap())
}

#[test]
fn invalid_requests_are_answered_as_declared() {
    let expected: Map<String, Value> = serde_json::from_str(include_str!("expected.json")).unwrap();
    for (path, expected) in &expected {
        let response = answer(&format!("{path}?n=x"));
        let body: Value = serde_json::from_slice(response.body()).unwrap();
        assert_eq!(response.headers()["content-type"], "application/json");
        match &expected[1] {
            // The server's own body.
            Value::Null => assert_eq!((&body["code"], &body["violations"][1]["code"]), (&json!("generic_error"), &json!("format"))),
            declared => assert_eq!(&body, declared, "{path}"),
        }
        assert_eq!(json!(response.status().as_u16()), expected[0], "{path}: {body}");
        let call = api::server::validator().request(&Request::get(format!("{path}?m=a&n=1")).body("").unwrap()).unwrap();
        let declared = |status: u16| call.responses.iter().any(|r| r.status.is_none_or(|one| one == status));
        if declared(response.status().as_u16()) {
            api::server::validator().response(&call, &response).unwrap();
        }
    }
}

/// Required headers have their default, or a generated value of their type.
#[test]
fn required_headers_are_sent() {
    for path in ["only_headed", "only_headed_units", "only_headed_default", "headed_or_plain"] {
        let response = answer(&format!("/answers/{path}?n=x"));
        let header = |name: &str| response.headers()[name].to_str().unwrap().to_owned();
        let sent = ["x-reason", "x-kind", "x-tags", "retry-after"].map(header);
        assert_eq!(sent, ["0", "generic_error", "0", "30"], "{path}");
    }
    assert!(!answer("/answers/headed?n=x").headers().contains_key("x-reason"));
}

/// The router's responses to other failures.
#[test]
fn failures_are_answered_as_declared() {
    for (path, expected) in [
        ("other", json!({ "code": "generic_error", "message": "GET /answers/other: strict" })),
        ("only_unfit", json!({ "order_id": "", "message": "" })),
        ("only_headed", json!({ "code": "", "message": "" })),
        ("success_or_other", json!([{ "code": "generic_error", "message": "GET /answers/success_or_other: strict" }])),
    ] {
        let mock = api::MockClient::new();
        mock.be_strict();
        let mut router = mock.router();
        let request = Request::get(format!("/answers/{path}?m=a&n=1")).body(String::new()).unwrap();
        let future = pin!(router.call(request));
        let Poll::Ready(Ok(response)) = future.poll(&mut Context::from_waker(Waker::noop())) else { panic!() };
        assert_eq!(response.status(), 500);
        assert_eq!(response.headers().contains_key("x-reason"), path == "only_headed");
        let frame = http_body::Body::poll_frame(pin!(response.into_body()), &mut Context::from_waker(Waker::noop()));
        let Poll::Ready(Some(Ok(frame))) = frame else { panic!() };
        let body: Value = serde_json::from_slice(&frame.into_data().unwrap()).unwrap();
        let keys = |value: &Value| match value {
            Value::Array(items) => items[0].as_object().unwrap().keys().cloned().collect::<Vec<_>>(),
            value => value.as_object().unwrap().keys().cloned().collect(),
        };
        assert_eq!(keys(&body), keys(&expected), "{body}");
        mock.reset();
    }
}
