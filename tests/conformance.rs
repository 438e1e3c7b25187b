//! Validation cases: for each, code generated from its spec must accept or refuse its input with violations at the same
//! places; and the dynamic validator must report the same with the same messages.

use std::collections::HashMap;
use std::fs;

use apigen_build::Config;
use apigen_runtime::Mode;
use apigen_runtime::validate::schema::Schema;
use serde_json::Value;
use serde_json::value::RawValue;

use crate::common::{Describe, cargo, manifest, put, scratch};
use crate::documents::{folder, our_cases};

#[test]
fn our_validation_cases() {
    validate("conformance-ours", &our_cases("validation-cases.json"));
}

#[test]
#[cfg_attr(not(corpus), ignore = "APIGEN_CORPUS names no folder of API Builder documents")]
fn validation_cases() {
    validate("conformance", &fs::read_to_string(folder().join("validation-cases.json")).unwrap());
}

fn validate(kind: &str, text: &str) {
    let cases: Vec<Value> = serde_json::from_str(text).unwrap();
    // The inputs with all their digits.
    let inputs: Vec<HashMap<String, Box<RawValue>>> = serde_json::from_str(text).unwrap();
    let folder = scratch(kind);
    let (mut modules, mut rows, mut known) = (String::new(), String::new(), HashMap::new());
    for (case, exact) in cases.iter().zip(&inputs) {
        let spec = case["spec"].to_string();
        let next = format!("spec{}", known.len());
        let module = known.entry(spec.clone()).or_insert_with(|| {
            let path = folder.join("specs").join(format!("{next}.json"));
            put(&path, &spec);
            let config = Config::new()
                .spec(path)
                .types_only(!spec.contains("\"method\""))
                .name(&next)
                .out(folder.join("src").join(&next));
            config.generate_to_folder().unwrap();
            modules.push_str(&format!("#[allow(dead_code)] mod {next};\n"));
            (next, config.schema().unwrap())
        });
        let (module, schema) = (&module.0, &module.1);
        let (id, input) = (case["id"].as_str().unwrap(), exact["input"].get().to_owned());
        let ty = rust_type(module, case["type"].as_str().unwrap());
        let coerced = pointers(&case["error_paths"]);
        let strict = case.get("strict_error_paths").map_or_else(|| coerced.clone(), pointers);
        let (strict_valid, coerced_valid) =
            (case["strict_valid"].as_bool().unwrap(), case["coerced_valid"].as_bool().unwrap());
        let coerced = if coerced_valid { Vec::new() } else { coerced };
        let strict = if strict_valid { Vec::new() } else { strict };
        let [told_strict, told_coerced] = dynamic(case, schema, &input);
        rows.push_str(&format!(
            "    check::<{ty}>({id:?}, {input:?}, &{strict:?}, &{coerced:?}, [&{told_strict:?}, &{told_coerced:?}]);\n"
        ));
    }
    put(&folder.join("src/main.rs"), &format!("{modules}{CHECK}\nfn main() {{\n{rows}    finish();\n}}\n"));
    put(&folder.join("Cargo.toml"), &format!("{}\n[workspace]\n", manifest(kind, "")));
    cargo(&folder, &["run", "-q"]);
    eprintln!("{} validation cases, {} specs", cases.len(), known.len());
}

/// Compares the places of all violations, in strict mode and with coercion.
const CHECK: &str = r#"
use std::sync::atomic::{AtomicUsize, Ordering};

static FAILED: AtomicUsize = AtomicUsize::new(0);

fn check<T: apigen_runtime::FromJson>(id: &str, input: &str, strict: &[&str], coerced: &[&str], told: [&[&str]; 2]) {
    let modes = [("strict", apigen_runtime::Mode::strict(), strict), ("coerce", apigen_runtime::Mode::coerce(), coerced)];
    for ((name, mode, expected), told) in modes.into_iter().zip(told) {
        let violations = T::from_json_with(input, &mode).err();
        let words: Vec<String> = violations.iter().flat_map(|v| v.iter()).map(|v| format!("{v:?}")).collect();
        if words != told {
            eprintln!("error: {id} {name}: {input}: the dynamic validator says {told:#?}, not {words:#?}");
            FAILED.fetch_add(1, Ordering::Relaxed);
        }
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

/// Returns the dynamic validator's output in strict mode and with coercion.
fn dynamic(case: &Value, schema: &Schema, input: &str) -> [Vec<String>; 2] {
    let ty = schema.find(case["type"].as_str().unwrap()).unwrap();
    let (strict, coerce) = (Mode::strict(), Mode::coerce());
    let outcomes = [&strict, &coerce].map(|mode| schema.accept(&ty, input, mode));
    for (outcome, mode) in outcomes.iter().zip([&strict, &coerce]) {
        assert_eq!(schema.validate(&ty, input, mode).err(), outcome.as_ref().err().cloned(), "{}", case["id"]);
    }
    if let Ok(text) = &outcomes[1] {
        let value: Value = serde_json::from_str(text).unwrap();
        let wanted = &case["coerced_output"];
        assert!(same(&value, wanted), "{}: {input} is {value}, not {wanted}", case["id"]);
        assert_eq!(schema.accept(&ty, text, &strict).as_ref(), Ok(text), "{}: strict", case["id"]);
        assert_eq!(schema.accept(&ty, text, &coerce).as_ref(), Ok(text), "{}: again", case["id"]);
    }
    // The expected words are those of the coercing run if that fails, else of the strict one.
    let told = outcomes[1].as_ref().err().or(outcomes[0].as_ref().err()).map(ToString::to_string).unwrap_or_default();
    for word in case["must_mention"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        assert!(
            told.to_lowercase().contains(&word.to_lowercase()),
            "{}: {told:?} does not mention {word:?}",
            case["id"]
        );
    }
    outcomes.map(|outcome| outcome.err().iter().flatten().map(|violation| format!("{violation:?}")).collect())
}

/// Compares numbers by value.
fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => a.as_f64() == b.as_f64(),
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(key, a)| b.get(key).is_some_and(|b| same(a, b)))
        }
        (a, b) => a == b,
    }
}

fn pointers(value: &Value) -> Vec<String> {
    let mut pointers: Vec<String> =
        value.as_array().into_iter().flatten().map(|p| p.as_str().unwrap().to_owned()).collect();
    pointers.sort();
    pointers.dedup();
    pointers
}

/// Returns the Rust type of a type text.
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
