//! A real HTTP server on loopback that records requests and returns prepared responses.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::HeaderMap;
use axum::response::Response;

/// A recorded request.
#[derive(Debug, Clone)]
pub struct Recorded {
    /// `GET /users?limit=1`
    pub line: String,
    pub headers: HeaderMap,
    pub body: String,
}

#[derive(Clone, Default)]
pub struct Server {
    answers: Arc<Mutex<HashMap<String, (u16, String)>>>,
    requests: Arc<Mutex<Vec<Recorded>>>,
    pub url: String,
}

impl Server {
    /// Listens on a free port until the test ends.
    pub async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let server = Self { url: format!("http://{}", listener.local_addr().unwrap()), ..Self::default() };
        let router = Router::new().fallback(answer).with_state(server.clone());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        server
    }

    /// Prepares the response for a method and path (without the query).
    pub fn on(&self, request: &str, status: u16, body: &str) {
        self.answers.lock().unwrap().insert(request.to_owned(), (status, body.to_owned()));
    }

    /// Returns the last request and removes it from the record.
    pub fn last(&self) -> Recorded {
        self.requests.lock().unwrap().pop().expect("no request arrived")
    }
}

async fn answer(State(server): State<Server>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, 1_000_000).await.unwrap();
    let line = format!("{} {}", parts.method, parts.uri);
    let key = format!("{} {}", parts.method, parts.uri.path());
    let body = String::from_utf8(body.to_vec()).unwrap();
    server.requests.lock().unwrap().push(Recorded { line, headers: parts.headers, body });
    let answer = server.answers.lock().unwrap().get(&key).cloned();
    let (status, body) = answer.unwrap_or((418, format!("nothing prepared for {key}")));
    let response =
        Response::builder().status(status).header("content-type", "application/json").header("x-served-by", "loopback");
    response.body(Body::from(body)).unwrap()
}
