//! Form parameters sent as a JSON object are read as strictly as any body.

use crate::common::Describe;
use apigen_build::Config;
use apigen_runtime::validate::schema::Schema;
use apigen_runtime::{Mode, validate::RequestError};
use http::Request;

const SPEC: &str = r#"{
  "name": "forms",
  "models": { "note": { "fields": [{ "name": "text", "type": "string" }] } },
  "resources": { "note": { "operations": [{
    "method": "POST",
    "parameters": [
      { "name": "text", "type": "string" },
      { "name": "tags", "type": "[string]", "required": false },
      { "name": "note", "type": "note", "required": false }
    ],
    "responses": { "204": { "type": "unit" } }
  }] } }
}"#;

/// Returns the violations of a body, each as a pointer and a code.
fn found(schema: &Schema, body: &'static str, mode: &Mode) -> Vec<String> {
    let request = Request::post("/notes").header("content-type", "application/json").body(body).unwrap();
    match schema.request(&request, mode) {
        Ok(_) => Vec::new(),
        Err(RequestError::Invalid(violations)) => violations
            .as_slice()
            .iter()
            .map(|one| format!("{} {}", one.violation.pointer, one.violation.code.as_str()))
            .collect(),
        Err(error) => panic!("{body}: {error}"),
    }
}

#[test]
fn members_occur_once() {
    let schema = Config::new().source("forms.json", SPEC).schema().unwrap();
    for (body, expected) in [
        (r#"{"text": "a", "tags": null, "other": null}"#, ""),
        (r#"{"text": "a", "text": "b"}"#, "/text duplicate"),
        (r#"{"text": "a", "other": 1, "other": 1}"#, "/other duplicate"),
        (r#"{"text": "a", "tags": null, "tags": ["b"]}"#, "/tags duplicate"),
        (r#"{"text": "a", "note": {"text": "b", "text": "c"}}"#, "/note/text duplicate"),
    ] {
        assert_eq!(found(&schema, body, &Mode::strict()).join(", "), expected, "{body}");
        assert!(found(&schema, body, &Mode::strict().duplicate_keys_allowed(true)).is_empty(), "{body}");
    }
}

#[test]
fn a_list_is_no_object_in_any_mode() {
    let schema = Config::new().source("forms.json", SPEC).schema().unwrap();
    for mode in [Mode::strict(), Mode::coerce()] {
        assert_eq!(found(&schema, r#"[{"text": "a"}]"#, &mode), [" type"]);
    }
}
