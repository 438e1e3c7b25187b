//! A served mock under the largest bodies, slow clients and abandoned connections, and `apigen serve` under forms
//! designed to be large: the memory of the process stays below the sum of the budgets, whatever is sent.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a failure ends the run")]
#![cfg(target_os = "linux")] // the size of a process is read from /proc

use std::fs;
use std::io::{BufRead as _, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use apigen_runtime::server::ServerLimits;
use location::{MockClient, addresses, users};

const MIB: usize = 1 << 20;

/// The requests of a test, and the limits of the mock.
struct Load {
    memory: usize,
    limits: ServerLimits,
    body: usize,
    journal: usize,
    state: usize,
    posts: usize,
    slow: usize,
    /// The memory that one request takes while it is read and responded to.
    request: usize,
}

#[test]
fn memory_stays_within_its_budgets() {
    let memory = 16 * MIB;
    let limits = ServerLimits::new().memory(memory).body_time(Duration::from_secs(3)).slowest(1 << 20).connections(200);
    let (body, journal, state) = (MIB / 2, 8 * MIB, 8 * MIB);
    run(&Load { memory, limits, body, journal, state, posts: 80, slow: 120, request: 16 * MIB });
}

/// With the default limits: `cargo test --release --test soak -- --ignored`.
#[test]
#[ignore = "takes a minute"]
fn memory_stays_within_its_budgets_by_default() {
    let (journal, state, limits) = (32 * MIB, 128 * MIB, ServerLimits::new());
    run(&Load {
        memory: 64 * MIB,
        limits,
        body: 2 * MIB - 1024,
        journal,
        state,
        posts: 200,
        slow: 400,
        request: 192 * MIB,
    });
}

/// Both tests measure the same process.
static ALONE: Mutex<()> = Mutex::new(());

fn run(load: &Load) {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let mock = MockClient::stateful();
    mock.journal_bytes(load.journal);
    mock.state_bytes(load.state);
    let server = mock.router().limits(load.limits).serve("127.0.0.1:0").unwrap();
    let (addr, before, peak) = (server.addr(), resident(), AtomicUsize::new(0));
    let answered = thread::scope(|scope| {
        let held: Vec<TcpStream> = (0..load.slow).map(|number| slow(addr, load.body, number)).collect();
        let posts = scope.spawn(|| (0..load.posts).filter(|number| post(addr, load, *number)).count());
        while !posts.is_finished() {
            peak.fetch_max(resident(), Ordering::Relaxed);
            thread::sleep(Duration::from_millis(5));
        }
        drop(held);
        posts.join().unwrap()
    });
    // The journal counts what it does not keep.
    mock.assert_called::<users::Post>(load.posts / 2);
    mock.assert_called::<addresses::PostSearch>(load.posts / 2);
    let kept = mock.journal().len();
    let grown = peak.into_inner().saturating_sub(before);
    // Two buffers for each connection, and memory that an allocator does not return at once.
    let connections = load.slow.min(512) * 128 * 1024;
    let budget = load.memory + load.journal + load.state + connections + load.request + 16 * MIB;
    eprintln!("{answered} requests, {kept} kept; grown by {} MiB of {}", grown / MIB, budget / MIB);
    assert_eq!(answered, load.posts);
    assert!(grown < budget, "grown by {} MiB, more than {}", grown / MIB, budget / MIB);
}

/// Sends headers, and a part of a body that never ends; some connections are silent, or are abandoned.
fn slow(addr: SocketAddr, body: usize, number: usize) -> TcpStream {
    let mut stream = TcpStream::connect(addr).unwrap();
    stream.set_write_timeout(Some(Duration::from_millis(200))).unwrap();
    if !number.is_multiple_of(4) {
        let head = format!("POST /users HTTP/1.1\r\nHost: x\r\nContent-Length: {body}\r\n\r\n");
        // A server that is full closes the connection.
        let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(&vec![b' '; body * 3 / 4]));
    }
    if number % 4 == 1 { TcpStream::connect(addr).unwrap() } else { stream }
}

