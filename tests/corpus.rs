//! Every real document that the rules of the format accept becomes code that compiles without a warning, passes clippy
//! and documents itself: as `pub mod`, as a private `mod` of a binary, and as a crate.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a failure ends the run")]

mod common;

use std::fs;
use std::path::{Path, PathBuf};

use apigen::Config;
use common::{cargo, corpus, manifest, put, root, scratch};

/// Documents that today's rules refuse for an enum value with a blank in its name, which older files contain.
const LENIENT: [&str; 5] = [
    "flow-api-0.0.25.service.json",
    "flow-api-0.7.78.service.json",
    "flow-common-0.0.12.service.json",
    "flow-common-0.0.19.service.json",
    "flow-common-0.0.25.service.json",
];

/// The documents whose row in the index says that they are accepted, and the lenient ones.
fn documents(corpus: &Path) -> Vec<PathBuf> {
    let folder = corpus.join("specs");
    let index = fs::read_to_string(folder.join("INDEX.md")).unwrap();
    let rows = index.lines().filter(|line| line.starts_with("| ") && line.contains(".json |"));
    let accepted = rows.filter_map(|row| {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        let (name, accepted) = (*cells.get(1)?, *cells.get(12)?);
        (accepted == "yes" || LENIENT.contains(&name)).then(|| folder.join(name))
    });
    let documents: Vec<PathBuf> = accepted.collect();
    assert!(documents.len() > 70, "the index was not understood: {} documents", documents.len());
    documents
}

fn module_name(document: &Path) -> String {
    let name = document.file_name().unwrap().to_string_lossy().replace(".json", "");
    name.replace(|c: char| !c.is_ascii_alphanumeric(), "_")
}

fn config(corpus: &Path, document: &Path) -> Config {
    Config::new()
        .spec(document)
        .imports(corpus.join("specs/imports.json"))
        .organization("acme")
        .namespace("io.acme")
        .version("1.0.0")
}

/// A library with every document as `pub mod`, a binary with every document as private `mod`.
#[test]
fn as_modules() {
    let Some(corpus) = corpus() else { return };
    let folder = scratch("corpus-modules");
    let (mut public, mut private) = (String::new(), String::new());
    let documents = documents(&corpus);
    for document in &documents {
        let name = module_name(document);
        for kind in ["public", "private"] {
            let out = folder.join(kind).join("src").join(&name);
            config(&corpus, document).name(&name).out(out).write().unwrap();
        }
        public.push_str(&format!("pub mod {name};\n"));
        private.push_str(&format!("mod {name};\n"));
    }
    put(&folder.join("public/src/lib.rs"), &format!("//! Every document.\n{public}"));
    put(&folder.join("public/Cargo.toml"), &manifest("corpus-public", ""));
    put(&folder.join("private/src/main.rs"), &format!("//! Every document.\n{private}\nfn main() {{}}\n"));
    put(&folder.join("private/Cargo.toml"), &manifest("corpus-private", ""));
    put(&folder.join("Cargo.toml"), "[workspace]\nresolver = \"3\"\nmembers = [\"public\", \"private\"]\n");
    cargo(&folder, &["clippy", "--workspace", "--", "-D", "warnings"]);
    cargo(&folder, &["doc", "--workspace", "--no-deps"]);
    eprintln!("{} documents as modules", documents.len());
}

/// Every document as a crate of its own, with and without mocks.
#[test]
fn as_crates() {
    let Some(corpus) = corpus() else { return };
    let folder = scratch("corpus-crates");
    let mut members = Vec::new();
    for document in documents(&corpus) {
        let name = module_name(&document);
        let out = folder.join(&name);
        config(&corpus, &document).crate_name(&name).runtime_path(root().join("runtime")).out(&out).write().unwrap();
        members.push(format!("{name:?}"));
    }
    put(&folder.join("Cargo.toml"), &format!("[workspace]\nresolver = \"3\"\nmembers = [{}]\n", members.join(", ")));
    cargo(&folder, &["clippy", "--workspace", "--", "-D", "warnings"]);
    cargo(&folder, &["clippy", "--workspace", "--all-features", "--", "-D", "warnings"]);
    cargo(&folder, &["doc", "--workspace", "--no-deps", "--all-features"]);
    eprintln!("{} documents as crates", members.len());
}
