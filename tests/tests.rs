//! The integration tests: one program, since each would link the whole generator.
//!
//! Every other file of this folder is a module here, or a separate program in `Cargo.toml`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a failure ends the run")]

mod common;
#[path = "common/documents.rs"]
mod documents;
#[path = "common/origin.rs"]
mod origin;
#[path = "common/server.rs"]
mod server;
#[path = "common/shop.rs"]
mod shop;

mod adversarial;
mod answers;
mod canary;
mod check;
mod choices;
mod cli;
mod codes;
mod conformance;
mod corpus;
mod dates;
mod depth;
mod diagnostics;
mod environments;
mod exchanges;
mod factories;
mod formatting;
mod forms;
mod growth;
mod hostile;
mod http;
mod inspect;
mod interrupted;
mod layers;
mod line_ends;
mod lines;
mod lint_cases;
mod lints;
mod loopback;
mod manifest;
mod messages;
mod method_names;
mod mock_server;
mod mocked;
mod names;
mod normalisation;
mod options;
mod outputs;
mod paths;
mod problems;
mod quiet;
mod reading;
mod refusals;
mod replay;
mod roundtrip;
mod samples;
mod serve;
mod served;
mod served_state;
mod shapes;
mod sharing;
mod state;
mod update;
mod validate;
mod values;
mod violations;
mod wire;

/// A file that is not a module of any program would never run.
#[test]
fn all_files_of_tests_are_run() {
    for package in ["", "runtime/"] {
        let folder = common::root().join(package);
        let manifest = std::fs::read_to_string(folder.join("Cargo.toml")).unwrap();
        let modules = std::fs::read_to_string(folder.join("tests/tests.rs")).unwrap();
        for entry in std::fs::read_dir(folder.join("tests")).unwrap() {
            let file = entry.unwrap().file_name().into_string().unwrap();
            let Some(name) = file.strip_suffix(".rs") else { continue };
            let run = modules.contains(&format!("\nmod {name};\n")) || manifest.contains(&format!("\"tests/{file}\""));
            assert!(run, "{package}tests/{file} is neither a module of tests.rs nor in Cargo.toml");
        }
    }
}
