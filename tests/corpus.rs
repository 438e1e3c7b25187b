//! Every real document that the rules of the format accept becomes code that compiles without a warning, passes clippy
//! and, where others see it, documents itself: as `pub mod`, as a private `mod` of a binary, and as a crate.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a failure ends the run")]

mod common;
#[path = "common/real.rs"]
mod real;

use common::{cargo, corpus, manifest, put, root, scratch};
use real::{config, documents, module_name};

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
    // Nobody reads what is documented of a private module.
    cargo(&folder, &["doc", "-p", "corpus-public", "--no-deps"]);
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
