//! The commands that read and do not generate: output and exit codes.

use std::process::{Command, Output};

use serde_json::{Value, json};

use crate::common::{put, root, scratch};

fn apigen(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_apigen")).args(arguments).current_dir(root()).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Writes a spec, and returns its path.
fn spec(name: &str, content: &str) -> String {
    let path = scratch("check").join(name);
    put(&path, content);
    path.to_str().unwrap().to_owned()
}

#[test]
fn clean_specs_give_nothing() {
    let output = apigen(&["check", "specs/location.json", "specs/common.json", "specs/order.json"]);
    assert_eq!(
        (output.status.code(), text(&output.stdout), text(&output.stderr)),
        (Some(0), String::new(), String::new())
    );
    let output = apigen(&["check", "--format", "json", "specs/order.json"]);
    assert_eq!((output.status.code(), text(&output.stdout).trim()), (Some(0), "[]"));
}

#[test]
fn every_problem_of_every_spec_is_told() {
    let first = spec(
        "first.json",
        "{\n  \"name\": \"First\",\n  \"models\": { \"ä\": { \"fields\": [ { \"name\": \"x\", \"type\": \"strin\" } ] } }\n}",
    );
    let second = spec("second.json", "{ \"name\": \"Second\", \"modells\": {} }");
    let output = apigen(&["check", &second, "--format", "json"]);
    assert_eq!(output.status.code(), Some(1));
    let told: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(
        told,
        json!([{
            "code": "E010", "severity": "error", "message": "the document has an unrecognized element[modells]", "help": "did you mean `models`?",
            "file": second, "line": 1, "column": 21, "end_line": 1, "end_column": 30
        }])
    );
    let output = apigen(&["check", &first, "--format", "json"]);
    let told: Value = serde_json::from_slice(&output.stdout).unwrap();
    let places: Vec<_> = told.as_array().unwrap().iter().map(|p| (&p["code"], &p["line"], &p["column"])).collect();
    assert_eq!(places, [(&json!("E020"), &json!(3), &json!(15)), (&json!("E030"), &json!(3), &json!(57))]);

    let output = apigen(&["check", &first, &second]);
    let told = text(&output.stderr);
    for part in ["error[E010]", "first.json:3:", "did you mean", "found"] {
        assert!(told.contains(part), "{part} is not in\n{told}");
    }
    assert!(!told.contains('\u{1b}'), "colours are for terminals");
}

#[test]
fn workflows_get_annotations() {
    let path = spec("workflow.json", "{ \"name\": \"Library\",\n  \"modells\": {} }");
    let output = apigen(&["check", "--format", "github", &path]);
    let line = format!(
        "::error file={path},line=2,col=3,endColumn=12,title=E010::the document has an unrecognized element[modells]%0Adid you mean `models`?\n"
    );
    assert_eq!((output.status.code(), text(&output.stdout)), (Some(1), line));
}

#[test]
fn what_cannot_run_is_not_a_success() {
    let path = spec("text.json", "{\"name\": \"Text\"}");
    let cases: [(&[&str], &str); 5] = [
        (&["normalize"], "SPEC"),
        (&["check", "no/such/file.json", "nor/this.json"], "nor/this.json"),
        (&["check", &path, "--format", "xml"], "possible values"),
        (&["check", &path, "--imports", "no/such/folder"], "no/such/folder"),
        (&["normalize", "specs"], "specs"),
    ];
    for (arguments, words) in cases {
        let output = apigen(arguments);
        let told = text(&output.stderr);
        assert!(output.status.code() == Some(2) && told.contains(words), "{arguments:?}: {:?}\n{told}", output.status);
        assert!(output.stdout.is_empty());
    }
}

#[test]
fn a_spec_is_printed_as_published() {
    let path = spec(
        "publish.json",
        r#"{ "name": "Tool shed",
  "enums": { "size": { "values": [ { "name": "small" } ] } },
  "unions": { "thing": { "types": [ { "type": "saw", "fields": [ { "name": "teeth", "type": "Integer", "default": 40.0 } ] } ] } },
  "models": { "tool": { "fields": [ { "name": "id", "type": "long" }, { "name": "size", "type": { "enum": "tool_size", "values": [ { "name": "s" } ] } } ] } },
  "resources": { "tool": { "operations": [ { "method": "delete", "path": "/:id" }, { "method": "POST", "parameters": [ { "name": "n", "type": "long" } ] } ] } } }"#,
    );
    let arguments = ["normalize", &path, "--org", "acme", "--namespace", "io.acme", "--version", "2.1.0"];
    let output = apigen(&arguments);
    assert_eq!((output.status.code(), text(&output.stderr).as_str()), (Some(0), ""));
    let service: Value = serde_json::from_slice(&output.stdout).unwrap();
    let at = |pointer: &str| service.pointer(pointer).unwrap_or(&Value::Null).clone();
    for (pointer, value) in [
        ("/application/key", json!("tool-shed")),
        ("/organization/key", json!("acme")),
        ("/namespace", json!("io.acme.tool.shed.v2")),
        ("/enums/1/name", json!("tool_size")),
        ("/models/0/name", json!("saw")),
        ("/models/0/fields/0/type", json!("integer")),
        ("/models/0/fields/0/default", json!("40")),
        ("/unions/0/types/0/discriminator_value", json!("saw")),
        ("/resources/0/operations/0/method", json!("DELETE")),
        ("/resources/0/operations/0/path", json!("/tools/:id")),
        ("/resources/0/operations/0/parameters/0/type", json!("long")),
        ("/resources/0/operations/0/responses/0/code/integer/value", json!(204)),
        ("/resources/0/operations/1/parameters/0/location", json!("Form")),
    ] {
        assert_eq!(at(pointer), value, "{pointer}");
    }
    // A published document is published unchanged, and generates the same code.
    let published = spec("published.json", &text(&output.stdout));
    assert_eq!(text(&apigen(&["normalize", &published]).stdout), text(&output.stdout));
    let migrated = apigen(&["normalize", &path, "--migration"]);
    assert_eq!(migrated.status.code(), Some(0));
}

