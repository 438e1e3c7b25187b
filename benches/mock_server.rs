//! The cost of a mock server made from a spec: CPU time per validated request, memory after many, and the time until it is ready.
//!
//! `cargo bench --bench mock_server`. `specs/location.json` is served by a separate process (this program again), and so is
//! the yardstick: a bare axum handler with serde that answers the same request with the same body. Requests come over kept
//! connections. Only the serving processes are measured, including the kernel's time for them. The budgets are 20 µs,
//! 2.5 times the yardstick, 20 MB after a million requests, and 50 ms until ready; 300 ms for the largest document in the
//! folder that `APIGEN_CORPUS` names.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a failure ends the run")]
#![expect(clippy::print_stdout, reason = "a benchmark prints its table, and its other process an address")]

#[path = "runtime/benches/serve/load.rs"]
#[allow(dead_code, reason = "another benchmark uses the rest")]
mod load;
#[path = "runtime/benches/serve/process.rs"]
mod process;

use std::io::{Read, stdin};
use std::path::{Path, PathBuf};
use std::time::Instant;

use apigen_testing::MockServer;
use axum::Json;
use axum::extract::Path as Parameter;
use axum::routing::get;
use load::{Expected, Kind, send};
use process::Process;
use serde::{Deserialize, Serialize};

const MOCK: &str = "--serve-mock";
const BARE: &str = "--serve-bare";
const GUID: &str = "00000000-0000-4000-8000-000000000001";
const CONNECTIONS: usize = 4;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    match () {
        () if arguments.iter().any(|argument| argument == MOCK) => serve_mock(),
        () if arguments.iter().any(|argument| argument == BARE) => serve_bare(),
        () => measure(),
    }
}

fn spec() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("specs/location.json")
}

fn serve_mock() {
    // Everything that is created would be kept, which is not what the memory of a server is about.
    let server = MockServer::builder().spec(spec()).state_bytes(1 << 20).start().unwrap();
    println!("{}", server.addr());
    stdin().read_to_end(&mut Vec::new()).unwrap();
}

/// The user that the mock answers with, as the yardstick has it.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct User {
    age: i32,
    created_at: String,
    email: String,
    guid: String,
    home: Address,
    name: String,
    note: serde_json::Value,
    role: String,
    settings: serde_json::Map<String, serde_json::Value>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Address {
    text: String,
    streets: Vec<String>,
    city: String,
    province: String,
    postal_code: String,
    country: String,
    latitude: f64,
    longitude: f64,
    precision: String,
}

fn serve_bare() {
    let server = MockServer::from_spec(spec()).unwrap();
    let body = fetch(&server, &request("GET", &format!("/users/{GUID}")));
    let user: User = serde_json::from_slice(&body).unwrap();
    drop(server);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async move {
        let one = move |Parameter(guid): Parameter<String>| {
            let user = User { guid, ..user.clone() };
            async move { Json(user) }
        };
        let router = axum::Router::new().route("/users/{guid}", get(one));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        println!("{}", listener.local_addr().unwrap());
        std::thread::spawn(|| {
            stdin().read_to_end(&mut Vec::new()).unwrap();
            std::process::exit(0);
        });
        axum::serve(listener, router).await.unwrap();
    });
}

fn request(method: &str, target: &str) -> Vec<u8> {
    format!("{method} {target} HTTP/1.1\r\nhost: localhost\r\naccept: application/json\r\n\r\n").into_bytes()
}

/// Sends one request, and returns the body of the response.
fn fetch(server: &MockServer, request: &[u8]) -> Vec<u8> {
    use std::io::Write;
    let mut stream = std::net::TcpStream::connect(server.addr()).unwrap();
    let text = String::from_utf8_lossy(request).replace("accept:", "connection: close\r\naccept:");
    stream.write_all(text.as_bytes()).unwrap();
    let mut response = Vec::new();
    stream.read_to_end(&mut response).unwrap();
    let head = response.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
    response.split_off(head + 4)
}

