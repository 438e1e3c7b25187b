//! Clients and servers that do not play by the rules: an error or a closed connection, and the proxy goes on.

use std::time::{Duration, Instant};

use apigen_testing::ProxyLimits;

use crate::support::*;

/// Sends raw bytes, and returns the status; `None` if the connection is closed without a response.
fn status(wire: &mut Wire, bytes: &[u8]) -> Option<u16> {
    wire.try_send(bytes);
    wire.head().map(|head| head.status())
}

#[test]
fn ambiguous_requests_reach_no_server() {
    let origin = Origin::json(200, "[]");
    let proxy = proxy(&origin).start().unwrap();
    for request in [
        "GET /orders HTTP/1.1\r\nhost: x\r\nx-a: 1\r\n folded\r\n\r\n",
        "GET /orders HTTP/1.1\r\nhost: x\r\nx-a: 1\rx-b: 2\r\n\r\n",
        "GET /orders HTTP/1.1\r\nhost: x\r\nx a: 1\r\n\r\n",
        "GET /orders HTTP/1.1\r\nhost: x\r\ncontent-length: 5, 6\r\n\r\n12345",
        "POST /orders HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\n123456",
        "POST /orders HTTP/1.1\r\nhost: x\r\ncontent-length: +5\r\n\r\n12345",
        "POST /orders HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked, identity\r\n\r\n0\r\n\r\n",
        "POST /orders HTTP/1.1\r\nhost: x\r\ntransfer-encoding: xchunked\r\n\r\n0\r\n\r\n",
        "GET /orders HTTP/1.1\r\nhost : x\r\n\r\n",
        "GET  /orders HTTP/1.1\r\n\r\n",
        "\0\u{1}\u{2}\r\n\r\n",
        "GET /orders\u{7f} HTTP/1.1\r\nhost: x\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ] {
        let status = status(&mut Wire::connect(proxy.addr()), request.as_bytes());
        assert!(matches!(status, None | Some(400)), "{request:?}: {status:?}");
    }
    assert_eq!(origin.count(), 0);
    assert_eq!(call(proxy.addr(), "GET /orders", &[], "").status(), 200);
}

/// Of both fields, the encoding frames the body; the server sees one of them.
#[test]
fn a_request_with_both_lengths_is_framed_once() {
    let origin = Origin::json(200, "[]");
    let proxy = proxy(&origin).start().unwrap();
    for fields in ["content-length: 3\r\ntransfer-encoding: chunked", "transfer-encoding: chunked\r\ncontent-length: 3"]
    {
        let mut wire = Wire::connect(proxy.addr());
        let hidden = "GET /hidden HTTP/1.1\r\nhost: x\r\n\r\n";
        let body = format!("{:x}\r\n{hidden}\r\n0\r\n\r\n", hidden.len());
        let before = origin.count();
        let status =
            status(&mut wire, format!("POST /orders HTTP/1.1\r\nhost: x\r\n{fields}\r\n\r\n{body}").as_bytes());
        if status == Some(200) {
            assert_eq!(origin.count(), before + 1, "one request");
            let seen = origin.last();
            assert_eq!((seen.first.as_str(), seen.text()), ("POST /orders HTTP/1.1", hidden));
            assert_eq!(seen.field("content-length").is_some(), seen.field("transfer-encoding").is_none());
        } else {
            assert!(matches!(status, None | Some(400)), "{status:?}");
        }
    }
    assert!(origin.requests.lock().unwrap().iter().all(|request| !request.first.contains("hidden")));
}

#[test]
fn heads_are_limited() {
    let origin = Origin::json(200, "[]");
    let proxy = proxy(&origin).start().unwrap();
    let huge = format!("GET /orders HTTP/1.1\r\nhost: x\r\nx-a: {}\r\n\r\n", "a".repeat(200_000));
    let many = format!("GET /orders HTTP/1.1\r\nhost: x\r\n{}\r\n", "x-a: 1\r\n".repeat(1000));
    let long = format!("GET /{} HTTP/1.1\r\nhost: x\r\n\r\n", "a".repeat(200_000));
    for request in [huge, many, long] {
        let status = status(&mut Wire::connect(proxy.addr()), request.as_bytes());
        assert!(matches!(status, None | Some(414 | 431)), "{status:?}");
    }
    assert_eq!(origin.count(), 0);
}

#[test]
fn slow_clients_are_given_up() {
    let origin = Origin::start(|wire| while wire.request().is_some() {});
    let mut limits = ProxyLimits::default();
    limits.idle = Duration::from_millis(300);
    let proxy = proxy(&origin).limits(limits).start().unwrap();
    for bytes in [
        "",
        "GET /ord",
        "GET /orders HTTP/1.1\r\nhost: x\r\n",
        "POST /orders HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{",
        "POST /orders HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n1\r\n",
    ] {
        let begin = Instant::now();
        let mut wire = Wire::connect(proxy.addr());
        wire.send(bytes);
        // Some get a status before the connection is closed.
        if let Some(head) = wire.head() {
            assert!(matches!(head.status(), 408 | 502), "{bytes:?}: {}", head.first);
        }
        assert!(begin.elapsed() < Duration::from_secs(5), "{bytes:?}");
    }
}