#[test]
fn migration_makes_required_what_has_a_default() {
    let path = spec(
        "migration.json",
        r#"{ "name": "Old", "models": { "tool": { "fields": [ { "name": "n", "type": "long", "default": 1, "required": false } ] } } }"#,
    );
    let required = |more: &[&str]| {
        let output = apigen(&[&["normalize", path.as_str()], more].concat());
        let service: Value = serde_json::from_slice(&output.stdout).unwrap();
        service["models"][0]["fields"][0]["required"].clone()
    };
    assert_eq!((required(&[]), required(&["--migration"])), (json!(false), json!(true)));
}

#[test]
fn lints_are_asked_for_and_set_in_order() {
    let path = spec(
        "lints.json",
        r#"{ "name": "Lints", "models": { "tool": { "fields": [ { "name": "password", "type": "string" } ] } },
  "resources": { "tool": { "operations": [ { "method": "GET", "responses": { "200": { "type": "[tool]" } } } ] } } }"#,
    );
    let run = |more: &[&str]| {
        let output = apigen(&[&["check", path.as_str(), "--format", "json"], more].concat());
        let told: Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
        let found = told.as_array().into_iter().flatten().map(|p| format!("{}{}", p["severity"], p["code"]));
        (output.status.code(), found.collect::<Vec<_>>().join(" ").replace('"', ""))
    };
    let found = |text: &str| text.to_owned();
    assert_eq!(run(&[]), (Some(0), found("")));
    assert_eq!(run(&["--lints"]), (Some(0), found("warningL024")));
    assert_eq!(run(&["--deny", "sensitive-field"]), (Some(1), found("errorL024")));
    assert_eq!(run(&["--deny", "L024", "--allow", "sensitive-field"]), (Some(0), found("")));
    assert_eq!(run(&["--allow", "all", "--deny", "L024"]), (Some(1), found("errorL024")));
    assert_eq!(run(&["--lints", "--deny", "warnings"]), (Some(1), found("errorL024")));
    let output = apigen(&["check", &path, "--deny", "sensitive-feild"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("sensitive-field"), "{}", text(&output.stderr));
}

#[test]
fn an_import_finds_the_greatest_version() {
    let folder = scratch("versions");
    for version in ["1.2.3", "1.2.10", "1.20.0", "1.20.0-rc1", "not-a-version"] {
        let service = format!(
            r#"{{ "name": "Common", "organization": {{ "key": "acme" }}, "application": {{ "key": "common" }}, "namespace": "acme.common",
            "version": "{version}", "enums": [], "models": [], "unions": [], "resources": [] }}"#
        );
        put(&folder.join(format!("acme/common/{version}/service.json")), &service);
    }
    for (wanted, found) in [("latest", "1.20.0"), ("~1.2.3", "1.2.10"), ("1.2.3", "1.2.3")] {
        let uri = format!("https://specs.example.com/acme/common/{wanted}/service.json");
        let path = spec("importer.json", &format!(r#"{{ "name": "Importer", "imports": [ {{ "uri": "{uri}" }} ] }}"#));
        let output = apigen(&["normalize", &path, "--imports", folder.to_str().unwrap()]);
        let service: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(service["imports"][0]["version"], found, "{wanted}");
    }
}
