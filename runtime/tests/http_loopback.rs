//! Whole calls over a socket, by the default transport.
#![cfg(feature = "reqwest")]

use std::error::Error as _;
use std::time::Duration;

use crate::support::server::{self, response};
use crate::support::*;
use apigen_runtime::{
    Error, Operation,
    client::{HttpClient, ReqwestTransport},
    codegen::Request,
};

async fn client(answer: fn(&str) -> String) -> HttpClient {
    builder(&server::start(answer).await).build().unwrap()
}

fn get(id: &str) -> Request {
    Request::new(Get::INFO).path("id", &id)
}

#[tokio::test]
async fn success_with_status_and_headers() {
    let client = client(|request| {
        assert!(request.starts_with("GET /users/a%20b.csv?q=x%20y HTTP/1.1\r\n"), "{request}");
        let user_agent = format!("user-agent: {}\r\n", SERVICE.user_agent);
        assert!(request.to_lowercase().contains(&user_agent), "{request}");
        response("200 OK", "\"Ada\"")
    });
    let client = client.await;
    let request = || Request::new(GetCsv::INFO).path("id", &"a b").query("q", &"x y");
    assert_eq!(client.call::<GetCsv>(request()).await.unwrap(), "Ada");
    let full = client.call::<GetCsv>(request()).with_response().await.unwrap();
    assert_eq!((full.status().as_u16(), full.len()), (200, 3));
    assert_eq!(full.headers()["x-request-id"], "r1");
    assert_eq!(full.into_inner(), "Ada");
}

#[tokio::test]
async fn bodies_arrive() {
    let client = client(|request| {
        let text = request.to_lowercase();
        match request.split(' ').next() {
            Some("POST") => {
                assert!(
                    text.contains("content-type: application/json; charset=utf-8\r\n") && text.ends_with("\"ada\"")
                );
                response("201 Created", "\"made\"")
            }
            Some("PUT") => {
                assert_eq!(text.matches("content-length: 0\r\n").count(), 1);
                response("204 No Content", "")
            }
            _ => {
                assert!(text.starts_with("delete ") && text.ends_with("\r\n\r\n[1]"), "{text}");
                response("204 No Content", "")
            }
        }
    });
    let client = client.await;
    assert_eq!(client.call::<Post>(Request::new(Post::INFO).body(&"Ada")).await.unwrap(), "made");
    client.call::<Put>(Request::new(Put::INFO).path("id", &"1")).await.unwrap();
    client.call::<Delete>(Request::new(Delete::INFO).body(&serde_json::json!([1]))).await.unwrap();
}

#[tokio::test]
async fn optional_success() {
    let some = client(|_| response("200 OK", "\"Ada\"")).await;
    let none = client(|_| response("204 No Content", "")).await;
    let null = client(|_| response("200 OK", " null ")).await;
    assert_eq!(some.call::<Find>(Request::new(Find::INFO)).await.unwrap().as_deref(), Some("Ada"));
    assert_eq!(none.call::<Find>(Request::new(Find::INFO)).await.unwrap(), None);
    assert_eq!(null.call::<Find>(Request::new(Find::INFO)).await.unwrap(), None);
}

#[tokio::test]
async fn declared_errors_are_typed() {
    let client = client(|_| response("409 Conflict", "\"taken\"")).await;
    let error = client.call::<Post>(Request::new(Post::INFO)).await.unwrap_err();
    assert_eq!(error.declared(), Some(&PostError::Conflict("taken".into())));
    assert_eq!(error.status().unwrap(), 409);
    assert_eq!(error.body(), Some(&b"\"taken\""[..]));
    assert_eq!(error.headers()["x-request-id"], "r1");
    let url = error.url().unwrap().to_owned();
    assert_eq!(error.to_string(), format!("users.post (POST {url}): 409 Conflict: \"taken\""));
    assert_eq!(error.into_declared().unwrap(), PostError::Conflict("taken".into()));
}

#[tokio::test]
async fn unit_errors_ignore_their_body() {
    let client = client(|_| response("401 Unauthorized", "<html>")).await;
    let error = client.call::<Post>(Request::new(Post::INFO)).await.unwrap_err();
    assert_eq!(error.declared(), Some(&PostError::Unauthorized));
    assert_eq!(error.body(), Some(&b"<html>"[..]));
}

#[tokio::test]
async fn undeclared_status_keeps_everything() {
    let client = client(|_| response("500 Internal Server Error", "oops\r\n at line 1")).await;
    let error = client.call::<Post>(Request::new(Post::INFO).query("page", &2)).await.unwrap_err();
    assert!(error.is_undeclared_status());
    assert_eq!(error.method().unwrap(), "POST");
    assert!(error.url().unwrap().ends_with("/users?page=2"));
    let message = error.to_string();
    assert!(message.ends_with(": 500 Internal Server Error, expected 201, 401 or 409: oops at line 1"), "{message}");
    assert!(error.into_declared().unwrap_err().is_undeclared_status());
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let client = client(|_| "HTTP/1.1 302 Found\r\nlocation: /x\r\ncontent-length: 0\r\n\r\n".into()).await;
    let error = client.call::<Get>(get("1")).await.unwrap_err();
    assert_eq!((error.status().unwrap().as_u16(), error.is_undeclared_status()), (302, true));
    assert_eq!(error.headers()["location"], "/x");
}