#[test]
fn idle_connections_make_room_for_others() {
    let origin = Origin::json(200, "[]");
    let mut limits = ProxyLimits::default();
    limits.connections = 4;
    let proxy = proxy(&origin).limits(limits).start().unwrap();
    let begin = Instant::now();
    let mut kept: Vec<Wire> = Vec::new();
    for _ in 0..20 {
        let mut wire = Wire::connect(proxy.addr());
        wire.send("GET /orders HTTP/1.1\r\nhost: x\r\n\r\n");
        assert_eq!(wire.response("GET").status(), 200);
        kept.push(wire);
    }
    assert!(begin.elapsed() < Duration::from_secs(10), "long before they are idle for too long");
    assert!(kept[0].is_closed());
}

#[test]
fn busy_connections_are_limited() {
    let origin = Origin::answering(|_| {
        std::thread::sleep(Duration::from_millis(200));
        json(200, "[]")
    });
    let mut limits = ProxyLimits::default();
    limits.connections = 2;
    let proxy = proxy(&origin).limits(limits).start().unwrap();
    let begin = Instant::now();
    let addr = proxy.addr();
    let clients: Vec<_> =
        (0..6).map(|_| std::thread::spawn(move || call(addr, "GET /orders", &[], "").status())).collect();
    assert!(clients.into_iter().all(|client| client.join().unwrap() == 200));
    assert!(begin.elapsed() >= Duration::from_millis(600), "two at a time");
}

#[test]
fn connections_opened_and_left_cost_nothing() {
    let origin = Origin::json(200, "[]");
    let proxy = proxy(&origin).start().unwrap();
    for number in 0..2000 {
        let mut wire = Wire::connect(proxy.addr());
        if number % 2 == 0 {
            wire.try_send("POST /orders HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{");
        }
    }
    assert_eq!(call(proxy.addr(), "GET /orders", &[], "").status(), 200);
}

#[test]
fn servers_that_break_the_rules_are_an_error() {
    for response in [
        "",
        "nonsense\r\n\r\n",
        "HTTP/1.1 200 OK\r\ncontent-length: x\r\n\r\n",
        "HTTP/1.1 99 No\r\n\r\n",
        "HTTP/1.1 101 No\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n",
        "HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab",
    ] {
        let origin = Origin::start(move |wire| {
            wire.request();
            wire.send(response);
        });
        let proxy = proxy(&origin).start().unwrap();
        assert_eq!(call(proxy.addr(), "GET /orders", &[], "").status(), 502, "{response:?}");
    }
    let huge = format!("HTTP/1.1 200 OK\r\nx-a: {}\r\n\r\n", "a".repeat(4 << 20));
    let origin = Origin::start(move |wire| {
        wire.request();
        wire.try_send(&huge);
    });
    let proxy = proxy(&origin).start().unwrap();
    assert_eq!(call(proxy.addr(), "GET /orders", &[], "").status(), 502);
}

#[test]
fn tunnels_are_not_opened() {
    let origin = Origin::json(200, "[]");
    let proxy = proxy(&origin).start().unwrap();
    let mut wire = Wire::connect(proxy.addr());
    assert_eq!(status(&mut wire, b"CONNECT 10.0.0.1:22 HTTP/1.1\r\nhost: 10.0.0.1:22\r\n\r\n"), Some(501));
    assert_eq!(origin.count(), 0);
}

#[test]
fn bodies_have_a_common_memory() {
    let origin = Origin::json(201, r#"{"id":1,"status":"open","items":[]}"#);
    let mut limits = ProxyLimits::default();
    limits.memory = 64 << 10;
    let proxy = proxy(&origin).limits(limits).enforce_requests().start().unwrap();
    let body = format!("{{\"items\":[],\"padding\":\"{}\"}}", "x".repeat(1 << 20));
    // A share may be as large as all of it, so another one must be there.
    let mut first = Wire::connect(proxy.addr());
    first.send(format!(
        "POST /orders HTTP/1.1\r\nhost: x\r\ncontent-length: {}\r\n\r\n{}",
        body.len(),
        &body[..100_000]
    ));
    std::thread::sleep(Duration::from_millis(200));
    assert_eq!(call(proxy.addr(), "POST /orders", &[], &body).status(), 201);
    let why = "other messages use all the memory for bodies";
    assert_eq!(proxy.coverage().not_checked.get(why), Some(&2), "request and response");
}
