//! What passes is as without the proxy.

use std::io::Write as _;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::support::*;

/// A sequence of numbers by seed.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit as u64) as usize
    }

    fn of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }

    fn bytes(&mut self) -> Vec<u8> {
        let size = self.of(&[0, 1, 17, 1000, 8192, 70_000, 300_000]);
        (0..size).map(|_| self.below(256) as u8).collect()
    }

    fn fields(&mut self) -> String {
        let fields = [
            "X-A: 1",
            "X-A: 2",
            "x-Empty:",
            "Set-Cookie: a=1; Path=/",
            "Set-Cookie: b=2",
            "ETag: \"x\"",
            "Vary: Accept, Origin",
            "Cache-Control: no-store",
            "X-Long: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
            "Content-Language: de",
            "X-Bytes: caf\u{e9}",
            "Content-Type: application/json",
            "Content-Type: text/plain",
            "Date: Tue, 01 Jan 2030 00:00:00 GMT",
            "Accept: */*",
            "Authorization: Bearer t",
            "Content-Encoding: br",
            "Trailer-Like: 1",
            "Retry-After: 3",
        ];
        (0..self.below(8)).map(|_| format!("{}\r\n", self.of(&fields))).collect()
    }

    /// Returns framing and framed body.
    fn framed(&mut self, may_close: bool) -> (String, Vec<u8>) {
        let body = self.bytes();
        match self.below(if may_close { 5 } else { 4 }) {
            0 | 1 => (format!("Content-Length: {}\r\n", body.len()), body),
            kind @ (2 | 3) => {
                let mut all = Vec::new();
                let mut rest = &body[..];
                while !rest.is_empty() {
                    let size = (1 + self.below(9000)).min(rest.len());
                    all.extend(format!("{size:x}\r\n").bytes());
                    all.extend(&rest[..size]);
                    all.extend(b"\r\n");
                    rest = &rest[size..];
                }
                let (announced, trailers) =
                    if kind == 3 { ("Trailer: X-Sum, X-More\r\n", "X-Sum: 7\r\nX-More: y\r\n") } else { ("", "") };
                all.extend(format!("0\r\n{trailers}\r\n").bytes());
                (format!("Transfer-Encoding: chunked\r\n{announced}"), all)
            }
            _ => ("Connection: close\r\n".to_owned(), body),
        }
    }

    fn response(&mut self, method: &str) -> Vec<u8> {
        let status = self.of(&[200, 200, 201, 204, 206, 301, 304, 400, 401, 404, 409, 422, 500, 503, 599]);
        let (fields, (framing, body)) = (self.fields(), self.framed(true));
        let (framing, body) = match status {
            204 => (String::new(), Vec::new()),
            304 => (self.of(&["", "Content-Length: 42\r\n"]).to_owned(), Vec::new()),
            _ if method == "HEAD" => (framing, Vec::new()),
            _ => (framing, body),
        };
        let mut all = format!("HTTP/1.1 {status} Some Reason\r\n{fields}{framing}\r\n").into_bytes();
        all.extend(body);
        all
    }
}

/// Fields that the proxy adds to requests, or replaces.
fn without_forwarded(mut message: Message) -> Message {
    let added = ["host", "via", "forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto"];
    message.fields.retain(|(name, _)| !added.contains(&name.as_str()));
    message.end_to_end()
}

