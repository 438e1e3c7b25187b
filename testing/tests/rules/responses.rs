//! How rules respond.

use std::time::Duration;

use apigen_model::api::Type;
use apigen_runtime::testing::Fault;
use apigen_testing::rules::{MatchedRule, RuleInput, RuleSet};

use crate::support::{SHOP, rules};

fn matched(rules: &RuleSet, operation: &str) -> MatchedRule {
    rules.find(operation, RuleInput::default).unwrap()
}

fn body(matched: &MatchedRule) -> Option<String> {
    matched.body(&|ty: &Type, number: usize| SHOP.sample(ty, number)).map(|text| text.into_owned())
}

/// Returns status and body.
fn answer(rule: &str) -> (u16, Option<String>) {
    let rules = rules(rule);
    let operation = ["users.get", "users.get_by_guid", "users.delete_by_guid", "orders.post", "orders.get_by_number"];
    let matched = operation.iter().find_map(|operation| rules.find(operation, RuleInput::default)).unwrap();
    (matched.response().status, body(&matched))
}

const GUID: &str = "6513270e-269e-4d37-b2a7-4de452e6b438";

#[test]
fn samples_fill_what_is_missing() {
    let item = r#"{"sku":"text 0","quantity":1}"#;
    for (rule, status, expected) in [
        (r#""operation":"users.delete_by_guid""#, 204, None),
        (r#""operation":"users.get_by_guid","status":404"#, 404, None),
        (
            r#""operation":"users.get_by_guid","body":{"email":"a@b.c"}"#,
            200,
            Some(format!(r#"{{"email":"a@b.c","guid":"{GUID}","created_at":"2020-01-01T00:00:00Z"}}"#)),
        ),
        (
            r#""operation":"users.get_by_guid","body":{}"#,
            200,
            Some(format!(r#"{{"guid":"{GUID}","email":"text 0","created_at":"2020-01-01T00:00:00Z"}}"#)),
        ),
        (r#""operation":"orders.post","status":422"#, 422, Some(r#"{"code":"text 0","messages":[]}"#.to_owned())),
        (
            r#""operation":"orders.get_by_number","status":418,"body":{"code":"tea"}"#,
            418,
            Some(r#"{"code":"tea","messages":[]}"#.to_owned()),
        ),
        (
            r#""operation":"orders.post","body":{"number":"F-1","total":1.50,"state":"open","items":[{},{"sku":"x"}]}"#,
            201,
            Some(format!(
                r#"{{"number":"F-1","total":1.50,"state":"open","items":[{item},{{"sku":"x","quantity":1}}]}}"#
            )),
        ),
        (
            r#""operation":"orders.post","body":{"total":1,"state":"open","items":[],"number":"1","payment":{"kind":"card"}}"#,
            201,
            Some(
                r#"{"total":1,"state":"open","items":[],"number":"1","payment":{"kind":"card","last4":"text 0"}}"#
                    .to_owned(),
            ),
        ),
        (
            r#""operation":"orders.post","body":{"total":1,"state":"open","items":[],"number":"1","payment":{}}"#,
            201,
            Some(r#"{"total":1,"state":"open","items":[],"number":"1","payment":{"days":1}}"#.to_owned()),
        ),
        (
            r#""operation":"orders.post","body":{"total":1,"state":"open","items":[],"number":"1","owner":{"long":{"value":7}}}"#,
            201,
            Some(r#"{"total":1,"state":"open","items":[],"number":"1","owner":{"long":{"value":7}}}"#.to_owned()),
        ),
    ] {
        assert_eq!(answer(&format!("{{{rule}}}")), (status, expected), "{rule}");
    }
}

/// The samples of a request differ from those with which the rule was checked.
#[test]
fn samples_are_those_of_the_request() {
    let rules = rules(r#"{ "operation": "users.get_by_guid", "body": { "email": "a@b.c" } }"#);
    let matched = matched(&rules, "users.get_by_guid");
    let other = r#"{"guid":"00000000-0000-0000-0000-000000000007","created_at":"2021-01-01T00:00:00Z","email":"x"}"#;
    let text = matched.body(&|_: &Type, _: usize| Some(other.to_owned())).unwrap();
    let expected =
        r#"{"email":"a@b.c","guid":"00000000-0000-0000-0000-000000000007","created_at":"2021-01-01T00:00:00Z"}"#;
    assert_eq!(text, expected);
    // Without a sample, the checked one is used.
    assert!(matched.body(&|_: &Type, _: usize| None).unwrap().contains(GUID));
}

#[test]
fn rules_may_lie_on_purpose() {
    for (rule, status, expected) in [
        (r#""operation":"users.get_by_guid","status":500"#, 500, None),
        (r#""operation":"users.get_by_guid","body":{"guid":1}"#, 200, Some(r#"{"guid":1}"#)),
        (r#""operation":"users.get_by_guid","body":[]"#, 200, Some("[]")),
        (r#""operation":"users.delete_by_guid","body":"text""#, 204, Some(r#""text""#)),
        (r#""operation":"users.get_by_guid","status":502,"body":{}"#, 502, Some("{}")),
        (r#""operation":"users.get_by_guid","headers":{"X-Other":"1"},"status":404"#, 404, None),
    ] {
        let (own, text) = answer(&format!(r#"{{{rule},"allow-invalid":true}}"#));
        assert_eq!((own, text.as_deref()), (status, expected), "{rule}");
    }
}

#[test]
fn headers_delays_and_faults_are_passed_on() {
    let rules = rules(
        r#"{ "operation": "users.get", "headers": { "X-State": "paid", "Retry-After": 5, "X-Page": ["1", "2"] },
             "delay": "50ms", "fault": "cut 10", "name": "slow" }"#,
    );
    let matched = matched(&rules, "users.get");
    let response = matched.response();
    let headers: Vec<(&str, &[u8])> =
        response.headers.iter().map(|(name, value)| (name.as_str(), value.as_bytes())).collect();
    let expected: [(&str, &[u8]); 4] =
        [("x-state", b"paid"), ("retry-after", b"5"), ("x-page", b"1"), ("x-page", b"2")];
    assert_eq!(headers, expected);
    assert_eq!((response.delay, &response.fault), (Duration::from_millis(50), &Some(Fault::Cut(10))));
    assert_eq!((matched.to_string(), matched.rule().name()), ("rule 1 (slow)".to_owned(), Some("slow")));
}

#[test]
fn sequences_end_after_their_last_response() {
    let rules = rules(
        r#"{ "operation": "orders.post", "delay": "1s",
             "sequence": [ { "status": 503, "delay": "2s" }, { "status": 422 }, {} ] }"#,
    );
    for (status, delay) in [(503, 2), (422, 1), (201, 1)] {
        let matched = matched(&rules, "orders.post");
        let response = matched.response();
        assert_eq!((response.status, response.delay), (status, Duration::from_secs(delay)));
    }
    assert!(rules.find("orders.post", RuleInput::default).is_none());
    rules.reset_hits();
    assert_eq!(matched(&rules, "orders.post").response().status, 503);
}

#[test]
fn limited_rules_stop_matching() {
    let rules = rules(
        r#"[{ "operation": "users.get_by_guid", "status": 404, "up-to": 2 }, { "operation": "users.get_by_guid" }]"#,
    );
    let statuses: Vec<u16> = (0..4).map(|_| matched(&rules, "users.get_by_guid").response().status).collect();
    assert_eq!(statuses, [404, 404, 200, 200]);
}

#[test]
fn rules_in_toml_have_the_same_meaning() {
    let text = r#"
        # Dates are values of TOML, too.
        [[rule]]
        operation = "users.get"
        when = { created_after = 2020-01-01T00:00:00Z, limit = 0x0a }
        up-to = 2
        headers = { X-State = "open" }

        [[rule]]
        operation = "orders.post"
        [rule.when.body]
        total = 1.5
        payment.kind = "card"
        [[rule.sequence]]
        status = 503
        [[rule.sequence]]
        body = { number = "F-1" }
    "#;
    let rules = crate::support::read("rules.toml", text.as_bytes()).unwrap();
    let json: Vec<&str> = rules.iter().map(apigen_testing::rules::Rule::to_json).collect();
    assert_eq!(
        json,
        [
            r#"{"operation":"users.get","when":{"created_after":"2020-01-01T00:00:00Z","limit":10},"up-to":2,"headers":{"X-State":"open"}}"#,
            r#"{"operation":"orders.post","when":{"body":{"total":1.5,"payment":{"kind":"card"}}},"sequence":[{"status":503},{"body":{"number":"F-1"}}]}"#,
        ]
    );
    for (name, text) in
        [("rules", "[[rule]]\noperation = \"users.get\""), ("POST", " [ {\"operation\":\"users.get\"}]")]
    {
        assert_eq!(crate::support::read(name, text.as_bytes()).unwrap().len(), 1, "{text}");
    }
}
