//! The cost of one more operation in a dev build, with mocks, and of one more call of it: `cargo bench --bench operations`.
//!
//! The same five operations (a list with parameters, and read, create, change and delete, with three declared errors)
//! for few and for many resources; the difference is divided by the number of operations. Each resource has a model of
//! one field.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a failure ends the run")]

mod common;

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use apigen_build::{Config, Emit};
use apigen_cli::templates::crate_files;
use common::{cpu, median, root, scratch};
use serde_json::{Map, Value, json};

const FEW: usize = 20;
const MANY: usize = 100;
const ROUNDS: usize = 5;

#[expect(clippy::print_stdout, reason = "a benchmark prints its table")]
fn main() {
    let candidates = [
        ("trait, client, errors", [Emit::Never, Emit::Never], false),
        ("... and mocks with rules and factories", [Emit::Always, Emit::Never], false),
        ("... and server and validator, without mocks", [Emit::Never, Emit::Always], false),
        ("... and one call of each, without mocks", [Emit::Never, Emit::Never], true),
    ];
    let folders: Vec<[PathBuf; 2]> = candidates
        .iter()
        .enumerate()
        .map(|(number, (_, parts, calls))| {
            [FEW, MANY].map(|count| crate_of(&format!("operations-{number}-{count}"), count, parts.clone(), *calls))
        })
        .collect();
    // Compile the dependencies first.
    for folder in folders.iter().flatten() {
        cpu(&mut build(folder));
    }
    let mut milliseconds = vec![Vec::new(); candidates.len()];
    for _ in 0..ROUNDS {
        for ([few, many], milliseconds) in folders.iter().zip(&mut milliseconds) {
            let (few, many) = (cpu(&mut build(few)), cpu(&mut build(many)));
            milliseconds.push((many - few) * 1000.0 / ((MANY - FEW) * 5) as f64);
        }
    }
    println!("dev build, CPU milliseconds for each operation (median of {ROUNDS})");
    for ((name, ..), milliseconds) in candidates.iter().zip(milliseconds) {
        println!("{name:44} {:6.2}", median(milliseconds));
    }
}

/// Generates a crate in a folder of its own, with a call of each operation if `calls`.
fn crate_of(name: &str, resources: usize, [mocks, server]: [Emit; 2], calls: bool) -> PathBuf {
    let folder = scratch(name);
    let path = folder.join("api.json");
    fs::write(&path, spec(resources).to_string()).unwrap();
    let config = Config::new()
        .spec(&path)
        .crate_files(crate_files)
        .crate_name(name)
        .mocks(mocks)
        .server(server)
        .runtime_path(root().join("runtime"));
    config.out(&folder).force(true).generate_to_folder().unwrap(); // its manifest is changed below
    let manifest = folder.join("Cargo.toml");
    let text = fs::read_to_string(&manifest).unwrap();
    if !text.contains("[workspace]") {
        fs::write(&manifest, format!("{text}\n[workspace]\n")).unwrap();
    }
    let library = folder.join("src/lib.rs");
    let text = fs::read_to_string(&library).unwrap();
    if calls && !text.contains("pub mod calls;") {
        fs::write(&library, format!("{text}\n/// One call of each operation.\npub mod calls;\n")).unwrap();
        fs::write(folder.join("src/calls.rs"), uses(resources)).unwrap();
    }
    folder
}

fn spec(resources: usize) -> Value {
    let (mut models, mut all) = (Map::new(), Map::new());
    for index in 0..resources {
        let name = format!("thing_{index}");
        let responses = |status: &str, ty: &str| json!({ status: { "type": ty }, "401": { "type": "unit" }, "404": { "type": "unit" }, "422": { "type": "[problem]" } });
        models.insert(name.clone(), json!({ "fields": [{ "name": "id", "type": "long" }] }));
        let parameters = ["ids", "names"].map(|name| json!({ "name": name, "type": "[string]", "required": false }));
        let paging = ["limit", "offset"].map(|name| json!({ "name": name, "type": "long", "default": "25" }));
        let list: Vec<Value> = parameters.into_iter().chain(paging).collect();
        all.insert(
            name.clone(),
            json!({ "operations": [
                { "method": "GET", "parameters": list, "responses": responses("200", &format!("[{name}]")) },
                { "method": "GET", "path": "/:id", "responses": responses("200", &name) },
                { "method": "POST", "body": { "type": name }, "responses": responses("201", &name) },
                { "method": "PUT", "path": "/:id", "body": { "type": name }, "responses": responses("200", &name) },
                { "method": "DELETE", "path": "/:id", "responses": responses("204", "unit") },
            ] }),
        );
    }
    models.insert("problem".to_owned(), json!({ "fields": [{ "name": "message", "type": "string" }] }));
    json!({ "name": "Operations", "models": models, "resources": all })
}

/// Returns calls as services write them: awaited in a boxed task.
fn uses(resources: usize) -> String {
    let mut text =
        "use std::pin::Pin;\n\ntype Task<'a> = Pin<Box<dyn Future<Output = bool> + Send + 'a>>;\n\n".to_owned();
    for index in 0..resources {
        let (accessor, ty) = (format!("thing_{index}s"), format!("Thing{index}"));
        let calls = [
            "get(Default::default())".to_owned(),
            "get_by_id(7)".to_owned(),
            format!("post(&crate::{ty} {{ id: 7 }})"),
            format!("put_by_id(7, &crate::{ty} {{ id: 7 }})"),
            "delete_by_id(7)".to_owned(),
        ];
        for (number, call) in calls.iter().enumerate() {
            writeln!(
                text,
                "pub fn call_{index}_{number}(api: &dyn crate::Api) -> Task<'_> {{\n    Box::pin(async move {{ api.{accessor}().{call}.await.is_ok() }})\n}}"
            )
            .unwrap();
        }
    }
    text
}

fn build(folder: &Path) -> Command {
    let source = folder.join("src/lib.rs");
    let text = fs::read_to_string(&source).unwrap();
    fs::write(&source, text).unwrap();
    fs::copy(root().join("Cargo.lock"), folder.join("Cargo.lock")).unwrap();
    let mut command = Command::new(env!("CARGO"));
    command.arg("build").current_dir(folder).env("CARGO_INCREMENTAL", "0").env("CARGO_TARGET_DIR", scratch("target"));
    command
}
