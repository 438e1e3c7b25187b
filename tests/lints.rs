//! Each lint finds what its documentation shows, and nothing in the corrected document; levels and attributes apply.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use apigen_model::lint::{Level, RULES, Rule, Settings};
use apigen_model::{Imports, Inputs, Report, Severity, Source, load};

use crate::common::{put, root, scratch};
use crate::documents::{Documents, all_real, ours};

fn run(text: &str, settings: Settings, imports: &Path) -> Report {
    let spec = Source { name: "case.json".to_owned(), text: text.to_owned(), path: None };
    let imports = Imports::new(vec![imports.to_owned()]);
    let inputs = Inputs { specs: vec![spec], imports, lints: Some(settings), ..Inputs::default() };
    load(inputs).map_or_else(|report| report, |loaded| loaded.report)
}

fn everything() -> Settings {
    let mut settings = Settings::default();
    settings.set(Level::Warn, "all").unwrap();
    settings
}

/// Returns a folder with the service that the documented examples import.
fn library() -> PathBuf {
    let folder = scratch("lints").join("imports");
    let text = r#"{
      "name": "common", "organization": { "key": "acme" }, "application": { "key": "common" },
      "namespace": "io.acme.common.v0", "version": "1.0.0",
      "imports": [], "headers": [], "resources": [], "attributes": [], "unions": [], "annotations": [],
      "enums": [{ "name": "language", "plural": "languages", "values": [{ "name": "en" }, { "name": "fr" }] }],
      "models": [{ "name": "person", "plural": "people", "fields": [{ "name": "name", "type": "string", "required": true }] }],
      "interfaces": [{ "name": "named", "plural": "nameds", "fields": [{ "name": "name", "type": "string", "required": true }] }]
    }"#;
    put(&folder.join("acme/common/1.0.0/service.json"), text);
    folder
}

/// Counts findings by code.
fn counts(report: &Report) -> BTreeMap<&'static str, usize> {
    let mut counts = BTreeMap::new();
    let found = report.diagnostics().into_iter().filter(|d| d.code.starts_with('L'));
    found.for_each(|d| *counts.entry(d.code).or_default() += 1);
    counts
}

#[test]
fn our_documents_are_looked_at() {
    look_at(&ours());
}

#[test]
#[cfg_attr(not(corpus), ignore = "APIGEN_CORPUS names no folder of API Builder documents")]
fn real_documents_are_looked_at() {
    look_at(&all_real());
}

/// Prints how often each lint finds something.
fn look_at(documents: &Documents) {
    let mut total: BTreeMap<&'static str, (usize, usize)> = BTreeMap::new();
    for document in &documents.paths {
        let text = fs::read_to_string(document).unwrap();
        let report = run(&text, everything(), &documents.imports);
        if std::env::var_os("APIGEN_LINTS_SHOWN").is_some() {
            let found = report.diagnostics();
            let found = found.iter().filter(|d| d.code.starts_with('L') && d.code != "L025");
            found.for_each(|d| eprintln!("{} {}: {}", d.code, document.file_name().unwrap().display(), d.message));
        }
        for (code, count) in counts(&report) {
            let (findings, files) = total.entry(code).or_default();
            *findings += count;
            *files += 1;
        }
    }
    assert!(!total.is_empty());
    for rule in RULES {
        let (findings, files) = total.get(rule.code).copied().unwrap_or_default();
        eprintln!("{} {:24} {findings:6} in {files:3} of {} documents", rule.code, rule.name, documents.paths.len());
    }
}

/// Returns the documents under a heading of a rule's documentation.
fn blocks<'a>(doc: &'a str, heading: &str) -> Vec<&'a str> {
    let section = doc.split("\n## ").find(|section| section.starts_with(heading)).unwrap();
    section.split("```json\n").skip(1).map(|rest| rest.split("```").next().unwrap()).collect()
}

/// Returns the rules with findings in an otherwise valid document, and the report.
fn found(rule: &Rule, text: &str) -> (Vec<&'static str>, Report) {
    let mut settings = everything();
    if rule.name != "missing-description" {
        settings.set(Level::Allow, "missing-description").unwrap();
    }
    let report = run(text, settings, &library());
    assert!(!report.has_errors(), "{}: {report}", rule.code);
    (counts(&report).into_keys().collect(), report)
}

#[test]
fn rules_do_what_their_documentation_shows() {
    for (index, rule) in RULES.iter().enumerate() {
        assert_eq!(rule.code, format!("L{:03}", index + 1));
        let title = format!("# {} {}: {}\n", rule.code, rule.name, rule.summary);
        assert!(rule.doc.starts_with(&title), "{} has another title", rule.code);
        let (wrong, right) = (blocks(rule.doc, "Wrong"), blocks(rule.doc, "Right"));
        assert!(!wrong.is_empty() && !right.is_empty(), "{}", rule.code);
        for text in wrong {
            let (codes, report) = found(rule, text);
            assert_eq!(codes, [rule.code], "{text}\n{report}");
            let own = report.diagnostics().into_iter().filter(|d| d.code == rule.code);
            for finding in own.clone() {
                assert!(finding.span.start < finding.span.end, "{}: no place\n{report}", rule.code);
                assert!(finding.help.as_ref().is_some_and(|help| help.contains(rule.name)), "{report}");
            }
            assert!(own.count() > 0);
        }
        for text in right {
            let (codes, report) = found(rule, text);
            assert!(codes.is_empty(), "{}: {text}\n{report}", rule.code);
        }
    }
}

