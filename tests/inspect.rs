//! `apigen inspect`: an element at each stage.

use std::process::Command;

use apigen_build::Config;
use serde_json::{Value, json};

use crate::common::root;
use crate::documents::{Documents, all_real, ours};

fn inspect(arguments: &[&str]) -> (Option<i32>, String, String) {
    let command = [&["inspect", "specs/location.json"], arguments].concat();
    let output = Command::new(env!("CARGO_BIN_EXE_apigen")).args(command).current_dir(root()).output().unwrap();
    let [out, told] = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap());
    (output.status.code(), out, told)
}

#[test]
fn names_are_explained() {
    let (code, out, _) = inspect(&["visit", "GET /users/:guid", "--stage", "names"]);
    assert_eq!(code, Some(0));
    let lines = [
        "models.visit",
        "    type     visit  -> Visit",
        "    field    type   -> r#type  (`type` is a Rust keyword)",
        "users.get_by_guid (GET /users/:guid)",
        "    type     GET /users/:guid -> users::GetByGuid",
    ];
    for line in lines {
        assert!(out.lines().any(|other| other == line), "{line} is not in\n{out}");
    }
    assert!(!out.contains("as written") && out.contains("then `by` and the variables"), "{out}");
    // Resource and model have the same name in two numbers: each name identifies its own.
    assert_eq!(inspect(&["users", "--stage", "names"]).1.matches("method ").count(), 7);
}

#[test]
fn what_is_inferred_is_shown_as_a_difference() {
    let (_, out, _) = inspect(&["models.visit_form", "--stage", "changes"]);
    assert!(
        out.contains("    +      \"required\": true,") && out.contains("    +  \"plural\": \"visit_forms\""),
        "{out}"
    );
    let (_, out, _) = inspect(&["visits.post", "--format", "json"]);
    let found: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(found.as_array().unwrap().len(), 1);
    let one = &found[0];
    assert_eq!((&one["element"], &one["route"]), (&json!("visits.post"), &json!("POST /visits")));
    assert_eq!(one["spec"]["body"], json!({ "type": "visit_form" }));
    assert_eq!(one["service"]["body"]["type"], "visit_form");
    assert!(one["model"].as_str().unwrap().starts_with("Operation {"));
    assert_eq!(one["names"][3]["rust"], "visits::Post");
    let (_, out, _) = inspect(&["visits.post", "--format", "json", "--stage", "names"]);
    assert!(!out.contains("\"spec\": {") && out.contains("\"names\""), "{out}");
}

#[test]
fn what_there_is_not_is_no_success() {
    let (code, out, told) = inspect(&["visitt"]);
    assert!(code == Some(2) && out.is_empty() && told.contains("the spec has no element \"visitt\""), "{told}");
    assert!(told.ends_with("did you mean \"visit\"?\n"), "{told}");
    let (_, _, told) = inspect(&["nothing-like-it"]);
    assert!(told.contains("it has enums.") && told.contains(" more\n"), "{told}");
}

#[test]
fn every_element_of_our_documents_is_found() {
    elements(&ours(), 400);
}

#[test]
#[cfg_attr(not(corpus), ignore = "APIGEN_CORPUS names no folder of API Builder documents")]
fn every_element_of_real_documents_is_found() {
    elements(&all_real(), 1000);
}

/// Checks that every element of all specs can be inspected, and is found in the published form.
fn elements(documents: &Documents, least: usize) {
    let mut count = 0;
    for path in &documents.paths {
        let config = Config::new().spec(path).import_path(&documents.imports);
        // Other documents are refused, which is not tested here.
        for element in config.inspect().into_iter().flatten() {
            assert!(element.service.is_some(), "{}: {}", path.display(), element.key);
            assert!(element.names.iter().all(|name| !name.rust.is_empty()), "{}: {element:?}", path.display());
            count += 1;
        }
    }
    assert!(count > least, "{count}");
    eprintln!("{count} elements");
}
