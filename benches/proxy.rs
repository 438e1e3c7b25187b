//! The cost of the proxy: CPU time per request beyond that of passing it on, latency, and memory.
//!
//! `cargo bench --bench proxy`. A request of 1 KB and its response of 1 KB go through the proxy for `specs/location.json`,
//! and through a bare forwarder: hyper's server and client, and nothing in between. Both are separate processes (this
//! program again), in front of the same server; only they are measured, including the kernel's time for them. The budgets
//! are 50 µs beyond the bare forwarder for both directions validated, 80 µs while logging and recording, 20 ms for 99 of
//! 100 requests over 64 connections, and memory that does not grow.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a failure ends the run")]
#![expect(clippy::print_stdout, reason = "a benchmark prints its table, and its other processes an address")]

#[path = "runtime/benches/serve/load.rs"]
#[allow(dead_code, reason = "other benchmarks send other requests")]
mod load;
#[path = "runtime/benches/serve/process.rs"]
mod process;

use std::convert::Infallible;
use std::io::{Read, stdin};
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use apigen_testing::Proxy;
use bytes::Bytes;
use http::{HeaderValue, Request, Response};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::client::conn::http1::SendRequest;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use load::{Expected, Kind, send};
use process::Process;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Mutex;

const ORIGIN: &str = "--origin";
const BARE: &str = "--bare=";
const CONNECTIONS: usize = 4;
const ROUNDS: usize = 7;

/// The proxies that are measured.
const PROXIES: [(&str, &str); 5] = [
    ("both directions validated", "--observe="),
    ("… and told in headers", "--headers="),
    ("both directions enforced", "--enforce="),
    ("recording examples", "--record="),
    ("logging exchanges", "--log="),
];

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let given = |name: &str| arguments.iter().find_map(|argument| argument.strip_prefix(name).map(str::to_owned));
    if given(ORIGIN).is_some() {
        return serve(|| async {}, |(), request| answered(request));
    }
    if let Some(to) = given(BARE) {
        let to: SocketAddr = to.parse().unwrap();
        return serve(move || connected(to), forwarded);
    }
    for (_, name) in PROXIES {
        if let Some(to) = given(name) {
            return proxy(name, &to);
        }
    }
    measure();
}

fn proxy(name: &str, to: &str) {
    let spec = Path::new(env!("CARGO_MANIFEST_DIR")).join("specs/location.json");
    let folder = std::env::temp_dir().join(format!("apigen-bench-proxy-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let proxy = Proxy::from_spec(spec).to(format!("http://{to}"));
    let proxy = match name {
        "--observe=" => proxy.no_headers(),
        "--enforce=" => proxy.no_headers().enforce(),
        "--log=" => proxy.no_headers().log(folder.join("exchanges.jsonl")),
        "--record=" => proxy.no_headers().record(folder.join("examples")),
        _ => proxy,
    };
    let proxy = proxy.start().unwrap();
    println!("{}", proxy.addr());
    stdin().read_to_end(&mut Vec::new()).unwrap();
    let coverage = proxy.finish();
    assert!(coverage.requests.checked > 0 && coverage.requests.invalid + coverage.responses.invalid == 0, "{coverage}");
    assert!(coverage.not_checked.is_empty(), "{coverage}");
    std::fs::remove_dir_all(folder).unwrap();
}

/// Serves connections, each with something of its own.
fn serve<C, O, S, R, B>(open: impl Fn() -> O, service: S)
where
    C: Clone + Send + 'static,
    O: Future<Output = C>,
    S: Fn(C, Request<Incoming>) -> R + Copy + Send + 'static,
    R: Future<Output = Response<B>> + Send + 'static,
    B: http_body::Body<Data = Bytes, Error: Into<Box<dyn std::error::Error + Send + Sync>>> + Send + 'static,
{
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async move {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        println!("{}", listener.local_addr().unwrap());
        std::thread::spawn(|| {
            stdin().read_to_end(&mut Vec::new()).unwrap();
            std::process::exit(0);
        });
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            stream.set_nodelay(true).unwrap();
            let own = open().await;
            let served = service_fn(move |request| {
                let response = service(own.clone(), request);
                async move { Ok::<_, Infallible>(response.await) }
            });
            tokio::spawn(hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), served));
        }
    });
}

