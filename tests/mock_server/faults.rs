//! What clients see of faults and latencies.

use std::io::{Read, Write};
use std::time::{Duration, Instant};

use apigen_testing::{MockServer, MockServerBuilder, parse_fault, parse_latency};

use super::client::{Client, Reply, connect, read_reply, request};
use crate::common::root;

fn location() -> MockServerBuilder {
    MockServer::builder().spec(root().join("specs/location.json"))
}

fn with(fault: &str) -> MockServer {
    location().faults(parse_fault(fault).unwrap()).start().unwrap()
}

/// Sends a request on a connection of its own.
fn ask(server: &MockServer, method: &str, target: &str, body: &str) -> Result<Reply, String> {
    let mut stream = connect(server.addr());
    stream.write_all(request(server.addr(), method, target, &[], body).as_bytes()).unwrap();
    read_reply(&mut stream, method)
}

const FORM: &str = r#"{"email":"ada@example.com"}"#;

#[test]
fn a_broken_connection_closes_without_a_response() {
    for fault in ["refused 100% users", "broken 100% users"] {
        let server = with(fault);
        for (method, target, body) in [
            ("GET", "/users", ""),
            ("HEAD", "/users", ""),
            ("POST", "/users", FORM),
            // Its response would have no body.
            ("DELETE", "/users/00000000-0000-4000-8000-000000000001", ""),
        ] {
            let seen = ask(&server, method, target, body);
            assert!(seen.as_ref().is_err_and(String::is_empty), "{fault} {method}: {seen:?}");
        }
        assert_eq!(ask(&server, "GET", "/timezones", "").unwrap().status, 200, "others are answered");
    }
}

/// As [`Fault`](apigen_runtime::testing::Fault) says: nothing is sent.
#[test]
fn a_request_that_never_arrives_changes_nothing() {
    for fault in ["refused 100% users.post", "broken 100% users.post", "503 100% users.post"] {
        let server = with(fault);
        let before = ask(&server, "GET", "/users", "").unwrap().body;
        drop(ask(&server, "POST", "/users", FORM));
        assert_eq!(ask(&server, "GET", "/users", "").unwrap().body, before, "{fault}");
    }
    // A response that breaks was made.
    let server = with("cut=3 100% users.post");
    drop(ask(&server, "POST", "/users", FORM));
    assert!(ask(&server, "GET", "/users", "").unwrap().body.contains("ada@example.com"));
}

#[test]
fn a_cut_body_breaks_where_it_should() {
    let server = with("cut=5 100%");
    let whole = ask(&location().start().unwrap(), "GET", "/users", "").unwrap().body;
    let seen = ask(&server, "GET", "/users", "").unwrap_err();
    let (head, body) = seen.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("HTTP/1.1 200") && head.contains(&format!("content-length: {}", whole.len())), "{head}");
    assert_eq!(body, &whole[..5]);
    assert_eq!(ask(&server, "HEAD", "/users", "").unwrap().status, 200);
    let nothing = ask(&server, "DELETE", "/users/00000000-0000-4000-8000-000000000001", "").unwrap();
    assert_eq!((nothing.status, nothing.body.as_str()), (204, ""), "nothing to cut");
}

#[test]
fn changed_bodies_are_complete_messages() {
    let whole = ask(&location().start().unwrap(), "GET", "/users", "").unwrap().body;
    let truncated = ask(&with("truncated 100%"), "GET", "/users", "").unwrap();
    assert!(truncated.body.len() < whole.len() && whole.starts_with(&truncated.body), "{truncated:?}");
    let flipped = ask(&with("flipped 100%"), "GET", "/users", "").unwrap();
    assert_ne!(flipped.body, whole);
    let status = ask(&with("503 100%"), "GET", "/users", "").unwrap();
    assert_eq!(status.status, 503);
}

