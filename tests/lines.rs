//! The number of generated lines, with all defaults. It is the same on every machine, so a change that makes
//! everybody's code longer fails here.

use apigen_build::{Config, Emit};
use serde_json::{Map, Value, json};

/// Returns the number of lines for a spec with this many models and fields, each in a resource with the five usual
/// operations if `operations`.
fn lines(models: usize, fields: usize, operations: bool, mocks: Emit) -> usize {
    let (mut types, mut resources) = (Map::new(), Map::new());
    for index in 0..models {
        let name = format!("thing_{index}");
        let field = |field: usize| {
            let ty = ["string", "long", "[string]", "date-time-iso8601", "decimal"][field % 5];
            json!({ "name": format!("field_{field}"), "type": ty, "required": field.is_multiple_of(2) })
        };
        let id = json!({ "name": "id", "type": "uuid" });
        let fields: Vec<Value> = std::iter::once(id).chain((1..fields).map(field)).collect();
        types.insert(name.clone(), json!({ "fields": fields }));
        if operations {
            let one = json!({ "type": name });
            let with = |code: &str| json!({ code: one, "401": { "type": "unit" }, "404": { "type": "unit" } });
            let list = json!({ "200": { "type": format!("[{name}]") } });
            let parameters = json!([
                { "name": "id", "type": "[uuid]", "required": false },
                { "name": "limit", "type": "long", "default": 25 },
                { "name": "offset", "type": "long", "default": 0 },
            ]);
            let all = json!([
                { "method": "GET", "parameters": parameters, "responses": list },
                { "method": "GET", "path": "/:id", "responses": with("200") },
                { "method": "POST", "body": one, "responses": with("201") },
                { "method": "PUT", "path": "/:id", "body": one, "responses": with("200") },
                { "method": "DELETE", "path": "/:id", "responses": { "204": { "type": "unit" }, "404": { "type": "unit" } } },
            ]);
            resources.insert(name, json!({ "operations": all }));
        }
    }
    let spec = json!({ "name": "Lines", "models": types, "resources": resources });
    let config = Config::new().mocks(mocks).types_only(!operations);
    let generated = config.source("lines.json", spec.to_string()).generate_in_memory().unwrap();
    generated.files.by_path.values().map(|text| text.lines().count()).sum()
}

#[test]
fn generated_code_stays_short() {
    const MANY: usize = 40;
    let per = |more: usize, less: usize, count: usize| (more - less) as f64 / count as f64;
    let all = |models, fields, operations| lines(models, fields, operations, Emit::Always);
    let model = per(all(2 * MANY, 10, false), all(MANY, 10, false), MANY);
    let field = per(all(MANY, 20, false), all(MANY, 10, false), MANY * 10);
    let mocked = per(all(MANY, 10, true), all(MANY, 10, false), MANY * 5);
    let client = |operations| lines(MANY, 10, operations, Emit::Never);
    let client = per(client(true), client(false), MANY * 5);
    eprintln!("{model:.1} lines for a model of ten fields, {field:.1} for a field");
    eprintln!("{client:.1} for an operation without mocks, {mocked:.1} with mocks");
    assert!(model <= 140.0, "{model} lines for a model of ten fields: 40, and 10 for each field");
    assert!(field <= 10.0, "{field} lines for a field");
    assert!(client <= 57.0, "{client} lines for an operation without mocks");
    // Three of the lines are the smallest value of the resource's model, three the table of the stateful mock.
    assert!(mocked <= 80.0, "{mocked} lines for an operation with mocks");
}
