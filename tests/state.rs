//! Stateful mocks of an API that identifies its items in many ways.

use std::fs;

use apigen_build::Config;

use crate::common::{cargo, manifest, put, root, scratch};

#[test]
fn keys_are_recognised() {
    let folder = scratch("state");
    Config::new()
        .spec(root().join("tests/state/spec.json"))
        .out(folder.join("src/keeping"))
        .generate_to_folder()
        .unwrap();
    put(&folder.join("src/lib.rs"), &fs::read_to_string(root().join("tests/state/lib.rs")).unwrap());
    let more = "serde_json = \"1\"\ntokio = { version = \"1\", features = [\"macros\", \"rt\"] }\n\n[workspace]\n";
    put(&folder.join("Cargo.toml"), &manifest("keeping", more));
    cargo(&folder, &["test"]);
}
