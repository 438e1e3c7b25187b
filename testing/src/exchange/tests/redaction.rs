use apigen_model::behaviour::SensitiveAnnotations;
use apigen_model::{Inputs, Source, load};
use apigen_runtime::Mode;
use apigen_runtime::http::{Request, Response};
use apigen_runtime::testing::Redactor;
use apigen_runtime::validate::schema::Schema;
use apigen_runtime::validate::{MessageViolations, RequestError};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;

use super::*;

const ACCOUNT: &str = r#"{
    "id": 7, "name": "marker-name", "email": "canary-email@x.org",
    "vault": {
        "text": "canary-text", "number": 77002, "list": ["canary-element"], "map": {"canary-key": "canary-value"},
        "numbers": {"canary-key": 77001}, "anything": {"canary-name": ["canary-value", 77005]}, "level": "high",
        "card": {"number": "canary-card", "brand": "canary-brand"}, "preset": "canary-preset"
    },
    "cards": [{"number": "canary-card", "brand": "marker-brand"}],
    "by_name": {"marker-key": {"number": "canary-card", "brand": "marker-brand"}},
    "payer": {"kind": "card", "number": "canary-card", "brand": "marker-brand"},
    "owner": {"safe": {"code": "canary-safe"}}
}"#;

/// The schema of the spec with a canary in each sensitive place.
fn schema() -> Arc<Schema> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/canary/spec.json");
    let source = Source { name: "spec.json".to_owned(), text: std::fs::read_to_string(path).unwrap(), path: None };
    let loaded = load(Inputs { specs: vec![source], ..Inputs::default() }).unwrap();
    Arc::new(crate::schema(&loaded.api, &SensitiveAnnotations::default()).unwrap())
}

fn request(method: &str, uri: &str, headers: &[(&str, &str)], body: &str) -> Request<String> {
    let request = Request::builder().method(method).uri(uri);
    headers.iter().fold(request, |request, (name, value)| request.header(*name, *value)).body(body.to_owned()).unwrap()
}

fn response(status: u16, headers: &[(&str, &str)], body: &str) -> Response<String> {
    let response = Response::builder().status(status);
    let json = [("content-type", "application/json")];
    let headers = headers.iter().chain(json.iter().filter(|_| !body.is_empty()));
    headers.fold(response, |response, (name, value)| response.header(*name, *value)).body(body.to_owned()).unwrap()
}

fn violations(found: Option<MessageViolations>) -> Vec<apigen_runtime::validate::MessageViolation> {
    found.into_iter().flatten().collect()
}

/// Captures an exchange with the violations that the validator finds.
fn captured(
    schema: &Arc<Schema>,
    change: impl FnOnce(Redactor) -> Redactor,
    request: &Request<String>,
    response: &Response<String>,
) -> Captured {
    let operation = schema.operation(request.method().as_str(), request.uri().path());
    let mode = Mode::strict();
    let wrong = match schema.request(request, &mode) {
        Err(RequestError::Invalid(wrong)) => Some(wrong),
        _ => None,
    };
    let answered = operation.and_then(|operation| schema.response(operation, response, &mode).err());
    let (request_violations, response_violations) = (violations(wrong), violations(answered));
    let capture = Capture::new("vaults", "1.0.0", Arc::clone(schema)).redaction(change);
    capture.capture(&Seen {
        at: UNIX_EPOCH,
        duration: Duration::ZERO,
        operation,
        request,
        response: Some(response),
        request_violations: &request_violations,
        response_violations: &response_violations,
        truncated: false,
    })
}

/// Fails if any form of a canary is in the text.
fn assert_silent(text: &str) {
    let canaries = ["canary", "77001", "77002", "77003", "77004", "77005", "hunter2"];
    let lower = text.to_lowercase();
    for canary in canaries {
        assert!(!lower.contains(canary), "{canary}: {text}");
    }
    // In Base64, a text has one of three forms, depending on what is before it.
    for canary in ["canary", "hunter2"] {
        for shift in 0..3 {
            let encoded = STANDARD_NO_PAD.encode(format!("{}{canary}", "x".repeat(shift)));
            let end = encoded.len() - if (shift + canary.len()) % 3 == 0 { 0 } else { 2 };
            let inner = &encoded[if shift == 0 { 0 } else { shift + 1 }..end];
            assert!(!text.contains(inner), "{canary} in Base64 ({inner}): {text}");
        }
    }
    assert!(!lower.contains("%63%61%6e%61%72%79") && !lower.contains(r"\u0063anary"), "{text}");
}

