//! `service.json` as API Builder would publish it: small cases of single rules, and whole real documents.

use std::fs;
use std::path::{Path, PathBuf};

use apigen_model::{Imports, Inputs, Report, Source, check, normalize};
use serde_json::value::RawValue;
use serde_json::{Value, json};

use crate::common::{put, root, scratch};
use crate::documents::{folder, our_cases, ours};

fn inputs(text: String, imports: PathBuf, context: &Value) -> Inputs {
    let text_of = |key: &str| context[key].as_str().map(str::to_owned);
    Inputs {
        specs: vec![Source { name: "api.json".to_owned(), text, path: None }],
        imports: Imports::new(vec![imports]),
        organization: text_of("org_key"),
        namespace: text_of("org_namespace"),
        version: text_of("version"),
        ..Inputs::default()
    }
}

fn published(inputs: Inputs) -> Result<Value, Report> {
    normalize(inputs).map(|(text, _)| serde_json::from_str(&text).expect("what is printed is JSON"))
}

/// Returns where `found` lacks what `wanted` has: objects may have more, arrays may not.
fn difference(wanted: &Value, found: &Value, at: &str) -> Option<String> {
    match (wanted, found) {
        (Value::Object(wanted), Value::Object(found)) => wanted.iter().find_map(|(key, value)| match found.get(key) {
            Some(other) => difference(value, other, &format!("{at}/{key}")),
            None => Some(format!("{at}/{key} is missing, wanted {value}")),
        }),
        (Value::Array(wanted), Value::Array(found)) if wanted.len() == found.len() => {
            let pairs = wanted.iter().zip(found).enumerate();
            pairs.into_iter().find_map(|(index, (a, b))| difference(a, b, &format!("{at}/{index}")))
        }
        (wanted, found) if wanted == found => None,
        (wanted, found) => Some(format!("{at}: wanted {wanted}\n    found {found}")),
    }
}

/// Writes each service as a file, and returns a map from URIs to these files.
fn write_imports(case: &Value, folder: &Path, id: &str) -> PathBuf {
    let mut map = serde_json::Map::new();
    for (index, (uri, service)) in case["imports"].as_object().into_iter().flatten().enumerate() {
        let file = format!("{id}-{index}.json");
        put(&folder.join(&file), &service.to_string());
        map.insert(uri.clone(), file.into());
    }
    let path = folder.join(format!("{id}-map.json"));
    put(&path, &Value::Object(map).to_string());
    path
}

#[derive(serde::Deserialize)]
struct Document<'a> {
    #[serde(borrow)]
    api_json: &'a RawValue,
}

#[test]
fn our_single_rules() {
    publish_cases(&our_cases("normalise-cases.json"));
}

#[test]
#[cfg_attr(not(corpus), ignore = "APIGEN_CORPUS names no folder of API Builder documents")]
fn single_rules() {
    publish_cases(&fs::read_to_string(folder().join("invalid/normalise-cases.json")).unwrap());
}

