//! Every code of a diagnostic is explained, and the examples in the explanations are correct.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use apigen_model::diagnostic::codes::{ALL, Code, GROUPS, explain};
use apigen_model::lint::RULES;
use apigen_model::{Inputs, Loaded, Report, Source, load};
use apigen_testing::finding::Code as FindingCode;

use crate::common;

/// Collects the codes that are quoted in the generator's sources.
fn used(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            used(&path, found);
        } else if path.extension().is_some_and(|end| end == "rs") && !path.ends_with("diagnostic/codes.rs") {
            let text = fs::read_to_string(&path).unwrap();
            found.extend(text.split('"').filter(|part| is_code(part)).map(str::to_owned));
        }
    }
}

fn is_code(text: &str) -> bool {
    text.len() == 4 && text.starts_with(['E', 'W']) && text[1..].bytes().all(|b| b.is_ascii_digit())
}

/// Returns the JSON blocks below a heading.
fn blocks(code: &Code, heading: &str) -> Vec<String> {
    let Some((_, rest)) = code.text.split_once(&format!("\n## {heading}\n")) else { return Vec::new() };
    let section = rest.split("\n## ").next().unwrap();
    let blocks = section.split("```json\n").skip(1);
    blocks.map(|block| block.split("```").next().unwrap().to_owned()).collect()
}

fn run(text: &str) -> Result<Loaded, Report> {
    let spec = Source { name: "example.json".to_owned(), text: text.to_owned(), path: None };
    load(Inputs { specs: vec![spec], ..Inputs::default() })
}

/// Returns the codes that a document yields, and the whole output as text.
fn codes_of(text: &str) -> (bool, Vec<&'static str>, String) {
    let (loaded, report) = match run(text) {
        Ok(loaded) => (true, loaded.report),
        Err(report) => (false, report),
    };
    (loaded, report.diagnostics().iter().map(|d| d.code).collect(), report.to_string())
}

#[test]
fn every_code_is_explained_and_every_explained_code_is_used() {
    let mut found = BTreeSet::new();
    ["cli", "generator/src", "model/src", "testing/src"]
        .iter()
        .for_each(|folder| used(&common::root().join(folder), &mut found));
    let explained: BTreeSet<String> = ALL.iter().map(|code| code.code.to_owned()).collect();
    assert_eq!(found, explained);
    assert!(ALL.is_sorted_by_key(|code| code.code));
    let files = fs::read_dir(common::root().join("model/src/diagnostic/codes")).unwrap().count();
    assert_eq!(files, ALL.len(), "a file of `codes` is not in the table");
}

/// Returns the codes of violations, from the runtime's source.
fn violations() -> Vec<String> {
    let source = fs::read_to_string(common::root().join("runtime/src/json/violation.rs")).unwrap();
    let rows = source.lines().filter_map(|line| line.trim().strip_prefix("Code::")?.split_once(" => \""));
    rows.filter_map(|(_, text)| text.strip_suffix("\",")).map(str::to_owned).collect()
}

/// Returns the registries with their codes, which share one namespace.
fn registries() -> Vec<(&'static str, Vec<String>)> {
    let owned = |codes: &mut dyn Iterator<Item = &str>| codes.map(str::to_owned).collect();
    vec![
        ("diagnostics", owned(&mut ALL.iter().map(|code| code.code))),
        ("findings", owned(&mut FindingCode::ALL.iter().map(|code| code.as_str()))),
        // A lint can be named by its code or its name.
        ("lints", owned(&mut RULES.iter().flat_map(|rule| [rule.code, rule.name]))),
        ("violations", violations()),
    ]
}

/// Returns the codes with several meanings, each with its registries.
fn ambiguous(registries: &[(&str, Vec<String>)]) -> Vec<String> {
    let mut meanings: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for (registry, codes) in registries {
        codes.iter().for_each(|code| meanings.entry(code.to_lowercase()).or_default().push(registry));
    }
    let several = meanings.into_iter().filter(|(_, of)| of.len() > 1);
    several.map(|(code, of)| format!("{code}: {}", of.join(", "))).collect()
}

