//! The JSON Schema of `apigen.toml`, for completion in editors.

use serde_json::{Map, Value, json};

use super::{OPTIONS, OptionKind};

/// Returns the schema, formatted, with a final line break.
pub fn schema() -> String {
    let options: Map<String, Value> = OPTIONS.iter().map(|s| (s.name.to_owned(), option(s.kind, s.about))).collect();
    let mut entry = options.clone();
    let specs = "The spec, api.json or service.json, or the URI of one that `apigen update` fetches; several become sibling modules";
    entry.insert("path".to_owned(), json!({ "description": specs, "anyOf": texts() }));
    let mut document = options;
    document.insert(
        "spec".to_owned(),
        json!({
            "description": "The outputs, one table each",
            "type": "array",
            "items": { "type": "object", "properties": entry, "required": ["path"], "additionalProperties": false },
        }),
    );
    let schema = json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "apigen.toml",
        "description": "What apigen generates from which specs. Options at the top apply to all of them.",
        "type": "object",
        "properties": document,
        "required": ["spec"],
        "additionalProperties": false,
    });
    format!("{schema:#}\n")
}

fn option(kind: OptionKind, about: &str) -> Value {
    let mut schema = match kind {
        OptionKind::Text | OptionKind::Path => json!({ "type": "string" }),
        OptionKind::Flag => json!({ "type": "boolean" }),
        OptionKind::Choice(choices) => json!({ "enum": choices }),
        OptionKind::Texts | OptionKind::Paths => json!({ "anyOf": texts() }),
        OptionKind::Packages(_) => {
            json!({ "type": "object", "additionalProperties": { "anyOf": [{ "type": "string" }, { "type": "object" }] } })
        }
        OptionKind::Pairs(..) => json!({ "type": "object", "additionalProperties": { "anyOf": texts() } }),
    };
    schema["description"] = about.into();
    schema
}

fn texts() -> Value {
    json!([{ "type": "string" }, { "type": "array", "items": { "type": "string" } }])
}