fn publish_cases(text: &str) {
    let cases: Vec<Value> = serde_json::from_str(text).unwrap();
    // The order of keys matters in some documents, and a `Value` loses it.
    let documents: Vec<Document<'_>> = serde_json::from_str(text).unwrap();
    let folder = scratch("normalisation");
    let mut failed = Vec::new();
    for (case, document) in cases.iter().zip(documents) {
        let id = case["id"].as_str().unwrap();
        let map = write_imports(case, &folder, id);
        let found = match published(inputs(document.api_json.get().to_owned(), map, &case["context"])) {
            Ok(found) => found,
            Err(report) => {
                failed.push(format!("{id}: refused\n{report}"));
                continue;
            }
        };
        let absent = case["absent"].as_array().into_iter().flatten();
        let unwanted = absent.map(|p| p.as_str().unwrap()).find(|p| found.pointer(p).is_some());
        let fault = difference(&case["expect"], &found, "").or(unwanted.map(|p| format!("{p} should be absent")));
        failed.extend(fault.map(|fault| format!("{id}: {fault}")));
    }
    eprintln!("normalise-cases.json: {} of {}", cases.len() - failed.len(), cases.len());
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

/// Removes parts without meaning: optional keys with an empty list.
fn without_empty(value: &Value) -> Value {
    const OPTIONAL: &[&str] = &["interfaces", "annotations", "attributes", "parameters", "headers", "imports"];
    match value {
        Value::Object(members) => {
            let empty =
                |key: &str, value: &Value| OPTIONAL.contains(&key) && value.as_array().is_some_and(Vec::is_empty);
            let kept = members.iter().filter(|(key, value)| !empty(key, value));
            Value::Object(kept.map(|(key, value)| (key.clone(), without_empty(value))).collect())
        }
        Value::Array(items) => items.iter().map(without_empty).collect(),
        other => other.clone(),
    }
}

/// `tests/documents` has the published form of some of our documents.
#[test]
fn our_whole_documents() {
    let folder = root().join("tests/documents");
    let context = json!({ "org_key": "acme", "org_namespace": "io.acme", "version": "1.0.0" });
    let mut count = 0;
    for path in ours().paths {
        let name = path.file_name().unwrap().to_string_lossy().replace(".api.json", ".json");
        let golden = folder.join(name.replace(".json", ".service.json"));
        if !golden.exists() {
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        let found = published(inputs(text, folder.join("imports.json"), &context)).unwrap();
        let wanted: Value = serde_json::from_str(&fs::read_to_string(&golden).unwrap()).unwrap();
        assert_eq!(found, wanted, "{name}");
        // A published document is published unchanged.
        let again = published(inputs(found.to_string(), folder.join("imports.json"), &context)).unwrap();
        assert_eq!(again, found, "{name}");
        count += 1;
    }
    assert_eq!(count, 4);
}

#[test]
#[cfg_attr(not(corpus), ignore = "APIGEN_CORPUS names no folder of API Builder documents")]
fn whole_documents() {
    let corpus = folder();
    let read = |path: &Path| -> Value { serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap() };
    let specs = corpus.join("specs");
    let (contexts, imports) = (read(&specs.join("contexts.json")), read(&specs.join("imports.json")));
    let folder = scratch("normalised");
    // An imported api.json is published first, as a server does.
    let mut map = serde_json::Map::new();
    for (uri, file) in imports.as_object().unwrap() {
        let name = file.as_str().unwrap();
        let path = if name.ends_with(".api.json") {
            let text = fs::read_to_string(specs.join(name)).unwrap();
            let service = published(inputs(text, specs.join("imports.json"), &contexts[name])).expect(name);
            let path = folder.join(name);
            put(&path, &service.to_string());
            path
        } else {
            specs.join(name)
        };
        map.insert(uri.clone(), path.to_str().unwrap().into());
    }
    let map_file = folder.join("imports.json");
    put(&map_file, &Value::Object(map).to_string());
    let mut failed = Vec::new();
    let mut count = 0;
    for entry in fs::read_dir(corpus.join("normalised")).unwrap() {
        let path = entry.unwrap().path();
        let file = path.file_name().unwrap().to_str().unwrap();
        let Some(name) = file.strip_suffix(".service.json") else { continue };
        count += 1;
        let name = format!("{name}.api.json");
        let text = fs::read_to_string(specs.join(&name)).unwrap();
        let wanted = without_empty(&read(&path));
        match published(inputs(text, map_file.clone(), &contexts[name.as_str()])) {
            Err(report) => failed.push(format!("{name}: refused\n{report}")),
            Ok(found) => {
                let found = without_empty(&found);
                let fault =
                    difference(&wanted, &found, "").or_else(|| difference(&found, &wanted, "more than wanted: "));
                failed.extend(fault.map(|fault| format!("{name}: {fault}")));
            }
        }
    }
    eprintln!("whole documents: {} of {count} equal", count - failed.len());
    assert!(count > 0 && failed.is_empty(), "{}", failed.join("\n"));
}

/// Every real document is read and checked; those that are accepted according to the index have no errors.
#[test]
#[cfg_attr(not(corpus), ignore = "APIGEN_CORPUS names no folder of API Builder documents")]
fn real_documents_are_judged_as_their_index_says() {
    let folder = folder().join("specs");
    let index = fs::read_to_string(folder.join("INDEX.md")).unwrap();
    let rows = index.lines().filter(|line| line.starts_with("| ") && line.contains(".json |"));
    let (mut accepted, mut total) = (0, 0);
    for row in rows {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        let (Some(name), Some(verdict)) = (cells.get(1), cells.get(12)) else { continue };
        let text = fs::read_to_string(folder.join(name)).unwrap();
        let report = check(inputs(text, folder.join("imports.json"), &Value::Null));
        total += 1;
        accepted += usize::from(!report.has_errors());
        assert!(*verdict != "yes" || !report.has_errors(), "{name}: {report}");
        let unread = report.diagnostics().iter().any(|d| ["E001", "E002", "E003"].contains(&d.code));
        assert!(!unread, "{name}: {report}");
    }
    eprintln!("{total} documents, {accepted} accepted");
    assert!(total > 100 && accepted > 90, "the index was not understood");
}
