//! The cost of one more operation in a dev build, with mocks, and of one more call of it: `cargo bench --bench operations`.
//!
//! The same five operations (a list with parameters, and read, create, change and delete, with three declared errors)
//! for few and for many resources; the difference is divided by the number of operations. Each resource has a model of
//! one field. The yardstick in the same run has the same operations with `#[async_trait]` and inlined requests.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a failure ends the run")]

mod common;
#[path = "operations/yardstick.rs"]
mod yardstick;

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use apigen_build::{Config, Emit};
use apigen_cli::templates::crate_files;
use common::{cpu, median, quartiles, root, scratch};
use serde_json::{Map, Value, json};

const FEW: usize = 20;
const MANY: usize = 100;
const ROUNDS: usize = 7;

/// A crate with few resources and one with many: the difference, divided by the number of additional operations, is the
/// cost of an operation.
struct Candidate {
    few: PathBuf,
    many: PathBuf,
}

#[expect(clippy::print_stdout, reason = "a benchmark prints its table")]
fn main() {
    let yardstick = candidate("yardstick", |name, count| yardstick::write(&scratch(name), name, count));
    let generated = |label: &str, [mocks, server]: [Emit; 2], calls| {
        candidate(label, |name, count| crate_of(name, count, [mocks.clone(), server.clone()], calls))
    };
    let candidates = [
        yardstick,
        generated("client", [Emit::Never, Emit::Never], false),
        generated("mocks", [Emit::Always, Emit::Never], false),
        generated("server", [Emit::Never, Emit::Always], false),
        generated("mocks-server", [Emit::Always, Emit::Always], false),
        generated("calls", [Emit::Never, Emit::Never], true),
    ];
    // Compile the dependencies first.
    for Candidate { few, many } in &candidates {
        cpu(&mut build(few));
        cpu(&mut build(many));
    }
    let rounds: Vec<[f64; 6]> = (0..ROUNDS).map(|_| candidates.each_ref().map(Candidate::milliseconds)).collect();

    println!("dev build, CPU milliseconds for each operation, and as a share of the yardstick of the same round");
    println!("medians of {ROUNDS} rounds, with quartiles of the share");
    type Cost = fn(&[f64; 6]) -> f64;
    let rows: [(&str, Cost); 7] = [
        ("yardstick: async_trait, reqwest inlined", |[yardstick, ..]| *yardstick),
        ("trait, client, errors", |[_, client, ..]| *client),
        ("mocks, rules and factories on top", |[_, client, mocks, ..]| mocks - client),
        ("server and validator on top, without mocks", |[_, client, _, server, ..]| server - client),
        ("server and validator on top of mocks", |[_, _, mocks, _, both, _]| both - mocks),
        ("client, mocks and server", |[.., both, _]| *both),
        ("a call", |[_, client, .., calls]| calls - client),
    ];
    for (name, cost) in rows {
        let milliseconds = median(rounds.iter().map(cost).collect());
        let [low, middle, high] = quartiles(rounds.iter().map(|round| cost(round) / round[0]).collect());
        println!("{name:44} {milliseconds:6.2}  {middle:.3} ({low:.3} to {high:.3})");
    }
}

fn candidate(label: &str, write: impl Fn(&str, usize) -> PathBuf) -> Candidate {
    let [few, many] = [FEW, MANY].map(|count| write(&format!("operations-{label}-{count}"), count));
    Candidate { few, many }
}

impl Candidate {
    /// Builds both crates and returns the CPU milliseconds per operation.
    fn milliseconds(&self) -> f64 {
        let (few, many) = (cpu(&mut build(&self.few)), cpu(&mut build(&self.many)));
        (many - few) * 1000.0 / ((MANY - FEW) * 5) as f64
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
