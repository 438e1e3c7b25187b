//! The control interface: all of its endpoints, and who may not use it.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use apigen_testing::{MockServer, MockServerBuilder};
use serde_json::{Value, json};

use super::client::{Client, exchange, statuses};
use super::kept::spec;
use crate::common::root;

fn location() -> MockServerBuilder {
    MockServer::builder().spec(root().join("specs/location.json"))
}

const RULE: &str = r#"{"operation":"timezones.get","status":200,"body":[]}"#;

#[test]
fn every_endpoint_has_its_methods() {
    let server = location().start().unwrap();
    let mut client = Client::new(server.addr());
    for (path, methods) in [
        ("health", &["GET"][..]),
        ("version", &["GET"]),
        ("journal", &["GET"]),
        ("state", &["GET"]),
        ("reset", &["POST"]),
        ("rules", &["GET", "POST", "DELETE"]),
    ] {
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"] {
            let body = if method == "POST" && path == "rules" { RULE } else { "" };
            let reply = client.send(method, &format!("/_apigen/{path}"), &[], body);
            if methods.contains(&method) {
                assert!((200..300).contains(&reply.status), "{method} {path}: {reply:?}");
            } else {
                assert_eq!(
                    (reply.status, reply.header("allow")),
                    (405, Some(methods.join(", ").as_str())),
                    "{method} {path}"
                );
            }
        }
    }
    for (path, part) in [
        ("/_apigen", "not part of"),
        ("/_apigen/", "not part of"),
        ("/_apigen/jurnal", "did you mean /_apigen/journal?"),
        ("/_apigen/health/", "not part of"),
        ("/_apigen/rules/1/2", "not part of"),
    ] {
        let reply = client.get(path);
        assert!(reply.status == 404 && reply.body.contains(part), "{path}: {reply:?}");
    }
    let version = client.get("/_apigen/version").json();
    assert_eq!(version["services"][0]["name"], "Location");
    assert_eq!(client.get("/_apigenx").json()["code"], client.get("/nothing").json()["code"], "a path of the API");
}

#[test]
fn the_journal_is_filtered_and_bounded() {
    let server = location().start().unwrap();
    let mut client = Client::new(server.addr());
    client.get("/users");
    client.get("/users?limit=0");
    client.get("/timezones");
    client.get("/nothing");
    let mut journal = |query: &str| {
        let reply = client.get(&format!("/_apigen/journal{query}"));
        assert_eq!(reply.status, 200, "{query}: {reply:?}");
        let exchanges = reply.json()["exchanges"].as_array().unwrap().clone();
        exchanges
            .iter()
            .map(|own| format!("{} {}", own["target"].as_str().unwrap(), own["response"]["status"]))
            .collect::<Vec<_>>()
    };
    assert_eq!(journal(""), ["/nothing 404", "/timezones 200", "/users?limit=0 422", "/users 200"]);
    assert_eq!(journal("?operation=users.get"), ["/users?limit=0 422", "/users 200"]);
    assert_eq!(journal("?operation=users.get&status=422"), ["/users?limit=0 422"]);
    assert_eq!(journal("?operation="), ["/nothing 404"]);
    assert_eq!(journal("?status=200&limit=1"), ["/timezones 200"]);
    assert_eq!(journal("?limit=100000&&"), journal(""));
    assert_eq!(journal("?limit=0"), [""; 0]);
    for query in ["?status=ok", "?limit=-1", "?x=1", "?status"] {
        let reply = client.get(&format!("/_apigen/journal{query}"));
        assert!(reply.status == 400 && reply.body.contains("operation=ID"), "{query}: {reply:?}");
    }
    // Invalid text has no operation either.
    assert_eq!(client.get("/_apigen/journal?operation=%FF").status, 200);
    for number in 0..1_100 {
        client.get(&format!("/timezones/{number}"));
    }
    let reply = client.get("/_apigen/journal").json();
    let first = &reply["exchanges"][0]["target"];
    assert_eq!((reply["exchanges"].as_array().map(Vec::len), first), (Some(1000), &json!("/timezones/1099")));
    assert_eq!(reply["seen"], 1104);
    assert_eq!(client.send("POST", "/_apigen/reset", &[], "").status, 204);
    let reply = client.get("/_apigen/journal").json();
    assert_eq!((&reply["exchanges"], &reply["seen"]), (&json!([]), &json!(0)));
}