/// The server of the API: reads the request, and responds with 1 KB.
async fn answered(request: Request<Incoming>) -> Response<Full<Bytes>> {
    drop(request.into_body().collect().await.unwrap());
    let request = Kind::Post.request();
    let end = request.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
    let form = std::str::from_utf8(&request[end + 5..]).unwrap();
    let guid = "f4ad28e1-05e2-4a8b-9f2f-1a4b2f7c2d11";
    let user = format!(r#"{{"guid":"{guid}","created_at":"2024-02-29T08:00:00Z",{form}"#);
    let response = Response::builder().status(201).header("content-type", "application/json");
    response.body(Full::from(user)).unwrap()
}

type Sender = Arc<Mutex<SendRequest<Incoming>>>;

async fn connected(to: SocketAddr) -> (Sender, SocketAddr) {
    let stream = TcpStream::connect(to).await.unwrap();
    stream.set_nodelay(true).unwrap();
    let (sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.unwrap();
    tokio::spawn(connection);
    (Arc::new(Mutex::new(sender)), to)
}

/// The yardstick: passes a request on, and its response back.
async fn forwarded((sender, to): (Sender, SocketAddr), mut request: Request<Incoming>) -> Response<Incoming> {
    let host = HeaderValue::from_str(&to.to_string()).unwrap();
    request.headers_mut().insert("host", host);
    let mut sender = sender.lock().await;
    sender.ready().await.unwrap();
    sender.send_request(request).await.unwrap()
}

fn measure() {
    let one: Expected = (Kind::Post.request(), b"201");
    let origin = Process::start(ORIGIN);
    let start = |name: &str| Process::start(&format!("{name}{}", origin.addr));
    let bare = start(BARE);
    send(bare.addr, std::slice::from_ref(&one), (CONNECTIONS, 2_000));
    println!(
        "{:42} {:>10} {:>12} {:>12} {:>10}",
        "POST of 1 KB, response of 1 KB", "number", "CPU µs each", "beyond, µs", "RSS, MB"
    );
    for (name, argument) in PROXIES {
        let proxy = start(argument);
        send(proxy.addr, std::slice::from_ref(&one), (CONNECTIONS, 2_000));
        // In turn, so that both meet the same machine.
        let round = |_| (cost(&bare, &one, 15_000), cost(&proxy, &one, 15_000));
        let mut rounds: Vec<(f64, f64)> = (0..ROUNDS).map(round).collect();
        rounds.sort_by(|a, b| (a.1 - a.0).total_cmp(&(b.1 - b.0)));
        let (yardstick, own) = rounds[ROUNDS / 2];
        if name == PROXIES[0].0 {
            println!("{:42} {:>10} {yardstick:>12.2} {:>12} {:>10.1}", "bare forwarder", 105_000, "", bare.memory());
        }
        println!("{name:42} {:>10} {own:>12.2} {:>12.2} {:>10.1}", 105_000, own - yardstick, proxy.memory());
    }
    let proxy = start(PROXIES[1].1);
    for (from, to) in [(0, 100_000), (100_000, 1_000_000)] {
        send(proxy.addr, std::slice::from_ref(&one), (CONNECTIONS, to - from));
        println!("{:42} {to:>10} {:>12} {:>12} {:>10.1}", "memory at its peak", "", "", proxy.peak());
    }
    for (name, server) in [("server alone", &origin), ("bare forwarder", &bare), ("proxy", &proxy)] {
        let times = send(server.addr, std::slice::from_ref(&one), (64, 64_000));
        let p99 = f64::from(times[times.len() * 99 / 100]) / 1000.0;
        println!("p99 over 64 connections: {name:20} {p99:>8.1} ms");
    }
}

/// Returns the CPU time of a process for one of these requests, in microseconds.
fn cost(server: &Process, request: &Expected, number: usize) -> f64 {
    let start = server.cpu();
    send(server.addr, std::slice::from_ref(request), (CONNECTIONS, number));
    (server.cpu() - start) * 1e6 / number as f64
}
