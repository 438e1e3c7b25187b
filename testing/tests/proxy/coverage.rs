//! What was seen of an API, the control interface, and how a run ends.

use std::time::{Duration, Instant};

use apigen_testing::FailOn;
use apigen_testing::exchange::MessageSide;

use crate::support::*;

const ORDER: &str = r#"{"id":1,"status":"open","items":[{"sku":"a","quantity":2}]}"#;

fn origin() -> Origin {
    Origin::answering(|request| match request.first.split(' ').nth(1).unwrap() {
        "/orders/1" => json(200, ORDER),
        "/orders/2" => json(410, "{}"),
        "/orders" => json(201, ORDER),
        _ => json(200, "[]"),
    })
}

#[test]
fn coverage_says_what_was_never_seen() {
    let origin = origin();
    let proxy = proxy(&origin).start().unwrap();
    call(proxy.addr(), "GET /orders/1", &[], "");
    call(proxy.addr(), "GET /orders/2", &[], "");
    call(
        proxy.addr(),
        "POST /orders",
        &[],
        r#"{"items":[{"sku":"a","quantity":2}],"payment":{"kind":"cash","currency":"EUR"}}"#,
    );
    call(proxy.addr(), "POST /orders", &[], r#"{"items":7}"#);
    call(proxy.addr(), "GET /orders?status=paid", &[], "");
    call(proxy.addr(), "GET /nowhere?secret=1", &[], "");
    let coverage = proxy.coverage();
    let operation = |id: &str| coverage.operations.iter().find(|operation| operation.id == id).unwrap();
    let called: Vec<&str> = coverage.operations.iter().filter(|o| o.calls > 0).map(|o| o.id).collect();
    assert_eq!(called, ["orders.get", "orders.get_by_id", "orders.post"]);
    assert_eq!(coverage.percent(), 50.0);
    let by_id = operation("orders.get_by_id");
    assert_eq!((by_id.calls, by_id.statuses[&200], by_id.statuses[&410]), (2, 1, 1));
    assert_eq!((&by_id.unseen_statuses, &by_id.undeclared_statuses), (&vec!["404".to_owned()], &vec![410]));
    assert_eq!(operation("orders.post_search").unseen_statuses, ["200", "default"]);
    assert_eq!(coverage.values.names, ["status: closed"]);
    assert_eq!(coverage.members.names, ["payment: card"]);
    assert_eq!(
        coverage.fields.names,
        [
            "card.last4",
            "generic_error.code",
            "generic_error.messages",
            "order.payment",
            "order.placed_at",
            "order.tags",
            "order_form.express",
        ]
    );
    assert_eq!((coverage.undeclared, coverage.undeclared_requests[0].path.as_str()), (1, "/nowhere"));
    let group = coverage.violations.iter().find(|group| group.side == MessageSide::Request).unwrap();
    assert_eq!((group.operation, group.code, group.count), ("orders.post", "type", 1));
    assert_eq!(
        group.to_string(),
        "POST /orders: request: body: items: expected an array, found a number (line 1, column 10) [type] (spec.json:30)"
    );
    let findings: Vec<String> = proxy.findings().iter().map(ToString::to_string).collect();
    assert_eq!(findings.len(), 3, "{findings:?}");
    assert!(findings[0].starts_with("V813 server orders.get_by_id: "), "{findings:?}");
    assert_eq!(findings[2], "V820 client: the spec has no operation with the path of GET /nowhere");
    let json: serde_json::Value = serde_json::from_str(&coverage.to_json()).unwrap();
    assert_eq!(json["coverage"], 50.0);
    assert_eq!(json["violations"].as_array().unwrap().len(), coverage.violations.len());
    let text = coverage.to_string();
    for line in [
        "requests: 5 checked, 1 invalid",
        "operations: 3 of 6 called (50 %)",
        "        2 GET /orders/:id; 200: 1, 410: 1; never: 404; undeclared: 410",
        "fields never seen: 7 of 15",
        "  card.last4",
        "requests for which the spec has no operation: 1",
        "  GET /nowhere (1)",
    ] {
        assert!(text.lines().any(|own| own == line), "{line:?} is not in\n{text}");
    }
}

#[test]
fn coverage_does_not_grow_with_traffic() {
    let origin = Origin::answering(|request| {
        let status = 200 + request.first.len() as u16 % 300;
        json(status, "7")
    });
    let proxy = proxy(&origin).start().unwrap();
    let mut wire = Wire::connect(proxy.addr());
    for number in 0..400 {
        let target = format!("/nowhere/{}{number}", "x".repeat(number));
        wire.send(format!("GET {target} HTTP/1.1\r\nhost: x\r\n\r\n"));
        wire.response("GET");
        wire.send(format!("GET /orders?x={} HTTP/1.1\r\nhost: x\r\n\r\n", "x".repeat(number)));
        wire.response("GET");
    }
    let coverage = proxy.coverage();
    assert_eq!((coverage.undeclared, coverage.undeclared_requests.len()), (400, 100));
    assert!(coverage.undeclared_requests.iter().all(|one| one.path.len() <= 200));
    assert!(coverage.operations.iter().all(|operation| operation.statuses.len() <= 102));
    assert!(coverage.violations.len() <= 3, "{:?}", found(&proxy));
}

#[test]
fn failures_of_a_run() {
    let origin = origin();
    let proxy = proxy(&origin).start().unwrap();
    assert!(proxy.coverage().is_empty());
    call(proxy.addr(), "POST /orders", &[], r#"{"items":[]}"#);
    let clean = proxy.coverage();
    assert!(FailOn::violations().reasons(&clean).is_empty());
    let strict: FailOn = "coverage<80".parse().unwrap();
    assert_eq!(strict.reasons(&clean), ["16 % of the operations were called, less than 80 %"]);
    call(proxy.addr(), "POST /orders", &[], "{}");
    call(proxy.addr(), "GET /orders/2", &[], "");
    assert_eq!(
        FailOn::violations().reasons(&proxy.coverage()),
        [
            "1 request violates the spec",
            "1 response violates the spec",
            "the spec does not declare all requests and statuses that were seen",
        ]
    );
    assert!(FailOn::nothing().reasons(&proxy.coverage()).is_empty());
}

#[test]
fn the_control_interface_is_for_the_operator() {
    let origin = origin();
    let proxy = proxy(&origin).control_key("s3cret").start().unwrap();
    call(proxy.addr(), "GET /orders/1", &[], "");
    let coverage = call(proxy.addr(), "GET /_apigen/coverage", &[], "");
    assert!(coverage.status() == 200 && coverage.text().contains("\"operations\""), "{}", coverage.text());
    let text = call(proxy.addr(), "GET /_apigen/coverage", &[("accept", "text/plain")], "");
    assert!(text.text().starts_with("requests: 1 checked"), "{}", text.text());
    let version = call(proxy.addr(), "GET /_apigen/version", &[], "");
    assert!(version.text().contains("\"service\":\"shop\""), "{}", version.text());
    assert_eq!(call(proxy.addr(), "GET /_apigen/health", &[], "").status(), 200);
    assert_eq!(call(proxy.addr(), "GET /_apigen/reset", &[], "").status(), 405);
    assert_eq!(call(proxy.addr(), "GET /_apigen/rules", &[], "").status(), 404);
    // A page of another origin, whose name leads to this machine.
    for headers in [
        &[("host", "evil.example")][..],
        &[("origin", "http://evil.example")],
        &[("origin", "null")],
        &[("host", "localhost.evil.example:80")],
    ] {
        assert_eq!(call(proxy.addr(), "POST /_apigen/reset", headers, "").status(), 403, "{headers:?}");
    }
    assert!(!proxy.coverage().is_empty());
    let key = [("host", "proxy.example"), ("x-apigen-control-key", "s3cret")];
    assert_eq!(call(proxy.addr(), "POST /_apigen/reset", &key, "").status(), 204);
    assert!(proxy.coverage().is_empty());
    assert_eq!(origin.count(), 1, "nothing of this is passed on");
}

#[test]
fn exchanges_in_progress_complete_at_the_end() {
    let origin = Origin::answering(|_| {
        std::thread::sleep(Duration::from_millis(300));
        json(200, "[]")
    });
    let proxy = proxy(&origin).start().unwrap();
    let (addr, mut idle) = (proxy.addr(), Wire::connect(proxy.addr()));
    let client = std::thread::spawn(move || call(addr, "GET /orders", &[], ""));
    std::thread::sleep(Duration::from_millis(100));
    let begin = Instant::now();
    let coverage = proxy.finish();
    assert_eq!(client.join().unwrap().text(), "[]");
    assert_eq!(coverage.responses.checked, 1);
    assert!(begin.elapsed() < Duration::from_secs(3), "an idle connection does not hold the end up");
    assert!(idle.is_closed());
}

#[test]
fn a_dropped_proxy_ends_at_once() {
    let origin = Origin::start(|wire| {
        wire.request();
        std::thread::sleep(Duration::from_secs(20));
    });
    let proxy = proxy(&origin).start().unwrap();
    let mut wire = Wire::connect(proxy.addr());
    wire.send("GET /orders HTTP/1.1\r\nhost: x\r\n\r\n");
    std::thread::sleep(Duration::from_millis(100));
    let begin = Instant::now();
    drop(proxy);
    assert!(begin.elapsed() < Duration::from_secs(1));
    assert!(wire.is_closed());
}
