//! Idle connections that the server closes.
#![cfg(all(feature = "reqwest", feature = "tower"))]

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use crate::support::script::*;
use crate::support::*;
use apigen_runtime::{
    Operation,
    bytes::Bytes,
    client::{HttpClient, RetryPolicy, TowerTransport, TransportError},
    codegen::Request,
};
use http_body_util::Full;
use hyper_util::client::legacy::Client as Hyper;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// A server on sockets, and the number of requests that it has read.
struct Server {
    url: String,
    requests: Arc<AtomicUsize>,
}

impl Server {
    async fn start<F: Future<Output = ()> + Send>(
        serve: impl Fn(TcpStream, Arc<AtomicUsize>) -> F + Send + Sync + 'static,
    ) -> Server {
        let listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let requests = Arc::<AtomicUsize>::default();
        let (serve, counted) = (Arc::new(serve), Arc::clone(&requests));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (serve, counted) = (Arc::clone(&serve), Arc::clone(&counted));
                tokio::spawn(async move { serve(stream, counted).await });
            }
        });
        Server { url, requests }
    }

    fn requests(&self) -> usize {
        self.requests.load(Ordering::SeqCst)
    }

    /// Returns clients of both transports.
    fn clients(&self, retry: RetryPolicy) -> [HttpClient; 2] {
        let hyper: Hyper<HttpConnector, Full<Bytes>> = Hyper::builder(TokioExecutor::new()).build_http();
        let client = || builder(&self.url).retry(retry).retry_budget(0);
        [client().build().unwrap(), client().transport(TowerTransport::new(hyper)).build().unwrap()]
    }
}

const ANSWER: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\n\"x\"";

/// Reads one request with at most a small body; returns `false` at the end of the connection.
async fn read(stream: &mut TcpStream, requests: &AtomicUsize) -> bool {
    let mut buffer = [0; 4096];
    let read = stream.read(&mut buffer).await.unwrap_or(0);
    requests.fetch_add(usize::from(read > 0), Ordering::SeqCst);
    read > 0
}

/// Responds to the first request of each connection and drops the second.
async fn once_per_connection(mut stream: TcpStream, requests: Arc<AtomicUsize>) {
    if read(&mut stream, &requests).await {
        stream.write_all(ANSWER).await.unwrap();
        read(&mut stream, &requests).await;
    }
}

/// Announces that the connection stays open, and closes it.
async fn closing(mut stream: TcpStream, requests: Arc<AtomicUsize>) {
    if read(&mut stream, &requests).await {
        stream.write_all(ANSWER).await.unwrap();
    }
}

/// Responds to the very first request, and drops all others.
async fn once(mut stream: TcpStream, requests: Arc<AtomicUsize>) {
    if read(&mut stream, &requests).await && requests.load(Ordering::SeqCst) == 1 {
        stream.write_all(ANSWER).await.unwrap();
        read(&mut stream, &requests).await;
    }
}

async fn get(client: &HttpClient) -> Result<String, apigen_runtime::Error<std::convert::Infallible>> {
    client.call::<Get>(Request::new(Get::INFO).path("id", &"1")).await
}

#[tokio::test]
async fn a_call_on_a_closed_connection_is_sent_once_more_outside_of_the_budget() {
    let server = Server::start(once_per_connection).await;
    for client in server.clients(RetryPolicy::careful().max_attempts(1)) {
        let before = server.requests();
        for call in 0..20 {
            assert_eq!(get(&client).await.unwrap(), "x", "{call}");
        }
        // All but the first use a connection that accepts their request and does not respond.
        assert_eq!(server.requests() - before, 39);
    }
}

/// Without another attempt up to half of the calls fail. The one attempt may use a connection that another call has
/// just released and that is closed as well: that happens to one call in some thousands.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hardly_any_call_fails_at_a_server_that_closes_after_each_answer() {
    let server = Server::start(closing).await;
    for client in server.clients(RetryPolicy::careful()) {
        let calls = (0..8).map(|_| {
            let client = client.clone();
            tokio::spawn(async move {
                let mut failed = Vec::new();
                for _ in 0..100 {
                    failed.extend(get(&client).await.err().map(|error| error.to_string()));
                }
                failed
            })
        });
        let mut failed = Vec::new();
        for call in calls.collect::<Vec<_>>() {
            failed.extend(call.await.unwrap());
        }
        assert!(failed.len() <= 8, "{failed:?} of 800");
    }
}

