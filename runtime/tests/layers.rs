//! Transports that wrap transports, and tower services as transports.
#![cfg(all(feature = "reqwest", feature = "tower"))]

use std::error::Error as StdError;
use std::io;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use crate::support::script::*;
use crate::support::*;
use apigen_runtime::{
    Operation,
    bytes::Bytes,
    client::{
        HttpClient, RetryPolicy, Timeout, TowerTransport, Transport, TransportError, TransportFuture, TransportService,
    },
    codegen::Request,
};
use axum::Router;
use axum::body::Body;
use axum::extract::Path;
use axum::routing::{get, post};
use http::{HeaderMap, StatusCode, Uri};
use http_body::Frame;
use tower::timeout::{TimeoutLayer, error::Elapsed};
use tower::{BoxError, ServiceBuilder, service_fn};

fn user() -> Request {
    Request::new(Get::INFO).path("id", &"a/b")
}

/// Creates a client of an axum router in this process.
fn routed(router: Router) -> HttpClient {
    builder("https://api.example.org/v1").transport(TowerTransport::new(router)).build().unwrap()
}

/// Responds with the parts of a request that a handler receives.
async fn shown(Path(id): Path<String>, uri: Uri, headers: HeaderMap) -> String {
    let header = |name: &str| headers.get(name).map_or("none", |value| value.to_str().unwrap());
    let seen = format!("{id} {} {:?} {} {}", uri.path(), uri.query(), header("host"), header("x-apidoc-version"));
    format!("{seen:?}")
}

#[tokio::test]
async fn a_router_without_a_socket() {
    let client = routed(Router::new().route("/v1/users/{id}", get(shown)));
    let answer = client.call::<Get>(user().query("q", &"x y")).with_response().await.unwrap();
    assert_eq!(*answer, r#"a/b /v1/users/a%2Fb Some("q=x%20y") api.example.org 2.1.0"#);
    assert_eq!(
        (answer.status(), answer.headers()["content-type"].as_bytes()),
        (StatusCode::OK, &b"text/plain; charset=utf-8"[..])
    );
    let missing = client.call::<List>(Request::new(List::INFO)).await.unwrap_err();
    assert_eq!((missing.status(), missing.is_undeclared_status()), (Some(StatusCode::NOT_FOUND), true));
}

#[tokio::test]
async fn what_a_client_writes_on_the_wire() {
    async fn posted(headers: HeaderMap, body: String) -> (StatusCode, String) {
        let seen =
            format!("{body} {} {}", headers["host"].to_str().unwrap(), headers["content-length"].to_str().unwrap());
        (StatusCode::CREATED, format!("{seen:?}"))
    }
    let client = |base: &str| {
        let router = Router::new().route("/users", post(posted));
        builder(base).transport(TowerTransport::new(router)).build().unwrap()
    };
    for (base, host) in [
        ("http://x.org:80", "x.org"),
        ("https://x.org:443", "x.org"),
        ("http://x.org:443", "x.org:443"),
        ("http://[::1]:8080", "[::1]:8080"),
    ] {
        let answer = client(base).call::<Post>(Request::new(Post::INFO).body(&7)).await.unwrap();
        assert_eq!(answer, format!("7 {host} 1"));
    }
    let named = client("http://x.org").call::<Post>(Request::new(Post::INFO).body(&7)).header("Host", "y.org").await;
    assert_eq!(named.unwrap(), "7 y.org 1");
}

#[tokio::test]
async fn a_service_that_takes_one_kind_of_body() {
    let service = service_fn(async |request: http::Request<Body>| {
        let body = axum::body::to_bytes(request.into_body(), 100).await?;
        Ok::<_, axum::Error>(http::Response::builder().status(201).body(Body::from(body)).unwrap())
    });
    let transport = TowerTransport::<_, Body>::with_body(service);
    let client = builder("http://x.org").transport(transport).build().unwrap();
    assert_eq!(client.call::<Post>(Request::new(Post::INFO).body(&"echo")).await.unwrap(), "echo");
}

/// A body of pieces that counts how often it is polled.
struct Pieces(std::vec::IntoIter<Result<&'static str, &'static str>>, Arc<AtomicUsize>);

impl http_body::Body for Pieces {
    type Data = Bytes;
    type Error = &'static str;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, &'static str>>> {
        self.1.fetch_add(1, Ordering::Relaxed);
        Poll::Ready(self.0.next().map(|piece| piece.map(|text| Frame::data(Bytes::from(text)))))
    }
}

fn pieces(pieces: Vec<Result<&'static str, &'static str>>, read: &Arc<AtomicUsize>) -> Router {
    let body = Arc::new(Mutex::new(Some(Pieces(pieces.into_iter(), Arc::clone(read)))));
    Router::new().route("/users/{id}", get(move || std::future::ready(Body::new(body.lock().unwrap().take().unwrap()))))
}

#[tokio::test]
async fn bodies_are_read_up_to_the_limit() {
    for (limit, reads) in [(Some(25), 4), (Some(91), 11), (Some(92), 12), (None, 12)] {
        let read = Arc::default();
        let ten = Ok("1234567890");
        let router = pieces([[Ok("\"")].as_slice(), &[ten; 9], &[Ok("\"")]].concat(), &read);
        let builder = builder("http://x.org").transport(TowerTransport::new(router));
        let builder = match limit {
            Some(limit) => builder.max_response_bytes(limit),
            None => builder,
        };
        let answer = builder.build().unwrap().call::<Get>(user()).await;
        assert_eq!(read.load(Ordering::Relaxed), reads);
        match answer {
            Ok(text) => assert_eq!((text.len(), reads), (90, 12)),
            Err(error) => assert!(error.is_transport() && !error.is_retryable(), "{error}"),
        }
    }
}

#[tokio::test]
async fn a_body_that_says_how_large_it_is_is_not_read() {
    let router = Router::new().route("/users/{id}", get(async || "x".repeat(1000)));
    let client =
        builder("http://x.org").transport(TowerTransport::new(router)).max_response_bytes(999).build().unwrap();
    let error = client.call::<Get>(user()).await.unwrap_err();
    assert_eq!(error.to_string().split(": ").last(), Some("no response"));
    assert_eq!(error.source().unwrap().to_string(), "the body of the response is larger than 999 bytes");
}

#[derive(Debug)]
struct Refused(TransportError);

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("refused by the stack")
    }
}

