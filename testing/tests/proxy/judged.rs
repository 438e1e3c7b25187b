//! What violates the spec is found, with the side at fault. Every case is a valid exchange with one change.

use crate::support::*;

const ORDER: &str =
    r#"{"id":1,"status":"open","items":[{"sku":"a","quantity":2}],"payment":{"kind":"card","last4":"4242"}}"#;
const FORM: &str = r#"{"items":[{"sku":"a","quantity":2}]}"#;

/// A valid exchange, and what to change in it.
#[derive(Clone, Copy)]
struct Case {
    line: &'static str,
    headers: &'static [(&'static str, &'static str)],
    body: &'static str,
    status: u16,
    media: &'static str,
    response: &'static str,
}

const GET: Case =
    Case { line: "GET /orders/1", headers: &[], body: "", status: 200, media: "application/json", response: ORDER };
const POST: Case = Case { line: "POST /orders", body: FORM, status: 201, ..GET };
const LIST: Case = Case { line: "GET /orders?status=paid&limit=5&id=1&id=2", response: "[]", ..GET };
const SEARCH: Case = Case {
    line: "POST /orders/search",
    headers: &[("content-type", "application/x-www-form-urlencoded")],
    body: "text=a&pages=1&pages=2",
    response: "[]",
    ..GET
};

/// Returns what the proxy found, and what it announced: `2 request`.
fn outcome(case: Case) -> (Vec<String>, String) {
    let origin = Origin::answering(move |_| {
        let Case { status, media, response, .. } = case;
        let fields = if media.is_empty() { String::new() } else { format!("content-type: {media}\r\n") };
        format!("HTTP/1.1 {status} X\r\n{fields}content-length: {}\r\n\r\n{response}", response.len()).into_bytes()
    });
    let proxy = proxy(&origin).start().unwrap();
    let response = call(proxy.addr(), case.line, case.headers, case.body);
    assert_eq!(
        (response.status(), response.text()),
        (case.status, if case.status == 204 { "" } else { case.response })
    );
    let announced = [response.field("x-apigen-violations"), response.field("x-apigen-violation-side")];
    let announced = announced.into_iter().flatten().collect::<Vec<_>>().join(" ");
    let mut all = found(&proxy);
    let undeclared = proxy.coverage().undeclared_requests;
    all.extend(undeclared.iter().map(|one| format!("undeclared {} {}", one.method, one.path)));
    (all, announced)
}

#[test]
fn valid_exchanges_have_no_violations() {
    for case in [GET, POST, LIST, SEARCH, Case { line: "HEAD /orders/1", response: "", ..GET }] {
        assert_eq!(outcome(case), (vec![], "0".to_owned()), "{}", case.line);
    }
    let gone = Case { status: 404, response: "", media: "", ..GET };
    let deleted = Case { line: "DELETE /orders/1", status: 204, response: "", media: "", ..GET };
    for case in [gone, deleted] {
        assert_eq!(outcome(case), (vec![], "0".to_owned()), "{}", case.line);
    }
}

