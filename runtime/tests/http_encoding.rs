//! Encoded requests: method, URL, headers and body, as a transport receives them.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::support::*;
use apigen_runtime::{
    Operation, OperationInfo,
    bytes::Bytes,
    client::{HttpClient, Timeout, Transport, transport_fn},
    codegen::{RawJson, Request},
};

type Sent = Arc<Mutex<Vec<http::Request<Bytes>>>>;

fn recorder() -> (impl Transport, Sent) {
    let sent = Sent::default();
    let record = Arc::clone(&sent);
    let transport = transport_fn(move |request| {
        record.lock().unwrap().push(request);
        let mut response = http::Response::new(Bytes::from_static(b"\"x\""));
        *response.status_mut() = http::StatusCode::NO_CONTENT;
        std::future::ready(Ok(response))
    });
    (transport, sent)
}

fn client() -> (HttpClient, Sent) {
    let (transport, sent) = recorder();
    (builder("https://api.example.org/v1/").transport(transport).build().unwrap(), sent)
}

/// Sends one request and returns it as the transport received it.
async fn send<O: Operation<Output = ()>>(request: Request) -> http::Request<Bytes> {
    let (client, sent) = client();
    client.call::<O>(request).await.unwrap();
    sent.lock().unwrap().pop().unwrap()
}

fn header<'a>(request: &'a http::Request<Bytes>, name: &str) -> Vec<&'a str> {
    request.headers().get_all(name).iter().map(|value| value.to_str().unwrap()).collect()
}

#[tokio::test]
async fn url_is_base_path_and_query() {
    let none: Option<i64> = None;
    let cases: [(Request, &str); 7] = [
        (Request::new(Put::INFO).path("id", &"a b/c"), "https://api.example.org/v1/users/a%20b%2Fc"),
        (Request::new(Put::INFO).path("id", &7).query("x", &none), "https://api.example.org/v1/users/7"),
        (
            Request::new(Delete::INFO).query("id", &vec!["a", "b&c"]).query("on", &true),
            "https://api.example.org/v1/users?id=a&id=b%26c&on=true",
        ),
        (
            Request::new(Delete::INFO)
                .query("at", &"2014-04-29T11:56:52.25Z".parse::<jiff::Timestamp>().unwrap())
                .query("price", &"1.10".parse::<apigen_runtime::Decimal>().unwrap()),
            "https://api.example.org/v1/users?at=2014-04-29T11%3A56%3A52.25Z&price=1.10",
        ),
        (
            Request::new(Delete::INFO).query("n", &1e21).query("d", &apigen_date("2024-02-29")),
            "https://api.example.org/v1/users?n=1000000000000000000000&d=2024-02-29",
        ),
        (
            Request::new(Delete::INFO).query("e", &"").query("l", &Vec::<String>::new()),
            "https://api.example.org/v1/users?e=",
        ),
        (Request::new(Delete::INFO).query("q", &"é +'"), "https://api.example.org/v1/users?q=%C3%A9%20%2B%27"),
    ];
    for (request, url) in cases {
        let sent = match request.info().id {
            "users.put" => send::<Put>(request).await,
            _ => send::<Delete>(request).await,
        };
        assert_eq!(sent.uri().to_string(), url);
    }
}

fn apigen_date(text: &str) -> jiff::civil::Date {
    text.parse().unwrap()
}