#[test]
fn generated_traffic_is_the_same_with_and_without_the_proxy() {
    let origin = Origin::start({
        move |wire| {
            while let Some(request) = wire.request() {
                let path = request.first.split([' ', '?']).nth(1).unwrap();
                let seed = path.rsplit('/').next().unwrap().parse().unwrap();
                let method = request.first.split(' ').next().unwrap();
                let response = Numbers(seed).response(method);
                // What arrived is told to the test, which has sent it.
                let response = response.split_at(response.windows(2).position(|two| two == b"\r\n").unwrap() + 2);
                let (fields, told) = (response.1, format!("{:?}", without_forwarded(request)));
                let told =
                    told.bytes().fold(0_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3));
                wire.send(response.0);
                wire.send(format!("X-Received: {told}\r\n"));
                if !wire.try_send(fields) || fields.windows(17).any(|w| w == b"Connection: close") {
                    break;
                }
            }
        }
    });
    let proxy = proxy(&origin).no_headers().start().unwrap();
    for seed in 1..300_u64 {
        let mut numbers = Numbers(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let method = numbers.of(&["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "REPORT"]);
        let path = numbers.of(&["/orders/", "/other/", "/orders/search/"]);
        let mut request =
            format!("{method} {path}{seed}?a=%20b&c HTTP/1.1\r\nHost: api\r\nTE: trailers\r\n{}", numbers.fields());
        let mut body = Vec::new();
        if matches!(method, "POST" | "PUT" | "PATCH" | "REPORT") {
            let framed = numbers.framed(false);
            request.push_str(&framed.0);
            body = framed.1;
        }
        let [direct, passed] = [origin.addr, proxy.addr()].map(|addr| {
            let mut wire = Wire::connect(addr);
            wire.send(format!("{request}\r\n"));
            wire.send(&body);
            wire.response(method).end_to_end()
        });
        assert_eq!(direct.first, passed.first, "seed {seed}");
        assert_eq!(direct.fields, passed.fields, "seed {seed}");
        assert_eq!(direct.trailers, passed.trailers, "seed {seed}");
        assert!(direct == passed, "seed {seed}: bodies differ, {} and {} bytes", direct.body.len(), passed.body.len());
    }
}

#[test]
fn the_server_learns_who_asks_for_what() {
    let origin = Origin::json(200, "[]");
    let proxy = proxy(&origin).start().unwrap();
    call(proxy.addr(), "GET /orders", &[("host", "api.example.org"), ("connection", "x-mine"), ("x-mine", "1")], "");
    let seen = origin.last();
    assert_eq!(seen.field("host"), Some(origin.addr.to_string().as_str()));
    assert_eq!(seen.field("x-forwarded-host"), Some("api.example.org"));
    assert_eq!(seen.field("x-forwarded-for"), Some("127.0.0.1"));
    assert_eq!(seen.field("forwarded"), Some(r#"for=127.0.0.1;host="api.example.org";proto=http"#));
    assert_eq!((seen.field("x-mine"), seen.field("via")), (None, Some("1.1 apigen")));
    // An absolute target, as clients of forward proxies send it.
    call(proxy.addr(), "GET http://api.example.org/orders?limit=3", &[], "");
    assert_eq!(origin.last().first, "GET /orders?limit=3 HTTP/1.1");
}

#[test]
fn gzip_passes_as_it_came_and_is_judged() {
    let zipped = |json: &str| {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(json.as_bytes()).unwrap();
        encoder.finish().unwrap()
    };
    let bad = zipped(r#"[{"id":1,"status":"lost","items":[]}]"#);
    let sent = bad.clone();
    let origin = Origin::answering(move |_| {
        let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-encoding: gzip\r\n";
        let mut all = format!("{head}content-length: {}\r\n\r\n", bad.len()).into_bytes();
        all.extend(&bad);
        all
    });
    let proxy = proxy(&origin).start().unwrap();
    let response = call(proxy.addr(), "GET /orders", &[("accept-encoding", "gzip")], "");
    assert_eq!((response.field("content-encoding"), &response.body), (Some("gzip"), &sent));
    assert_eq!(found(&proxy), ["orders.get response enum /0/status"]);
    let form = zipped(r#"{"items":7}"#);
    let mut wire = Wire::connect(proxy.addr());
    let head = "POST /orders HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-encoding: gzip\r\n";
    wire.send(format!("{head}content-length: {}\r\n\r\n", form.len()));
    wire.send(&form);
    wire.response("POST");
    assert_eq!(origin.last().body, form);
    assert!(found(&proxy).contains(&"orders.post request type /items".to_owned()), "{:?}", found(&proxy));
}

#[test]
fn a_large_body_passes_a_slow_reader_without_being_kept() {
    const SIZE: usize = 48 << 20;
    let written = Arc::new(Mutex::new(0));
    let progress = Arc::clone(&written);
    let origin = Origin::start(move |wire| {
        wire.request();
        wire.send(format!("HTTP/1.1 200 OK\r\ncontent-length: {SIZE}\r\n\r\n"));
        let piece = vec![b' '; 1 << 16];
        while *progress.lock().unwrap() < SIZE && wire.try_send(&piece) {
            *progress.lock().unwrap() += piece.len();
        }
    });
    let proxy = proxy(&origin).start().unwrap();
    let mut wire = Wire::connect(proxy.addr());
    wire.send("GET /orders HTTP/1.1\r\nhost: x\r\n\r\n");
    let head = wire.head().unwrap();
    thread::sleep(Duration::from_millis(300));
    let before = *written.lock().unwrap();
    assert!(before < 24 << 20, "the server waits for the client, after {before} bytes");
    assert_eq!(wire.bytes(SIZE).len(), SIZE, "{head:?}");
    assert_eq!(proxy.coverage().not_checked["the body is larger than the limit"], 1);
}

#[test]
fn a_large_upload_passes() {
    let origin = Origin::json(201, r#"{"id":1,"status":"open","items":[]}"#);
    let proxy = proxy(&origin).start().unwrap();
    let body = format!("{{\"items\":[],\"padding\":\"{}\"}}", "x".repeat(9 << 20));
    call(proxy.addr(), "POST /orders", &[], &body);
    assert_eq!(origin.last().body.len(), body.len());
    assert_eq!(proxy.coverage().not_checked["the body is larger than the limit"], 1);
}

#[test]
fn a_body_that_breaks_at_the_server_breaks_at_the_client() {
    for framing in ["content-length: 1000", "transfer-encoding: chunked"] {
        let body = if framing.starts_with('c') { "[1,2" } else { "4\r\n[1,2\r\n" };
        for size in ["content-length: 1000", "content-length: 100000000", "transfer-encoding: chunked"] {
            if size.starts_with('t') != framing.starts_with('t') {
                continue;
            }
            let head = format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n{size}\r\n\r\n{body}");
            let origin = Origin::start(move |wire| {
                wire.request();
                wire.send(&head);
            });
            let proxy = proxy(&origin).start().unwrap();
            let response = call(proxy.addr(), "GET /orders", &[], "");
            assert_eq!((response.status(), response.end), (200, End::Broken), "{size}");
            assert_eq!(response.text(), "[1,2", "{size}: what has arrived is passed on");
            eventually("it counts as not checked", || {
                proxy.coverage().not_checked.get("the body was not read to its end") == Some(&1)
            });
            assert!(found(&proxy).is_empty());
        }
    }
}

#[test]
fn a_client_that_breaks_its_upload_breaks_it_at_the_server() {
    let (told, seen) = std::sync::mpsc::channel();
    let told = Mutex::new(told);
    let origin = Origin::start(move |wire| {
        let request = wire.request();
        told.lock().unwrap().send(request.map(|request| (request.end, request.body.len()))).unwrap();
    });
    let proxy = proxy(&origin).start().unwrap();
    let mut wire = Wire::connect(proxy.addr());
    wire.send("POST /orders HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\n{\"it");
    thread::sleep(Duration::from_millis(50));
    wire.reset();
    assert_eq!(seen.recv_timeout(Duration::from_secs(10)).unwrap(), Some((End::Broken, 4)));
    eventually("it counts as not checked", || !proxy.coverage().not_checked.is_empty());
}

#[test]
fn a_half_closed_connection_gets_its_response() {
    let origin = Origin::answering(|_| {
        thread::sleep(Duration::from_millis(200));
        json(200, "[]")
    });
    let proxy = proxy(&origin).start().unwrap();
    for addr in [origin.addr, proxy.addr()] {
        let mut wire = Wire::connect(addr);
        wire.send("GET /orders HTTP/1.1\r\nhost: x\r\n\r\n");
        wire.close_write();
        assert_eq!(wire.response("GET").text(), "[]");
    }
}

#[test]
fn connections_are_kept_one_for_one() {
    let connections = Arc::new(Mutex::new(0));
    let count = Arc::clone(&connections);
    let origin = Origin::start(move |wire| {
        *count.lock().unwrap() += 1;
        while wire.request().is_some() {
            wire.send(json(200, "[]"));
        }
    });
    let proxy = proxy(&origin).start().unwrap();
    for _ in 0..2 {
        let mut wire = Wire::connect(proxy.addr());
        for _ in 0..20 {
            wire.send("GET /orders HTTP/1.1\r\nhost: x\r\n\r\n");
            assert_eq!(wire.response("GET").text(), "[]");
        }
    }
    assert_eq!(*connections.lock().unwrap(), 2);
}

#[test]
fn a_connection_that_the_server_has_closed_is_replaced() {
    let origin = Origin::start(|wire| {
        wire.request();
        wire.send(json(200, "[]"));
    });
    let proxy = proxy(&origin).start().unwrap();
    let mut wire = Wire::connect(proxy.addr());
    for _ in 0..5 {
        wire.send("POST /orders/search HTTP/1.1\r\nhost: x\r\ncontent-length: 6\r\n\r\ntext=a");
        assert_eq!(wire.response("POST").status(), 200);
        thread::sleep(Duration::from_millis(20));
    }
}

/// The client sends its body when the server asks for it, and not at all if the server refuses.
#[test]
fn the_server_decides_whether_it_wants_a_body() {
    let origin = Origin::start(|wire| {
        while let Some(head) = wire.head() {
            assert_eq!(head.field("expect"), Some("100-continue"));
            if head.first.contains("refused") {
                wire.send("HTTP/1.1 401 No\r\ncontent-length: 2\r\n\r\n{}");
                continue;
            }
            thread::sleep(Duration::from_millis(100));
            wire.send("HTTP/1.1 100 Continue\r\n\r\n");
            let body = wire.bytes(2);
            wire.send(json(200, std::str::from_utf8(&body).unwrap()));
        }
    });
    let proxy = proxy(&origin).start().unwrap();
    for addr in [origin.addr, proxy.addr()] {
        let mut wire = Wire::connect(addr);
        let begin = Instant::now();
        wire.send("POST /orders HTTP/1.1\r\nhost: x\r\nexpect: 100-continue\r\ncontent-length: 2\r\n\r\n");
        assert_eq!(wire.line().as_deref(), Some("HTTP/1.1 100 Continue"));
        assert!(begin.elapsed() >= Duration::from_millis(95), "the server has not asked yet");
        assert_eq!(wire.line().as_deref(), Some(""));
        wire.send("[]");
        assert_eq!(wire.response("POST").text(), "[]");
        let mut wire = Wire::connect(addr);
        wire.send("POST /refused HTTP/1.1\r\nhost: x\r\nexpect: 100-continue\r\ncontent-length: 2\r\n\r\n");
        assert_eq!(wire.line().as_deref(), Some("HTTP/1.1 401 No"));
        assert_eq!(wire.head().map(|head| head.first).as_deref(), Some("content-length: 2"), "no interim response");
    }
}

#[test]
fn a_server_that_does_not_know_expect_gets_the_body() {
    let origin = Origin::answering(|request| json(200, request.text()));
    let proxy = proxy(&origin).start().unwrap();
    let mut wire = Wire::connect(proxy.addr());
    wire.send("POST /orders HTTP/1.1\r\nhost: x\r\nexpect: 100-continue\r\ncontent-length: 2\r\n\r\n");
    assert_eq!(wire.line().as_deref(), Some("HTTP/1.1 100 Continue"));
    wire.line();
    wire.send("[]");
    assert_eq!(wire.response("POST").text(), "[]");
}

#[test]
fn upgraded_connections_pass_bytes_in_both_directions() {
    let origin = Origin::start(|wire| {
        let request = wire.request().unwrap();
        assert_eq!((request.field("upgrade"), request.field("connection")), (Some("echo"), Some("upgrade")));
        // The first bytes of the new protocol come with the response.
        wire.send("HTTP/1.1 101 Yes\r\nconnection: upgrade\r\nupgrade: echo\r\n\r\nhello");
        let all = wire.bytes(usize::MAX);
        wire.send(all);
    });
    let proxy = proxy(&origin).start().unwrap();
    let mut wire = Wire::connect(proxy.addr());
    wire.send("GET /orders HTTP/1.1\r\nhost: x\r\nconnection: Upgrade\r\nupgrade: echo\r\n\r\n");
    let response = wire.response("GET");
    assert_eq!((response.status(), response.field("upgrade")), (101, Some("echo")));
    assert_eq!(wire.bytes(5), b"hello");
    wire.send(vec![7; 100_000]);
    wire.close_write();
    assert_eq!(wire.bytes(usize::MAX), vec![7; 100_000]);
}

#[test]
fn a_response_before_the_end_of_the_request_passes() {
    let origin = Origin::start(|wire| {
        wire.head();
        wire.send(json(422, r#"{"code":"early","messages":[]}"#));
        // The rest is read, as servers do before they close.
        wire.bytes(usize::MAX);
    });
    let proxy = proxy(&origin).start().unwrap();
    let mut wire = Wire::connect(proxy.addr());
    wire.send("POST /orders HTTP/1.1\r\nhost: x\r\ncontent-length: 100000\r\n\r\n{");
    assert_eq!(wire.response("POST").status(), 422);
}

#[test]
fn parts_of_a_body_pass_as_they_come() {
    for (framing, first, second) in
        [("transfer-encoding: chunked", "2\r\n[1\r\n", "1\r\n]\r\n0\r\n\r\n"), ("content-length: 3", "[1", "]")]
    {
        let (seen, wait) = std::sync::mpsc::channel();
        let wait = Mutex::new(wait);
        let origin = Origin::start(move |wire| {
            wire.request();
            wire.send(format!("HTTP/1.1 200 OK\r\n{framing}\r\n\r\n{first}"));
            wait.lock().unwrap().recv_timeout(Duration::from_secs(10)).unwrap();
            wire.send(second);
        });
        let proxy = proxy(&origin).start().unwrap();
        let mut wire = Wire::connect(proxy.addr());
        wire.send("GET /orders HTTP/1.1\r\nhost: x\r\n\r\n");
        assert_eq!(wire.head().unwrap().status(), 200);
        assert_eq!(wire.bytes(first.len()), first.as_bytes());
        seen.send(()).unwrap();
        assert_eq!(wire.bytes(second.len()), second.as_bytes());
        assert_eq!(found(&proxy), ["orders.get response type /0"]);
    }
}

#[test]
fn lengths_without_a_body_pass() {
    let origin = Origin::answering(|request| match request.first.starts_with("HEAD") {
        true => b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 4242\r\n\r\n".to_vec(),
        false => b"HTTP/1.1 304 Not Modified\r\netag: \"a\"\r\n\r\n".to_vec(),
    });
    let proxy = proxy(&origin).start().unwrap();
    let head = call(proxy.addr(), "HEAD /orders/1", &[], "");
    assert_eq!((head.status(), head.field("content-length")), (200, Some("4242")));
    assert_eq!(call(proxy.addr(), "GET /orders/1", &[], "").field("etag"), Some("\"a\""));
    assert_eq!(found(&proxy), ["orders.get_by_id response status "], "of the 304; the response to HEAD is valid");
}
