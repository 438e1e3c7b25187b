//! `Prefer`, the methods and statuses of HTTP itself, headers about the spec, CORS and examples.

use std::fs;

use apigen_testing::{MockServer, MockServerBuilder};
use serde_json::Value;

use super::client::{Client, Reply};
use super::kept::spec;
use crate::common::root;

const UNKNOWN: &str = "/users/00000000-0000-0000-0000-000000000000";

fn location() -> MockServerBuilder {
    MockServer::builder().spec(root().join("specs/location.json"))
}

fn preferring(client: &mut Client, target: &str, prefer: &str) -> Reply {
    client.send("GET", target, &[("Prefer", prefer)], "")
}

#[test]
fn clients_choose_the_status() {
    let server = location().start().unwrap();
    let mut client = Client::new(server.addr());
    for (prefer, status) in
        [("code=404", 404), ("code=401", 401), ("code=200", 200), ("respond-async, code=\"401\"", 401)]
    {
        let reply = preferring(&mut client, UNKNOWN, prefer);
        let code = format!("code={status}");
        assert_eq!((reply.status, reply.header("preference-applied")), (status, Some(code.as_str())), "{prefer}");
    }
    // The response of the default status has the declared body.
    let reply = preferring(&mut client, "/regions/x", "code=503");
    assert!(reply.status == 503 && reply.json()["code"].is_string(), "{reply:?}");
    for prefer in ["code=418", "example=nobody"] {
        let reply = preferring(&mut client, UNKNOWN, prefer);
        assert_eq!(reply.header("preference-applied"), None, "{prefer}: it was not applied");
        assert!(matches!(reply.status, 404 | 501) && !reply.json()["messages"][0].is_null(), "{reply:?}");
    }
    // What breaks the spec is refused whatever the client prefers.
    let reply = preferring(&mut client, "/users?limit=0", "code=200");
    assert_eq!((reply.status, reply.header("preference-applied")), (422, None));
    server.add_rules("[[rule]]\noperation = \"users.get_by_guid\"\nstatus = 401").unwrap();
    assert_eq!(preferring(&mut client, UNKNOWN, "code=404").status, 404, "even if there is a rule");
    let reply = preferring(&mut client, UNKNOWN, "dynamic=true");
    assert_eq!((reply.status, reply.header("preference-applied")), (401, None), "the rule decided");
}

#[test]
fn clients_choose_the_seed() {
    let server = location().start().unwrap();
    let mut client = Client::new(server.addr());
    let mut get = |prefer: &str| preferring(&mut client, UNKNOWN, prefer);
    let reply = get("dynamic");
    assert_eq!((reply.status, reply.header("preference-applied")), (200, Some("dynamic=true")));
    assert_eq!(reply.json()["guid"], UNKNOWN[7..], "the sample has the key of the path");
    let (seven, again, eight) = (get("dynamic, seed=7"), get("dynamic, seed=7"), get("dynamic, seed=8"));
    assert_eq!(seven.header("preference-applied"), Some("dynamic=true, seed=7"));
    assert_eq!(seven.body, again.body);
    assert_ne!(seven.body, eight.body);
    // The state has no seed.
    let reply = preferring(&mut client, "/users", "seed=7");
    assert_eq!((reply.status, reply.header("preference-applied")), (200, None));
}

#[test]
fn http_has_its_own_answers() {
    let server = location().body_limit(1000).start().unwrap();
    let mut client = Client::new(server.addr());
    let get = client.get("/users");
    let head = client.send("HEAD", "/users", &[], "");
    assert_eq!(head.status, 200);
    for name in ["content-type", "content-length", "x-total-count"] {
        assert_eq!(head.header(name), get.header(name), "{name}");
        assert!(head.header(name).is_some(), "{name}");
    }
    let options = client.send("OPTIONS", "/users", &[], "");
    assert_eq!((options.status, options.header("allow")), (204, Some("GET, HEAD, POST, OPTIONS")));
    let wrong = client.send("DELETE", "/users", &[], "");
    assert_eq!((wrong.status, wrong.header("allow")), (405, Some("GET, HEAD, POST")));
    assert_eq!(client.get("/nothing").status, 404);
    let large = format!("{{\"email\":\"{}\"}}", "x".repeat(2000));
    let plain = [("Content-Type", "text/plain")];
    for (headers, body, status) in [(&[][..], large.as_str(), 413), (&plain[..], "{\"email\":\"abc\"}", 415)] {
        let reply = client.send("POST", "/users", headers, body);
        assert_eq!(reply.status, status);
        let body = reply.json();
        assert!(body["code"].is_string() && body["messages"][0].is_string(), "{body}");
    }
    // The model that the spec declares for 422.
    let invalid = client.send("POST", "/users", &[], "{\"email\":1,\"role\":\"king\"}");
    assert_eq!(invalid.status, 422);
    assert_eq!(invalid.json().as_array().map(Vec::len), Some(2), "both violations: {invalid:?}");
}

#[test]
fn deprecated_operations_say_so() {
    let server = MockServer::builder().spec(spec("board.json")).start().unwrap();
    let mut client = Client::new(server.addr());
    let lifecycle =
        |reply: &Reply| (reply.header("deprecation").map(str::to_owned), reply.header("sunset").map(str::to_owned));
    let deleted = client.send("DELETE", "/teams/red/boards/nothing", &[], "");
    assert_eq!(deleted.status, 404);
    assert_eq!(lifecycle(&deleted), (Some("true".to_owned()), Some("Thu, 31 Jan 2030 00:00:00 GMT".to_owned())));
    assert_eq!(lifecycle(&client.get("/teams/red/boards")), (None, None));
}

