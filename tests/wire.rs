//! What a generated client writes on the socket, byte for byte, for each place of a parameter and each type.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a failure ends the run")]

mod common;

use std::fs;

use apigen::Config;
use common::{cargo, manifest, put, root, scratch};

#[test]
fn exact_bytes() {
    let folder = scratch("wire");
    Config::new().spec(root().join("tests/wire/spec.json")).out(folder.join("src/wire")).write().unwrap();
    for file in ["lib.rs", "socket.rs"] {
        put(&folder.join("src").join(file), &fs::read_to_string(root().join("tests/wire").join(file)).unwrap());
    }
    let more = "tokio = { version = \"1\", features = [\"macros\", \"rt\"] }\nserde_json = \"1\"\n";
    let manifest = manifest("wire", more).replace("[\"jiff\", \"serde\"]", "[\"jiff\", \"reqwest\", \"serde\"]");
    put(&folder.join("Cargo.toml"), &format!("{manifest}\n[workspace]\n"));
    cargo(&folder, &["test"]);
}
