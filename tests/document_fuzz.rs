//! Reading a mutated document ends soon and without a panic; valid mutants can be published and generated from.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a failure ends the run")]

mod common;
#[path = "document_fuzz/invariants.rs"]
mod invariants;
#[path = "document_fuzz/mutation.rs"]
mod mutation;

use std::fs;
use std::time::{Duration, Instant};

use apigen_model::Imports;
use common::{corpus, put, root, scratch};
use invariants::{Verdict, judge};
use mutation::{Random, mutate};
use serde_json::Value;

/// Longer documents would make the run longer, but not better.
const LONGEST: usize = 150_000;

/// Returns our own specs, and those in the folder of documents if there is one.
fn documents() -> Vec<String> {
    let read = |path: &std::path::Path| fs::read_to_string(path).unwrap();
    let own = ["specs/location.json", "specs/common.json", "specs/order.json", "tests/shapes/spec.json"];
    let mut documents: Vec<String> = own.iter().map(|name| read(&root().join(name))).collect();
    let Some(corpus) = corpus() else { return documents };
    let mut paths: Vec<_> = fs::read_dir(corpus.join("specs")).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    documents.extend(paths.iter().filter(|path| path.extension().is_some_and(|end| end == "json")).map(|p| read(p)));
    for (file, key) in
        [("invalid-specs.json", "spec"), ("invalid-services.json", "service"), ("normalise-cases.json", "api_json")]
    {
        let cases: Vec<Value> = serde_json::from_str(&read(&corpus.join("invalid").join(file))).unwrap();
        documents.extend(cases.iter().filter(|case| case[key].is_object()).map(|case| format!("{:#}", case[key])));
    }
    documents.retain(|text| text.len() <= LONGEST);
    documents
}

/// Creates and judges mutants; returns the numbers of refused and valid ones, and prints the longest time.
fn run(count: usize, generate_every: usize) -> (usize, usize) {
    let documents = documents();
    let imports =
        corpus().map_or_else(Imports::default, |corpus| Imports::new(vec![corpus.join("specs/imports.json")]));
    let mut random = Random::new(7);
    let (mut refused, mut clean, mut slowest) = (0, 0, Duration::ZERO);
    std::panic::set_hook(Box::new(|_| {}));
    for round in 0..count {
        let text = mutate(&documents[round % documents.len()], &mut random);
        let start = Instant::now();
        let generate = round % generate_every == 0;
        match judge(&text, &imports, generate) {
            Ok(Verdict::Refused) => refused += 1,
            Ok(Verdict::Accepted) => clean += 1,
            Err(words) => {
                let path = scratch("mutants").join(format!("{round}.json"));
                put(&path, &text);
                let _ = std::panic::take_hook();
                panic!("mutant {round}, kept as {}: {words}", path.display());
            }
        }
        if !generate {
            slowest = slowest.max(start.elapsed());
        }
    }
    let _ = std::panic::take_hook();
    eprintln!(
        "{count} mutants of {} documents: {refused} refused, {clean} clean, slowest {slowest:?}",
        documents.len()
    );
    (refused, clean)
}

#[test]
fn two_thousand_mutants() {
    let (refused, clean) = run(2_000, 40);
    assert!(refused > 200 && clean > 50, "{refused} refused, {clean} clean");
}

/// `cargo test --release --test document_fuzz -- --ignored`: takes some minutes.
#[test]
#[ignore = "takes minutes"]
fn a_hundred_thousand_mutants() {
    let (refused, clean) = run(100_000, 200);
    assert!(refused > 10_000 && clean > 2_500, "{refused} refused, {clean} clean");
    if let Ok(status) = fs::read_to_string("/proc/self/status") {
        let peak = status.lines().find(|line| line.starts_with("VmHWM")).unwrap_or_default().to_owned();
        let kilobytes: u64 = peak.split_whitespace().nth(1).and_then(|n| n.parse().ok()).unwrap_or(0);
        eprintln!("peak memory {} MB", kilobytes / 1024);
        assert!(kilobytes < 1_000_000, "{peak}");
    }
}
