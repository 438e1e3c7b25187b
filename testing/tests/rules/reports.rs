//! Rendered reports: each file of `documents` is read, and its report is compared with the text beside it.
//! `APIGEN_BLESS=1` writes the reports again; review the changes before you commit them.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::support::read;

fn documents() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rules/documents");
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> = files.filter(|path| path.extension().is_some_and(|end| end != "txt")).collect();
    files.sort();
    files
}

fn name(path: &Path) -> &str {
    path.file_name().unwrap().to_str().unwrap()
}

#[test]
fn reports_read_as_they_did() {
    let bless = std::env::var_os("APIGEN_BLESS").is_some_and(|value| value == "1");
    let mut changed = Vec::new();
    for path in documents() {
        let report = read(name(&path), &fs::read(&path).unwrap()).unwrap_err();
        let shown = format!("{}\n", report.render(false).trim_end());
        let golden = PathBuf::from(format!("{}.txt", path.display()));
        if bless {
            fs::write(&golden, &shown).unwrap();
        }
        // Git may convert line endings of the reports to those of the platform.
        let expected = fs::read_to_string(&golden).unwrap_or_default().replace("\r\n", "\n");
        if expected != shown {
            changed.push(format!("{}: expected\n{expected}\nbut it is\n{shown}", golden.display()));
        }
    }
    assert!(changed.is_empty(), "{}\nAPIGEN_BLESS=1 accepts this.", changed.join("\n"));
}

#[test]
fn every_problem_has_a_place_on_one_line() {
    let mut codes = BTreeSet::new();
    for path in documents() {
        let text = fs::read_to_string(&path).unwrap();
        for diagnostic in read(name(&path), text.as_bytes()).unwrap_err().diagnostics() {
            let span = diagnostic.span;
            let Some(part) = text.get(span.start..span.end) else { panic!("{}: {diagnostic:?}", path.display()) };
            assert!(!part.contains('\n'), "{}: {diagnostic:?}", path.display());
            codes.insert(diagnostic.code);
        }
    }
    assert_eq!(codes.into_iter().collect::<Vec<_>>(), ["E070", "E071", "E072", "E073", "E074"]);
}
