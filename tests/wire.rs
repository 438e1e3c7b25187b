//! Requests of a generated client, byte for byte, for each location of a parameter and each type; and how it reads each
//! form of response.

use std::fs;

use apigen_build::Config;
use apigen_model::{Inputs, Source, normalize};
use serde_json::{Value, json};

use crate::common::{cargo, manifest, put, root, scratch};

#[test]
fn exact_bytes() {
    let folder = scratch("wire");
    put(&folder.join("service.json"), &published());
    Config::new().spec(folder.join("service.json")).out(folder.join("src/wire")).generate_to_folder().unwrap();
    for file in ["answers.rs", "lib.rs", "socket.rs"] {
        put(&folder.join("src").join(file), &fs::read_to_string(root().join("tests/wire").join(file)).unwrap());
    }
    let more = "tokio = { version = \"1\", features = [\"macros\", \"rt\"] }\nserde_json = \"1\"\n";
    let manifest = manifest("wire", more).replace("[\"jiff\", \"serde\"]", "[\"jiff\", \"reqwest\", \"serde\"]");
    put(&folder.join("Cargo.toml"), &format!("{manifest}\n[workspace]\n"));
    cargo(&folder, &["test"]);
}

/// Returns the published spec, with what only published documents may have: success responses of several types.
fn published() -> String {
    let text = fs::read_to_string(root().join("tests/wire/spec.json")).unwrap();
    let source = Source { name: "spec.json".to_owned(), text, path: None };
    let (text, _) = normalize(Inputs { specs: vec![source], ..Inputs::default() }).unwrap();
    let mut service: Value = serde_json::from_str(&text).unwrap();
    let mut changed = 0;
    for resource in service["resources"].as_array_mut().unwrap() {
        for operation in resource["operations"].as_array_mut().unwrap() {
            let types = match operation["path"].as_str() {
                Some("/answer/maybe") => vec![("203", "unit")],
                Some("/answer/several") => vec![("201", "string"), ("202", "unit")],
                _ => continue,
            };
            for response in operation["responses"].as_array_mut().unwrap() {
                let code = response["code"]["integer"]["value"].to_string();
                if let Some((_, ty)) = types.iter().find(|(status, _)| *status == code) {
                    response["type"] = json!(ty);
                    changed += 1;
                }
            }
        }
    }
    assert_eq!(changed, 3, "{service:#}");
    format!("{service:#}")
}
