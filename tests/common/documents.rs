//! Documents that tests read: our own, and those in the folder named by `APIGEN_CORPUS`. The same tests read both.

use std::fs;
use std::path::{Path, PathBuf};

use apigen_build::Config;
use serde_json::Value;

use crate::common::{corpus, root};

/// Documents that the rules of the format accept, with their imports.
pub struct Documents {
    pub paths: Vec<PathBuf>,
    pub imports: PathBuf,
}

/// Returns our own documents, which have every construct of the format: those in `specs`, of single tests, and in `tests/documents`.
pub fn ours() -> Documents {
    let tests = root().join("tests");
    let folders = json_files(&tests, true).into_iter().filter(|path| path.ends_with("spec.json"));
    let documents = json_files(&tests.join("documents"), false);
    let documents = documents.into_iter().filter(|path| module_name(path).ends_with("_api") || is_published(path));
    let mut paths: Vec<PathBuf> =
        json_files(&root().join("specs"), false).into_iter().chain(folders).chain(documents).collect();
    paths.sort();
    assert!(paths.len() > 12, "{paths:?}");
    Documents { paths, imports: tests.join("documents/imports.json") }
}

/// Returns the folder's documents that are accepted according to its index, and all published ones: in those,
/// violations of today's rules are warnings.
pub fn real() -> Documents {
    let folder = folder().join("specs");
    let index = fs::read_to_string(folder.join("INDEX.md")).unwrap();
    let rows = index.lines().filter(|line| line.starts_with("| ") && line.contains(".json |"));
    let accepted = rows.filter_map(|row| {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        let (name, accepted) = (*cells.get(1)?, *cells.get(12)?);
        (accepted == "yes" || name.ends_with(".service.json")).then(|| folder.join(name))
    });
    let paths: Vec<PathBuf> = accepted.collect();
    assert!(paths.len() > 70, "the index was not understood: {} documents", paths.len());
    Documents { paths, imports: folder.join("imports.json") }
}

/// Returns all documents of the folder, including refused ones.
pub fn all_real() -> Documents {
    let folder = folder().join("specs");
    let mut paths = json_files(&folder, false);
    paths.retain(|path| !path.ends_with("imports.json") && !path.ends_with("contexts.json"));
    assert!(paths.len() > 70, "the folder is incomplete: {} documents", paths.len());
    Documents { paths, imports: folder.join("imports.json") }
}

/// Returns the folder named by `APIGEN_CORPUS`. Tests that need it are ignored without it.
pub fn folder() -> PathBuf {
    corpus().expect("APIGEN_CORPUS names a folder of API Builder documents")
}

/// Returns the cases in a file of `tests/documents`.
pub fn our_cases(file: &str) -> String {
    fs::read_to_string(root().join("tests/documents").join(file)).unwrap()
}

impl Documents {
    /// Returns the configuration for a document; what an `api.json` does not contain gets test values.
    pub fn config(&self, document: &Path) -> Config {
        Config::new()
            .spec(document)
            .import_path(&self.imports)
            .organization("acme")
            .namespace("io.acme")
            .version("1.0.0")
            .types_only(!has_operations(document))
    }
}

/// Returns the name of a document's module or crate: that of the folder for `spec.json`.
pub fn module_name(document: &Path) -> String {
    let named = if document.ends_with("spec.json") { document.parent().unwrap() } else { document };
    let name = named.file_name().unwrap().to_string_lossy().replace(".json", "");
    name.replace(|c: char| !c.is_ascii_alphanumeric(), "_")
}

fn is_published(document: &Path) -> bool {
    document.to_string_lossy().ends_with(".service.json")
}

/// Returns the JSON files of a folder, or of the folders in it.
fn json_files(folder: &Path, nested: bool) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> = match nested {
        true => entries.filter(|path| path.is_dir()).flat_map(|path| json_files(&path, false)).collect(),
        false => entries.filter(|path| path.extension().is_some_and(|end| end == "json")).collect(),
    };
    files.sort();
    files
}

fn has_operations(document: &Path) -> bool {
    let document: Value = serde_json::from_str(&fs::read_to_string(document).unwrap()).unwrap();
    match &document["resources"] {
        Value::Array(resources) => !resources.is_empty(),
        Value::Object(resources) => !resources.is_empty(),
        _ => false,
    }
}