const ARGUABLE: &str = r#"{
  "name": "library",
  "attributes": [{ "name": "linter", "value": { "ignore": [SERVICE] } }],
  "models": { "user": {
    "attributes": [{ "name": "linter", "value": { "ignore": [MODEL] } }],
    "fields": [{ "name": "password", "type": "string", "attributes": [{ "name": "linter", "value": { "ignore": [FIELD] } }] }]
  } }
}"#;

#[test]
fn attributes_allow_a_rule_where_they_stand_and_below() {
    let check = |service: &str, model: &str, field: &str| {
        let text = ARGUABLE.replace("SERVICE", service).replace("MODEL", model).replace("FIELD", field);
        counts(&run(&text, Settings::default(), &library())).get("L024").copied().unwrap_or_default()
    };
    assert_eq!(check("", "", ""), 1);
    assert_eq!(check("", "", r#""others_rule", "unused-type""#), 1);
    assert_eq!(check("", "", r#""others_rule", "sensitive-field""#), 0);
    assert_eq!(check("", r#""sensitive_field""#, ""), 0);
    assert_eq!(check(r#""L024""#, "", ""), 0);
}

#[test]
fn levels_decide_what_a_finding_is() {
    let text = ARGUABLE.replace("SERVICE", "").replace("MODEL", "").replace("FIELD", "");
    let mut settings = Settings::default();
    settings.set(Level::Deny, "sensitive-field").unwrap();
    let report = run(&text, settings.clone(), &library());
    assert!(report.has_errors() && report.diagnostics()[0].severity == Severity::Error, "{report}");
    assert!(report.to_string().contains("error[L024]: field `password` of model `user`"), "{report}");
    settings.set(Level::Allow, "L024").unwrap();
    assert!(run(&text, settings, &library()).diagnostics().is_empty());
}

#[test]
fn only_requested_services_are_looked_at() {
    let folder = scratch("lints-imported");
    let text = fs::read_to_string(library().join("acme/common/1.0.0/service.json")).unwrap();
    let text = text.replace(r#""name": "name""#, r#""name": "password""#);
    put(&folder.join("acme/common/1.0.0/service.json"), &text);
    let importer = r#"{ "name": "library", "imports": [{ "uri": "https://example.com/acme/common/1.0.0/service.json" }],
        "models": { "book": { "fields": [{ "name": "author", "type": "io.acme.common.v0.models.person" }] } } }"#;
    assert!(run(importer, Settings::default(), &folder).diagnostics().is_empty());
    assert_eq!(counts(&run(&text, Settings::default(), &folder)).get("L024"), Some(&2));
}

#[test]
fn large_services_are_looked_at() {
    let models = (0..5_000).map(|i| {
        let next = (i + 1) % 5_000;
        format!(r#""m{i}": {{ "fields": [{{ "name": "next", "type": "m{next}" }}, {{ "name": "a-b", "type": "long" }}, {{ "name": "a_b", "type": "long" }}] }}"#)
    });
    let operations = (0..5_000).map(|i| format!(r#"{{ "method": "GET", "path": "/:a{i}/x{}/:b" }}"#, i % 2_500));
    let text = format!(
        r#"{{ "name": "library", "models": {{ {} }}, "resources": {{ "m1": {{ "operations": [{}] }} }} }}"#,
        models.collect::<Vec<_>>().join(","),
        operations.collect::<Vec<_>>().join(",")
    );
    let report = run(&text, Settings::default(), &library());
    let counts = counts(&report);
    assert_eq!((counts.get("L005"), counts.get("L009"), counts.get("L016")), (Some(&5_000), Some(&2_500), Some(&1)));
}

#[test]
fn the_guide_lists_every_rule() {
    let guide = fs::read_to_string(root().join("docs/lints.md")).unwrap();
    let rows: Vec<&str> = guide.lines().filter(|line| line.starts_with("| `L")).collect();
    let expected: Vec<String> = RULES
        .iter()
        .map(|rule| {
            let off = if rule.default_on { "" } else { " (off by default)" };
            format!("| `{}` | `{}` | {}{off} |", rule.code, rule.name, rule.summary)
        })
        .collect();
    assert_eq!(rows, expected);
}

/// Linting any document ends without a panic: values are swapped for others of the same key.
#[test]
fn mutants_are_looked_at() {
    let spec = fs::read_to_string(root().join("specs/location.json")).unwrap();
    let mut seed = 7_u64;
    let mut random = |below: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) as usize % below
    };
    let mut found: BTreeMap<&str, usize> = BTreeMap::new();
    for round in 0..1_000 {
        let mut text = spec.clone();
        for _ in 0..=random(2) {
            let key = ["\"type\": \"", "\"path\": \"", "\"method\": \"", "\"name\": \""][round % 4];
            let starts: Vec<usize> = text.match_indices(key).map(|(at, _)| at + key.len()).collect();
            let value = |at: usize| at..at + text[at..].find('"').unwrap();
            let (from, to) = (value(starts[random(starts.len())]), value(starts[random(starts.len())]));
            let new = text[from].to_owned();
            text.replace_range(to, &new);
        }
        let report = run(&text, everything(), &root().join("specs"));
        counts(&report).into_iter().for_each(|(code, count)| *found.entry(code).or_default() += count);
    }
    assert!(found.len() > 6, "{found:?}");
}
