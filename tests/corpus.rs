//! Every document of ours, and every real one that the format accepts, becomes code that compiles without warnings,
//! passes clippy and, if public, documents itself: as `pub mod`, as a private `mod` of a binary, and as a crate.

use crate::common::{cargo, manifest, put, root, scratch};
use crate::documents::{Documents, module_name, ours, real};

/// Forms that differ little from others are checked for every n-th document in ordinary runs.
const SAMPLE: usize = 4;

/// A library with every other document as `pub mod`, a binary with some documents as private `mod`.
#[test]
#[cfg_attr(not(corpus), ignore = "APIGEN_CORPUS names no folder of API Builder documents")]
fn as_modules() {
    modules("corpus", &real(), SAMPLE);
}

/// The others as crates with mocks, some without. `factories.rs` checks that all of them compile as modules.
#[test]
#[cfg_attr(not(corpus), ignore = "APIGEN_CORPUS names no folder of API Builder documents")]
fn as_crates() {
    crates("corpus", &real(), SAMPLE);
}

/// Our documents, divided in the same way.
#[test]
fn ours_as_modules() {
    modules("ours", &ours(), SAMPLE);
}

#[test]
fn ours_as_crates() {
    crates("ours", &ours(), SAMPLE);
}

/// `cargo test --test integration corpus:: -- --ignored`: every document in every form, with documentation for each
/// public one.
#[test]
#[ignore = "takes a quarter of an hour"]
fn every_document_in_every_form() {
    modules("corpus", &real(), 1);
    crates("corpus", &real(), 1);
}

/// Checks modules; each `sample`-th is private too.
fn modules(kind: &str, documents: &Documents, sample: usize) {
    let folder = scratch(&format!("{kind}-modules"));
    let (mut public, mut private) = (String::new(), String::new());
    let chosen: Vec<_> = documents.paths.iter().step_by(sample.min(2)).collect();
    for (number, document) in chosen.iter().enumerate() {
        let name = module_name(document);
        let write = |package: &str| {
            let out = folder.join(package).join("src").join(&name);
            documents.config(document).name(&name).out(out).generate_to_folder().unwrap();
        };
        write("public");
        public.push_str(&format!("pub mod {name};\n"));
        if number.is_multiple_of(sample) {
            write("private");
            private.push_str(&format!("mod {name};\n"));
        }
    }
    put(&folder.join("public/src/lib.rs"), &format!("//! Every document.\n{public}"));
    put(&folder.join("public/Cargo.toml"), &manifest(&format!("{kind}-public"), ""));
    put(&folder.join("private/src/main.rs"), &format!("//! Every document.\n{private}\nfn main() {{}}\n"));
    put(&folder.join("private/Cargo.toml"), &manifest(&format!("{kind}-private"), ""));
    put(&folder.join("Cargo.toml"), "[workspace]\nresolver = \"3\"\nmembers = [\"public\", \"private\"]\n");
    cargo(&folder, &["clippy", "--workspace", "--", "-D", "warnings"]);
    // Documentation of a private module is never read, and some crates are documented in any case.
    if sample == 1 {
        cargo(&folder, &["doc", "-p", &format!("{kind}-public"), "--no-deps"]);
    }
    eprintln!("{} documents as modules", chosen.len());
}

/// Checks crates with mocks, and each `sample`-th without.
fn crates(kind: &str, documents: &Documents, sample: usize) {
    let folder = scratch(&format!("{kind}-crates"));
    let (mut members, mut names) = (Vec::new(), Vec::new());
    for document in documents.paths.iter().skip(sample.min(2) - 1).step_by(sample.min(2)) {
        let name = module_name(document);
        let out = folder.join(&name);
        documents
            .config(document)
            .crate_files(apigen_cli::templates::crate_files)
            .crate_name(&name)
            .runtime_path(root().join("runtime"))
            .out(&out)
            .generate_to_folder()
            .unwrap();
        members.push(format!("{name:?}"));
        names.push(name);
    }
    put(&folder.join("Cargo.toml"), &format!("[workspace]\nresolver = \"3\"\nmembers = [{}]\n", members.join(", ")));
    let packages: Vec<&str> = names.iter().step_by(sample).flat_map(|name| ["-p", name]).collect();
    cargo(&folder, &[&["clippy"], &packages[..], &["--", "-D", "warnings"]].concat());
    cargo(&folder, &["clippy", "--workspace", "--all-features", "--", "-D", "warnings"]);
    cargo(&folder, &[&["doc", "--no-deps", "--all-features"], &packages[..]].concat());
    eprintln!("{} documents as crates", members.len());
}
