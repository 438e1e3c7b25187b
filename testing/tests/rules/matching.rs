//! Which requests a rule matches.

use apigen_runtime::Mode;
use apigen_runtime::http::Request;
use apigen_runtime::validate::MessageLocation::{self, Form, Header, Path, Query};
use apigen_testing::rules::RuleInput;

use crate::support::{SHOP, rules};

type Parameters<'p> = &'p [(MessageLocation, &'static str, &'p str)];

fn input(parameters: Parameters<'_>, body: Option<&str>) -> RuleInput {
    let parameters = parameters.iter().map(|(location, name, json)| (*location, *name, (*json).to_owned()));
    RuleInput { parameters: parameters.collect(), body: body.map(str::to_owned) }
}

/// Returns whether a rule with these conditions matches.
fn matches(operation: &str, when: &str, parameters: Parameters<'_>, body: Option<&str>) -> bool {
    let rules = rules(&format!(r#"{{ "operation": "{operation}", "when": {when} }}"#));
    rules.find(operation, || input(parameters, body)).is_some()
}

#[test]
fn parameters_are_compared_by_type() {
    let guid = r#""6513270e-269e-4d37-b2a7-4de452e6b438""#;
    for (operation, when, parameters, expected) in [
        ("users.get", "{}", &[] as Parameters<'_>, true),
        ("users.get", r#"{"name":"Ada"}"#, &[(Query, "name", r#""Ada""#)], true),
        ("users.get", r#"{"name":"Ada"}"#, &[(Query, "name", r#""ada""#)], false),
        ("users.get", r#"{"name":"Ada"}"#, &[], false),
        ("users.get", r#"{"name":null}"#, &[], true),
        ("users.get", r#"{"name":null}"#, &[(Query, "name", r#""Ada""#)], false),
        ("users.get", r#"{"limit":10}"#, &[(Query, "limit", "10")], true),
        ("users.get", r#"{"limit":10}"#, &[(Query, "limit", "11"), (Query, "name", "10")], false),
        // The default.
        ("users.get", r#"{"limit":25}"#, &[], true),
        ("users.get", r#"{"limit":25}"#, &[(Query, "limit", "25")], true),
        ("users.get", r#"{"limit":26}"#, &[], false),
        (
            "users.get",
            r#"{"created_after":"2020-01-01T01:00:00+01:00"}"#,
            &[(Query, "created_after", r#""2020-01-01T00:00:00.000Z""#)],
            true,
        ),
        (
            "users.get",
            r#"{"created_after":"2020-01-01T01:00:00Z"}"#,
            &[(Query, "created_after", r#""2020-01-01T00:00:00Z""#)],
            false,
        ),
        ("users.get", r#"{"tag":["a","b"]}"#, &[(Query, "tag", r#"["a","b"]"#)], true),
        ("users.get", r#"{"tag":["a","b"]}"#, &[(Query, "tag", r#"["b","a"]"#)], false),
        ("users.get", r#"{"tag":["a"]}"#, &[(Query, "tag", r#"["a","b"]"#)], false),
        ("users.get", r#"{"tag":[]}"#, &[(Query, "tag", r#"["a"]"#)], false),
        ("users.get", r#"{"tag":[]}"#, &[(Query, "tag", "[]")], true),
        ("users.get", r#"{"tag":[]}"#, &[], true),
        ("users.get", r#"{"tag":null}"#, &[(Query, "tag", "[]")], true),
        ("users.get", r#"{"tag":null}"#, &[(Query, "tag", r#"["a"]"#)], false),
        ("users.get", r#"{"x-tenant":"acme"}"#, &[(Header, "X-Tenant", r#""acme""#)], true),
        ("users.get", r#"{"header":{"X-TENANT":"acme"}}"#, &[(Header, "X-Tenant", r#""acme""#)], true),
        ("users.get", r#"{"header":{"X-Tenant":"acme"},"limit":5}"#, &[(Header, "X-Tenant", r#""acme""#)], false),
        // The validator writes identifiers in lower case.
        ("users.get_by_guid", r#"{"guid":"6513270E-269E-4D37-B2A7-4DE452E6B438"}"#, &[(Path, "guid", guid)], true),
        ("orders.get_by_number", r#"{"query":{"view":"7"}}"#, &[(Query, "view", r#""7""#)], true),
        ("orders.get_by_number", r#"{"view":"8"}"#, &[(Query, "view", r#""7""#)], false),
        ("orders.get_by_number", r#"{"query":"x"}"#, &[(Query, "query", r#""x""#)], true),
        ("orders.get_by_number", r#"{"query":{"query":"x"}}"#, &[(Query, "query", r#""x""#)], true),
        ("orders.post_search", r#"{"state":"paid"}"#, &[(Form, "state", r#""paid""#)], true),
        ("orders.post_search", r#"{"state":"paid"}"#, &[(Form, "state", r#""open""#)], false),
        ("orders.post_search", r#"{"item":{"sku":"a"}}"#, &[(Form, "item", r#"{"sku":"a","quantity":2}"#)], true),
        (
            "orders.post_search",
            r#"{"form":{"item":{"quantity":3}}}"#,
            &[(Form, "item", r#"{"sku":"a","quantity":2}"#)],
            false,
        ),
    ] {
        assert_eq!(matches(operation, when, parameters, None), expected, "{operation} {when} {parameters:?}");
    }
}

#[test]
fn bodies_are_compared_in_part() {
    let items = r#""items":[{"sku":"a","quantity":2}]"#;
    for (when, rest, expected) in [
        ("{}", "", true),
        (r#"{"items":[{"sku":"a"}]}"#, "", true),
        (r#"{"items":[{"sku":"b"}]}"#, "", false),
        (r#"{"items":[{"sku":"a"},{"sku":"a"}]}"#, "", false),
        (r#"{"total":1.50}"#, r#","total":1.5"#, true),
        (r#"{"total":15e-1}"#, r#","total":1.500"#, true),
        (r#"{"total":123456789012345678.91}"#, r#","total":123456789012345678.92"#, false),
        (r#"{"total":null}"#, "", true),
        (r#"{"total":null}"#, r#","total":1"#, false),
        (r#"{"currency":"EUR"}"#, "", true),
        (r#"{"currency":"USD"}"#, "", false),
        (r#"{"currency":"USD"}"#, r#","currency":"USD""#, true),
        (r#"{"placed_at":"2020-01-01T00:00:00-05:00"}"#, r#","placed_at":"2020-01-01T05:00:00Z""#, true),
        (r#"{"payment":{"kind":"card"}}"#, r#","payment":{"kind":"card","last4":"1234"}"#, true),
        (r#"{"payment":{"kind":"card","last4":"1"}}"#, r#","payment":{"kind":"card","last4":"1234"}"#, false),
        (r#"{"payment":{"last4":"1234"}}"#, r#","payment":{"kind":"card","last4":"1234"}"#, true),
        (r#"{"payment":{"issuer":"x"}}"#, r#","payment":{"kind":"card","last4":"1234","issuer":"x"}"#, true),
        (r#"{"payment":{"issuer":"x"}}"#, r#","payment":{"days":3,"issuer":"x"}"#, true),
        (r#"{"payment":{"issuer":"x"}}"#, r#","payment":{"kind":"coupon","value":"x"}"#, false),
        // The default type needs no discriminator.
        (r#"{"payment":{"kind":"invoice","days":3}}"#, r#","payment":{"days":3}"#, true),
        (r#"{"payment":{"kind":"card"}}"#, r#","payment":{"days":3}"#, false),
        (r#"{"payment":{"kind":"coupon","value":"x"}}"#, r#","payment":{"kind":"coupon","value":"x"}"#, true),
        (r#"{"owner":{"user":{"email":"a"}}}"#, r#","owner":{"user":{"email":"a","guid":""}}"#, true),
        (r#"{"owner":{"long":{"value":7}}}"#, r#","owner":{"long":{"value":7}}"#, true),
        (r#"{"owner":{"long":{"value":7}}}"#, r#","owner":{"user":{"email":"a"}}"#, false),
        (r#"{"attributes":{"a":"1"}}"#, r#","attributes":{"b":"2","a":"1"}"#, true),
        (r#"{"attributes":{"a":"1"}}"#, r#","attributes":{"a":"2"}"#, false),
        (r#"{"note":{"x":[1,{"y":2}]}}"#, r#","note":{"z":0,"x":[1.0,{"y":2,"w":0}]}"#, true),
        (r#"{"note":[1]}"#, r#","note":[2]"#, false),
        (r#"{"note":"2020-01-01T00:00:00Z"}"#, r#","note":"2020-01-01T00:00:00.0Z""#, false),
    ] {
        let body = format!("{{{items}{rest}}}");
        let when = format!(r#"{{ "body": {when} }}"#);
        assert_eq!(matches("orders.post", &when, &[], Some(&body)), expected, "{when} {body}");
    }
    assert!(!matches("orders.post", r#"{"body":{"total":1}}"#, &[], None));
    assert!(!matches("orders.post", r#"{"body":{"total":1}}"#, &[], Some("not JSON")));
}

#[test]
fn operations_have_two_names() {
    for name in ["users.get_by_guid", "GET /users/:guid", "get /users/:guid"] {
        let rules = rules(&format!(r#"[{{ "operation": "{name}" }}]"#));
        assert!(rules.find("users.get_by_guid", RuleInput::default).is_some(), "{name}");
        assert!(rules.find("users.get", RuleInput::default).is_none(), "{name}");
    }
}

/// Requests of operations without rules, or without conditions, cost no parsing.
#[test]
fn input_is_asked_for_only_if_there_are_conditions() {
    let rules = rules(r#"[{ "operation": "users.get" }, { "operation": "orders.post", "when": { "body": {} } }]"#);
    let unused = || -> RuleInput { panic!("the input is not needed") };
    assert!(rules.find("users.get", unused).is_some());
    assert!(rules.find("users.get_by_guid", unused).is_none());
    assert!(rules.find("orders.post", || input(&[], Some("{}"))).is_some());
}

/// A rule on an empty path variable is refused, since such a path is that of no operation.
#[test]
fn a_path_has_no_empty_variables() {
    for (path, found) in [("/orders/7", true), ("/orders/%20", true), ("/orders/", false)] {
        let request = Request::get(path).body("").unwrap();
        assert_eq!(SHOP.schema.request(&request, &Mode::strict()).is_ok(), found, "{path}");
    }
}