#[tokio::test]
async fn there_is_one_attempt_more_and_none_on_a_first_connection() {
    for (policy, attempts) in [(RetryPolicy::careful(), 2), (RetryPolicy::never(), 1)] {
        for transport in 0..2 {
            let server = Server::start(once).await;
            let clients = server.clients(policy);
            get(&clients[transport]).await.unwrap();
            let error = get(&clients[transport]).await.unwrap_err();
            assert!(error.is_transport() && error.is_retryable() && !error.is_connect(), "{error}");
            assert_eq!((server.requests() - 1, error.request().unwrap().attempts()), (attempts, attempts as u32));
            // The other client has no idle connection.
            let error = get(&clients[1 - transport]).await.unwrap_err();
            assert_eq!(error.request().unwrap().attempts(), 1);
        }
    }
}

#[tokio::test]
async fn what_may_not_be_repeated_is_not() {
    let server = Server::start(once_per_connection).await;
    for client in server.clients(RetryPolicy::careful()) {
        get(&client).await.unwrap();
        let before = server.requests();
        let post = || client.call::<Post>(Request::new(Post::INFO).body(&"Ada"));
        let error = post().await.unwrap_err();
        assert_eq!((server.requests() - before, error.request().unwrap().attempts()), (1, 1));
        get(&client).await.unwrap();
        let error = post().retry(RetryPolicy::careful()).await.unwrap_err();
        assert_eq!(error.request().unwrap().attempts(), 1);
        get(&client).await.unwrap();
        let before = server.requests();
        // The response is 200, which `users.post` does not declare.
        let error = post().idempotency_key("order 17").await.unwrap_err();
        assert_eq!((server.requests() - before, error.status().unwrap().as_u16()), (2, 200));
    }
}

#[tokio::test]
async fn a_response_that_has_begun_is_not_asked_for_again() {
    let server = Server::start(async |mut stream: TcpStream, requests: Arc<AtomicUsize>| {
        if read(&mut stream, &requests).await {
            stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 300\r\n\r\n\"x").await.unwrap();
        }
    });
    let server = server.await;
    for client in server.clients(RetryPolicy::careful()) {
        let before = server.requests();
        let error = get(&client).await.unwrap_err();
        assert!(error.is_transport() && error.is_retryable(), "{error}");
        assert_eq!(server.requests() - before, 1);
    }
}

#[tokio::test(start_paused = true)]
async fn transports_of_others_can_say_so_too() {
    let closed = Step::Fail(|| TransportError::closed("given up"));
    let client = |steps: &[Step], retry| {
        let (transport, log) = script(steps);
        (builder("http://x.org").transport(transport).retry(retry).build().unwrap(), log)
    };
    let (one, log) = client(&[OK, closed, OK], RetryPolicy::careful());
    get(&one).await.unwrap();
    assert_eq!(get(&one).await.unwrap(), "x");
    assert_eq!(log.waits(), [Duration::ZERO; 2]);
    let (one, log) = client(&[OK, closed, closed, OK], RetryPolicy::careful());
    get(&one).await.unwrap();
    assert!(get(&one).await.unwrap_err().to_string().ends_with("the connection broke"));
    assert_eq!(log.count(), 3);
    // If the immediate attempt fails too, the policy applies.
    let (one, log) = client(&[OK, closed, closed, closed, OK], RetryPolicy::standard());
    get(&one).await.unwrap();
    assert_eq!(get(&one).await.unwrap(), "x");
    assert_eq!((log.count(), log.waits()[1]), (5, Duration::ZERO));
    let (one, log) = client(&[OK, closed, OK], RetryPolicy::standard().closed_connections(false));
    get(&one).await.unwrap();
    assert_eq!(get(&one).await.unwrap(), "x");
    assert!(log.waits()[1] > Duration::ZERO);
}
