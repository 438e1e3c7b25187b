//! What the proxy does with what it finds.

use std::convert::Infallible;
use std::net::TcpListener;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use apigen_runtime::bytes::Bytes;
use apigen_testing::ProxyLimits;
use http::{Request, Response};
use http_body_util::{BodyExt as _, Full};

use crate::support::*;

const ORDER: &str = r#"{"id":1,"status":"open","items":[]}"#;

#[test]
fn bad_requests_are_refused_before_the_server_sees_them() {
    let origin = Origin::json(201, ORDER);
    let proxy = proxy(&origin).enforce_requests().start().unwrap();
    let valid = call(proxy.addr(), "POST /orders", &[], r#"{"items":[]}"#);
    assert_eq!((valid.status(), valid.text(), origin.count()), (201, ORDER, 1));
    for (line, headers, body, status, text) in [
        ("POST /orders", &[][..], "{}", 422, "the required field \\\"items\\\" of order_form is missing"),
        ("POST /orders", &[], "{", 422, "body: "),
        ("POST /orders", &[("content-type", "text/xml")], "<a/>", 415, "text/xml"),
        ("GET /orders?limit=x", &[], "", 422, "query parameter limit"),
        ("GET /nowhere", &[], "", 404, "no operation has the path /nowhere"),
        ("PATCH /orders", &[], "{}", 405, "/orders has no PATCH, but GET, HEAD, POST"),
    ] {
        let refused = call(proxy.addr(), line, headers, body);
        assert_eq!(refused.status(), status, "{line}: {}", refused.text());
        assert!(refused.text().contains(text) && refused.text().contains("\"messages\""), "{}", refused.text());
        let side = refused.field("x-apigen-violation-side");
        assert_eq!(side, (status == 422 || status == 415).then_some("request"), "{line}");
        if status == 405 {
            assert_eq!(refused.field("allow"), Some("GET, HEAD, POST"));
        }
    }
    assert_eq!(origin.count(), 1, "the server has seen one request");
    // The status and body that the operation declares.
    let refused = call(proxy.addr(), "POST /orders", &[], "{}");
    assert!(refused.text().starts_with(r#"{"code":"missing","messages":["#), "{}", refused.text());
}

#[test]
fn bad_responses_are_replaced() {
    let origin = Origin::answering(|request| match request.first.contains("large") {
        true => json(200, &format!("{{\"padding\":\"{}\"}}", "x".repeat(3 << 20))),
        false => json(200, r#"{"id":1,"status":"lost","items":[]}"#),
    });
    let proxy = proxy(&origin).enforce().start().unwrap();
    let replaced = call(proxy.addr(), "GET /orders/1", &[], "");
    assert_eq!((replaced.status(), replaced.field("x-apigen-violation-side")), (502, Some("response")));
    assert!(replaced.text().contains("\"violations\":[{\"in\":\"body\""), "{}", replaced.text());
    // What is too large to be checked passes.
    let large = call(proxy.addr(), "GET /orders?large", &[], "");
    assert_eq!((large.status(), large.body.len()), (200, (3 << 20) + 14));
    assert_eq!(proxy.coverage().not_checked["the body is larger than the limit"], 1);
}

#[test]
fn only_one_side_is_judged() {
    let origin = Origin::json(200, "7");
    for (proxy, expected) in [
        (proxy(&origin).only_requests(), "orders.get request format /limit"),
        (proxy(&origin).only_responses(), "orders.get response type "),
    ] {
        let proxy = proxy.start().unwrap();
        call(proxy.addr(), "GET /orders?limit=x", &[], "");
        assert_eq!(found(&proxy), [expected]);
    }
}

#[test]
fn a_request_can_ask_for_its_response_not_to_be_judged() {
    let origin = Origin::json(200, "7");
    let proxy = proxy(&origin).start().unwrap();
    call(proxy.addr(), "GET /orders?limit=x", &[("x-apigen-skip", "response")], "");
    assert_eq!(found(&proxy), ["orders.get request format /limit"]);
    call(proxy.addr(), "GET /orders?limit=x", &[("x-apigen-skip", "request, response")], "");
    assert_eq!(proxy.coverage().requests.checked, 1);
    assert_eq!(origin.last().field("x-apigen-skip"), None, "the server does not see it");
}

#[test]
fn without_headers_nothing_is_added() {
    let origin = Origin::json(200, "7");
    let proxy = proxy(&origin).no_headers().start().unwrap();
    let response = call(proxy.addr(), "GET /orders", &[], "");
    let names: Vec<&str> = response.fields.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["content-length", "content-type"]);
    assert_eq!(found(&proxy), ["orders.get response type "]);
}

#[test]
fn requests_are_converted() {
    let origin = Origin::json(200, "[]");
    let proxy = proxy(&origin).coerce().start().unwrap();
    for (line, media, body, passed, passed_body) in [
        (
            "POST /orders",
            "",
            r#"{"items":{"sku":7,"quantity":"2"},"express":"yes"}"#,
            "POST /orders",
            r#"{"items":[{"sku":"7","quantity":2}],"express":true}"#,
        ),
        ("POST /orders", "", r#"{ "items": [] , "own": 1.50 }"#, "POST /orders", r#"{ "items": [] , "own": 1.50 }"#),
        ("GET /orders?express=yes&x=a+b&limit=5", "", "", "GET /orders?express=true&x=a+b&limit=5", ""),
        ("GET /orders?id[0]=1&id[1]=2", "", "", "GET /orders?id=1&id=2", ""),
        ("GET /orders?limit=&id=1", "", "", "GET /orders?limit=&id=1", ""),
        (
            "POST /orders/search",
            "application/x-www-form-urlencoded",
            "text=a+b&pages=3&exact=on&own=1",
            "POST /orders/search",
            r#"{"exact":true,"own":1,"pages":[3],"text":"a b"}"#,
        ),
        (
            "POST /orders",
            "application/x-www-form-urlencoded",
            "items[0][sku]=a&items[0][quantity]=2",
            "POST /orders",
            r#"{"items":[{"quantity":2,"sku":"a"}]}"#,
        ),
    ] {
        let headers = if media.is_empty() { vec![] } else { vec![("content-type", media)] };
        call(proxy.addr(), line, &headers, body);
        let seen = origin.last();
        assert_eq!(seen.first, format!("{passed} HTTP/1.1"));
        assert_eq!(seen.text(), passed_body, "{line}");
        if !body.is_empty() {
            assert_eq!(seen.field("content-type"), Some("application/json"), "{line}");
            assert_eq!(seen.field("content-length"), Some(passed_body.len().to_string().as_str()));
        }
    }
    let violations: Vec<String> = found(&proxy).into_iter().filter(|text| text.contains(" request ")).collect();
    assert!(violations.is_empty(), "{violations:?}");
    // What cannot be converted passes as it is, and is reported.
    call(proxy.addr(), "POST /orders", &[], r#"{"items":"none","express":"yes"}"#);
    assert_eq!(origin.last().text(), r#"{"items":"none","express":"yes"}"#);
    assert!(found(&proxy).iter().any(|text| text.starts_with("orders.post request")), "{:?}", found(&proxy));
}

#[test]
fn without_a_server_there_is_an_error_of_the_proxy() {
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let origin = Origin { addr: free, requests: Default::default() };
    let proxy = proxy(&origin).start().unwrap();
    for (line, body) in [("GET /orders/1", ""), ("POST /orders", r#"{"items":[]}"#), ("GET /nowhere", "")] {
        let response = call(proxy.addr(), line, &[], body);
        assert_eq!(response.status(), 502);
        assert!(response.text().contains("there is no connection to the server"), "{}", response.text());
    }
    assert_eq!(proxy.coverage().failed, 3);
}

#[test]
fn a_server_that_is_too_slow_is_given_up() {
    let origin = Origin::start(|wire| {
        wire.request();
        std::thread::sleep(Duration::from_secs(5));
    });
    let mut limits = ProxyLimits::default();
    limits.response = Duration::from_millis(200);
    let proxy = proxy(&origin).limits(limits).start().unwrap();
    let begin = Instant::now();
    assert_eq!(call(proxy.addr(), "GET /orders", &[], "").status(), 504);
    assert!(begin.elapsed() < Duration::from_secs(3));
}

#[test]
fn what_the_server_does_not_have_is_mocked() {
    let origin = Origin::answering(|request| match request.first.split(' ').nth(1).unwrap() {
        "/orders/1" => json(200, ORDER),
        "/orders/2" => b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n".to_vec(),
        "/orders" => json(501, "{}"),
        _ => b"HTTP/1.1 404 Not Found\r\ncontent-type: text/html\r\ncontent-length: 3\r\n\r\n<p>".to_vec(),
    });
    let mock = |answer: Request<Full<Bytes>>| async move {
        let body = answer.into_body().collect().await.unwrap().to_bytes();
        Ok::<_, Infallible>(Response::builder().status(203).body(Full::new(body)).unwrap())
    };
    let own = proxy(&origin).mock_missing(Service(mock)).start().unwrap();
    for (line, body, status, mocked) in [
        ("GET /orders/1", "", 200, None),
        ("GET /orders/2", "", 404, None),
        ("POST /orders", r#"{"items":[]}"#, 203, Some("501")),
        ("POST /orders/search", "text=a", 203, Some("404")),
        ("GET /nowhere", "", 404, None),
    ] {
        let media: &[_] =
            if body.starts_with('t') { &[("content-type", "application/x-www-form-urlencoded")] } else { &[] };
        let response = call(own.addr(), line, media, body);
        assert_eq!((response.status(), response.field("x-apigen-mocked")), (status, mocked), "{line}");
        if status == 203 {
            assert_eq!(response.text(), body, "the mock gets the request");
        }
    }
    assert_eq!(own.coverage().mocked, 2);
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let nobody = Origin { addr: free, requests: Default::default() };
    let own = proxy(&nobody).mock_missing(Service(mock)).start().unwrap();
    let response = call(own.addr(), "POST /orders", &[], r#"{"items":7}"#);
    assert_eq!((response.status(), response.field("x-apigen-mocked")), (203, Some("no connection")));
    assert_eq!(found(&own), ["orders.post request type /items"]);
}

/// A function as a tower service.
#[derive(Clone)]
struct Service<F>(F);

impl<F, T, R> tower_service::Service<T> for Service<F>
where
    F: FnMut(T) -> R,
    R: Future<Output = Result<Response<Full<Bytes>>, Infallible>>,
{
    type Response = Response<Full<Bytes>>;
    type Error = Infallible;
    type Future = R;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: T) -> R {
        (self.0)(request)
    }
}

/// Returns an empty folder of this name.
fn folder(name: &str) -> std::path::PathBuf {
    let folder = std::env::temp_dir().join(format!("apigen-proxy-{}-{name}", std::process::id()));
    drop(std::fs::remove_dir_all(&folder));
    folder
}

#[test]
fn valid_exchanges_become_examples() {
    let origin = Origin::answering(|request| match request.first.split(' ').nth(1).unwrap() {
        "/orders/1" => json(200, ORDER),
        "/orders/2" => json(200, "{}"),
        "/orders" => json(201, ORDER),
        _ => json(200, "[]"),
    });
    let folder = folder("examples");
    let own = proxy(&origin).record(&folder).start().unwrap();
    for _ in 0..3 {
        call(own.addr(), "GET /orders/1", &[], "");
        call(own.addr(), "GET /orders/2", &[], "");
        call(own.addr(), "HEAD /orders/1", &[], "");
        call(own.addr(), "POST /orders", &[], r#"{ "items": [ {"sku":"a","quantity":2} ] }"#);
        call(own.addr(), "POST /orders", &[], r#"{"items":7}"#);
        call(own.addr(), "GET /orders?limit=5&id=1&id=2", &[], "");
        let form = [("content-type", "application/x-www-form-urlencoded")];
        call(own.addr(), "POST /orders/search", &form, "text=a+b&pages=3&pages=4");
    }
    own.finish();
    let mut files = Vec::new();
    let mut folders = vec![folder.clone()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { folders.push(path) } else { files.push(path) }
        }
    }
    let read = |path: &std::path::PathBuf| {
        let json: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        let name = path.strip_prefix(&folder).unwrap().to_str().unwrap();
        let (start, end) = (name.rsplit_once('/').unwrap(), name.split_once('.').unwrap().1);
        format!("{}/*.{end} {json}", start.0)
    };
    let mut all: Vec<String> = files.iter().map(read).collect();
    all.sort();
    let order = r#"{"id":1,"items":[],"status":"open"}"#;
    let expected = [
        r#"get/orders/*.meta.json {"operation":"orders.get","path":{},"query":{"id":["1","2"],"limit":"5"},"status":200}"#.to_owned(),
        "get/orders/*.response.json []".to_owned(),
        r#"get/orders/:id/*.meta.json {"operation":"orders.get_by_id","path":{"id":"1"},"query":{},"status":200}"#.to_owned(),
        format!("get/orders/:id/*.response.json {order}"),
        r#"post/orders/*.meta.json {"operation":"orders.post","path":{},"query":{},"status":201}"#.to_owned(),
        r#"post/orders/*.request.json {"items":[{"quantity":2,"sku":"a"}]}"#.to_owned(),
        format!("post/orders/*.response.json {order}"),
        r#"post/orders/search/*.meta.json {"operation":"orders.post_search","path":{},"query":{},"status":200}"#.to_owned(),
        r#"post/orders/search/*.request.json {"pages":[3,4],"text":"a b"}"#.to_owned(),
        "post/orders/search/*.response.json []".to_owned(),
    ];
    assert_eq!(all, expected);
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn exchanges_are_logged_without_what_the_spec_does_not_declare() {
    let origin = Origin::answering(|request| match request.first.contains("large") {
        true => json(200, &format!("[\"{}\"]", "x".repeat(3 << 20))),
        false => json(200, r#"[{"id":1,"status":"lost","items":[],"card":"4242424242424242"}]"#),
    });
    let folder = folder("log");
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join("exchanges.jsonl");
    let own = proxy(&origin).log(&file).start().unwrap();
    let headers = [("authorization", "Bearer canary-1"), ("x-own", "canary-2")];
    call(own.addr(), "GET /orders?limit=3&own=canary-3", &headers, "");
    call(own.addr(), "GET /nowhere/canary-4", &headers, "");
    call(own.addr(), "GET /orders?large", &headers, "");
    own.finish();
    let text = std::fs::read_to_string(&file).unwrap();
    for canary in ["canary-1", "canary-2", "canary-3", "4242424242424242"] {
        assert!(!text.contains(canary), "{canary} in {text}");
    }
    let lines: Vec<serde_json::Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 3);
    assert_eq!((&lines[0]["operation"], &lines[0]["response"]["status"]), (&"orders.get".into(), &200.into()));
    assert_eq!(lines[0]["target"], "/orders?limit=3");
    assert_eq!(lines[0]["violations"][0]["pointer"], "/0/status");
    assert_eq!(lines[0]["violations"][0]["side"], "response");
    assert_eq!((&lines[1]["operation"], &lines[1]["response"]["status"]), (&serde_json::Value::Null, &200.into()));
    assert_eq!((&lines[2]["truncated"], &lines[0]["truncated"]), (&true.into(), &false.into()));
    std::fs::remove_dir_all(folder).unwrap();
}