#[test]
fn hanging_requests_wait_for_their_client_and_hold_up_nobody() {
    let server = with("hang 100% users.get");
    let mut hanging: Vec<_> = (0..100)
        .map(|_| {
            let mut stream = connect(server.addr());
            stream.write_all(request(server.addr(), "GET", "/users", &[], "").as_bytes()).unwrap();
            stream
        })
        .collect();
    hanging[0].set_read_timeout(Some(Duration::from_millis(200))).unwrap();
    assert!(hanging[0].read(&mut [0]).is_err(), "no response, and not closed");
    assert_eq!(ask(&server, "GET", "/timezones", "").unwrap().status, 200);
    drop(hanging);
    let begun = Instant::now();
    drop(server);
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
}

#[test]
fn clients_that_leave_hanging_requests_free_their_places() {
    let limits = apigen_runtime::server::ServerLimits::new().connections(4);
    let server = location().limits(limits).faults(parse_fault("hang 100% users.get").unwrap()).start().unwrap();
    for _ in 0..20 {
        let mut stream = connect(server.addr());
        stream.write_all(request(server.addr(), "GET", "/users", &[], "").as_bytes()).unwrap();
    }
    let begun = Instant::now();
    while !ask(&server, "GET", "/timezones", "").is_ok_and(|reply| reply.status == 200) {
        assert!(begun.elapsed() < Duration::from_secs(5));
    }
}

/// The words of the rules' documentation.
#[test]
fn rules_have_the_same_faults() {
    let server = location().start().unwrap();
    let at = |fault: &str, method: &str| {
        server.clear_rules();
        let operation = format!("users.{}", if method == "DELETE" { "delete_by_guid" } else { "get" });
        server.add_rules(&format!("[[rule]]\noperation = \"{operation}\"\nfault = \"{fault}\"")).unwrap();
        let target = if method == "DELETE" { "/users/00000000-0000-4000-8000-000000000001" } else { "/users" };
        ask(&server, method, target, "")
    };
    for fault in ["refused", "broken"] {
        for method in ["GET", "HEAD", "DELETE"] {
            let seen = at(fault, method);
            assert!(seen.as_ref().is_err_and(String::is_empty), "{fault} {method}: {seen:?}");
        }
    }
    let cut = at("cut 3", "GET").unwrap_err();
    assert!(cut.starts_with("HTTP/1.1 200") && cut.split_once("\r\n\r\n").unwrap().1.len() == 3, "{cut}");
    assert_eq!(at("content <html>", "GET").unwrap().body, "<html>");
    for fault in ["timeout", "hang"] {
        server.clear_rules();
        server.add_rules(&format!("[[rule]]\noperation = \"users.get\"\nfault = \"{fault}\"")).unwrap();
        let mut stream = connect(server.addr());
        stream.set_read_timeout(Some(Duration::from_millis(200))).unwrap();
        stream.write_all(request(server.addr(), "GET", "/users", &[], "").as_bytes()).unwrap();
        assert!(stream.read(&mut [0]).is_err(), "{fault}: no response, and not closed");
    }
}

#[test]
fn latency_delays_every_response() {
    let server = location().latency(parse_latency("120ms").unwrap()).start().unwrap();
    for target in ["/users", "/timezones", "/users/00000000-0000-0000-0000-000000000000"] {
        let begun = Instant::now();
        ask(&server, "GET", target, "").unwrap();
        assert!(begun.elapsed() >= Duration::from_millis(120), "{target}");
    }
}

/// A fault that no request can have is a mistake.
#[test]
fn faults_of_unknown_operations_are_errors() {
    let error = location().faults(parse_fault("503 5% users.gte").unwrap()).start().unwrap_err().to_string();
    assert!(error.contains("users.gte") && error.contains("users.get"), "{error}");
    for known in ["users", "users.get", "visits.post"] {
        assert!(location().faults(parse_fault(&format!("503 5% {known}")).unwrap()).build().is_ok());
    }
}

#[test]
fn several_faults_have_their_shares() {
    let server = location()
        .faults(parse_fault("500 50% users").unwrap())
        .faults(parse_fault("503 50% users").unwrap())
        .start()
        .unwrap();
    let mut client = Client::new(server.addr());
    let statuses: Vec<u16> = (0..200).map(|_| client.get("/users").status).collect();
    let count = |status| statuses.iter().filter(|own| **own == status).count();
    assert!(count(500) > 60 && count(503) > 20 && count(200) > 20, "{statuses:?}");
}
