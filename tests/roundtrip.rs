//! The input of a generated client arrives at the handler of a generated server as the same value, or is not sent.

use std::fs;

use apigen_build::{Config, Emit};

use crate::common::{cargo, manifest, put, root, scratch};

/// Runs the tests of the program, including ignored ones if the arguments say so.
fn run(arguments: &[&str]) {
    let folder = scratch("roundtrip");
    let spec = root().join("tests/roundtrip/spec.json");
    Config::new().spec(spec).server(Emit::Always).out(folder.join("src/roundtrip")).generate_to_folder().unwrap();
    for file in ["deep.rs", "lib.rs", "random.rs"] {
        put(&folder.join("src").join(file), &fs::read_to_string(root().join("tests/roundtrip").join(file)).unwrap());
    }
    let more = "serde = \"1\"\nserde_json = \"1\"\ntokio = { version = \"1\", features = [\"macros\", \"rt\"] }\n";
    let features = "[\"jiff\", \"serde\", \"server\", \"testing\", \"tower\", \"tracing\"]";
    let manifest = manifest("roundtrip", more).replace("[\"jiff\", \"serde\"]", features);
    put(&folder.join("Cargo.toml"), &format!("{manifest}\n[workspace]\n"));
    cargo(&folder, arguments);
}

#[test]
fn what_is_sent_is_what_is_read() {
    run(&["test"]);
}

#[test]
#[ignore = "minutes"]
fn what_is_sent_is_what_is_read_a_million_times() {
    run(&["test", "--release", "--", "--include-ignored"]);
}