#[test]
fn pages_of_other_origins_may_call_the_api_if_asked() {
    let from = |origin| {
        [
            ("Origin", origin),
            ("Access-Control-Request-Method", "PUT"),
            ("Access-Control-Request-Headers", "x-tenant, content-type"),
        ]
    };
    let asked = from("https://shop.example");
    let server = location().start().unwrap();
    let reply = Client::new(server.addr()).send("OPTIONS", UNKNOWN, &asked, "");
    assert!(
        !reply.headers.iter().any(|(name, _)| name.starts_with("access-control")),
        "not without being asked: {reply:?}"
    );

    let server = location().cors().faults(apigen_testing::parse_fault("503 100% visits").unwrap()).start().unwrap();
    let mut client = Client::new(server.addr());
    let reply = client.send("OPTIONS", UNKNOWN, &asked, "");
    assert_eq!((reply.status, reply.header("access-control-allow-origin")), (204, Some("https://shop.example")));
    assert_eq!(reply.header("access-control-allow-headers"), Some("x-tenant, content-type"));
    let methods = reply.header("access-control-allow-methods").unwrap();
    assert!(["GET", "PUT", "PATCH", "DELETE"].iter().all(|method| methods.contains(method)), "{methods}");
    assert!(reply.header("vary").is_some_and(|vary| vary.contains("Origin")));
    for (method, target, body, status) in [
        ("GET", "/users", "", 200),
        ("GET", "/nothing", "", 404),
        ("PUT", "/users", "", 405),
        ("POST", "/users", "{}", 422),
        ("POST", "/visits", r#"{"place":{"kind":"remark","value":"x"}}"#, 503),
        ("DELETE", UNKNOWN, "", 404),
    ] {
        let reply = client.send(method, target, &[("Origin", "http://localhost:3000")], body);
        assert_eq!(reply.status, status);
        assert_eq!(reply.header("access-control-allow-origin"), Some("http://localhost:3000"), "{method} {target}");
        assert_eq!(reply.header("access-control-allow-credentials"), Some("true"), "{method} {target}");
    }
    let reply = client.send("GET", "/users", &[("Origin", "http://localhost:3000")], "");
    let exposed = reply.header("access-control-expose-headers").unwrap();
    assert!(exposed.contains("x-total-count"), "{exposed}");
    // Never the control interface.
    let reply = client.send("OPTIONS", "/_apigen/rules", &asked, "");
    assert!(reply.status == 403 && reply.header("access-control-allow-origin").is_none(), "{reply:?}");
}

#[test]
fn examples_answer_what_they_are_examples_of() {
    let folder = crate::common::scratch("mock-server-examples");
    fs::remove_dir_all(&folder).unwrap();
    let own = folder.join("get/timezones/:name");
    fs::create_dir_all(&own).unwrap();
    let timezone = |name: &str| format!(r#"{{"name":"{name}","description":"","offset":60}}"#);
    fs::write(own.join("paris.response.json"), timezone("Europe/Paris")).unwrap();
    fs::write(own.join("paris.meta.json"), r#"{"status":200,"path":{"name":"Paris"},"query":{},"headers":{"x-note":"1","content-length":"3","connection":"close","transfer-encoding":"chunked"}}"#).unwrap();
    fs::write(own.join("any.response.json"), timezone("UTC")).unwrap();
    fs::write(own.join("none.response.json"), "").unwrap();
    fs::write(own.join("none.meta.json"), r#"{"status":404,"path":{"name":"Nowhere"},"query":{}}"#).unwrap();
    let server = location().examples(&folder).start().unwrap();
    let mut client = Client::new(server.addr());
    let mut name = |target: &str, prefer: &str| {
        let reply = preferring(&mut client, target, prefer);
        (reply.status, if reply.body.is_empty() { Value::Null } else { reply.json()["name"].clone() })
    };
    assert_eq!(name("/timezones/Paris", "x"), (200, "Europe/Paris".into()), "the input is equal");
    assert_eq!(name("/timezones/Nowhere", "x"), (404, Value::Null), "the input is equal");
    assert_eq!(name("/timezones/Rome", "x"), (200, "UTC".into()), "an example of the operation");
    assert_eq!(name("/timezones/Rome", "example=paris"), (200, "Europe/Paris".into()), "as preferred");
    assert_eq!(name("/timezones/Rome", "code=404"), (404, Value::Null), "as preferred");
    assert_eq!(name("/timezones/Rome", "dynamic"), (200, "Rome".into()), "made up");
    let reply = client.get("/timezones/Paris");
    assert_eq!((reply.header("x-note"), reply.header("connection")), (Some("1"), None), "framing is ours");

    for (file, text, part) in [
        ("wrong.response.json", r#"{"name":1}"#, "the response violates the spec"),
        ("wrong.response.json", "{", "wrong.response.json"),
        ("wrong.meta.json", "[", "wrong.meta.json"),
        ("wrong.meta.json", r#"{"status":99}"#, "`status` must be a status code"),
        ("wrong.meta.json", r#"{"status":101}"#, "wrong"),
        ("wrong.meta.json", r#"{"status":500}"#, "wrong"),
        ("wrong.meta.json", r#"{"status":"200"}"#, "`status` must be a status code"),
    ] {
        fs::write(own.join("wrong.response.json"), timezone("x")).unwrap();
        fs::write(own.join("wrong.meta.json"), r#"{"status":200}"#).unwrap();
        fs::write(own.join(file), text).unwrap();
        let error = location().examples(&folder).start().err().map(|error| error.to_string()).unwrap_or_default();
        assert!(error.contains(part) && error.contains("wrong."), "{file} {text}: {error:?}");
    }
}
