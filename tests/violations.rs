//! The table of violations in the documentation: it has every code, and each example yields the documented message.

use std::fs;

use apigen_build::Config;
use apigen_runtime::{
    Mode,
    validate::{Code, RequestError, UnknownFields},
};
use http::{Request, Response};

use crate::common::{Describe, root};

/// Returns the rows under the heading `Codes`: code, type, JSON, message.
fn rows(document: &str) -> Vec<[String; 4]> {
    let (_, table) = document.split_once("## Codes").unwrap();
    let rows = table.lines().filter(|line| line.starts_with("| `"));
    let cells = rows.map(|line| line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect());
    cells
        .map(|cells: Vec<String>| {
            let [code, _, ty, json, message] = <[String; 5]>::try_from(cells).unwrap();
            [code, ty, json, message].map(|cell| cell.trim_matches('`').to_owned())
        })
        .collect()
}

#[test]
fn every_code_is_documented_by_an_example() {
    let document = fs::read_to_string(root().join("docs/violations.md")).unwrap();
    let schema = Config::new().spec(root().join("specs/location.json")).schema().unwrap();
    let mode = Mode::strict().unknown_fields(UnknownFields::Refuse).max_depth(4).max_bytes(80);
    let (mut documented, mut wrong) = (Vec::new(), Vec::new());
    for [code, ty, json, message] in rows(&document) {
        let (found, told) = if code == "content_type" {
            let request = Request::post("/users").header("Content-Type", "text/plain");
            let request = request.body(r#"{"email": "ada@example.com"}"#).unwrap();
            let Err(RequestError::Invalid(violations)) = schema.request(&request, &Mode::strict()) else { panic!() };
            let violation = &violations.as_slice()[0];
            (violation.violation.code, violation.to_string())
        } else if code == "status" {
            let request = Request::post("/users").body(r#"{"email": "ada@example.com"}"#).unwrap();
            let operation = schema.request(&request, &Mode::strict()).unwrap();
            let response = Response::builder().status(500).body("").unwrap();
            let violations = schema.response(operation, &response, &Mode::strict()).unwrap_err();
            let violation = &violations.as_slice()[0];
            (violation.violation.code, violation.to_string())
        } else {
            let violations = schema.validate(&schema.find(&ty).unwrap(), &json, &mode).unwrap_err();
            let violation = &violations.as_slice()[0];
            (violation.code, violation.message.clone())
        };
        if (found.as_str(), &told) != (code.as_str(), &message) {
            wrong.push(format!("{json}: {found}: {told}"));
        }
        documented.push(code);
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    documented.sort();
    let mut all: Vec<&str> = Code::ALL.iter().map(|code| code.as_str()).collect();
    all.sort();
    assert_eq!(documented, all);
}
