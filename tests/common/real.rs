//! The real documents of the folder that `APIGEN_CORPUS` names.

use std::fs;
use std::path::{Path, PathBuf};

use apigen_build::Config;
use serde_json::Value;

/// The documents whose row in the index says that they are accepted, and all that are published: what today's rules refuse in
/// those is a warning.
pub fn documents(corpus: &Path) -> Vec<PathBuf> {
    let folder = corpus.join("specs");
    let index = fs::read_to_string(folder.join("INDEX.md")).unwrap();
    let rows = index.lines().filter(|line| line.starts_with("| ") && line.contains(".json |"));
    let accepted = rows.filter_map(|row| {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        let (name, accepted) = (*cells.get(1)?, *cells.get(12)?);
        (accepted == "yes" || name.ends_with(".service.json")).then(|| folder.join(name))
    });
    let documents: Vec<PathBuf> = accepted.collect();
    assert!(documents.len() > 70, "the index was not understood: {} documents", documents.len());
    documents
}

/// The name of a document's module or crate.
pub fn module_name(document: &Path) -> String {
    let name = document.file_name().unwrap().to_string_lossy().replace(".json", "");
    name.replace(|c: char| !c.is_ascii_alphanumeric(), "_")
}

/// Generates a document; what an `api.json` does not say of itself is made up.
pub fn config(corpus: &Path, document: &Path) -> Config {
    Config::new()
        .spec(document)
        .import_path(corpus.join("specs/imports.json"))
        .organization("acme")
        .namespace("io.acme")
        .version("1.0.0")
        .types_only(!has_operations(document))
}

fn has_operations(document: &Path) -> bool {
    let document: Value = serde_json::from_str(&fs::read_to_string(document).unwrap()).unwrap();
    match &document["resources"] {
        Value::Array(resources) => !resources.is_empty(),
        Value::Object(resources) => !resources.is_empty(),
        _ => false,
    }
}