#[test]
fn a_journal_of_large_exchanges_is_bounded_too() {
    let server = location().start().unwrap();
    let mut client = Client::new(server.addr());
    let terms = vec![json!({ "role": { "value": "x".repeat(100_000) } }); 10];
    for _ in 0..40 {
        client.send("POST", "/addresses/search", &[], &Value::from(terms.clone()).to_string());
    }
    let reply = client.get("/_apigen/journal");
    assert!(reply.body.len() < 64 << 20, "{}", reply.body.len());
    assert_eq!(reply.json()["seen"], 40);
    assert!(reply.json()["dropped"].as_u64().unwrap() > 0 || reply.body.len() < 17 << 20);
}

/// Each is what a page could send, or somebody who reaches the port from elsewhere.
#[test]
fn nobody_else_reaches_it() {
    let server = location().control_key("s3cret").start().unwrap();
    let port = server.addr().port();
    let mut client = Client::new(server.addr());
    let own = format!("http://localhost:{port}");
    let name = format!("localhost:{port}");
    for (headers, allowed) in [
        (vec![], true),
        (vec![("Host", name.as_str())], true),
        (vec![("Host", name.as_str()), ("Origin", own.as_str()), ("Sec-Fetch-Site", "same-origin")], true),
        (vec![("Sec-Fetch-Site", "none")], true),
        (vec![("Host", "evil.example")], false),
        (
            vec![
                ("Host", "evil.example:4010"),
                ("Origin", "http://evil.example:4010"),
                ("Sec-Fetch-Site", "same-origin"),
            ],
            false,
        ),
        (vec![("Host", "localhost.evil.example")], false),
        (vec![("Host", "127.0.0.1.nip.io")], false),
        (vec![("Host", "0.0.0.0")], false),
        (vec![("Host", "")], false),
        (vec![("Origin", "https://evil.example")], false),
        (vec![("Origin", "null")], false),
        (vec![("Origin", "http://localhost:1")], false),
        (vec![("Sec-Fetch-Site", "cross-site")], false),
        (vec![("Sec-Fetch-Site", "same-site")], false),
        (vec![("X-Apigen-Control-Key", "s3cre")], false),
        (vec![("X-Apigen-Control-Key", "")], false),
        (vec![("X-Apigen-Control-Key", "s3cret"), ("Host", "mock.internal"), ("Origin", "https://tool.example")], true),
    ] {
        for (method, path) in
            [("GET", "journal"), ("GET", "state"), ("POST", "reset"), ("DELETE", "rules"), ("POST", "rules")]
        {
            let body = if (method, path) == ("POST", "rules") { RULE } else { "" };
            let reply = client.send(method, &format!("/_apigen/{path}"), &headers, body);
            assert_eq!(reply.status != 403, allowed, "{method} {path} {headers:?}: {reply:?}");
            assert_eq!(reply.header("access-control-allow-origin"), None);
        }
    }
    // The target names the host that was asked for; `Host` does not count then.
    let evil = b"GET http://evil.example/_apigen/state HTTP/1.1\r\nHost: localhost\r\n\r\n";
    assert_eq!(statuses(&exchange(server.addr(), evil)), [403]);
    assert_eq!(
        statuses(&exchange(server.addr(), b"GET /_apigen/state HTTP/1.0\r\n\r\n").replace("HTTP/1.0", "HTTP/1.1")),
        [403]
    );
    assert_eq!(statuses(&exchange(server.addr(), b"GET /%5Fapigen/state HTTP/1.1\r\nHost: evil\r\n\r\n")), [404]);
}

/// A page can send these without asking first.
#[test]
fn forms_cannot_add_rules() {
    let server = location().start().unwrap();
    let mut client = Client::new(server.addr());
    for media in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "text/plain; application/json",
        "text/plain;charset=json",
        "",
    ] {
        let reply = client.send("POST", "/_apigen/rules", &[("Content-Type", media)], RULE);
        assert_eq!(reply.status, 415, "{media}: {reply:?}");
    }
    for media in ["application/json", "application/json; charset=utf-8", "application/toml", "APPLICATION/JSON"] {
        let body = if media.contains("toml") { "[[rule]]\noperation = \"users.get\"" } else { RULE };
        let reply = client.send("POST", "/_apigen/rules", &[("Content-Type", media)], body);
        assert_eq!(reply.status, 201, "{media}: {reply:?}");
    }
}

