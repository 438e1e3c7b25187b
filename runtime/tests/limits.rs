//! Limits of a server over sockets, short enough for a test.

mod service;

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use apigen_runtime::server::{Router, Server, ServerLimits};
use service::{Api, ECHO, router};

/// Longer than any machine hesitates, shorter than any default limit.
const PATIENCE: Duration = Duration::from_secs(8);

const SHORT: Duration = Duration::from_millis(150);

/// The maximum size of a request's head.
const HEAD: usize = 64 << 10;

/// The minimum time of each response of a test.
const SLOW: Duration = service::SLOW;

fn serve(limits: ServerLimits) -> Server {
    served(limits).0
}

fn served(limits: ServerLimits) -> (Server, Arc<Api>) {
    let api = Arc::new(Api::default());
    (router(&api).limits(limits).serve("127.0.0.1:0").unwrap(), api)
}

fn connect(server: &Server) -> TcpStream {
    let stream = TcpStream::connect(server.addr()).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream.set_write_timeout(Some(PATIENCE)).unwrap();
    stream
}

/// Reads until the other end closes.
fn rest(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    match stream.read_to_end(&mut bytes) {
        Err(error) if error.kind() != ErrorKind::ConnectionReset => panic!("the connection stays open: {error}"),
        _ => String::from_utf8(bytes).unwrap(),
    }
}