impl StdError for Refused {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        Some(&self.0)
    }
}

/// The error of a service, the message of the call's error and of its source, and whether it is retryable.
type Case = (fn() -> BoxError, &'static str, bool);

#[tokio::test]
async fn errors_of_a_service() {
    let cases: [Case; 6] = [
        (|| TransportError::connect("mine").into(), "could not connect: mine", true),
        (|| TransportError::other("mine").into(), "no response: mine", false),
        (|| Refused(TransportError::timeout("inner")).into(), "timed out: refused by the stack", true),
        (|| io::Error::from(io::ErrorKind::ConnectionReset).into(), "the connection broke: connection reset", true),
        (|| io::Error::from(io::ErrorKind::ConnectionRefused).into(), "could not connect: connection refused", true),
        (|| "whatever".into(), "no response: whatever", false),
    ];
    for (error, message, retryable) in cases {
        let service = service_fn(move |_: http::Request<Body>| {
            std::future::ready(Err::<http::Response<Body>, BoxError>(error()))
        });
        let transport = TowerTransport::<_, Body>::with_body(service);
        let client = builder("http://x.org").transport(transport).retry(RetryPolicy::never()).build().unwrap();
        let error = client.call::<Get>(user()).await.unwrap_err();
        let told = format!("{error}: {}", error.source().unwrap());
        assert!(told.ends_with(message) && error.is_retryable() == retryable, "{told}");
    }
}

#[tokio::test]
async fn a_body_that_breaks() {
    let router = pieces(vec![Ok("\"a"), Err("gone")], &Arc::default());
    let client = builder("http://x.org").transport(TowerTransport::new(router)).build().unwrap();
    let error = client.call::<Get>(user()).await.unwrap_err();
    assert!(error.to_string().ends_with("the connection broke") && error.is_retryable(), "{error}");
    assert!(error.source().unwrap().to_string().contains("gone"));
}

#[tokio::test(start_paused = true)]
async fn a_tower_stack_with_a_timeout() {
    let slow = Router::new().route("/users/{id}", get(async || tokio::time::sleep(Duration::from_secs(9)).await));
    let stack = ServiceBuilder::new()
        .map_err(|error: BoxError| match error.is::<Elapsed>() {
            true => TransportError::timeout(error),
            false => TransportError::other(error),
        })
        .layer(TimeoutLayer::new(Duration::from_secs(1)))
        .service(slow);
    let client = builder("http://x.org").transport(TowerTransport::new(stack)).build().unwrap();
    let start = tokio::time::Instant::now();
    let error = client.call::<Get>(user()).await.unwrap_err();
    assert!(error.is_timeout() && error.source().unwrap().is::<Elapsed>(), "{error}");
    assert_eq!(start.elapsed().as_secs(), 1);
}

/// Records passing requests and responses.
struct Noted<T>(&'static str, Arc<Mutex<Vec<String>>>, T);

impl<T: Transport> Transport for Noted<T> {
    fn send(&self, mut request: http::Request<Bytes>) -> TransportFuture<'_> {
        self.1.lock().unwrap().push(format!("{} sends", self.0));
        request.headers_mut().append("x-way", self.0.parse().unwrap());
        Box::pin(async move {
            let response = self.2.send(request).await;
            self.1.lock().unwrap().push(format!("{} has {}", self.0, response.as_ref().unwrap().status().as_u16()));
            response
        })
    }
}

#[tokio::test(start_paused = true)]
async fn the_last_layer_sees_a_request_first() {
    for layers_first in [true, false] {
        let notes: Arc<Mutex<Vec<String>>> = Arc::default();
        let noted = |name| {
            let notes = Arc::clone(&notes);
            move |inner: Arc<dyn Transport>| Noted(name, notes, inner)
        };
        let (transport, log) = script(&[BUSY, OK]);
        let client = match layers_first {
            true => builder("http://x.org").layer(noted("a")).layer(noted("b")).transport(transport),
            false => builder("http://x.org").transport(transport).layer(noted("a")).layer(noted("b")),
        };
        client.build().unwrap().call::<Get>(user()).await.unwrap();
        let expected = ["b sends", "a sends", "a has 503", "b has 503", "b sends", "a sends", "a has 200", "b has 200"];
        assert_eq!(*notes.lock().unwrap(), expected);
        let way: Vec<_> = log.requests()[0].headers().get_all("x-way").iter().cloned().collect();
        assert_eq!(way, ["b", "a"]);
    }
}

#[tokio::test]
async fn a_layer_goes_around_the_default_transport() {
    let url = server::start(|_| server::response("200 OK", "\"x\"")).await;
    let notes: Arc<Mutex<Vec<String>>> = Arc::default();
    let seen = Arc::clone(&notes);
    let client = builder(&url).layer(|inner| Noted("only", seen, inner)).build().unwrap();
    assert_eq!(client.call::<Get>(user()).await.unwrap(), "x");
    assert_eq!(*notes.lock().unwrap(), ["only sends", "only has 200"]);
}

#[tokio::test]
async fn a_client_of_reqwest_of_ones_own() {
    let url = server::start(|request| {
        let own = request.to_lowercase().contains("\r\nx-own: yes\r\n");
        server::response("200 OK", &format!("\"{own}\""))
    })
    .await;
    let headers = HeaderMap::from_iter([("x-own".parse().unwrap(), "yes".parse().unwrap())]);
    let own = reqwest::Client::builder().default_headers(headers).build().unwrap();
    let client = builder(&url).reqwest(own).build().unwrap();
    assert_eq!(client.call::<Get>(user()).await.unwrap(), "true");
}

/// Tower layers around any transport, with the extensions of a request.
#[tokio::test]
async fn tower_layers_around_a_transport() {
    let (transport, log) = script(&[Step::Answer(204, &[], "")]);
    let client = builder("http://x.org").transport(transport).timeout(Duration::from_secs(7)).layer(|inner| {
        let stack = ServiceBuilder::new().map_request(|mut request: http::Request<http_body_util::Full<Bytes>>| {
            let timeout = request.extensions().get::<Timeout>().unwrap().0.as_secs();
            request.headers_mut().insert("x-timeout", timeout.into());
            request
        });
        TowerTransport::new(stack.service(TransportService::new(inner)))
    });
    client.build().unwrap().call::<Put>(Request::new(Put::INFO).path("id", &1).body(&"kept")).await.unwrap();
    assert_eq!(log.headers("x-timeout"), ["7"]);
    assert_eq!(log.requests()[0].body().as_ref(), b"\"kept\"");
    assert_eq!(log.requests()[0].uri(), "http://x.org/users/1");
}
