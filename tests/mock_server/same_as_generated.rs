//! A generated stateful mock behind a port and a mock server of the same spec answer alike.
//!
//! One thing differs: a generated mock writes what it has read, so it fills in defaults of objects within a body. A mock server
//! keeps these objects as they came. The bodies here leave out no such field.

use apigen_testing::MockServer;
use location::MockClient;
use serde_json::{Value, json};

use super::client::{Client, Reply};
use super::kept::USERS;
use super::model::Random;
use crate::common::root;

const STEPS: usize = 2_000;

/// Method, target, headers and body.
type Asked = (&'static str, &'static str, &'static [(&'static str, &'static str)], &'static str);

/// Requests that are wrong in some way, or for no operation.
const OTHERS: &[Asked] = &[
    ("POST", "/users", &[], "{}"),
    ("POST", "/users", &[], "{\"email\": 1, \"role\": \"king\"}"),
    ("POST", "/users", &[], "{\"email\": \"a\"}"),
    ("POST", "/users", &[], "{\"email\":"),
    ("POST", "/users", &[], ""),
    ("POST", "/users", &[], "null"),
    ("POST", "/users", &[], "[]"),
    ("POST", "/users", &[("Content-Type", "text/plain")], "{\"email\": \"abc\"}"),
    ("POST", "/users", &[("Content-Type", "application/json; charset=utf-16")], "{\"email\": \"abc\"}"),
    ("POST", "/users/authenticate", &[], "{}"),
    ("POST", "/users/authenticate", &[("Content-Type", "application/x-www-form-urlencoded")], "email=a"),
    ("PATCH", "/users/00000000-0000-4000-8000-000000000001", &[], "{\"name\": 1}"),
    ("PUT", "/users/no-uuid", &[], "{\"email\": \"abc\"}"),
    ("GET", "/users/no-uuid", &[], ""),
    ("GET", "/users?limit=0", &[], ""),
    ("GET", "/users?limit=a&offset=b&role=king", &[], ""),
    ("GET", "/users?limit=1&limit=2", &[], ""),
    ("GET", "/users?unknown=1", &[], ""),
    ("GET", "/users?email=%FF", &[], ""),
    ("GET", "/users/", &[], ""),
    ("GET", "//users", &[], ""),
    ("GET", "/nothing", &[], ""),
    ("GET", "/visits/2026/x", &[], ""),
    ("DELETE", "/users", &[], ""),
    ("PUT", "/users", &[], "{}"),
    ("TRACE", "/users", &[], ""),
    ("OPTIONS", "/users", &[], ""),
    ("OPTIONS", "/nothing", &[], ""),
    ("OPTIONS", "*", &[], ""),
    ("HEAD", "/users?limit=0", &[], ""),
    ("HEAD", "/users", &[], ""),
    ("POST", "/visits", &[], "{\"place\": {\"kind\": \"nowhere\"}}"),
];

fn send(random: &mut Random, client: &mut Client, keys: &[String]) -> (String, Reply) {
    let key = if keys.is_empty() { USERS.unknown_keys[0].to_owned() } else { random.pick(keys) };
    let below = format!("/users/{key}");
    let form = Value::Object(super::model::fields((USERS.form)(random))).to_string();
    let patch = json!({ "name": random.pick(&["Ada", "", "ü"]) }).to_string();
    let sort = random.pick(USERS.sorts);
    let list = format!("/users?sort={sort}&limit={}&offset={}", 1 + random.below(9), random.below(3));
    let (method, target, headers, body) = match random.below(10) {
        0 | 1 => ("POST", "/users", &[][..], form.as_str()),
        2 => ("PUT", below.as_str(), &[][..], form.as_str()),
        3 => ("PATCH", below.as_str(), &[][..], patch.as_str()),
        4 => ("DELETE", below.as_str(), &[][..], ""),
        5 => ("GET", below.as_str(), &[][..], ""),
        6 | 7 => ("GET", list.as_str(), &[][..], ""),
        8 => ("HEAD", below.as_str(), &[][..], ""),
        _ => random.pick(OTHERS),
    };
    let reply = client.send(method, target, headers, body);
    (format!("{method} {target} {body}"), reply)
}

#[test]
fn generated_mocks_and_mock_servers_answer_alike() {
    let mock = MockClient::stateful();
    let generated = mock.serve("127.0.0.1:0").unwrap();
    let server = MockServer::builder().spec(root().join("specs/location.json")).items(0).start().unwrap();
    let (mut left, mut right) = (Client::new(generated.addr()), Client::new(server.addr()));
    let (mut keys, mut successes, mut refusals) = (Vec::new(), 0, 0);
    for step in 0..STEPS {
        let (asked, expected) = send(&mut Random(step as u64), &mut left, &keys);
        let (_, reply) = send(&mut Random(step as u64), &mut right, &keys);
        let compared = |reply: &Reply| {
            let header = |name| reply.header(name).map(str::to_owned);
            (reply.status, header("content-type"), header("allow"), reply.json())
        };
        assert_eq!(compared(&expected), compared(&reply), "{asked}");
        if asked.starts_with("POST /users") && reply.status == 201 {
            keys.push(reply.json()["guid"].as_str().unwrap().to_owned());
        }
        *if reply.status < 300 { &mut successes } else { &mut refusals } += 1;
    }
    assert!(successes > 500 && refusals > 200, "{successes} {refusals}");
}