#[test]
fn invalid_requests_are_the_clients_fault() {
    for (case, expected) in [
        (Case { line: "GET /orders/one", ..GET }, "orders.get_by_id request format /id"),
        (Case { line: "GET /orders?limit=ten", ..LIST }, "orders.get request format /limit"),
        (Case { line: "GET /orders?limit=101", ..LIST }, "orders.get request maximum /limit"),
        (Case { line: "GET /orders?limit=0", ..LIST }, "orders.get request minimum /limit"),
        (Case { line: "GET /orders?status=lost", ..LIST }, "orders.get request enum /status"),
        (Case { line: "GET /orders?id=99999999999999999999", ..LIST }, "orders.get request range /id/0"),
        (Case { body: r#"{"items":"#, ..POST }, "orders.post request syntax /items"),
        (Case { body: r#"{}"#, ..POST }, "orders.post request missing /items"),
        (Case { body: r#"{"items":[],"items":[]}"#, ..POST }, "orders.post request duplicate /items"),
        (Case { body: r#"{"items":{}}"#, ..POST }, "orders.post request type /items"),
        (Case { body: r#"{"items":[{"sku":"","quantity":1}]}"#, ..POST }, "orders.post request minimum /items/0/sku"),
        (
            Case { body: r#"{"items":[{"sku":"a","quantity":100}]}"#, ..POST },
            "orders.post request maximum /items/0/quantity",
        ),
        (
            Case { body: r#"{"items":[{"sku":"a","quantity":99999999999}]}"#, ..POST },
            "orders.post request range /items/0/quantity",
        ),
        (Case { body: r#"{"items":[],"express":"yes"}"#, ..POST }, "orders.post request type /express"),
        (Case { body: r#"{"items":[],"payment":{}}"#, ..POST }, "orders.post request discriminator /payment/kind"),
        (
            Case { body: r#"{"items":[],"payment":{"kind":"gold"}}"#, ..POST },
            "orders.post request member /payment/kind",
        ),
        (Case { headers: &[("content-type", "text/xml")], ..POST }, "orders.post request content_type /Content-Type"),
        (
            Case { headers: &[("content-type", "application/x-www-form-urlencoded")], ..POST },
            "orders.post request content_type /Content-Type",
        ),
        (Case { body: "text=a&pages=x", ..SEARCH }, "orders.post_search request format /pages/0"),
        (Case { body: "pages=1", ..SEARCH }, "orders.post_search request missing /text"),
        (Case { line: "GET /nowhere", ..GET }, "undeclared GET /nowhere"),
        (Case { line: "PATCH /orders/1", ..GET }, "undeclared PATCH /orders/1"),
        (Case { line: "GET /orders/", ..GET }, "orders.get_by_id request format /id"),
    ] {
        let (all, announced) = outcome(case);
        if case.line == "GET /orders/" {
            assert_eq!(all, ["undeclared GET /orders/"]);
            continue;
        }
        assert_eq!(all, [expected], "{} {}", case.line, case.body);
        if !expected.starts_with("undeclared") {
            assert_eq!(announced, "1 request", "{expected}");
        }
    }
}

#[test]
fn invalid_responses_are_the_servers_fault() {
    for (case, expected) in [
        (Case { status: 418, ..GET }, "orders.get_by_id response status "),
        (Case { status: 500, ..POST }, "orders.post response status "),
        (Case { response: "", ..GET }, "orders.get_by_id response type "),
        (Case { response: "<html>", media: "text/html", ..GET }, "orders.get_by_id response syntax "),
        (Case { response: "{", ..GET }, "orders.get_by_id response syntax "),
        (Case { response: r#"{"id":1,"items":[]}"#, ..GET }, "orders.get_by_id response missing /status"),
        (Case { response: r#"{"id":"1","status":"open","items":[]}"#, ..GET }, "orders.get_by_id response type /id"),
        (Case { response: r#"{"id":1,"status":"lost","items":[]}"#, ..GET }, "orders.get_by_id response enum /status"),
        (
            Case { response: r#"{"id":1,"status":"open","items":[],"placed_at":"noon"}"#, ..GET },
            "orders.get_by_id response format /placed_at",
        ),
        (
            Case { response: r#"{"id":1,"status":"open","items":[],"tags":{"a":1}}"#, ..GET },
            "orders.get_by_id response type /tags/a",
        ),
        (Case { response: "{}", ..LIST }, "orders.get response type "),
    ] {
        let (all, announced) = outcome(case);
        assert!(all.len() == 1 && all[0].starts_with(expected.trim_end()), "{all:?}, not {expected}");
        assert_eq!(announced, "1 response", "{expected}");
    }
}

#[test]
fn both_sides_are_told_at_once() {
    let case = Case { body: r#"{"items":7,"express":1}"#, response: "[]", ..POST };
    let (all, announced) = outcome(case);
    assert_eq!(all, ["orders.post request type /items", "orders.post response type "]);
    assert_eq!(announced, "3 request, response");
}

/// Browsers ask for permission by a method that specs do not declare.
#[test]
fn options_are_not_undeclared() {
    let (all, announced) = outcome(Case { line: "OPTIONS /orders", status: 204, response: "", media: "", ..GET });
    assert_eq!((all, announced), (vec![], String::new()));
}

/// A server may refuse what violates the spec with any 4xx; with a 5xx, or a wrong body of a declared status, it is at
/// fault as well.
#[test]
fn refusals_of_invalid_requests_are_right() {
    let invalid = Case { line: "GET /orders/x", response: "no", media: "text/plain", ..GET };
    let client = "orders.get_by_id request format /id";
    for (case, expected) in [
        (Case { status: 400, ..invalid }, vec![client]),
        (Case { status: 422, ..invalid }, vec![client]),
        (Case { status: 500, ..invalid }, vec![client, "orders.get_by_id response status "]),
        (Case { line: "GET /orders/1", status: 422, ..invalid }, vec!["orders.get_by_id response status "]),
    ] {
        let (all, announced) = outcome(case);
        assert_eq!(all, expected, "{} {}", case.line, case.status);
        assert_eq!(announced.starts_with('1'), expected.len() == 1, "{announced}");
    }
}