/// Sends a search for very many items, or a user with a very long address; returns true if the mock received it.
fn post(addr: SocketAddr, load: &Load, number: usize) -> bool {
    let (path, body) = match number % 2 {
        0 => ("/addresses/search", format!("[{}]", vec![r#"{"role":"admin"}"#; load.body / 17].join(","))),
        _ => {
            let text = "x".repeat(load.body - 100);
            ("/users", format!(r#"{{"email":"{number}@example.com","role":"reader","home":{{"text":"{text}"}}}}"#))
        }
    };
    let head = "Host: x\r\nContent-Type: application/json\r\nConnection: close";
    let request = format!("POST {path} HTTP/1.1\r\n{head}\r\nContent-Length: {}\r\n\r\n{body}", body.len());
    let deadline = Instant::now() + Duration::from_secs(60);
    while Instant::now() < deadline {
        let mut stream = TcpStream::connect(addr).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        let mut answer = Vec::new();
        // The connection may break when a request is refused early.
        let _ = stream.write_all(request.as_bytes()).and_then(|()| stream.read_to_end(&mut answer).map(drop));
        match answer.get(9..12) {
            // If the state is full, the mock has received the request nevertheless.
            Some(b"200" | b"201" | b"502") => return true,
            // On a busy machine this program is a slow client, too.
            None | Some(b"408" | b"503") => thread::sleep(Duration::from_millis(20)),
            Some(_) => panic!("{}", String::from_utf8_lossy(&answer)),
        }
    }
    false
}

/// Returns the resident memory of this process, in bytes.
fn resident() -> usize {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<usize>().unwrap() * 1024
}

/// Forms designed to be large: many small values, deep ones, and more operations than the memory allows.
#[test]
fn invocations_stay_within_their_memory() {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let memory = 256;
    let mut command = Command::new(env!("CARGO_BIN_EXE_apigen"));
    command.args(["serve", "--address", "127.0.0.1:0", "--memory-limit", &memory.to_string()]).stdout(Stdio::piped());
    let mut server = Killed(command.stderr(Stdio::null()).spawn().unwrap());
    let mut line = String::new();
    BufReader::new(server.0.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let addr: SocketAddr = line.trim().rsplit('/').next().unwrap().parse().unwrap();
    let before = peak(server.0.id());

    let attribute =
        |value: String| service(&format!(r#""attributes": [{{"name": "a", "value": {{"x": [{value}]}}}}]"#));
    let operations: Vec<String> = (0..4_000).map(|i| format!(r#"{{"method": "GET", "path": "/{i}"}}"#)).collect();
    let model = r#""models": [{"name": "m", "plural": "ms", "fields": []}], "resources": [{"type": "m", "plural": "ms", "operations": "#;
    let forms = [
        ("many values", attribute(vec!["[]"; 500_000].join(",")), "200"),
        ("many objects", attribute(vec![r#"{"a":{}}"#; 170_000].join(",")), "409"),
        ("deep values", attribute(vec![format!("{}1{}", "[".repeat(100), "]".repeat(100)); 7_800].join(",")), "409"),
        ("operations", service(&format!("{model}[{}]}}]", operations.join(","))), "409"),
    ];
    for (name, form, status) in &forms {
        let statuses: Vec<String> = thread::scope(|scope| {
            let calls: Vec<_> = (0..4).map(|_| scope.spawn(|| invoke(addr, form))).collect();
            calls.into_iter().map(|call| call.join().unwrap()).collect()
        });
        println!("{name}: {statuses:?}, {} MiB at most", peak(server.0.id()) / MIB);
        assert!(statuses.iter().all(|one| one == status), "{name}: {statuses:?}");
    }
    let peak = peak(server.0.id());
    assert!(peak <= before + memory * MIB, "{} MiB of {memory}", (peak - before) / MIB);
}

/// A server process that ends with the test.
struct Killed(Child);

impl Drop for Killed {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

fn service(members: &str) -> String {
    format!(
        r#"{{"service": {{"name": "S", "organization": {{"key": "acme"}}, "application": {{"key": "s"}}, "namespace": "acme.s",
            "version": "1.0.0", {members}}}, "attributes": []}}"#
    )
}

/// Sends a form, and returns the status of the response.
fn invoke(addr: SocketAddr, form: &str) -> String {
    let mut stream = TcpStream::connect(addr).unwrap();
    let head =
        "POST /invocations/rust_client HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\nconnection: close";
    stream.write_all(format!("{head}\r\ncontent-length: {}\r\n\r\n{form}", form.len()).as_bytes()).unwrap();
    let mut response = Vec::new();
    stream.read_to_end(&mut response).unwrap();
    String::from_utf8_lossy(&response).split(' ').nth(1).unwrap_or_default().to_owned()
}

/// Returns the peak memory of a process, in bytes.
fn peak(process: u32) -> usize {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<usize>().unwrap() * 1024
}