/// The places of an exchange that may have sensitive values.
fn exchanges() -> Vec<(Request<String>, Response<String>)> {
    let json = [("content-type", "application/json")];
    let form = [("content-type", "application/x-www-form-urlencoded")];
    let get = "/accounts/canary-email%40x.org?access_token=canary-token-1&access_token=canary-token-2&number=77003&page=marker-page&undeclared=canary-query&%zz=canary";
    let secrets = [
        ("authorization", "Bearer canary-bearer"),
        ("cookie", "session=canary-session; other=canary-other"),
        ("x-api-key", "canary-header"),
        ("x-trace", "marker-trace"),
        ("x-undeclared", "canary-undeclared"),
        ("user-agent", "marker-agent"),
    ];
    let answers = [
        ("set-cookie", "id=canary-cookie-1; Path=/"),
        ("set-cookie", "id=canary-cookie-2"),
        ("x-session-token", "canary-session"),
        ("x-plain", "marker-plain"),
        ("location", "https://canary-user:hunter2@example.org/accounts/canary-email%40x.org?number=77003&x=canary"),
    ];
    let unparsable = "{\"email\": \"canary-unparsable\", \"vault\": {\"text\": canary-bare";
    // The service repeats what it was told, in every encoding.
    let told = "marker canary-email@x.org, canary-email%40x.org, Y2FuYXJ5LWVtYWlsQHgub3Jn, \\u0063anary-email@x.org, canary-text, 77002";
    let login = "user=marker-user&password=canary-password&vault[text]=canary-text&vault[number]=77002&vault[list][0]=canary-element&vault[map][canary-key]=canary-value&vault[card][number]=canary-card&credentials[canary-key]=77004&undeclared=canary";
    let login_json = r#"{"user": "marker-user", "password": "canary-password", "undeclared": "canary", "credentials": {"canary-key": 77004}}"#;
    let nested = ACCOUNT.replace("\"marker-name\"", r#""{\"email\":\"canary-email@x.org\"} https://u:hunter2@x.org/""#);
    let wrong = r#"{"id": "marker", "email": 5, "vault": "{\"text\":\"canary\"}", "cards": [{"number": ["canary-card"], "brand": 5}, "canary-card"], "by_name": ["canary-element"], "payer": {"kind": "marker-kind", "number": "canary"}, "owner": {"marker-member": "canary"}, "canary-field": "canary"}"#;
    let twice = r#"{"kind": "card", "kind": "canary-kind", "number": "canary-card", "brand": "marker-brand"}"#;
    let twice = ACCOUNT.replace(r#"{"kind": "card", "number": "canary-card", "brand": "marker-brand"}"#, twice);
    let email = "/accounts/canary-email@x.org";
    vec![
        (request("GET", get, &secrets, ""), response(200, &answers, ACCOUNT)),
        (
            request("GET", email, &[("authorization", "Basic Y2FuYXJ5LXVzZXI6aHVudGVyMg==")], ""),
            response(404, &[], r#"{"code": "marker hunter2"}"#),
        ),
        (request("POST", "/accounts", &json, ACCOUNT), response(409, &[], &format!(r#"{{"code": "{told}"}}"#))),
        (request("POST", "/accounts", &json, &nested), response(201, &[], &nested)),
        (request("POST", "/accounts", &json, wrong), response(201, &[], wrong)),
        (request("POST", "/accounts", &json, &twice), response(201, &[], &twice)),
        (
            request("POST", "/accounts", &json, unparsable),
            response(409, &[], r#"{"code": "marker canary-unparsable and canary-bare"}"#),
        ),
        (request("POST", "/accounts", &json, ACCOUNT), response(500, &[], r#"{"trace": "canary"}"#)),
        (request("POST", "/accounts", &json, ACCOUNT), response(201, &[], "<html>canary</html>")),
        (
            request(
                "PUT",
                &format!("{email}/cards"),
                &json,
                r#"{"marker-key": {"number": "canary-card", "brand": "marker-brand"}}"#,
            ),
            response(204, &[], ""),
        ),
        (request("POST", "/accounts/login", &form, login), response(204, &[], "canary")),
        (request("POST", "/accounts/login", &json, login_json), response(204, &[], "")),
        (
            request(
                "GET",
                &format!("http://canary-user:hunter2@example.org{email}/nowhere?x=canary"),
                &secrets,
                "canary",
            ),
            response(404, &[], "canary"),
        ),
        (
            request("GET", &format!("{email}?number=canary&number=%ff"), &[("x-api-key", "")], ""),
            response(403, &[("x-session-token", "canary")], r#"{"reason": "marker", "challenge": 77001}"#),
        ),
    ]
}

#[test]
fn no_record_and_no_finding_has_a_sensitive_value() {
    let (schema, mut markers) = (schema(), 0);
    let folder = std::env::temp_dir().join(format!("apigen-canary-{}.jsonl", std::process::id()));
    let log = ExchangeLog::open(&folder, LogOptions::default()).unwrap();
    for (request, response) in exchanges() {
        let Captured { exchange, findings } = captured(&schema, |redactor| redactor, &request, &response);
        assert_silent(&exchange.to_json());
        assert_silent(&format!("{findings:?}"));
        assert!(!exchange.redacted.is_empty(), "{}", exchange.to_json());
        markers += exchange.to_json().matches("marker").count();
        log.append(&exchange);
    }
    assert_eq!(log.close(), []);
    let written = std::fs::read_to_string(&folder).unwrap();
    std::fs::remove_file(&folder).unwrap();
    assert_silent(&written);
    assert!(written.lines().count() == exchanges().len() && markers >= 35, "{markers} markers");
}

#[test]
fn redacted_exchanges_satisfy_the_spec() {
    let schema = schema();
    let mut valid = 0;
    for (request, response) in exchanges() {
        let exchange = captured(&schema, |redactor| redactor, &request, &response).exchange;
        let message = |message: &Message| match &message.body {
            Body::Json(text) | Body::Text(text) => text.clone(),
            _ => String::new(),
        };
        if schema.request(&request, &Mode::strict()).is_ok() {
            let headers: Vec<_> = exchange.request.headers.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
            let again = self::request(&exchange.method, &exchange.target, &headers, &message(&exchange.request));
            assert_eq!(schema.request(&again, &Mode::strict()).map(drop), Ok(()), "{}", exchange.to_json());
            valid += 1;
        }
        let operation = schema.operation(request.method().as_str(), request.uri().path());
        if let Some(operation) = operation.filter(|o| schema.response(o, &response, &Mode::strict()).is_ok()) {
            let own = exchange.response.unwrap();
            let again = self::response(own.status, &[], &message(&own.message));
            assert_eq!(schema.response(operation, &again, &Mode::strict()), Ok(()), "{}", message(&own.message));
            valid += 1;
        }
    }
    assert!(valid >= 14, "{valid} valid messages");
}

#[test]
fn a_record_shows_what_was_replaced() {
    let schema = schema();
    let (request, response) = exchanges().remove(0);
    let exchange = captured(&schema, |redactor| redactor, &request, &response).exchange;
    let expected = [
        "/request/headers/authorization",
        "/request/headers/cookie",
        "/request/headers/x-api-key",
        "/response/headers/location",
        "/response/headers/set-cookie/0",
        "/response/headers/set-cookie/1",
        "/response/headers/x-session-token",
        "/response/json/by_name/marker-key/number",
        "/response/json/cards/0/number",
        "/response/json/email",
        "/response/json/owner/safe/code",
        "/response/json/payer/number",
    ];
    for pointer in expected {
        assert!(exchange.redacted.iter().any(|known| known == pointer), "{pointer}: {:#?}", exchange.redacted);
    }
    assert!(exchange.redacted.contains(&"/target".to_owned()));
    // Every pointer leads to something.
    let json: serde_json::Value = serde_json::from_str(&exchange.to_json()).unwrap();
    for pointer in &exchange.redacted {
        assert!(json.pointer(pointer).is_some(), "{pointer}");
    }
    // The email has one pseudonym, in the path, the body and the header; a uuid, a number and an enum keep their type.
    let email = json["response"]["json"]["email"].as_str().unwrap();
    assert!(email.starts_with("redacted-"));
    assert!(exchange.target.starts_with(&format!("/accounts/{email}?access_token=redacted-")), "{}", exchange.target);
    let location = exchange.response.as_ref().unwrap().message.header("location").unwrap();
    assert!(location.contains(&format!("@example.org/accounts/{email}?number=")), "{location}");
    assert!(exchange.request.header("authorization").unwrap().starts_with("Bearer redacted-"));
    assert_eq!(
        (exchange.request.header("x-trace"), exchange.request.header("x-undeclared")),
        (Some("marker-trace"), None)
    );
    assert!(json["response"]["json"]["vault"]["number"].is_u64());
    let level = json["response"]["json"]["vault"]["level"].as_str().unwrap();
    assert!(["low", "high"].contains(&level));
}

#[test]
fn pseudonyms_are_stable_within_a_key() {
    let schema = schema();
    let (request, response) = exchanges().remove(2);
    let target = |key: Option<&str>| {
        let change = |redactor: Redactor| match key {
            Some(key) => redactor.key(key),
            None => redactor,
        };
        captured(&schema, change, &request, &response).exchange.request.body
    };
    assert_eq!(target(None), target(None));
    assert_eq!(target(Some("k")), target(Some("k")));
    assert!(target(None) != target(Some("k")) && target(Some("k")) != target(Some("l")));
    assert_silent(&format!("{:?}", Redactor::new().key("canary-key")));
}

#[test]
fn undeclared_parts_are_kept_on_request() {
    let schema = schema();
    let (mut request, _) = exchanges().remove(0);
    *request.uri_mut() = "/accounts/x@y.z?undeclared=kept&api_key=canary".parse().unwrap();
    request.headers_mut().insert("x-undeclared", "kept".parse().unwrap());
    let body = r#"{"reason": "r", "challenge": "canary-challenge", "more": {"kept": [1, "canary-challenge"], "password": "canary"}}"#;
    let response = response(403, &[("x-auth-token", "canary"), ("x-other", "kept")], body);
    let kept = captured(&schema, |redactor| redactor.keep_undeclared(true), &request, &response).exchange;
    assert_eq!(kept.request.header("x-undeclared"), Some("kept"));
    let answer = &kept.response.as_ref().unwrap().message;
    assert_eq!(answer.header("x-other"), Some("kept"));
    assert!(kept.target.contains("undeclared=kept&api_key=redacted-"), "{}", kept.target);
    assert!(matches!(&answer.body, Body::Json(json) if json.contains(r#""kept":[1,"redacted-"#)), "{answer:?}");
    assert_silent(&kept.to_json());
    let dropped = captured(&schema, |redactor| redactor, &request, &response).exchange;
    assert!(!dropped.to_json().contains("kept"), "{}", dropped.to_json());
}

/// Without redaction, bodies are the same JSON, and everything else is unchanged.
#[test]
fn redaction_can_be_disabled() {
    let schema = schema();
    for (request, response) in exchanges() {
        let raw = captured(&schema, |_| Redactor::disabled(), &request, &response).exchange;
        assert_eq!(raw.redacted, [] as [&str; 0]);
        assert_eq!(raw.target, request.uri().path_and_query().unwrap().as_str());
        assert_eq!(raw.request.headers.len(), request.headers().len());
        for (body, text) in
            [(&raw.request.body, request.body()), (&raw.response.unwrap().message.body, response.body())]
        {
            match body {
                Body::Json(json) => {
                    let values = [json, text].map(|text| serde_json::from_str::<serde_json::Value>(text).unwrap());
                    assert_eq!(values[0], values[1]);
                }
                Body::Text(own) => assert_eq!(own, text),
                other => assert!(*other == Body::None && text.is_empty()),
            }
        }
    }
}

#[test]
fn names_of_the_caller_are_hidden_everywhere() {
    let schema = schema();
    let hide = |redactor: Redactor| redactor.hide("Name").hide("x-trace").hide("PAGE").hide("user").hide("id");
    let get = request("GET", "/accounts/x?page=hidden-page", &[("x-trace", "hidden-trace")], "");
    let exchange =
        captured(&schema, hide, &get, &response(200, &[], &ACCOUNT.replace("marker-name", "hidden-name"))).exchange;
    assert!(!exchange.to_json().contains("hidden"), "{}", exchange.to_json());
    let login = request("POST", "/accounts/login", &[], "user=hidden-user&password=x");
    let login = captured(&schema, hide, &login, &response(204, &[], "")).exchange;
    assert!(!login.to_json().contains("hidden"), "{}", login.to_json());
    // The validator does not know that the value is hidden, so its message has it.
    let wrong = request("POST", "/accounts", &[], r#"{"id": "x-hidden"}"#);
    let Captured { exchange, findings } = captured(&schema, hide, &wrong, &response(409, &[], r#"{"code": ""}"#));
    assert!(!exchange.to_json().contains("x-hidden") && !format!("{findings:?}").contains("x-hidden"));
    assert!(
        findings.iter().any(|finding| finding.message.contains("/id: expected integer, found a sensitive value")
            || finding.message.contains("(withheld)")),
        "{findings:?}"
    );
}

/// The stack is finite, so bodies that are nested more deeply than a validator accepts are withheld.
#[test]
fn deep_bodies_are_withheld() {
    let (schema, get) = (schema(), request("GET", "/accounts/x", &[], ""));
    let body = |depth: usize, open: &str, close: &str| {
        let deep = format!("{}1{}", open.repeat(depth), close.repeat(depth));
        let body = ACCOUNT.replace(r#"["canary-value", 77005]"#, &deep);
        let exchange = captured(&schema, |redactor| redactor, &get, &response(200, &[], &body)).exchange;
        exchange.response.unwrap().message.body
    };
    for (open, close) in [("[", "]"), (r#"{"a":"#, "}")] {
        assert!(matches!(body(125, open, close), Body::Json(_)));
        assert_eq!(body(126, open, close), Body::None);
        assert_eq!(body(100_000, open, close), Body::None);
    }
}

/// A body with many sensitive values is searched for all of them.
#[test]
fn many_values_are_replaced_in_many_texts() {
    let schema = schema();
    let card = |number: usize| {
        format!(
            r#""marker canary-{number}@x.org": {{"number": "canary-{number}@x.org", "brand": "of canary-{number}@x.org"}}"#
        )
    };
    let body = format!("{{{}}}", (0..5000).map(card).collect::<Vec<_>>().join(","));
    let put = request("PUT", "/accounts/x/cards", &[("content-type", "application/json")], &body);
    let exchange = captured(&schema, |redactor| redactor, &put, &response(204, &[], "")).exchange;
    let Body::Json(json) = exchange.request.body else { panic!() };
    assert_silent(&json);
    assert_eq!((json.matches("marker redacted-").count(), json.matches("of redacted-").count()), (5000, 5000));
}

/// Any text in place of a body is handled, and what remains is JSON.
#[test]
fn mutated_bodies_stay_silent() {
    let (schema, mut random) = (schema(), Random(11));
    for _ in 0..1000 {
        let mut bytes = ACCOUNT.replace(['\n', ' '], "").into_bytes();
        for _ in 0..=random.below(3) {
            let at = random.below(bytes.len() as u64) as usize;
            match random.below(3) {
                0 => bytes[at] = random.one(b"{}[]\",:\\0e1n"),
                1 => drop(bytes.remove(at)),
                _ => bytes.insert(at, random.one(b"{}[]\",:\\0e")),
            }
        }
        let body = String::from_utf8(bytes).unwrap();
        let post = request("POST", "/accounts", &[("content-type", "application/json")], &body);
        let record = captured(&schema, |redactor| redactor, &post, &response(201, &[], &body)).exchange.to_json();
        assert!(serde_json::from_str::<serde_json::Value>(&record).is_ok(), "{record}");
        for canary in ["canary-email", "canary-text", "canary-element", "canary-value", "canary-preset", "canary-safe"]
        {
            assert!(!record.contains(canary), "{canary}: {body}\n{record}");
        }
    }
}