#[tokio::test]
async fn body_that_does_not_fit() {
    let client = client(|request| match request.split(' ').next() {
        Some("POST") => response("409 Conflict", "<html>"),
        _ => response("200 OK", "[1]"),
    });
    let client = client.await;
    let error = client.call::<Get>(get("1")).await.unwrap_err();
    assert!(error.is_decode());
    assert_eq!(error.violations().unwrap().as_slice()[0].column, 1);
    let message = error.to_string();
    assert!(message.contains("): 200 OK, but the body violates the spec: ") && message.ends_with(": [1]"), "{message}");
    assert_eq!((error.status().unwrap().as_u16(), error.body()), (200, Some(&b"[1]"[..])));
    let error = client.call::<Post>(Request::new(Post::INFO)).await.unwrap_err();
    assert!(error.is_decode() && error.declared().is_none());
    assert_eq!((error.status().unwrap().as_u16(), error.body()), (409, Some(&b"<html>"[..])));
}

#[tokio::test]
async fn empty_body_that_must_not_be() {
    let client = client(|_| response("200 OK", "")).await;
    assert!(client.call::<Get>(get("1")).await.unwrap_err().is_decode());
}

#[tokio::test]
async fn default_covers_the_rest() {
    let success = client(|_| response("202 Accepted", "\"later\"")).await;
    let failure = client(|_| response("503 Service Unavailable", "")).await;
    assert_eq!(success.call::<Any>(Request::new(Any::INFO)).await.unwrap().as_deref(), Some("later"));
    let error = failure.call::<Any>(Request::new(Any::INFO)).await.unwrap_err();
    assert_eq!(error.declared(), Some(&PostError::Default(503, None)));
}

#[tokio::test]
async fn time_limits() {
    let url = server::start(|_| server::STALL.into()).await;
    let slow = builder(&url).timeout(Duration::from_millis(50)).build().unwrap();
    let error = slow.call::<Get>(get("1")).await.unwrap_err();
    assert!(error.is_timeout() && error.is_transport() && !error.is_connect());
    assert!(error.to_string().ends_with(": timed out"), "{error}");

    let patient = builder(&url).build().unwrap();
    let error = patient.call::<Get>(get("1")).timeout(Duration::from_millis(50)).await.unwrap_err();
    assert!(error.is_timeout());
}

#[tokio::test]
async fn time_limit_covers_the_body() {
    let client = client(|_| format!("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n\"{}", server::STALL)).await;
    let error = client.call::<Get>(get("1")).timeout(Duration::from_millis(50)).await.unwrap_err();
    assert!(error.is_timeout(), "{error:?}");
}

#[tokio::test]
async fn connection_that_ends_within_the_body() {
    let client = client(|_| "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n\"".into()).await;
    let error = client.call::<Get>(get("1")).await.unwrap_err();
    assert!(error.is_transport() && !error.is_timeout() && !error.is_connect(), "{error:?}");
}

#[tokio::test]
async fn refused_connection() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let error = builder(&url).build().unwrap().call::<Get>(get("1")).await.unwrap_err();
    assert!(error.is_connect() && !error.is_timeout());
    assert_eq!(error.to_string(), format!("users.get (GET {url}/users/1): could not connect"));
    let source = error.source().unwrap().to_string();
    assert!(!source.contains(&url), "{source}");
    assert_eq!(error.status(), None);
}

#[tokio::test]
async fn large_responses_are_refused() {
    let chunked =
        |_: &str| "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\n\"ab\r\n3\r\nce\"\r\n0\r\n\r\n".to_owned();
    for answer in [(|_: &str| response("200 OK", "\"abcd\"")) as fn(&str) -> String, chunked] {
        let url = server::start(answer).await;
        let transport = |limit| ReqwestTransport::with_defaults().unwrap().max_response_bytes(limit);
        let small = builder(&url).transport(transport(5)).build().unwrap();
        let error = small.call::<Get>(get("1")).await.unwrap_err();
        assert_eq!(error.source().unwrap().to_string(), "the body of the response is larger than 5 bytes");
        let enough = builder(&url).transport(transport(6)).build().unwrap();
        assert!(enough.call::<Get>(get("1")).await.unwrap().starts_with("ab"));
    }
}

#[tokio::test]
async fn calls_can_be_spawned() {
    let client = client(|_| response("200 OK", "\"x\"")).await;
    let task = tokio::spawn(async move { client.call::<Get>(get("1")).header("X-Id", 1).timeout(Duration::MAX).await });
    let answer: Result<String, Error<_>> = task.await.unwrap();
    assert_eq!(answer.unwrap(), "x");
}