#[test]
fn no_code_has_two_meanings() {
    let registries = registries();
    let counts: Vec<usize> = registries.iter().map(|(_, codes)| codes.len()).collect();
    assert!(counts.iter().all(|count| *count >= 16), "{counts:?}");
    assert_eq!(ambiguous(&registries), [] as [&str; 0]);
    assert!(RULES.iter().all(|rule| rule.code.starts_with('L')), "lints have codes of their own");
}

/// The search finds such codes within a registry and across all of them, whatever their case.
#[test]
fn planted_codes_with_two_meanings_are_found() {
    for (registry, code) in [("diagnostics", ALL[0].code), ("lints", RULES[0].name), ("violations", &violations()[0])] {
        for (index, planted) in registries().iter().enumerate() {
            let mut registries = registries();
            registries[index].1.push(code.to_uppercase());
            let mut of = [registry, planted.0];
            of.sort_unstable();
            assert_eq!(ambiguous(&registries), [format!("{}: {}", code.to_lowercase(), of.join(", "))]);
        }
        let finding = ("findings", vec![code.to_owned()]);
        let registries = registries().into_iter().chain([finding]).collect::<Vec<_>>();
        assert_eq!(ambiguous(&registries), [format!("{}: {registry}, findings", code.to_lowercase())]);
    }
}

#[test]
fn explanations_have_the_same_form() {
    for code in ALL {
        let title = code.title();
        assert!(code.text.starts_with(&format!("# {}: {title}\n\n", code.code)), "{}", code.code);
        assert!(!title.ends_with('.') && (8..=70).contains(&title.len()), "{title}");
        let about = code.text.split("\n## ").next().unwrap();
        assert!(about.len() > title.len() + 150, "{} says too little", code.code);
        assert!(code.text.ends_with('\n') && code.text.lines().all(|line| line.len() <= 120), "{}", code.code);
        assert_eq!(GROUPS.iter().filter(|(prefix, _)| code.code.starts_with(prefix)).count(), 1, "{}", code.code);
    }
}

#[test]
fn wrong_documents_give_their_code() {
    for code in ALL {
        for block in blocks(code, "Wrong") {
            let (_, found, shown) = codes_of(&block);
            assert!(found.contains(&code.code), "{}:\n{block}\n{shown}", code.code);
            let others = found.iter().filter(|other| **other != code.code).count();
            assert!(others <= 2, "{}:\n{block}\n{shown}", code.code);
        }
    }
}

#[test]
fn right_documents_are_accepted() {
    let mut count = 0;
    for code in ALL {
        for block in blocks(code, "Right") {
            let (accepted, found, shown) = codes_of(&block);
            assert!(accepted && !found.contains(&code.code), "{}:\n{block}\n{shown}", code.code);
            count += 1;
        }
    }
    assert!(count >= 40, "{count} corrected documents");
}

fn apigen(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_apigen")).arg("explain").args(arguments).output().unwrap()
}

#[test]
fn the_command_prints_explanations() {
    let one = apigen(&["e030"]);
    assert!(one.status.success() && one.stderr.is_empty());
    assert_eq!(String::from_utf8(one.stdout).unwrap(), explain("E030").unwrap());
    let two = String::from_utf8(apigen(&["E001", "w001"]).stdout).unwrap();
    assert!(two.contains("# E001: ") && two.contains("# W001: "), "{two}");
    let list = String::from_utf8(apigen(&[]).stdout).unwrap();
    assert!(ALL.iter().all(|code| list.contains(&format!("  {}  {}\n", code.code, code.title()))), "{list}");
    let finding = String::from_utf8(apigen(&["v806"]).stdout).unwrap();
    assert!(finding.starts_with("# V806: a required value is missing\n\n") && finding.ends_with(".\n"), "{finding}");
    assert!(FindingCode::ALL.iter().all(|code| list.contains(&format!("  {code}  {}\n", code.title()))), "{list}");
}

#[test]
fn unknown_codes_are_wrong_usage() {
    for (code, advice) in [
        ("30", "did you mean E030?"),
        ("E300", "apigen explain"),
        ("e1", "did you mean E001 or W001?"),
        ("E039", "E030 or "),
        ("V899", "did you mean V8"),
    ] {
        let output = apigen(&["E001", code]);
        let message = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{message}");
        assert!(output.stdout.is_empty() && message.contains(advice) && message.contains(code), "{message}");
    }
}
