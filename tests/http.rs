//! Requirements of HTTP on clients and servers, over sockets: `HEAD`, statuses without content, content types, path templates.

use std::fs;

use apigen_build::{Config, Emit};

use crate::common::{cargo, manifest, put, root, scratch};

#[test]
fn clients_and_servers_keep_to_http() {
    let folder = scratch("http");
    let spec = root().join("tests/http/spec.json");
    Config::new().spec(spec).server(Emit::Always).out(folder.join("src/notes")).generate_to_folder().unwrap();
    for file in ["client.rs", "lib.rs", "server.rs"] {
        put(&folder.join("src").join(file), &fs::read_to_string(root().join("tests/http").join(file)).unwrap());
    }
    let more = "bytes = \"1\"\nhttp = \"1\"\ntokio = { version = \"1\", features = [\"macros\", \"rt\"] }\n";
    let features = "[\"jiff\", \"reqwest\", \"serde\", \"server\", \"testing\", \"tower\"]";
    let manifest = manifest("notes", more).replace("[\"jiff\", \"serde\"]", features);
    put(&folder.join("Cargo.toml"), &format!("{manifest}\n[workspace]\n"));
    cargo(&folder, &["test"]);
}
