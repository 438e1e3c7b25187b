//! What decoding and validating orders costs, against what else validates JSON in Rust.
//!
//! `APIGEN_CORPUS=… cargo bench` in the folder `comparison/validators`. All candidates take turns in one process; the least CPU
//! time of nine rounds counts, and each is compared with ours of the same run.
//!
//! Nobody is asked for more than ours gives: the others count their errors, ours come with pointer, message and line.

#[path = "validate/derived.rs"]
mod derived;

use std::fs;
use std::hint::black_box;
use std::path::{Path, PathBuf};

use apigen_runtime::validate::schema::Type;
use apigen_runtime::{FromJson, Mode, ToJson};
use cpu_time::ThreadTime;
use garde::Validate;
use serde_json::Value;

/// What is measured, and what it is called.
type Candidate<'a> = (&'a str, Box<dyn FnMut() -> usize + 'a>);

const ROUNDS: usize = 9;

fn main() {
    let Some(corpus) = std::env::var_os("APIGEN_CORPUS").map(PathBuf::from) else {
        println!("skipped: APIGEN_CORPUS names no folder of API Builder documents");
        return;
    };
    let folder = corpus.join("bench");
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let config = apigen_build::Config::new().spec(root.join("specs/order.json"));
    let schema = apigen_testing::schema(&config.load().unwrap().api, config.sensitive_annotations()).unwrap();
    let order = schema.find("order").unwrap();
    let json_schema: Value = serde_json::from_slice(&fs::read(folder.join("order.schema.json")).unwrap()).unwrap();
    let json_schema = jsonschema::options().should_validate_formats(true).build(&json_schema).unwrap();
    println!("{:34} {:>12} {:>8} {:>7}", "", "CPU µs", "errors", "ours is");
    for (size, copies) in [("1k", 0), ("20k", 0), ("20k", 52)] {
        for kind in ["valid", "err1", "err20"] {
            let json = payload(&folder, size, kind, copies);
            let name = format!("{} KB, {kind}", json.len().div_ceil(1000));
            compare(&format!("decode and validate, {name}"), json.len(), decoding(&json, &json_schema));
            compare(&format!("validate only, {name}"), json.len(), validating(&json, &json_schema, &schema, &order));
        }
        let json = payload(&folder, size, "valid", copies);
        compare(&format!("encode, {} KB", json.len().div_ceil(1000)), json.len(), encoding(&json));
    }
}

/// A document of the folder; for a larger one the items of the valid one are added so many times.
fn payload(folder: &Path, size: &str, kind: &str, copies: usize) -> Vec<u8> {
    let read = |kind: &str| fs::read_to_string(folder.join(format!("order_{size}_{kind}.json"))).unwrap();
    let (json, valid) = (read(kind), read("valid"));
    if copies == 0 {
        return json.into_bytes();
    }
    let items = |json: &str| -> (usize, usize) {
        let start = json.find("\"items\":[").unwrap() + "\"items\":[".len();
        (start, json.find("],\"payments\"").unwrap())
    };
    let ((_, end), (from, to)) = (items(&json), items(&valid));
    let more = format!(",{}", &valid[from..to]).repeat(copies);
    [&json[..end], &more, &json[end..]].concat().into_bytes()
}

fn decoding<'a>(json: &'a [u8], schema: &'a jsonschema::Validator) -> Vec<Candidate<'a>> {
    vec![
        ("apigen", Box::new(move || order::Order::from_json(json).map_or_else(|e| e.as_slice().len(), |o| kept(&o)))),
        (
            "serde_json (derive), no validation",
            Box::new(move || serde_json::from_slice::<derived::Order>(json).map_or(1, |o| kept(&o))),
        ),
        (
            "serde_json (derive), garde",
            Box::new(move || match serde_json::from_slice::<derived::Order>(json) {
                Ok(order) => order.validate().map_or_else(|report| report.iter().count(), |()| kept(&order)),
                Err(_) => 1,
            }),
        ),
        (
            "simd-json (derive), no validation",
            Box::new(move || simd_json::from_slice::<derived::Order>(&mut json.to_vec()).map_or(1, |o| kept(&o))),
        ),
        (
            "jsonschema, then from_value",
            Box::new(move || {
                let value: Value = serde_json::from_slice(json).unwrap();
                match schema.iter_errors(&value).count() {
                    0 => serde_json::from_value::<derived::Order>(value).map_or(1, |o| kept(&o)),
                    count => count,
                }
            }),
        ),
    ]
}

fn validating<'a>(
    json: &'a [u8],
    schema: &'a jsonschema::Validator,
    ours: &'a apigen_runtime::validate::schema::Schema,
    order: &'a Type,
) -> Vec<Candidate<'a>> {
    vec![
        (
            "apigen, without generated code",
            Box::new(move || ours.validate(order, json, &Mode::strict()).map_or_else(|e| e.as_slice().len(), |()| 0)),
        ),
        (
            "jsonschema, from_slice first",
            Box::new(move || schema.iter_errors(&serde_json::from_slice::<Value>(json).unwrap()).count()),
        ),
    ]
}

fn encoding(json: &[u8]) -> Vec<Candidate<'static>> {
    let ours = order::Order::from_json(json).unwrap();
    let theirs: derived::Order = serde_json::from_slice(json).unwrap();
    vec![
        ("apigen", Box::new(move || black_box(ours.to_json()).len() & 1)),
        ("serde_json (derive)", Box::new(move || black_box(serde_json::to_vec(&theirs).unwrap()).len() & 1)),
    ]
}

/// No errors; and the optimiser may not think that the value is not needed.
fn kept<T>(value: &T) -> usize {
    black_box(value);
    0
}

/// The first is ours.
fn compare(what: &str, bytes: usize, mut candidates: Vec<Candidate<'_>>) {
    println!("{what}");
    let calls = (20_000_000 / bytes / ROUNDS).max(3);
    let mut best = vec![f64::MAX; candidates.len()];
    let mut errors = vec![0; candidates.len()];
    for _ in 0..ROUNDS {
        for (index, (_, run)) in candidates.iter_mut().enumerate() {
            let start = ThreadTime::now();
            for _ in 0..calls {
                errors[index] = black_box(run());
            }
            best[index] = best[index].min(start.elapsed().as_secs_f64() * 1e6 / calls as f64);
        }
    }
    for (index, (name, _)) in candidates.iter().enumerate() {
        println!("  {name:32} {:12.1} {:8} {:6.2}×", best[index], errors[index], best[0] / best[index]);
    }
}
