//! Findings of lints beyond the examples in their documentation, and documents without findings.

use apigen_model::lint::Settings;
use apigen_model::{Inputs, Report, Source, load};

fn run(text: &str) -> Report {
    let spec = Source { name: "case.json".to_owned(), text: text.to_owned(), path: None };
    load(Inputs { specs: vec![spec], lints: Some(Settings::default()), ..Inputs::default() }).unwrap().report
}

/// The document after its name; the text at the position of each finding, its code, and words of its message.
type Case = (&'static str, &'static [(&'static str, &'static str, &'static str)]);

const MODELS: &[Case] = &[
    // Names
    (
        r#""enums": {"coin": {"values": [{"name": "one-cent"}, {"name": "one_cent"}]}}"#,
        &[("\"one_cent\"", "L005", "`OneCent`")],
    ),
    (
        r#""enums": {"coin": {"values": [{"name": "a", "value": "unit1x"}, {"name": "b", "value": "unit1X"}]}}"#,
        &[("\"b\"", "L007", "`unit1x` and `unit1X`")],
    ),
    (
        r#""models": {"a-b": {"fields": []}}, "unions": {"a_b": {"types": [{"type": "string"}]}}"#,
        &[("\"a_b\"", "L005", "`AB`")],
    ),
    (
        r#""models": {"a-b": {"fields": []}, "a_b": {"fields": []}}, "unions": {"u": {"types": [{"type": "a-b"}, {"type": "a_b"}]}}"#,
        &[("\"a_b\"", "L005", "of the service"), ("\"a_b\"", "L005", "union `u`")],
    ),
    // Limits, defaults, examples
    (
        r#""models": {"m": {"fields": [{"name": "a", "type": "string", "maximum": -1}, {"name": "b", "type": "long", "maximum": -1}]}}"#,
        &[("\"a\"", "L010", "maximum is -1")],
    ),
    (
        r#""models": {"m": {"fields": [{"name": "a", "type": "integer", "minimum": 2147483648}, {"name": "b", "type": "integer", "minimum": 2147483647}]}}"#,
        &[("\"a\"", "L010", "32 bits")],
    ),
    (
        r#""models": {"m": {"fields": [{"name": "a", "type": "double", "minimum": 9007199254740993, "maximum": 9007199254740993}, {"name": "b", "type": "double", "minimum": 9007199254740993, "maximum": 9007199254740994}]}}"#,
        &[("\"a\"", "L010", "a double has too few digits")],
    ),
    (
        r#""models": {"m": {"fields": [{"name": "a", "type": "string", "default": " "}, {"name": "b", "type": "long", "maximum": 1.0}]}}"#,
        &[("\" \"", "L012", "blank")],
    ),
    (
        r#""models": {"m": {"fields": [{"name": "a", "type": "[string]", "maximum": 1, "default": "[\"x\", \"y\"]"}, {"name": "b", "type": "string", "maximum": 1, "default": "ß"}]}}"#,
        &[(r#""[\"x\", \"y\"]""#, "L013", "more than the maximum of 1 elements")],
    ),
    (
        r#""enums": {"e": {"values": [{"name": "a", "value": "1"}]}}, "models": {"m": {"fields": [{"name": "x", "type": "e", "example": "A"}, {"name": "y", "type": "e", "example": "1"}, {"name": "z", "type": "e", "example": "a"}]}}"#,
        &[("\"A\"", "L015", "enum `e`")],
    ),
    (
        r#""models": {"m": {"fields": [{"name": "x", "type": "[integer]", "example": "1, 2"}, {"name": "y", "type": "[integer]", "example": "1, b"}, {"name": "z", "type": "map[long]", "example": "{\"a\": 1}"}]}}"#,
        &[("\"1, b\"", "L015", "a list of `integer`")],
    ),
    (
        r#""models": {"m": {"fields": [{"name": "x", "type": "string", "maximum": 2, "example": "en-US"}, {"name": "y", "type": "string", "maximum": 2, "example": "en, fr"}, {"name": "z", "type": "m", "required": false, "example": "any"}]}}"#,
        &[("\"en-US\"", "L015", "more than the maximum of 2 characters")],
    ),
    // Types
    (
        r#""models": {"a": {"fields": [{"name": "b", "type": "b"}]}, "b": {"fields": [{"name": "a", "type": "a"}]}, "c": {"fields": [{"name": "a", "type": "a"}]}}"#,
        &[("\"b\"", "L016", "model `a` has no finite value: a.b → b.a must")],
    ),
    (
        r#""models": {"a": {"fields": [{"name": "u", "type": "u"}]}}, "unions": {"u": {"types": [{"type": "a"}]}, "v": {"types": [{"type": "a"}, {"type": "string"}]}}"#,
        &[("\"u\"", "L016", "a.u → u must")],
    ),
    (r#""models": {"a": {"fields": [{"name": "a", "type": "[a]"}, {"name": "b", "type": "map[a]"}]}}"#, &[]),
    (
        r#""models": {"a": {"fields": [{"name": "a", "type": "[a]", "minimum": 1}]}}"#,
        &[("\"[a]\"", "L016", "model `a` has no finite value")],
    ),
    (r#""models": {"a": {"fields": [{"name": "x", "type": "map[unit]"}]}}"#, &[("\"map[unit]\"", "L017", "`x`")]),
    (
        r#""models": {"a": {"fields": [{"name": "has_password", "type": "boolean"}, {"name": "passwords", "type": "string"}, {"name": "new_token", "type": "[string]"}]}}"#,
        &[("\"new_token\"", "L024", "`new_token`")],
    ),
];

/// The same for operations of a resource `m`.
const OPERATIONS: &[Case] = &[
    (
        r#"{"method": "GET", "parameters": [{"name": "a", "type": "string", "minimum": 3, "maximum": 2}, {"name": "b", "type": "string", "maximum": 1, "default": "xy"}]}"#,
        &[("\"a\"", "L010", "parameter `a` of GET /ms"), ("\"xy\"", "L013", "parameter `b`")],
    ),
    (
        r#"{"method": "GET", "parameters": [{"name": "X-Id", "type": "string", "location": "header"}, {"name": "x_id", "type": "string"}]}"#,
        &[("\"x_id\"", "L005", "GET /ms")],
    ),
    (r#"{"method": "GET"}, {"method": "POST"}, {"method": "GET"}"#, &[("\"GET\"", "L008", "GET /ms")]),
    (
        r#"{"method": "GET", "path": "/a/:x"}, {"method": "GET", "path": "/a/b"}, {"method": "PUT", "path": "/:y/b"}, {"method": "GET", "path": "/:y/b"}"#,
        &[("\"/:y/b\"", "L009", "GET /ms/:y/b and GET /ms/a/:x both match /ms/a/b")],
    ),
    (
        r#"{"method": "GET", "responses": {"default": {"type": "m"}}}, {"method": "PUT", "responses": {"304": {"type": "unit"}}}"#,
        &[("\"default\"", "L019", "GET /ms")],
    ),
    (r#"{"method": "GET", "responses": {"200": {"type": "[unit]"}}}"#, &[("\"[unit]\"", "L017", "response")]),
    (r#"{"method": "PUT", "body": {"type": "unit"}}"#, &[("\"unit\"", "L017", "body")]),
    (
        r#"{"method": "PUT", "body": {"type": "m"}, "responses": {"204": {"type": "unit"}, "default": {"type": "m"}}}"#,
        &[("\"m\"", "L026", "default has the type `m`")],
    ),
    (
        r#"{"method": "PUT", "body": {"type": "m"}, "responses": {"204": {"type": "unit"}, "400": {"type": "m"}, "422": {"type": "m"}}}"#,
        &[("\"m\"", "L026", "400 has the type `m`")],
    ),
    (
        r#"{"method": "PUT", "body": {"type": "m"}, "responses": {"204": {"type": "unit"}, "400": {"type": "m"}, "default": {"type": "[string]"}}}"#,
        &[],
    ),
    (
        r#"{"method": "PUT", "body": {"type": "m"}, "responses": {"204": {"type": "unit"}, "default": {"type": "unit"}}}"#,
        &[],
    ),
];

fn check(text: &str, expected: &[(&str, &str, &str)]) {
    let report = run(text);
    let found = report.diagnostics();
    let shown: Vec<(&str, &str)> = found.iter().map(|d| (&text[d.span.start..d.span.end], d.code)).collect();
    let wanted: Vec<(&str, &str)> = expected.iter().map(|(at, code, _)| (*at, *code)).collect();
    assert_eq!(shown, wanted, "{text}\n{report}");
    for (finding, (_, _, words)) in found.iter().zip(expected) {
        assert!(finding.message.contains(words), "{words} is not in {}", finding.message);
    }
}

#[test]
fn types_are_looked_at() {
    for (document, expected) in MODELS {
        check(&format!("{{\"name\": \"Library\", {document}}}"), expected);
    }
}

#[test]
fn operations_are_looked_at() {
    for (operations, expected) in OPERATIONS {
        let text = format!(
            r#"{{"name": "Library", "enums": {{"e": {{"values": [{{"name": "a"}}]}}}},
              "models": {{"m": {{"fields": [{{"name": "e", "type": "e"}}]}}}}, "resources": {{"m": {{"operations": [{operations}]}}}}}}"#
        );
        check(&text, expected);
    }
}

#[test]
fn only_the_top_of_unused_types_is_reported() {
    let text = r#"{"name": "Library", "enums": {"genre": {"values": [{"name": "a"}]}, "alone": {"values": [{"name": "a"}]}},
      "interfaces": {"named": {"fields": []}, "lonely": {"fields": []}},
      "models": {
        "book": {"fields": [{"name": "more", "type": "[used]"}], "interfaces": ["named"]}, "used": {"fields": [{"name": "x", "type": "map[other]"}]}, "other": {"fields": []},
        "third": {"fields": []}, "fourth": {"fields": []}, "fifth": {"fields": []},
        "top": {"fields": [{"name": "x", "type": "below"}, {"name": "g", "type": "genre"}]}, "below": {"fields": [{"name": "y", "type": "top", "required": false}]}
      },
      "resources": {"book": {"operations": [{"method": "PUT", "body": {"type": "third"},
        "parameters": [{"name": "a", "type": "fourth", "location": "form"}], "responses": {"200": {"type": "fifth"}}}]}}}"#;
    let report = run(text);
    let unused: Vec<&str> =
        report.diagnostics().iter().filter(|d| d.code == "L001").map(|d| &text[d.span.start..d.span.end]).collect();
    assert_eq!(unused, ["\"alone\"", "\"lonely\"", "\"below\""], "{report}");
}

/// A service that mostly declares types for others does not use them itself.
#[test]
fn libraries_may_declare_what_they_do_not_use() {
    let text = r#"{"name": "Common", "models": {"health": {"fields": []}, "a": {"fields": []}, "b": {"fields": []}},
      "resources": {"health": {"operations": [{"method": "GET", "responses": {"200": {"type": "health"}}}]}}}"#;
    assert!(run(text).diagnostics().is_empty());
}