#[tokio::test]
async fn bodies() {
    let json = "application/json; charset=UTF-8";
    let form = "application/x-www-form-urlencoded";
    let absent: Option<String> = None;
    let value = serde_json::json!({"a": [1, {"c": "x y"}]});
    let cases: [(Request, &[&str], &[&str], &str); 6] = [
        (Request::new(Patch::INFO), &[], &["0"], ""),
        (Request::new(Patch::INFO).body(&absent), &[], &["0"], ""),
        (Request::new(Patch::INFO).body(&"é"), &[json], &[], "\"é\""),
        (Request::new(Patch::INFO).header("content-type", &"text/json").body(&1), &["text/json"], &[], "1"),
        (
            Request::new(Patch::INFO).form("n", &1).form("no", &absent).form("v", &value),
            &[form],
            &[],
            "n=1&v%5Ba%5D%5B0%5D=1&v%5Ba%5D%5B1%5D%5Bc%5D=x+y",
        ),
        (Request::new(Patch::INFO).form("no", &absent), &[form], &["0"], ""),
    ];
    for (request, content_type, content_length, body) in cases {
        let sent = send::<Patch>(request).await;
        assert_eq!(sent.method(), "PATCH");
        assert_eq!(header(&sent, "content-type"), content_type, "{body}");
        assert_eq!(header(&sent, "content-length"), content_length, "{body}");
        assert_eq!(sent.body(), body);
    }
    let sent = send::<Delete>(Request::new(Delete::INFO)).await;
    assert!(header(&sent, "content-length").is_empty());
    let sent = send::<Delete>(Request::new(Delete::INFO).body(&true)).await;
    assert_eq!((sent.method().as_str(), &sent.body()[..]), ("DELETE", &b"true"[..]));
}

#[tokio::test]
async fn headers_replace_by_layer() {
    let (transport, sent) = recorder();
    let client = builder("https://x.org")
        .transport(transport)
        .api_key("secret")
        .header("x-flow-env", "client")
        .header("X-Mine", "client")
        .header("ACCEPT", "text/csv")
        .build()
        .unwrap();
    client.call::<Delete>(Request::new(Delete::INFO)).await.unwrap();
    let request = Request::new(Delete::INFO).header("X-MINE", &&["p1", "p2"][..]).header("X-None", &None::<String>);
    client.call::<Delete>(request).header("user-agent", "me").header("authorization", "Bearer t").await.unwrap();
    let sent = sent.lock().unwrap();

    let plain = [
        ("user-agent", SERVICE.user_agent),
        ("x-apidoc-version", "2.1.0"),
        ("x-apidoc-version-major", "2"),
        ("accept", "text/csv"),
        ("x-flow-env", "client"),
        ("x-other", "spec"),
        ("x-mine", "client"),
        ("authorization", "Basic c2VjcmV0Og=="),
    ];
    for (name, value) in plain {
        assert_eq!(header(&sent[0], name), [value]);
    }
    assert_eq!(sent[0].headers().len(), plain.len());
    assert_eq!(header(&sent[1], "x-mine"), ["p1", "p2"]);
    assert_eq!(header(&sent[1], "user-agent"), ["me"]);
    assert_eq!(header(&sent[1], "authorization"), ["Bearer t"]);
    assert!(header(&sent[1], "x-none").is_empty());
    assert!(sent[1].headers()["authorization"].is_sensitive());
}

