//! Difficult names and shapes: generated code compiles without warnings, and follows the format.

use std::fs;

use apigen_build::{Config, Emit};

use crate::common::{cargo, manifest, put, root, scratch};

#[test]
fn hard_shapes_compile_and_work() {
    let folder = scratch("shapes");
    Config::new()
        .server(Emit::Always)
        .spec(root().join("tests/shapes/spec.json"))
        .out(folder.join("src/shapes"))
        .generate_to_folder()
        .unwrap();
    Config::new()
        .server(Emit::Always)
        .spec(root().join("tests/shapes/published.service.json"))
        .out(folder.join("src/published"))
        .generate_to_folder()
        .unwrap();
    put(&folder.join("src/lib.rs"), &fs::read_to_string(root().join("tests/shapes/lib.rs")).unwrap());
    let served = manifest("shapes", "serde_json = \"1\"\n").replace("\"serde\"]", "\"serde\", \"server\", \"tower\"]");
    put(&folder.join("Cargo.toml"), &format!("{served}\n[workspace]\n"));
    cargo(&folder, &["clippy", "--all-targets", "--", "-D", "warnings"]);
    cargo(&folder, &["test"]);
}
