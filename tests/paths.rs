//! Path templates: the reader of specs and the runtime find the same variables, and a colon elsewhere causes a warning.

use apigen_build::Config;
use apigen_model::{Inputs, Severity, Source, load, normalize};
use apigen_runtime::{Mode, validate::RequestError};
use serde_json::{Value, json};

use crate::common::{Describe, put, scratch};

/// A template, a path that it matches, its variables, and whether it causes a warning.
const CASES: &[(&str, &str, &[&str], bool)] = &[
    ("/:id", "/x", &["id"], false),
    ("/:id.csv", "/x.csv", &["id"], false),
    ("/:id.tar.gz", "/x.y.tar.gz", &["id"], false),
    ("/:id.", "/x.", &["id"], false),
    ("/:id/", "/x/", &["id"], false),
    ("/:id/:other", "/x/x", &["id", "other"], false),
    ("/:id.csv/:other.json", "/x.csv/x.json", &["id", "other"], false),
    ("/:id.:other", "/x.:other", &["id"], true),
    ("/:id.csv.:other", "/x.csv.:other", &["id"], true),
    ("/report.:id", "/report.:id", &[], true),
    ("/report-:id", "/report-:id", &[], true),
    ("/a:id", "/a:id", &[], true),
    ("/a:id/:other", "/a:id/x", &["other"], true),
    ("/a%3Aid/:id.%C3%BC", "/a:id/x.ü", &["id"], false),
    ("/ü/:id.é", "/%C3%BC/x.%C3%A9", &["id"], false),
    ("/id/a.b", "/id/a.b", &[], false),
];

fn spec(templates: &[&str]) -> String {
    let fields = ["id", "other"].map(|name| json!({"name": name, "type": "integer"}));
    let operations = templates.iter().map(|path| json!({"method": "GET", "path": path}));
    let operations: Vec<Value> = operations.collect();
    let resources = json!({"book": {"path": "", "operations": operations}});
    json!({"name": "Paths", "models": {"book": {"fields": fields}}, "resources": resources}).to_string()
}

fn inputs(text: String) -> Inputs {
    Inputs { specs: vec![Source { name: "case.json".to_owned(), text, path: None }], ..Inputs::default() }
}

/// Returns the path parameters that the reader of specs infers.
fn inferred(template: &str) -> Vec<String> {
    let (text, _) = normalize(inputs(spec(&[template]))).unwrap();
    let service: Value = serde_json::from_str(&text).unwrap();
    let parameters = service["resources"][0]["operations"][0]["parameters"].as_array().unwrap();
    assert!(parameters.iter().all(|parameter| parameter["location"] == "Path"), "{parameters:?}");
    parameters.iter().map(|parameter| parameter["name"].as_str().unwrap().to_owned()).collect()
}

/// Returns the path parameters that the runtime reads: each is a violation, since `x` is not an integer.
fn read(template: &str, path: &str) -> Vec<String> {
    let file = scratch("paths").join("case.json");
    put(&file, &spec(&[template]));
    let schema = Config::new().spec(file).schema().unwrap();
    let request = http::Request::get(path).body("").unwrap();
    match schema.request(&request, &Mode::strict()) {
        Ok(_) => Vec::new(),
        Err(RequestError::Invalid(violations)) => violations.iter().map(|violation| violation.name.clone()).collect(),
        Err(error) => panic!("{template}: {error}"),
    }
}

#[test]
fn specs_and_servers_find_the_same_variables() {
    for (template, path, variables, _) in CASES {
        assert_eq!(inferred(template), *variables, "{template}");
        assert_eq!(read(template, path), *variables, "{template}");
    }
}

#[test]
fn colons_that_begin_no_variable_are_told() {
    for (template, _, _, warned) in CASES {
        let loaded = load(inputs(spec(&[template]))).unwrap();
        let told: Vec<_> = loaded.report.diagnostics().into_iter().map(|one| (one.code, one.severity)).collect();
        let expected = if *warned { vec![("W006", Severity::Warning)] } else { Vec::new() };
        assert_eq!(told, expected, "{template}");
    }
}

/// Parameters that are not in the path are in the query, as for every `GET`.
#[test]
fn a_parameter_that_is_not_in_the_path_is_in_the_query() {
    let text = spec(&["/:id.:format"]).replace(
        r#""path":"/:id.:format""#,
        r#""path":"/:id.:format","parameters":[{"name":"format","type":"string"}]"#,
    );
    let (text, _) = normalize(inputs(text)).unwrap();
    let service: Value = serde_json::from_str(&text).unwrap();
    let parameters = service["resources"][0]["operations"][0]["parameters"].as_array().unwrap();
    let places: Vec<_> = parameters.iter().map(|p| (p["name"].as_str(), p["location"].as_str())).collect();
    assert_eq!(places, [(Some("id"), Some("Path")), (Some("format"), Some("Query"))]);
}
