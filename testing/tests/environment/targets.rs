//! What may be sent, and what stops a run.

use std::fs;

use apigen_runtime::OperationInfo;
use apigen_runtime::client::{BuildError, ClientBuilder, HttpClient, ServiceInfo};
use apigen_runtime::http::{HeaderMap, HeaderValue};
use apigen_testing::environment::{Consent, Environment, Refusal, Target};
use apigen_testing::finding::Code;

use crate::support::{THREE, consent, folder, open, parse};

const GET: OperationInfo = OperationInfo::new("items.get", "GET", "/items", &[]);
const POST: OperationInfo = OperationInfo::new("items.post", "POST", "/items", &[]);
const SEARCH: OperationInfo = OperationInfo::new("items.search", "POST", "/search", &[]).side_effects(false);
const PING: OperationInfo = OperationInfo::new("items.ping", "GET", "/ping", &[]).side_effects(true);

#[test]
fn only_servers_on_this_machine_need_no_name() {
    for url in ["http://localhost:4010", "http://127.0.0.1:1/v1/", "http://[::1]:80", "https://127.1.2.3"] {
        let target = Target::local(url).unwrap();
        assert_eq!(target.url(), url.trim_end_matches('/'));
        assert!(target.is_loopback());
        [GET, POST, SEARCH, PING].iter().for_each(|operation| target.check(operation).unwrap());
    }
    for url in
        ["https://example.org", "http://10.0.0.1", "http://localhost.example.org", "http://127.0.0.1.example.org"]
    {
        let refusal = Target::local(url).unwrap_err();
        assert!(matches!(&refusal, Refusal::Unnamed(own) if own == url), "{refusal}");
        assert!(refusal.to_string().starts_with(&format!("{url} is not on this machine")), "{refusal}");
    }
    let refusal = Target::local("https://u:hunter2@localhost").unwrap_err();
    assert!(matches!(refusal, Refusal::InvalidUrl(_)) && !format!("{refusal} {refusal:?}").contains("hunter2"));
}

#[test]
fn production_needs_consent_and_a_reason_each_time() {
    let folder = folder("consent");
    let refused = |consent: &Consent| open("production", consent, &folder).unwrap_err();
    assert!(matches!(refused(&Consent::default()), Refusal::Production(_)));
    let reason_only = Consent { production: false, ..consent() };
    assert!(matches!(refused(&reason_only), Refusal::Production(_)));
    for reason in [None, Some(""), Some(" \n")] {
        let consent = Consent { reason: reason.map(str::to_owned), ..consent() };
        assert!(matches!(refused(&consent), Refusal::NoReason(_)), "{reason:?}");
    }
    // Refused runs leave no line.
    assert!(!folder.join(".apigen-audit.jsonl").exists());
    for name in ["laptop", "sandbox"] {
        assert!(matches!(open(name, &consent(), &folder).unwrap_err(), Refusal::NotProduction(..)));
        let target = open(name, &Consent::default(), &folder).unwrap();
        [GET, POST].iter().for_each(|operation| target.check(operation).unwrap());
        target.check_method("DELETE").unwrap();
    }
    assert!(!folder.join(".apigen-audit.jsonl").exists());
}

#[test]
fn side_effects_in_production_are_allowed_on_their_own() {
    let folder = folder("effects");
    let target = open("production", &consent(), &folder).unwrap();
    target.check(&GET).unwrap();
    target.check(&SEARCH).unwrap();
    for (operation, name) in [(POST, "items.post"), (PING, "items.ping")] {
        let refusal = target.check(&operation).unwrap_err();
        assert!(matches!(&refusal, Refusal::SideEffects(own) if own == name), "{refusal}");
        assert!(refusal.finding().is_none());
    }
    for (method, allowed) in [("GET", true), ("HEAD", true), ("OPTIONS", true), ("DELETE", false), ("PURGE", false)] {
        assert_eq!(target.check_method(method).is_ok(), allowed, "{method}");
    }
    let allowed = open("production", &Consent { side_effects: true, ..consent() }, &folder).unwrap();
    [GET, POST, SEARCH, PING].iter().for_each(|operation| allowed.check(operation).unwrap());
    allowed.check_method("DELETE").unwrap();
}

