//! The JSON Schema of `apigen.toml`, for completion in editors.

use serde_json::{Map, Value, json};

use super::read::OTHERS;
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
    let [environments, audit_log] = OTHERS;
    document.insert(environments.to_owned(), environments_schema());
    let about =
        "The file in which each use of production is recorded; by default .apigen-audit.jsonl next to this file";
    document.insert(audit_log.to_owned(), json!({ "description": about, "type": "string" }));
    let schema = json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "apigen.toml",
        "description": "What apigen generates from which specs. Options at the top apply to all of them.",
        "type": "object",
        "properties": document,
        "anyOf": [{ "required": ["spec"] }, { "required": [environments] }],
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

fn environments_schema() -> Value {
    let text = |about: &str| json!({ "description": about, "type": "string" });
    let endpoint = |url: &str| {
        let mut properties = Map::new();
        properties.insert("url".to_owned(), text(url));
        for (key, about) in [
            ("bearer-from-env", "The environment variable with a token, sent as `Authorization: Bearer`"),
            ("bearer-from-file", "The file with a token, sent as `Authorization: Bearer`"),
            ("basic-from-env", "The environment variable with `user:password`, or with an API key, sent by HTTP Basic"),
            ("basic-from-file", "The file with `user:password`, or with an API key, sent by HTTP Basic"),
        ] {
            properties.insert(key.to_owned(), text(about));
        }
        let sources = json!({ "from-env": text("The environment variable"), "from-file": text("The file") });
        let source = json!({
            "type": "object", "properties": sources, "additionalProperties": false, "minProperties": 1, "maxProperties": 1,
        });
        let about = "Headers with credentials, each from an environment variable or a file";
        properties.insert(
            "header".to_owned(),
            json!({ "description": about, "type": "object", "additionalProperties": source }),
        );
        properties
    };
    let service = endpoint("The URL of this service");
    let service = json!({ "type": "object", "properties": service, "additionalProperties": false });
    let mut environment = endpoint("The URL of the server");
    environment.insert(
        "kind".to_owned(),
        json!({ "description": "What the environment is for", "enum": ["local", "sandbox", "production"] }),
    );
    let about = "Services with a URL or credentials of their own";
    let services = json!({ "description": about, "type": "object", "additionalProperties": service });
    environment.insert("services".to_owned(), services);
    let environment = json!({
        "type": "object", "properties": environment, "required": ["kind"], "additionalProperties": false,
    });
    let about = "The servers that tools may send requests to, by name";
    json!({ "description": about, "type": "object", "additionalProperties": environment })
}

fn texts() -> Value {
    json!([{ "type": "string" }, { "type": "array", "items": { "type": "string" } }])
}