#[tokio::test]
async fn extensions_tell_timeout_and_operation() {
    let (client, sent) = client();
    client.call::<Delete>(Request::new(Delete::INFO)).await.unwrap();
    client.call::<Delete>(Request::new(Delete::INFO)).timeout(Duration::from_secs(3)).await.unwrap();
    let sent = sent.lock().unwrap();
    assert_eq!(sent[0].extensions().get(), Some(&Timeout(apigen_runtime::client::DEFAULT_TIMEOUT)));
    assert_eq!(sent[1].extensions().get(), Some(&Timeout(Duration::from_secs(3))));
    assert_eq!(sent[0].extensions().get::<&'static OperationInfo>().unwrap().id, "users.delete");
}

#[tokio::test]
async fn what_cannot_be_encoded_is_not_sent() {
    let (client, sent) = client();
    let put = || Request::new(Put::INFO);
    let cases = [
        (client.call::<Put>(put().path("id", &"")), "path parameter `id` is empty"),
        (client.call::<Put>(put().path("id", &"..")), "path parameter `id` must not be `.` or `..`"),
        (client.call::<Put>(put()), "path parameter `id` has no value"),
        (client.call::<Put>(put().path("id", &None::<String>)), "path parameter `id` has no value"),
        (
            client.call::<Put>(put().path("id", &"1").header("X-A", &"s3cret\n")),
            "the value of header `X-A` contains a control character",
        ),
        (client.call::<Put>(put().path("id", &"1")).header("bad name", "x"), "\"bad name\" is not a header name"),
        (
            client.call::<Put>(put().path("id", &"1")).header("Content-Length", "3"),
            "`Content-Length` is set by the connection",
        ),
        (
            client.call::<Put>(put().path("id", &"1").header("content-length", &3)),
            "`content-length` is set by the connection",
        ),
        (
            client.call::<Put>(put().path("id", &"1").header("Transfer-Encoding", &"chunked")),
            "`Transfer-Encoding` is set by the connection",
        ),
    ];
    for (call, message) in cases {
        let error = call.await.unwrap_err();
        assert!(error.is_invalid_request());
        assert_eq!(error.to_string(), format!("users.put (PUT /users/:id): invalid request: {message}"));
        assert!(!format!("{error:?}").contains("s3cret"));
    }
    let long = "x".repeat(70_000);
    assert!(client.call::<Put>(put().path("id", &long)).await.unwrap_err().is_invalid_request());
    assert!(sent.lock().unwrap().is_empty());
}

#[test]
fn builder_refuses_what_cannot_work() {
    let (transport, _) = recorder();
    let transport: Arc<dyn Transport> = Arc::new(transport);
    let builder = |url| builder(url).transport(Arc::clone(&transport));
    let cases = [
        (builder("x.org"), "http://"),
        (builder("http://u:hunter2@x.org"), "Auth::basic"),
        (builder("http://x.org").header("a b", "x"), "not a header name"),
        (builder("http://x.org").header("a", "hunter2\0"), "control character"),
        (builder("http://x.org").bearer("hunter2\n"), "control character"),
        (builder("http://x.org").basic("hunter2:", "x"), "colon"),
        (builder("http://x.org").bearer("x").header("Authorization", "y"), "authorization"),
    ];
    for (builder, part) in cases {
        assert!(!format!("{builder:?}").contains("hunter2"));
        let error = builder.build().unwrap_err();
        assert!(error.to_string().contains(part), "{error}");
        assert!(!format!("{error:?}").contains("hunter2"));
    }
    let client = builder("http://x.org").bearer("hunter2").header("X-Key", "hunter2").build().unwrap();
    let request = Request::new(Delete::INFO).header("X-Key", &"hunter2").query("key", &"hunter2").body(&"hunter2");
    let call = client.call::<Delete>(request).header("X-Key", "hunter2");
    assert!(!format!("{client:?} {call:?}").contains("hunter2"));
}

#[test]
fn requests_without_a_client_have_a_path_and_json_as_it_is_given() {
    static INFO: OperationInfo = OperationInfo::new("users.post", "POST", "/users/:id", &[]);
    let request = Request::new(&INFO).path("id", &"a b").query("q", &vec![1, 2]).body(&RawJson("{\"n\":1.50}"));
    let request = request.to_http().unwrap();
    assert_eq!((request.method().as_str(), request.uri().to_string().as_str()), ("POST", "/users/a%20b?q=1&q=2"));
    assert_eq!((request.body().as_ref(), header(&request, "content-type").len()), (&b"{\"n\":1.50}"[..], 1));
    let form = Request::new(&INFO).path("id", &"1").form("f", &RawJson("{\"n\":1.50}")).to_http().unwrap();
    assert_eq!(form.body().as_ref(), b"f%5Bn%5D=1.50");
    assert_eq!(Request::new(&INFO).path("id", &"").to_http().unwrap_err(), "path parameter `id` is empty");
}