#[test]
fn production_is_recorded_before_anything_can_be_sent() {
    let folder = folder("audit");
    let log = folder.join(".apigen-audit.jsonl");
    // A line that a killed run left half written.
    fs::write(&log, "{\"v\":1,\"at").unwrap();
    let target = open("production", &consent(), &folder).unwrap();
    // No request was made; the line is there.
    let text = fs::read_to_string(&log).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!((lines.len(), text.ends_with('\n')), (2, true), "{text}");
    let line: serde_json::Value = serde_json::from_str(lines[1]).unwrap();
    let wanted = serde_json::json!({
        "v": 1, "command": "test", "environment": "production", "kind": "production",
        "url": "https://api.example.org/v1", "service": null, "reason": "incident 7", "side_effects": false,
    });
    for (key, value) in wanted.as_object().unwrap() {
        assert_eq!(&line[key], value, "{key}");
    }
    assert!(line["at"].as_str().unwrap().ends_with('Z') && line["process"] == std::process::id());
    drop(target);
    let lines_in_reason = Consent { reason: Some("two\nlines".to_owned()), side_effects: true, ..consent() };
    open("production", &lines_in_reason, &folder).unwrap();
    let text = fs::read_to_string(&log).unwrap();
    assert_eq!(text.lines().count(), 3, "{text}");
    assert!(text.lines().last().unwrap().contains(r#""side_effects":true"#), "{text}");
}

#[test]
fn without_an_audit_log_nothing_is_sent() {
    let folder = folder("no-audit");
    for log in ["missing/audit.jsonl", "."] {
        let text = format!("audit-log = \"{log}\"\n{THREE}");
        let environment = parse(&text, &folder).get("production").unwrap();
        let refusal = Target::open("test", environment, &consent()).unwrap_err();
        assert!(matches!(&refusal, Refusal::Audit(path, _) if *path == folder.join(log)), "{refusal}");
        assert!(refusal.to_string().starts_with("nothing was sent, because the audit log"), "{refusal}");
    }
    let text = format!("audit-log = \"audit.jsonl\"\n{THREE}");
    Target::open("test", parse(&text, &folder).get("production").unwrap(), &consent()).unwrap();
    assert_eq!(fs::read_to_string(folder.join("audit.jsonl")).unwrap().lines().count(), 1);
}

#[test]
fn a_server_that_says_that_it_is_production_is_believed() {
    let folder = folder("believed");
    let said = |text: &str| {
        HeaderMap::from_iter([("x-apigen-environment".parse().unwrap(), HeaderValue::from_str(text).unwrap())])
    };
    for name in ["laptop", "sandbox"] {
        for text in ["production", "PROD", " live ", "sandbox, production"] {
            let target = open(name, &Consent::default(), &folder).unwrap();
            target.check(&GET).unwrap();
            let refusal = target.check_response(&said(text)).unwrap_err();
            assert!(matches!(refusal, Refusal::ServerIsProduction { .. }), "{refusal}");
            assert_eq!(refusal.finding().unwrap().code, Code::PRODUCTION);
            // The run stops: nothing is sent any more, not even what has no side effects.
            assert!(matches!(target.check(&GET), Err(Refusal::ServerIsProduction { .. })));
            assert!(matches!(target.check_method("GET"), Err(Refusal::ServerIsProduction { .. })));
        }
        let target = open(name, &Consent::default(), &folder).unwrap();
        target.check_version(br#"{"environment":"production","version":"1"}"#).unwrap_err();
        target.check(&GET).unwrap_err();
    }
    let target = open("sandbox", &Consent::default(), &folder).unwrap();
    for text in ["sandbox", "", "staging", "preproduction", "local"] {
        target.check_response(&said(text)).unwrap();
    }
    target.check_response(&HeaderMap::new()).unwrap();
    for body in
        ["", "<html>production</html>", "[]", r#"{"environment":7}"#, r#"{"environment":"sandbox"}"#, "\"production\""]
    {
        target.check_version(body.as_bytes()).unwrap();
    }
    // In production it is no news.
    let target = open("production", &consent(), &folder).unwrap();
    target.check_response(&said("production")).unwrap();
    target.check(&GET).unwrap();
    assert_eq!(target.version_url(), "https://api.example.org/_apigen/version");
    assert_eq!(Target::local("http://localhost:1/v1").unwrap().version_url(), "http://localhost:1/_apigen/version");
}

static SERVICE: ServiceInfo =
    ServiceInfo { name: "shop", namespace: "", version: "1.0.0", user_agent: "", headers: &[], overlapping: &[] };

fn client(environment: &Environment) -> Result<HttpClient, BuildError> {
    let transport = apigen_runtime::client::transport_fn(|_| async { panic!("nothing is sent") });
    let builder = ClientBuilder::<HttpClient>::new(&SERVICE, environment.url()).transport(transport);
    environment.configure(builder).build()
}

#[test]
fn clients_take_the_same_environments() {
    let folder = folder("clients");
    fs::write(folder.join("token"), "hunter2").unwrap();
    let more = "bearer-from-file = \"token\"\nheader.X-Key.from-file = \"token\"";
    let environments = parse(&format!("{THREE}\n{more}"), &folder);
    let production = client(&environments.get("production").unwrap()).unwrap();
    assert_eq!(production.environment().unwrap().as_str(), "production");
    let shown = format!("{production:?}");
    for part in ["guarded: true", "https://api.example.org/v1", "authorization", "x-key"] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    assert!(!shown.contains("hunter2"), "{shown}");
    let laptop = client(&environments.get("laptop").unwrap()).unwrap();
    assert_eq!(laptop.environment(), Some(&apigen_runtime::client::Environment::Local));
}

#[test]
fn headers_come_from_variables_only() {
    let environment = || Environment::local("http://localhost:1").unwrap();
    let with = environment().header_from_env("X-Key", "CARGO_PKG_NAME").unwrap();
    assert_eq!(with.credentials().headers()["x-key"], "apigen-testing");
    for (name, variable) in
        [("X-Key", "hunter2!"), ("X Key", "CARGO_PKG_NAME"), ("X-Key", "NO_SUCH_VARIABLE"), ("X-Key", "")]
    {
        let error = environment().header_from_env(name, variable).unwrap_err().to_string();
        assert!(error.contains("error[E078]") && !error.contains("hunter2"), "{error}");
    }
}
