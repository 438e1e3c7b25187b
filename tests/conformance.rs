//! Validation cases: for each, code is generated from its spec, and must accept or refuse its input at the same places.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a failure ends the run")]

mod common;

use std::collections::HashMap;
use std::fs;

use apigen::Config;
use common::{cargo, corpus, manifest, put, scratch};
use serde_json::Value;

#[test]
fn validation_cases() {
    let Some(corpus) = corpus() else { return };
    let cases: Vec<Value> =
        serde_json::from_str(&fs::read_to_string(corpus.join("validation-cases.json")).unwrap()).unwrap();
    let folder = scratch("conformance");
    let (mut modules, mut rows, mut known) = (String::new(), String::new(), HashMap::new());
    for case in &cases {
        let spec = case["spec"].to_string();
        let next = format!("spec{}", known.len());
        let module = known.entry(spec.clone()).or_insert_with(|| {
            let path = folder.join("specs").join(format!("{next}.json"));
            put(&path, &spec);
            Config::new().spec(path).name(&next).out(folder.join("src").join(&next)).write().unwrap();
            modules.push_str(&format!("#[allow(dead_code)] mod {next};\n"));
            next
        });
        let (id, input) = (case["id"].as_str().unwrap(), case["input"].to_string());
        let ty = rust_type(module, case["type"].as_str().unwrap());
        let coerced = pointers(&case["error_paths"]);
        let strict = case.get("strict_error_paths").map_or_else(|| coerced.clone(), pointers);
        let (strict_valid, coerced_valid) =
            (case["strict_valid"].as_bool().unwrap(), case["coerced_valid"].as_bool().unwrap());
        let coerced = if coerced_valid { Vec::new() } else { coerced };
        let strict = if strict_valid { Vec::new() } else { strict };
        rows.push_str(&format!("    check::<{ty}>({id:?}, {input:?}, &{strict:?}, &{coerced:?});\n"));
    }
    put(&folder.join("src/main.rs"), &format!("{modules}{CHECK}\nfn main() {{\n{rows}    finish();\n}}\n"));
    put(&folder.join("Cargo.toml"), &format!("{}\n[workspace]\n", manifest("conformance", "")));
    cargo(&folder, &["run", "-q"]);
    eprintln!("{} validation cases, {} specs", cases.len(), known.len());
}

/// Compares the places of all violations, in strict mode and when coercing.
const CHECK: &str = r#"
use std::sync::atomic::{AtomicUsize, Ordering};

static FAILED: AtomicUsize = AtomicUsize::new(0);

fn check<T: apigen_runtime::FromJson>(id: &str, input: &str, strict: &[&str], coerced: &[&str]) {
    let modes = [("strict", apigen_runtime::Mode::strict(), strict), ("coerce", apigen_runtime::Mode::coerce(), coerced)];
    for (name, mode, expected) in modes {
        let violations = T::from_json_with(input, &mode).err();
        let mut found: Vec<String> = violations.iter().flat_map(|v| v.iter()).map(|v| v.pointer.clone()).collect();
        found.sort();
        found.dedup();
        if found != expected {
            eprintln!("error: {id} {name}: {input}: wanted {expected:?}, got {found:?}: {violations:?}");
            FAILED.fetch_add(1, Ordering::Relaxed);
        }
    }
}

fn finish() {
    assert_eq!(FAILED.load(Ordering::Relaxed), 0, "cases failed");
}
"#;

fn pointers(value: &Value) -> Vec<String> {
    let mut pointers: Vec<String> =
        value.as_array().into_iter().flatten().map(|p| p.as_str().unwrap().to_owned()).collect();
    pointers.sort();
    pointers.dedup();
    pointers
}

/// The Rust type of a type text.
fn rust_type(module: &str, text: &str) -> String {
    if let Some(inner) = text.strip_prefix('[').and_then(|t| t.strip_suffix(']')) {
        return format!("Vec<{}>", rust_type(module, inner));
    }
    if let Some(inner) = text.strip_prefix("map[").and_then(|t| t.strip_suffix(']')) {
        return format!("std::collections::BTreeMap<String, {}>", rust_type(module, inner));
    }
    let primitive = match text {
        "boolean" => "bool",
        "integer" => "i32",
        "long" => "i64",
        "double" => "f64",
        "decimal" => "apigen_runtime::Decimal",
        "string" => "String",
        "uuid" => "apigen_runtime::Uuid",
        "date-iso8601" => "apigen_runtime::Date",
        "date-time-iso8601" => "apigen_runtime::Timestamp",
        "object" => "apigen_runtime::Object",
        "json" => "apigen_runtime::Value",
        "unit" => "()",
        "map" => "std::collections::BTreeMap<String, String>",
        _ => "",
    };
    if !primitive.is_empty() {
        return primitive.to_owned();
    }
    let camel: String = text.split('_').map(|word| format!("{}{}", word[..1].to_uppercase(), &word[1..])).collect();
    format!("{module}::{camel}")
}
