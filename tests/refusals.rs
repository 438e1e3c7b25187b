//! Documents that must be refused, each for the intended reason.

use std::fs;
use std::path::PathBuf;

use apigen_model::{Imports, Inputs, Report, Source, load};
use serde_json::Value;

use crate::common::{put, scratch};
use crate::documents::{folder, our_cases};

/// Loads one document of a case, with its imports as files.
fn run(case: &Value, text: String, folder: &str) -> Result<Report, Report> {
    let folder = scratch(folder);
    let mut map = serde_json::Map::new();
    for (index, (uri, service)) in case["imports"].as_object().into_iter().flatten().enumerate() {
        let file = format!("{}-{index}.json", case["id"].as_str().unwrap());
        put(&folder.join(&file), &service.to_string());
        map.insert(uri.clone(), file.into());
    }
    let map_file: PathBuf = folder.join(format!("{}-map.json", case["id"].as_str().unwrap()));
    put(&map_file, &Value::Object(map).to_string());
    let source = Source { name: "case.json".to_owned(), text, path: None };
    let inputs = Inputs {
        specs: vec![source],
        imports: Imports::new(vec![map_file]),
        organization: Some("acme".to_owned()),
        namespace: Some("io.acme".to_owned()),
        version: Some("0.1.0".to_owned()),
        ..Inputs::default()
    };
    load(inputs).map(|loaded| loaded.report)
}

/// Returns the words of `expect` that no message has.
fn missing_words(case: &Value, report: &Report) -> Vec<String> {
    let messages: Vec<String> =
        report.diagnostics().iter().map(|d| format!("{} {}", d.message, d.help.as_deref().unwrap_or(""))).collect();
    let text = messages.join("\n").to_lowercase();
    let words = case["expect"].as_array().unwrap().iter().map(|word| word.as_str().unwrap().to_owned());
    words.filter(|word| !text.contains(&word.to_lowercase())).collect()
}

/// More messages for one broken rule are noise.
const MAX: usize = 4;

/// Checks that every case of a file is refused with every expected word.
fn refuse(text: &str, key: &str) {
    let cases: Vec<Value> = serde_json::from_str(text).unwrap();
    let (mut good, mut accepted, mut piles) = (0, 0, 0);
    for case in &cases {
        let text = case["raw"].as_str().map_or_else(|| case[key].to_string(), str::to_owned);
        match run(case, text, "refusals") {
            Ok(_) if case["lenient_ok"] == true => good += 1,
            Ok(_) => {
                accepted += 1;
                eprintln!("{}: accepted", case["id"]);
            }
            Err(report) => match missing_words(case, &report) {
                missing if missing.is_empty() => {
                    good += 1;
                    if case["rule"] != "MULTIPLE" && report.diagnostics().len() > MAX {
                        eprintln!("{}: a pile of messages\n{report}", case["id"]);
                        piles += 1;
                    }
                }
                missing => eprintln!("{}: lacks {missing:?}\n{report}", case["id"]),
            },
        }
    }
    eprintln!("{key}: {good} of {} as expected, {accepted} accepted", cases.len());
    assert_eq!(piles, 0, "documents that break one rule give more than {MAX} messages");
    assert_eq!((good, accepted), (cases.len(), 0));
}

#[test]
fn our_invalid_specs() {
    refuse(&our_cases("invalid-specs.json"), "spec");
    refuse(&our_cases("invalid-services.json"), "service");
}

#[test]
#[cfg_attr(not(corpus), ignore = "APIGEN_CORPUS names no folder of API Builder documents")]
fn invalid_specs() {
    refuse(&fs::read_to_string(folder().join("invalid/invalid-specs.json")).unwrap(), "spec");
}

#[test]
#[cfg_attr(not(corpus), ignore = "APIGEN_CORPUS names no folder of API Builder documents")]
fn invalid_services() {
    refuse(&fs::read_to_string(folder().join("invalid/invalid-services.json")).unwrap(), "service");
}
