//! Rendered reports: each `tests/diagnostics/<name>.json` is read, and its report is compared with `<name>.txt`.
//! `APIGEN_BLESS=1` writes the reports again; review the changes before you commit them.

use std::fs;
use std::path::PathBuf;

use apigen_model::{Inputs, Report, Source, load};

use crate::common;

/// Returns the documents, sorted by name.
fn documents() -> Vec<PathBuf> {
    let folder = common::root().join("tests/diagnostics");
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> = files.filter(|path| path.extension().is_some_and(|end| end == "json")).collect();
    files.sort();
    files
}

fn report(path: &PathBuf) -> Report {
    let name = path.file_name().unwrap().to_str().unwrap().to_owned();
    let spec = Source { name, text: fs::read_to_string(path).unwrap(), path: None };
    match load(Inputs { specs: vec![spec], ..Inputs::default() }) {
        Ok(loaded) => loaded.report,
        Err(report) => report,
    }
}

#[test]
fn reports_read_as_they_did() {
    let bless = std::env::var_os("APIGEN_BLESS").is_some_and(|value| value == "1");
    let documents = documents();
    assert!(documents.len() >= 45, "{} documents", documents.len());
    let mut changed = Vec::new();
    for path in &documents {
        let shown = report(path).render(false);
        assert!(!shown.is_empty(), "{} has no problem", path.display());
        // Git may convert line endings of the reports to those of the platform.
        let shown = format!("{}\n", shown.trim_end());
        let golden = path.with_extension("txt");
        if bless {
            common::put(&golden, &shown);
        }
        let expected = fs::read_to_string(&golden).unwrap_or_default().replace("\r\n", "\n");
        if expected != shown {
            changed.push(format!("{}: expected\n{expected}\nbut it is\n{shown}", golden.display()));
        }
    }
    assert!(changed.is_empty(), "{}\nAPIGEN_BLESS=1 accepts this.", changed.join("\n"));
}

#[test]
fn every_place_is_one_token_on_one_line() {
    for path in documents() {
        let text = fs::read_to_string(&path).unwrap();
        for diagnostic in report(&path).diagnostics() {
            let span = diagnostic.span;
            let Some(part) = text.get(span.start..span.end) else { panic!("{}: {diagnostic:?}", path.display()) };
            assert!(!part.contains('\n'), "{}: {diagnostic:?}", path.display());
            assert!(
                diagnostic.message.len() > 12
                    && !diagnostic.message.contains(" :")
                    && !diagnostic.message.contains("  "),
                "{}",
                diagnostic.message
            );
        }
    }
}