#[test]
fn rules_are_added_listed_and_removed() {
    let server = MockServer::builder().spec(spec("board.json")).spec(spec("ticket.json")).start().unwrap();
    let mut client = Client::new(server.addr());
    let mut add = |rule: &str| client.send("POST", "/_apigen/rules", &[], rule).json()["ids"][0].as_u64().unwrap();
    let boards = add(r#"{"operation":"boards.get","status":200,"body":[]}"#);
    let tickets = add(r#"{"operation":"tickets.get","status":200,"body":[],"up-to":2}"#);
    assert_ne!(boards, tickets, "a number means one rule");
    assert_eq!(client.get("/v1/tracker/tickets").body, "[]");
    let list = client.get("/_apigen/rules").json();
    let ids = |list: &Value| {
        list.as_array()
            .unwrap()
            .iter()
            .map(|own| (own["id"].as_u64().unwrap(), own["hits"].as_u64().unwrap()))
            .collect::<Vec<_>>()
    };
    assert_eq!(ids(&list).len(), 2);
    assert!(ids(&list).contains(&(tickets, 1)) && ids(&list).contains(&(boards, 0)), "{list}");
    // What is listed can be added again.
    let again = client.send("POST", "/_apigen/rules", &[], &list[0].to_string());
    assert_eq!(again.status, 201, "{again:?}");
    let remove = |client: &mut Client, id: &str| client.send("DELETE", &format!("/_apigen/rules/{id}"), &[], "").status;
    assert_eq!(remove(&mut client, &tickets.to_string()), 204);
    assert_eq!(remove(&mut client, &tickets.to_string()), 404);
    assert_ne!(client.get("/_apigen/rules").json(), list);
    assert_eq!(client.get("/boards/teams/red/boards").body, "[]", "the other rule stays");
    for id in ["", "x", "-1", "99999999999999999999", "%31"] {
        assert_eq!(remove(&mut client, id), 404, "{id}");
    }
    for body in ["", "{", "[[[", "\u{0}", r#"{"operation":"boards.gte"}"#, r#"{"operation":"boards.get","status":418}"#]
    {
        let headers = [("Content-Type", "application/json")];
        let reply = client.send("POST", "/_apigen/rules", &headers, body);
        assert!(reply.status == 422 && !reply.json()["messages"][0].is_null(), "{body}: {reply:?}");
    }
    let wrong = client.send("POST", "/_apigen/rules", &[], r#"{"operation":"tickets.gte"}"#);
    assert!(wrong.body.contains("tickets.get"), "did you mean: {wrong:?}");
    assert_eq!(client.send("DELETE", "/_apigen/rules", &[], "").status, 204);
    assert_eq!(client.get("/_apigen/rules").json(), json!([]));
}

#[test]
fn rules_change_while_requests_arrive() {
    let server = location().start().unwrap();
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        let senders = (0..8).map(|_| {
            scope.spawn(|| {
                let (mut client, mut seen) = (Client::new(server.addr()), [0_usize; 2]);
                while !done.load(Ordering::Relaxed) {
                    let reply = client.get("/timezones");
                    assert_eq!(reply.status, 200);
                    seen[usize::from(reply.body == "[]")] += 1;
                }
                seen
            })
        });
        let senders: Vec<_> = senders.collect();
        let mut client = Client::new(server.addr());
        for round in 0..150 {
            let id = client.send("POST", "/_apigen/rules", &[], RULE).json()["ids"][0].clone();
            assert_eq!(client.get("/_apigen/rules").json().as_array().map(Vec::len), Some(1));
            match round % 3 {
                0 => assert_eq!(client.send("DELETE", &format!("/_apigen/rules/{id}"), &[], "").status, 204),
                1 => assert_eq!(client.send("DELETE", "/_apigen/rules", &[], "").status, 204),
                _ => {
                    assert_eq!(client.send("POST", "/_apigen/reset", &[], "").status, 204);
                    server.clear_rules();
                }
            }
        }
        done.store(true, Ordering::Relaxed);
        let seen = senders
            .into_iter()
            .map(|sender| sender.join().unwrap())
            .fold([0, 0], |all, own| [all[0] + own[0], all[1] + own[1]]);
        assert!(seen[0] > 0 && seen[1] > 0, "{seen:?}");
    });
}

/// An `up-to` is exact, whoever asks.
#[test]
fn concurrent_requests_are_counted_exactly() {
    let server = location().start().unwrap();
    server.add_rules(r#"{"operation":"timezones.get","status":200,"body":[],"up-to":50}"#).unwrap();
    let hits: usize = thread::scope(|scope| {
        let senders = (0..8).map(|_| {
            scope.spawn(|| {
                let mut client = Client::new(server.addr());
                (0..30).filter(|_| client.get("/timezones").body == "[]").count()
            })
        });
        senders.collect::<Vec<_>>().into_iter().map(|sender| sender.join().unwrap()).sum()
    });
    assert_eq!(hits, 50);
}
