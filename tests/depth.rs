//! Deeply linked models: generated code and the code of its users compile in a crate that sets no recursion limit.

use std::fs;
use std::path::Path;

use apigen_build::{Config, Emit};
use apigen_cli::templates::crate_files;
use serde_json::{Map, Value, json};

use crate::common::{cargo, manifest, put, root, scratch};

/// Returns a field that refers to another model.
fn reference(kind: &str, to: usize) -> Value {
    let ty = format!("m{to}");
    match kind {
        "list" => json!({ "name": format!("f{to}"), "type": format!("[{ty}]") }),
        "filled" => json!({ "name": format!("f{to}"), "type": format!("[{ty}]"), "minimum": 1 }),
        "default" => json!({ "name": format!("f{to}"), "type": format!("[{ty}]"), "required": false, "default": [] }),
        "lists" => json!({ "name": format!("f{to}"), "type": format!("[[{ty}]]"), "required": false }),
        "map" => json!({ "name": format!("f{to}"), "type": format!("map[{ty}]") }),
        "optional" => json!({ "name": format!("f{to}"), "type": ty, "required": false }),
        "union" => json!({ "name": format!("f{to}"), "type": format!("u{to}"), "required": false }),
        _ => json!({ "name": format!("f{to}"), "type": ty }),
    }
}

/// Returns a service with these references, by model, whose operations send and receive the first model in all ways.
fn spec(references: &[Vec<(&str, usize)>]) -> Value {
    let (mut models, mut unions) = (Map::new(), Map::new());
    for (index, references) in references.iter().enumerate() {
        let mut fields = vec![json!({ "name": "id", "type": "string" })];
        for (kind, to) in references {
            fields.push(reference(kind, *to));
            if *kind == "union" {
                let members = json!([{ "type": format!("m{to}") }, { "type": "string" }]);
                unions.insert(format!("u{to}"), json!({ "types": members }));
            }
        }
        models.insert(format!("m{index}"), json!({ "fields": fields }));
    }
    let one = json!({ "type": "m0" });
    let operations = json!([
        { "method": "GET", "responses": { "200": { "type": "[m0]" } } },
        { "method": "GET", "path": "/:id", "responses": { "200": one, "404": { "type": "unit" }, "422": one } },
        { "method": "POST", "body": one, "responses": { "201": one, "409": { "type": "[m0]" } } },
        { "method": "PUT", "path": "/:id", "body": { "type": "map[m0]" },
          "parameters": [{ "name": "note", "type": "string", "required": false }], "responses": { "200": one } },
    ]);
    json!({ "name": "Deep", "models": models, "unions": unions, "resources": { "m0": { "path": "/m0s", "operations": operations } } })
}

fn chain(length: usize, kind: &'static str) -> Value {
    let references = |index: usize| if index + 1 < length { vec![(kind, index + 1)] } else { Vec::new() };
    spec(&(0..length).map(references).collect::<Vec<_>>())
}

/// Returns a ring with as many additional references across it.
fn ring(length: usize, kind: &'static str) -> Value {
    let references = |index: usize| vec![(kind, (index + 1) % length), ("optional", (index * 7 + 3) % length)];
    spec(&(0..length).map(references).map(distinct).collect::<Vec<_>>())
}

/// Returns references to random models, the same ones in each run.
fn random(models: usize, references: usize) -> Value {
    let mut state = 1_u64;
    let mut next = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below
    };
    let kinds = ["list", "optional", "map", "union", "default", "lists"];
    let mut model = |_| distinct((0..references).map(|_| (kinds[next(kinds.len())], next(models))).collect());
    spec(&(0..models).map(&mut model).collect::<Vec<_>>())
}