fn measure() {
    let one: Expected = (request("GET", &format!("/users/{GUID}")), b"200");
    println!("{:42} {:>10} {:>12} {:>8} {:>10}", "requests", "number", "CPU µs each", "ratio", "RSS, MB");
    let (bare, mock) = (Process::start(BARE), Process::start(MOCK));
    for server in [&bare, &mock] {
        send(server.addr, std::slice::from_ref(&one), (CONNECTIONS, 2_000));
    }
    // In turn, so that both meet the same machine.
    let mut rounds: Vec<(f64, f64)> = (0..7).map(|_| (cost(&bare, &one, 20_000), cost(&mock, &one, 20_000))).collect();
    rounds.sort_by(|a, b| (a.1 / a.0).total_cmp(&(b.1 / b.0)));
    let (yardstick, own) = rounds[3];
    let row = |name: &str, number: usize, each: f64, ratio: f64, memory: f64| {
        println!("{name:42} {number:>10} {each:>12.2} {ratio:>8.2} {memory:>10.1}");
    };
    row("GET of a user: bare axum with serde", 140_000, yardstick, 1.0, bare.memory());
    row("GET of a user: mock server, from its state", 140_000, own, own / yardstick, mock.memory());
    let sample: Expected = (request("GET", "/regions/FR"), b"200");
    let others: [(&str, Expected); 4] = [
        ("GET of a region: a sample", sample),
        ("GET of a list with 6 parameters", (Kind::Get.request(), b"200")),
        ("GET with 3 violations, answered by 422", (Kind::BadGet.request(), b"422")),
        ("POST of 1 KB with 2 violations, by 422", (Kind::BadPost.request(), b"422")),
    ];
    for (name, request) in &others {
        let each = cost(&mock, request, 40_000);
        row(name, 40_000, each, each / yardstick, mock.memory());
    }
    let all: Vec<_> = others.into_iter().map(|(_, request)| request).chain([one.clone()]).collect();
    let start = mock.cpu();
    send(mock.addr, &all, (CONNECTIONS, 1_000_000));
    let each = (mock.cpu() - start) * 1e6 / 1e6;
    row("all of them, and memory at its peak", 1_000_000, each, each / yardstick, mock.peak());
    for (name, server) in [("bare axum", &bare), ("mock server", &mock)] {
        let times = send(server.addr, std::slice::from_ref(&one), (64, 64_000));
        let p99 = f64::from(times[times.len() * 99 / 100]) / 1000.0;
        println!("p99 over 64 connections: {name:20} {p99:>8.1} ms");
    }
    for (name, spec) in [("specs/location.json".to_owned(), spec())].into_iter().chain(largest()) {
        let begun = Instant::now();
        let server = MockServer::from_spec(&spec).unwrap();
        println!("ready after {:>6.1} ms: {name}", begun.elapsed().as_secs_f64() * 1e3);
        drop(server);
    }
}

/// Returns the CPU time of a server for one of these requests, in microseconds.
fn cost(server: &Process, request: &Expected, number: usize) -> f64 {
    let start = server.cpu();
    send(server.addr, std::slice::from_ref(request), (CONNECTIONS, number));
    (server.cpu() - start) * 1e6 / number as f64
}

/// Returns the largest document that the folder of documents has.
fn largest() -> Option<(String, PathBuf)> {
    let folder = PathBuf::from(std::env::var_os("APIGEN_CORPUS")?).join("specs");
    let mut files: Vec<(u64, PathBuf)> = Vec::new();
    let mut folders = vec![folder];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
            match entry.metadata().unwrap() {
                metadata if metadata.is_dir() => folders.push(entry.path()),
                metadata => files.push((metadata.len(), entry.path())),
            }
        }
    }
    let (bytes, path) = files.into_iter().max()?;
    Some((format!("the largest document, {:.1} MB", bytes as f64 / 1e6), path))
}
