//! CPU seconds and memory of generating, including formatting and writing: 100, 1 000 and 5 000 models with half as
//! many operations, and the largest real document: `APIGEN_CORPUS=… cargo bench --bench generate`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a failure ends the run")]

mod common;

use std::fs;
use std::path::Path;
use std::process::Command;

use common::{corpus, cpu, median, peak, scratch};
use serde_json::{Map, Value, json};

#[expect(clippy::print_stdout, reason = "a benchmark prints its table")]
fn main() {
    println!("{:44} {:>8} {:>10}", "", "CPU s", "peak MB");
    for models in [100, 1000, 5000] {
        let spec = scratch("generate").join(format!("{models}.json"));
        fs::write(&spec, scale(models).to_string()).unwrap();
        row(&format!("{models} models, {} operations", models / 2), &spec, &[]);
    }
    let Some(corpus) = corpus() else {
        println!("skipped: APIGEN_CORPUS names no folder of API Builder documents");
        return;
    };
    let imports = corpus.join("specs/imports.json");
    let spec = corpus.join("specs/flow-api-0.7.78.service.json");
    row("the largest real document, 2.6 MB", &spec, &["--imports", imports.to_str().unwrap()]);
}

#[expect(clippy::print_stdout, reason = "a benchmark prints its table")]
fn row(name: &str, spec: &Path, more: &[&str]) {
    let out = scratch("generate").join("out");
    let command = || {
        fs::remove_dir_all(&out).ok();
        let mut command = Command::new(env!("CARGO_BIN_EXE_apigen"));
        command.arg("generate").arg(spec).arg("--out").arg(&out).args(more);
        command
    };
    let seconds: Vec<f64> = (0..5).map(|_| cpu(&mut command())).collect();
    println!("{name:44} {:>8.2} {:>10}", median(seconds), peak(command()));
}

/// Returns models of ten fields of all kinds, each of which may refer to the previous one, in resources of one model
/// with five operations.
fn scale(count: usize) -> Value {
    let (mut models, mut resources) = (Map::new(), Map::new());
    for index in 0..count {
        let name = format!("thing_{index}");
        let other = format!("thing_{}", index.saturating_sub(1));
        let field = |name: &str, ty: &str, required: bool| json!({ "name": name, "type": ty, "required": required });
        let mut fields = vec![
            json!({ "name": "id", "type": "uuid", "description": "What it is known by." }),
            json!({ "name": "name", "type": "string", "minimum": 1, "maximum": 100 }),
            field("count", "integer", true),
            field("size", "long", false),
            field("price", "decimal", false),
            field("is_active", "boolean", true),
            field("created_at", "date-time-iso8601", true),
            field("tags", "[string]", false),
            field("labels", "map[string]", false),
        ];
        fields.push(field("previous", if index == 0 { "string" } else { &other }, false));
        models.insert(name.clone(), json!({ "description": format!("Thing number {index}."), "fields": fields }));
        if index % 10 == 0 {
            resources.insert(name.clone(), json!({ "operations": operations(&name) }));
        }
    }
    json!({ "name": "Scale", "models": models, "resources": resources })
}

fn operations(model: &str) -> Value {
    let (one, list) = (json!({ "type": model }), json!({ "type": format!("[{model}]") }));
    let errors = |mut responses: Value| {
        responses["401"] = json!({ "type": "unit" });
        responses["404"] = json!({ "type": "unit" });
        responses
    };
    json!([
        { "method": "GET", "parameters": [
            { "name": "id", "type": "[uuid]", "required": false },
            { "name": "limit", "type": "long", "default": 25, "minimum": 1, "maximum": 100 },
            { "name": "offset", "type": "long", "default": 0 },
        ], "responses": { "200": list } },
        { "method": "GET", "path": "/:id", "responses": errors(json!({ "200": one })) },
        { "method": "POST", "body": one, "responses": errors(json!({ "201": one })) },
        { "method": "PUT", "path": "/:id", "body": one, "responses": errors(json!({ "200": one })) },
        { "method": "DELETE", "path": "/:id", "responses": errors(json!({ "204": { "type": "unit" } })) },
    ])
}