/// Removes duplicates, since fields are named after what they refer to.
fn distinct(mut references: Vec<(&'static str, usize)>) -> Vec<(&'static str, usize)> {
    references.sort_by_key(|(_, to)| *to);
    references.dedup_by_key(|(_, to)| *to);
    references
}

/// Generates a module; returns the number of links in it.
fn generate(folder: &Path, name: &str, spec: &Value, part: Emit) -> usize {
    let config = Config::new().source(format!("{name}.json"), spec.to_string()).name(name);
    let out = folder.join("src").join(name);
    let (generated, _) = config.mocks(part.clone()).server(part).out(out).generate_to_folder().unwrap();
    let lines = generated.files.by_path.values().flat_map(|text| text.lines());
    lines.filter(|line| line.starts_with("    pub f") && line.contains("Link<")).count()
}

fn served(name: &str, more: &str) -> String {
    let manifest = manifest(name, &format!("{more}\n[workspace]\n"));
    manifest.replace("\"serde\"]", "\"serde\", \"server\", \"tower\"]")
}

#[test]
fn any_depth_compiles_without_a_recursion_limit() {
    let folder = scratch("depth");
    let specs = [
        ("lists33", chain(33, "list"), Emit::Always),
        ("lists100", chain(100, "lists"), Emit::Never),
        ("filled40", chain(40, "filled"), Emit::Always),
        ("defaults40", chain(40, "default"), Emit::Never),
        ("optional200", chain(200, "optional"), Emit::Always),
        ("required150", chain(150, "required"), Emit::Never),
        ("maps50", chain(50, "map"), Emit::Never),
        ("unions70", chain(70, "union"), Emit::Always),
        ("ring40", ring(40, "optional"), Emit::Never),
        ("graph60", random(60, 3), Emit::Always),
        ("graph300", random(300, 4), Emit::Never),
    ];
    let mut root = "//! Nothing here sets a recursion limit.\n".to_owned();
    for (name, spec, part) in specs {
        assert!(generate(&folder, name, &spec, part) > 0, "{name} has no links");
        root.push_str(&format!("pub mod {name};\n"));
    }
    put(&folder.join("src/lib.rs"), &root);
    put(&folder.join("Cargo.toml"), &served("depth", ""));
    cargo(&folder, &["clippy", "--", "-D", "warnings"]);
}

/// `cargo check` instantiates nothing, so only a build shows whether rustc succeeds.
#[test]
fn long_ways_can_be_built() {
    let folder = scratch("depth-long");
    let spec = chain(200, "optional").to_string();
    put(&folder.join("spec.json"), &spec);
    let config = || Config::new().spec(folder.join("spec.json"));
    let crate_name = config().crate_files(crate_files).crate_name("depth-long").runtime_path(root().join("runtime"));
    crate_name.out(folder.join("long")).force(true).generate_to_folder().unwrap();
    // Without the default features, which take long to compile; with the mark, so that the next run overwrites it.
    put(
        &folder.join("long/Cargo.toml"),
        &format!("# @generated by apigen\n{}", served("depth-long", "\n[features]\nmock = []\nserver = []\n")),
    );
    cargo(&folder.join("long"), &["build", "--all-features"]);
    let notes = config().generate_in_memory().unwrap().notes;
    assert!(notes.iter().any(|note| note.contains("`#![recursion_limit = \"512\"]`")), "{notes:?}");
}

/// A program that calls, mocks, serves, and moves values between threads.
#[test]
fn users_need_no_recursion_limit() {
    let folder = scratch("depth-user");
    generate(&folder, "graph", &random(40, 3), Emit::Always);
    generate(&folder, "filled", &chain(40, "filled"), Emit::Always);
    put(&folder.join("src/lib.rs"), &fs::read_to_string(root().join("tests/depth/lib.rs")).unwrap());
    let tokio = "tokio = { version = \"1\", features = [\"macros\", \"rt-multi-thread\"] }\n";
    put(&folder.join("Cargo.toml"), &served("depth-user", tokio));
    cargo(&folder, &["test"]);
}

/// Links are only used where rustc needs them: models that are linked less deeply do not change.
#[test]
fn what_rustc_can_follow_holds_no_link() {
    for (name, spec) in [
        ("lists20", chain(20, "list")),
        ("optional40", chain(40, "optional")),
        ("ring12", ring(12, "optional")),
        (
            "wide",
            spec(&(0..2000).map(|index| if index == 0 { Vec::new() } else { vec![("list", 0)] }).collect::<Vec<_>>()),
        ),
    ] {
        let generated = Config::new().source("spec.json", spec.to_string()).generate_in_memory().unwrap();
        let text: String = generated.files.by_path.into_values().collect();
        assert!(!text.contains("Link<"), "{name}");
    }
}

/// Large cycles must not be slow: a superlinear step would take minutes.
#[test]
fn large_graphs_are_looked_at() {
    for spec in [random(3_000, 6), ring(10_000, "list"), chain(10_000, "optional")] {
        Config::new().source("spec.json", spec.to_string()).mocks(Emit::Never).generate_in_memory().unwrap();
    }
}