fn post(path: &str, body: &str) -> String {
    format!(
        "POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
}

/// Returns the head of a request with a body of this length, and the beginning of that body.
fn begin(length: usize, sent: usize) -> Vec<u8> {
    let head = format!("POST {ECHO} HTTP/1.1\r\nHost: x\r\nContent-Length: {length}\r\n\r\n");
    [head.as_bytes(), &vec![b' '; sent]].concat()
}

/// Sends a request, and reads a response whose body ends with `end`.
fn ask(stream: &mut TcpStream, request: &str, end: &str) -> String {
    stream.write_all(request.as_bytes()).unwrap();
    read_to(stream, end)
}

fn read_to(stream: &mut TcpStream, end: &str) -> String {
    let (mut text, mut buffer) = (String::new(), [0; 4096]);
    while !text.ends_with(end) {
        let count = stream.read(&mut buffer).unwrap();
        assert_ne!(count, 0, "closed after {text}");
        text.push_str(std::str::from_utf8(&buffer[..count]).unwrap());
    }
    text
}

#[test]
fn connections_without_a_request_are_closed() {
    let server = serve(ServerLimits::new().head_time(SHORT));
    let begin = Instant::now();
    let mut silent: Vec<TcpStream> = (0..50).map(|_| connect(&server)).collect();
    let mut slow = connect(&server);
    slow.write_all(b"POST /echo HTTP/1.1\r\nHost: x\r\n").unwrap();
    silent.iter_mut().chain([&mut slow]).for_each(|stream| assert_eq!(rest(stream), ""));
    assert!(begin.elapsed() >= SHORT);
    // A slow trickle of bytes is not a request either.
    let mut dripping = connect(&server);
    let closed = (0..200).find(|_| {
        thread::sleep(Duration::from_millis(10));
        dripping.write_all(b"P").is_err()
    });
    assert!(closed.is_some(), "after {:?}", begin.elapsed());
}

#[test]
fn headers_have_an_end() {
    let server = serve(ServerLimits::new());
    let mut stream = connect(&server);
    let long = format!("GET /{} HTTP/1.1\r\nHost: x\r\n\r\n", "x".repeat(80 << 10));
    // The server closes before it has read everything.
    let _ = stream.write_all(long.as_bytes());
    let answer = rest(&mut stream);
    // A client that is still sending may not see it.
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 414 "), "{answer}");
    let mut stream = connect(&server);
    for _ in 0..HEAD / 1024 {
        stream.write_all(&[b'x'; 1024]).unwrap();
    }
    let answer = rest(&mut stream);
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 4"), "{answer}");
    assert!(ask(&mut connect(&server), &post(ECHO, "\"a\""), "\"a\"").starts_with("HTTP/1.1 200"));
}

#[test]
fn idle_connections_are_closed_and_busy_ones_are_not() {
    let server = serve(ServerLimits::new().idle_time(SLOW / 2).head_time(SLOW / 2));
    let mut stream = connect(&server);
    for _ in 0..2 {
        // Longer than every limit of the connection.
        let answer = ask(&mut stream, &post("/slow", "\"a\""), "\"a\"");
        assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    }
    assert_eq!(rest(&mut stream), "");
}

#[test]
fn slow_bodies_are_refused() {
    let server = serve(ServerLimits::new().body_time(SHORT).slowest(1 << 20));
    let mut stuck = connect(&server);
    stuck.write_all(&begin(100, 10)).unwrap();
    let answer = rest(&mut stuck);
    assert!(answer.starts_with("HTTP/1.1 408 ") && answer.contains("comes too slowly"), "{answer}");
    let mut dripping = connect(&server);
    dripping.write_all(&begin(1 << 20, 0)).unwrap();
    let closed = (0..1_000).any(|_| {
        thread::sleep(Duration::from_millis(10));
        dripping.write_all(b" ").is_err()
    });
    assert!(closed, "whoever drips is served for ever");
    // A body that arrives fast enough may take longer than `body_time`.
    let server = serve(ServerLimits::new().body_time(SLOW).slowest(100));
    let mut steady = connect(&server);
    steady.write_all(&begin(203, 0)).unwrap();
    for _ in 0..20 {
        thread::sleep(Duration::from_millis(40));
        steady.write_all(&[b' '; 10]).unwrap();
    }
    steady.write_all(b"\"a\"").unwrap();
    assert!(read_to(&mut steady, "\"a\"").starts_with("HTTP/1.1 200 OK"));
}

#[test]
fn bodies_share_the_memory() {
    let limits = ServerLimits::new().memory(256 << 10).wait(Duration::from_millis(20)).body_time(2 * PATIENCE);
    let server = serve(limits);
    let mut held: Vec<TcpStream> = Vec::new();
    for _ in 0..40 {
        let mut stream = connect(&server);
        // In two pieces: the second one is copied.
        stream.write_all(&begin(100 << 10, 20 << 10)).unwrap();
        thread::sleep(Duration::from_millis(2));
        stream.write_all(&vec![b' '; 40 << 10]).unwrap();
        held.push(stream);
    }
    // A refused request gets its response after it was sent completely. At most two fit, since memory for the rest is
    // reserved early.
    held.iter_mut().for_each(|stream| stream.write_all(&vec![b' '; 40 << 10]).unwrap());
    let answers: Vec<String> = held.iter_mut().map(|stream| read_to(stream, "]}")).collect();
    let refused: Vec<&String> = answers.iter().filter(|answer| answer.starts_with("HTTP/1.1 503 ")).collect();
    assert!(refused.len() >= 10 && refused.len() < 40, "{} of 40", refused.len());
    assert!(refused.iter().all(|answer| answer.contains("retry-after: 1\r\n") && answer.contains("no room")));
    // A disconnected client releases its memory.
    drop(held);
    let body = format!("\"{}\"", "x".repeat(50 << 10));
    until_ok(&server, &post(ECHO, &body));
}

#[test]
fn bodies_that_take_all_memory_hold_up_no_request_without_one() {
    let limits = ServerLimits::new().memory(64 << 10).wait(PATIENCE).body_time(2 * PATIENCE);
    let server = router(&Arc::default()).blocking(1, 1).limits(limits).serve("127.0.0.1:0").unwrap();
    let mut held: Vec<TcpStream> = (0..3).map(|_| connect(&server)).collect();
    for stream in &mut held {
        stream.write_all(&begin(63 << 10, 30 << 10)).unwrap();
        thread::sleep(SHORT);
        stream.write_all(&vec![b' '; 30 << 10]).unwrap();
    }
    let asked = Instant::now();
    let answer = ask(&mut connect(&server), "GET /nothing HTTP/1.1\r\nHost: x\r\n\r\n", "}");
    assert!(answer.starts_with("HTTP/1.1 404 ") && asked.elapsed() < PATIENCE / 2, "{:?}: {answer}", asked.elapsed());
}

/// Repeats a request until the response is 200; returns the number of other responses.
fn until_ok(server: &Server, request: &str) -> usize {
    let deadline = Instant::now() + PATIENCE;
    for refused in 0.. {
        let (mut stream, mut status) = (connect(server), [0; 12]);
        stream.write_all(request.as_bytes()).unwrap();
        if stream.read_exact(&mut status).is_ok() && status == *b"HTTP/1.1 200" {
            return refused;
        }
        assert!(Instant::now() < deadline, "there is no room again");
        thread::sleep(Duration::from_millis(20));
    }
    unreachable!()
}

#[test]
fn a_full_server_says_so() {
    let (server, api) = served(ServerLimits::new().connections(3).wait(Duration::from_millis(50)));
    let mut busy: Vec<TcpStream> = (0..3).map(|_| connect(&server)).collect();
    busy.iter_mut().for_each(|stream| stream.write_all(post("/hang", "\"a\"").as_bytes()).unwrap());
    api.wait_for(3);
    let mut more = connect(&server);
    more.write_all(post(ECHO, "\"a\"").as_bytes()).unwrap();
    let answer = rest(&mut more);
    assert!(answer.starts_with("HTTP/1.1 503 ") && answer.contains("retry-after: 1\r\n"), "{answer}");
    assert!(answer.contains("connection: close\r\n") && answer.contains("no room"), "{answer}");
    // Clients cannot fill the queue either.
    let queue: Vec<TcpStream> = (0..200).map(|_| connect(&server)).collect();
    drop((queue, busy));
    until_ok(&server, &post(ECHO, "\"a\""));
}

#[test]
fn idle_connections_make_room() {
    // Waiting for a slot takes far longer than the client's patience.
    let server = serve(ServerLimits::new().connections(2).wait(100 * PATIENCE));
    let mut idle: Vec<TcpStream> = (0..2).map(|_| connect(&server)).collect();
    idle.iter_mut().for_each(|stream| drop(ask(stream, &post(ECHO, "\"a\""), "\"a\"")));
    let answer = ask(&mut connect(&server), &post(ECHO, "\"b\""), "\"b\"");
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
}

#[test]
fn clients_that_do_not_take_their_answer_are_cut_off() {
    let limits =
        ServerLimits::new().body_time(2 * SLOW).slowest(1 << 30).memory(24 << 20).wait(Duration::from_millis(20));
    let (server, api) = served(limits);
    let mut lazy: Vec<TcpStream> = (0..2).map(|_| connect(&server)).collect();
    for stream in &mut lazy {
        stream.write_all(post("/large", "\"a\"").replacen("Host", "Connection: close\r\nHost", 1).as_bytes()).unwrap();
    }
    api.wait_for(2);
    // Unread responses count against the memory; once disconnected they do not.
    assert!(until_ok(&server, &post(ECHO, "\"b\"")) > 0);
    let whole = lazy.iter().filter(|stream| {
        let mut bytes = Vec::new();
        let _ = (&mut &**stream).read_to_end(&mut bytes);
        bytes.len() > service::LARGE
    });
    assert!(whole.count() < 2, "none was cut off");
}

/// Limits belong to the server, regardless of which of its routers sets them.
#[test]
fn merged_routers_keep_limits() {
    let api = Arc::new(Api::default());
    let limits = ServerLimits::new().body_time(SHORT).slowest(1 << 20);
    for router in [
        Router::new().merge(router(&api).limits(limits)),
        router(&api).limits(limits).merge(Router::new().limits(ServerLimits::new())),
    ] {
        let server = router.serve("127.0.0.1:0").unwrap();
        let mut stuck = connect(&server);
        stuck.write_all(&begin(100, 10)).unwrap();
        assert!(rest(&mut stuck).starts_with("HTTP/1.1 408 "));
    }
}

#[test]
fn shutdown_waits_for_requests_but_not_for_ever() {
    // A server that waited for idle connections would take this long.
    let (server, api) = served(ServerLimits::new().shutdown_time(100 * PATIENCE));
    let (mut idle, mut silent, mut busy) = (connect(&server), connect(&server), connect(&server));
    ask(&mut idle, &post(ECHO, "\"a\""), "\"a\"");
    busy.write_all(post("/slow", "\"b\"").as_bytes()).unwrap();
    api.wait_for(2);
    server.shutdown();
    assert!(rest(&mut busy).ends_with("\"b\""));
    assert_eq!(rest(&mut idle) + &rest(&mut silent), "");

    let (server, api) = served(ServerLimits::new().shutdown_time(SHORT));
    let mut hanging = connect(&server);
    hanging.write_all(post("/hang", "\"b\"").as_bytes()).unwrap();
    api.wait_for(1);
    let start = Instant::now();
    server.shutdown();
    assert!(start.elapsed() >= SHORT, "{:?}", start.elapsed());
    assert_eq!(rest(&mut hanging), "");
}

/// The values of a small text can take a lot of memory.
#[test]
fn values_that_outgrow_their_text_are_refused() {
    let server = serve(ServerLimits::new());
    let wide = format!("[{}{{}}]", "{},".repeat(400_000));
    let answer = ask(&mut connect(&server), &post("/wide", &wide), "]}");
    assert!(answer.starts_with("HTTP/1.1 422") && answer.contains("at most 64 MiB in memory"), "{answer}");
    let few = format!("[{}{{}}]", "{},".repeat(1000));
    assert!(ask(&mut connect(&server), &post("/wide", &few), "\"1001\"").starts_with("HTTP/1.1 200"));
}

/// Indexes create values that were not sent.
#[test]
fn forms_cannot_make_more_values_than_they_may() {
    let server = serve(ServerLimits::new());
    let key = "[1000]".repeat(60);
    let pairs: Vec<String> = (0..6_000).map(|index| format!("f[{index}a]{key}=x")).collect();
    let form = pairs.join("&")[..2 << 20].to_owned();
    let (start, mut stream) = (Instant::now(), connect(&server));
    let head = "Content-Type: application/x-www-form-urlencoded\r\nHost: x";
    let request = format!("POST /form HTTP/1.1\r\n{head}\r\nContent-Length: {}\r\n\r\n{form}", form.len());
    let answer = ask(&mut stream, &request, "]}");
    assert!(answer.starts_with("HTTP/1.1 422") && answer.contains("at most 100000 values"), "{answer}");
    // All of it took 2.5 s in an optimized build.
    assert!(start.elapsed() < Duration::from_secs(4), "{:?}", start.elapsed());
}
