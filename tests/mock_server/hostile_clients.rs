//! Clients that are slow, rude or wrong: each gets the right status or is disconnected, and the server goes on.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr};
use std::thread;
use std::time::Duration;

use apigen_runtime::server::ServerLimits;
use apigen_testing::{MockServer, MockServerBuilder};

use super::client::{Client, connect, exchange, read_reply, request, rest, statuses};
use crate::common::root;

const SHORT: Duration = Duration::from_millis(150);

fn location() -> MockServerBuilder {
    MockServer::builder().spec(root().join("specs/location.json"))
}

fn is_well(addr: SocketAddr) {
    assert_eq!(Client::new(addr).get("/_apigen/health").body, r#"{"status":"ok"}"#);
}

/// A request with these lines after the first one.
fn post(lines: &str, body: &str) -> Vec<u8> {
    format!("POST /users HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n{lines}\r\n{body}")
        .into_bytes()
}

const FORM: &str = r#"{"email":"ada@example.com"}"#;

/// Shapes by which two readers could see different requests. None may be read as two.
#[test]
fn ambiguous_requests_are_refused() {
    let server = location().start().unwrap();
    let smuggled = "GET /users/00000000-0000-0000-0000-000000000000 HTTP/1.1\r\nHost: localhost\r\n\r\n";
    let chunked = format!("{:x}\r\n{FORM}\r\n0\r\n\r\n", FORM.len());
    for (name, bytes) in [
        ("two lengths", post("Content-Length: 27\r\nContent-Length: 3\r\n", FORM)),
        ("two lengths in one", post("Content-Length: 27, 3\r\n", FORM)),
        ("a signed length", post("Content-Length: +27\r\n", FORM)),
        ("a negative length", post("Content-Length: -1\r\n", FORM)),
        ("a hexadecimal length", post("Content-Length: 0x1b\r\n", FORM)),
        ("a huge length", post("Content-Length: 99999999999999999999\r\n", FORM)),
        ("an unknown coding", post("Transfer-Encoding: gzip\r\n", FORM)),
        ("chunked not last", post("Transfer-Encoding: chunked, identity\r\n", &chunked)),
        ("folded lines", post("X-A: b\r\n c\r\nContent-Length: 27\r\n", FORM)),
        ("folded lines with a tab", post("Content-Length:\r\n\t27\r\n", FORM)),
        ("a space before the colon", post("Content-Length : 27\r\n", FORM)),
        ("a bare CR", post("X-A: b\rContent-Length: 27\r\n", FORM)),
        ("a NUL", post("X-A: b\0\r\nContent-Length: 27\r\n", FORM)),
        ("a space before the name", b"GET /users HTTP/1.1\r\n Host: localhost\r\n\r\n".to_vec()),
        ("a header without a colon", post("Content-Length 27\r\n", FORM)),
        ("a huge chunk", post("Transfer-Encoding: chunked\r\n", "ffffffffffffffffff\r\nx")),
        ("a negative chunk", post("Transfer-Encoding: chunked\r\n", "-1\r\nx")),
        ("a chunk without an end", post("Transfer-Encoding: chunked\r\n", &format!("3\r\n{FORM}"))),
    ] {
        let seen = exchange(server.addr(), &bytes);
        let codes = statuses(&seen);
        assert!(codes.is_empty() || matches!(codes.as_slice(), [400 | 413 | 501]), "{name}: {seen}");
        is_well(server.addr());
    }
    // Both: RFC 9112 lets a server read the chunks, but what follows must not be in the body, and the connection ends.
    for lines in
        ["Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n"]
    {
        let bytes = [post(lines, &chunked), smuggled.as_bytes().to_vec()].concat();
        let seen = exchange(server.addr(), &bytes);
        assert!(statuses(&seen).len() <= 1, "{lines}: {seen}");
    }
    is_well(server.addr());
}

#[test]
fn what_is_no_http_is_refused_or_disconnected() {
    let server = location().start().unwrap();
    let huge = format!("GET /users HTTP/1.1\r\nHost: localhost\r\nX-Huge: {}\r\n\r\n", "x".repeat(1 << 20));
    let many = format!("GET /users HTTP/1.1\r\nHost: localhost\r\n{}\r\n", "A: b\r\n".repeat(2_000));
    let long = format!("GET /{} HTTP/1.1\r\nHost: localhost\r\n\r\n", "x".repeat(1 << 20));
    let garbage: Vec<u8> = (0..100_000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    for (name, bytes) in [
        ("nothing", &b""[..]),
        ("an empty line", b"\r\n"),
        ("half a line", b"GET /us"),
        ("garbage", &garbage),
        ("zeros", &[0; 70_000]),
        ("TLS", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"),
        ("HTTP/2", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
        ("HTTP/0.9", b"GET /users\r\n"),
        ("HTTP/9", b"GET /users HTTP/9.1\r\nHost: localhost\r\n\r\n"),
        ("two spaces", b"GET  /users HTTP/1.1\r\nHost: localhost\r\n\r\n"),
        ("no path", b"GET HTTP/1.1\r\nHost: localhost\r\n\r\n"),
        ("a method with a NUL", b"G\0T /users HTTP/1.1\r\nHost: localhost\r\n\r\n"),
        ("a path with a space", b"GET /users /x HTTP/1.1\r\nHost: localhost\r\n\r\n"),
        ("a head without an end", huge.as_bytes()),
        ("many headers", many.as_bytes()),
        ("a long path", long.as_bytes()),
    ] {
        let seen = exchange(server.addr(), bytes);
        assert!(statuses(&seen).iter().all(|status| (400..500).contains(status)), "{name}: {seen}");
        assert!(statuses(&seen).len() <= 1, "{name}: {seen}");
        is_well(server.addr());
    }
    // Unusual, but requests.
    for (bytes, status) in [
        (&b"get /users HTTP/1.1\r\nHost: localhost\r\n\r\n"[..], 200),
        (b"BREW /users HTTP/1.1\r\nHost: localhost\r\n\r\n", 405),
        (b"CONNECT localhost:80 HTTP/1.1\r\nHost: localhost\r\n\r\n", 404),
        (b"OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n", 404),
        (b"GET http://localhost/timezones HTTP/1.1\r\nHost: localhost\r\n\r\n", 200),
        (b"\r\n\r\nGET /timezones HTTP/1.1\r\nHost: localhost\r\n\r\n", 200),
        (b"GET /timezones/%FF%00 HTTP/1.1\r\nHost: localhost\r\n\r\n", 422),
        (b"GET /timezones/%zz HTTP/1.1\r\nHost: localhost\r\n\r\n", 422),
        (b"GET /../../etc/passwd HTTP/1.1\r\nHost: localhost\r\n\r\n", 404),
        (b"GET /users?%00=%FF&&&=&limit HTTP/1.1\r\nHost: localhost\r\n\r\n", 200),
        (b"GET /timezones HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n", 200),
        (b"GET /timezones HTTP/1.1\r\nHost: localhost\r\nX: \xff\xfe\r\n\r\n", 200),
    ] {
        let seen = exchange(server.addr(), bytes);
        assert_eq!(statuses(&seen), [status], "{}: {seen}", String::from_utf8_lossy(bytes));
    }
    is_well(server.addr());
}

#[test]
fn slow_clients_are_disconnected() {
    let server =
        location().limits(ServerLimits::new().head_time(SHORT).body_time(SHORT).slowest(1 << 20)).start().unwrap();
    let mut silent: Vec<_> = (0..20).map(|_| connect(server.addr())).collect();
    let mut half = connect(server.addr());
    half.write_all(b"GET /users HTTP/1.1\r\nHost:").unwrap();
    silent.iter_mut().chain([&mut half]).for_each(|stream| assert_eq!(rest(stream), ""));
    for target in ["/users", "/_apigen/rules"] {
        let mut stuck = connect(server.addr());
        let head = format!(
            "POST {target} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{{"
        );
        stuck.write_all(head.as_bytes()).unwrap();
        let seen = rest(&mut stuck);
        assert!(statuses(&seen).iter().all(|status| *status == 408), "{target}: {seen}");
    }
    let mut dripping = connect(server.addr());
    let closed = (0..300).any(|_| {
        thread::sleep(Duration::from_millis(10));
        dripping.write_all(b"P").is_err()
    });
    assert!(closed, "whoever drips is served for ever");
    is_well(server.addr());
}

#[test]
fn endless_bodies_end() {
    let server = location().body_limit(1 << 20).start().unwrap();
    for (target, chunk) in [("/users", "10000\r\n"), ("/_apigen/rules", "10000\r\n")] {
        let mut stream = connect(server.addr());
        let head = format!(
            "POST {target} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
        );
        stream.write_all(head.as_bytes()).unwrap();
        let chunk = [chunk.as_bytes(), &[b' '; 1 << 16], b"\r\n"].concat();
        // The first ones are read, and the rest of a refused body up to a limit.
        let sent = (0..4_096).take_while(|_| stream.write_all(&chunk).is_ok()).count();
        assert!(sent < 1_024, "{target}: {sent} chunks of 64 KiB were taken");
        is_well(server.addr());
    }
    // Extensions of chunks and trailers are bounded as well.
    for endless in ["1;x=", "0\r\nX-Trailer: "] {
        let mut stream = connect(server.addr());
        stream.write_all(&post("Transfer-Encoding: chunked\r\n", endless)).unwrap();
        let sent = (0..1_024).take_while(|_| stream.write_all(&[b'x'; 1 << 14]).is_ok()).count();
        assert!(sent < 512, "{endless:?}: {sent} pieces of 16 KiB were taken");
        is_well(server.addr());
    }
}

#[test]
fn pipelined_requests_are_answered_in_order() {
    let server = location().start().unwrap();
    let addr = server.addr();
    let one = |target: &str| request(addr, "GET", target, &[], "");
    let all = [
        one("/users?limit=0"),
        one("/timezones"),
        request(addr, "POST", "/users", &[], FORM),
        one("/nothing"),
        one("/users"),
    ];
    let mut stream = connect(addr);
    stream.write_all(all.concat().as_bytes()).unwrap();
    let replies = all.map(|_| read_reply(&mut stream, "GET").unwrap().status);
    assert_eq!(replies, [422, 200, 201, 404, 200]);
    let many = one("/timezones/x").repeat(500);
    let mut stream = connect(addr);
    let mut writer = stream.try_clone().unwrap();
    let sending = thread::spawn(move || writer.write_all(many.as_bytes()));
    (0..500).for_each(|_| assert_ne!(read_reply(&mut stream, "GET").unwrap().status, 500));
    sending.join().unwrap().unwrap();
    is_well(addr);
}

/// A client that says that it will send nothing more looks like one that has left, so it may be disconnected.
#[test]
fn half_closed_connections_get_their_response_or_end() {
    let server = location().start().unwrap();
    for _ in 0..20 {
        let mut stream = connect(server.addr());
        stream.write_all(request(server.addr(), "GET", "/users", &[], "").as_bytes()).unwrap();
        stream.shutdown(Shutdown::Write).unwrap();
        let seen = rest(&mut stream);
        assert!(matches!(statuses(&seen).as_slice(), [] | [200]), "{seen}");
    }
    // Half a body never becomes a request.
    let seen = exchange(server.addr(), &post("Content-Length: 500\r\n", FORM));
    assert!(statuses(&seen).iter().all(|status| *status == 400), "{seen}");
    is_well(server.addr());
}

#[test]
fn whoever_expects_to_continue_may() {
    let server = location().body_limit(1_000).start().unwrap();
    let mut stream = connect(server.addr());
    stream.write_all(&post(&format!("Expect: 100-continue\r\nContent-Length: {}\r\n", FORM.len()), "")).unwrap();
    let mut interim = [0; 25];
    stream.read_exact(&mut interim).unwrap();
    assert_eq!(&interim, b"HTTP/1.1 100 Continue\r\n\r\n");
    stream.write_all(FORM.as_bytes()).unwrap();
    assert_eq!(read_reply(&mut stream, "POST").unwrap().status, 201);
    let seen = exchange(server.addr(), &post("Expect: 100-continue\r\nContent-Length: 5000\r\n", ""));
    assert_eq!(statuses(&seen).last(), Some(&413), "{seen}");
}

/// Requests that break off at each byte.
#[test]
fn requests_may_break_off_anywhere() {
    let server = location().start().unwrap();
    let whole = post(&format!("Content-Length: {}\r\n", FORM.len()), FORM);
    for length in 0..whole.len() {
        drop(connect(server.addr()).write_all(&whole[..length]));
    }
    is_well(server.addr());
    assert!(!Client::new(server.addr()).get("/users").body.contains("ada@example.com"), "none was complete");
}
