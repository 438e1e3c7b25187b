//! A service crate with a three-line `build.rs`, as a user would write it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a failure ends the run")]

mod common;

use std::collections::BTreeSet;
use std::fs;
use std::process::Command;

use common::{manifest, put, root, scratch};

#[test]
fn three_lines_are_enough_and_a_bad_spec_fails_the_build() {
    let folder = scratch("build-script");
    let target = scratch("target");
    let build =
        format!("\n[build-dependencies]\napigen-build = {{ path = {:?} }}\n\n[workspace]\n", root().join("generator"));
    put(&folder.join("Cargo.toml"), &manifest("build-script", &build));
    put(
        &folder.join("build.rs"),
        "fn main() -> Result<(), apigen_build::Error> {\n    apigen_build::Config::new().spec(\"specs/location.json\").generate()\n}\n",
    );
    put(
        &folder.join("src/main.rs"),
        "mod location {\n    apigen_runtime::include_api!(\"location\");\n}\n\nfn main() {\n    println!(\"{}\", location::Address::default().precision);\n}\n",
    );
    for name in ["location.json", "common.json"] {
        put(&folder.join("specs").join(name), &fs::read_to_string(root().join("specs").join(name)).unwrap());
    }
    let check = || {
        fs::copy(root().join("Cargo.lock"), folder.join("Cargo.lock")).unwrap();
        let mut command = Command::new(env!("CARGO"));
        command
            .args(["clippy", "--offline", "-vv", "--", "-D", "warnings"])
            .current_dir(&folder)
            .env("CARGO_TARGET_DIR", &target);
        let output = command.env_remove("CARGO_ENCODED_RUSTFLAGS").output().unwrap();
        let text = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        (output.status.success(), text)
    };
    // According to `cargo clippy -vv`, this is what cargo watches.
    put(
        &folder.join("specs/location.json"),
        &format!("{}\n", fs::read_to_string(root().join("specs/location.json")).unwrap()),
    );
    let (success, text) = check();
    assert!(success, "{text}");

    let watched: Vec<String> = fs::read_dir(target.join("debug/build"))
        .unwrap()
        .flatten()
        .filter(|entry| entry.file_name().to_string_lossy().starts_with("build-script-"))
        .filter_map(|entry| fs::read_to_string(entry.path().join("output")).ok())
        .collect();
    for line in ["cargo::rerun-if-changed=specs/location.json", "cargo::rerun-if-changed=specs/common.json"] {
        assert!(watched.iter().any(|output| output.contains(line)), "{line} is not in {watched:?}");
    }

    let broken = fs::read_to_string(folder.join("specs/location.json"))
        .unwrap()
        .replace("\"type\": \"precision\"", "\"type\": \"precison\"");
    put(&folder.join("specs/location.json"), &broken);
    let (success, text) = check();
    assert!(!success, "a bad spec was accepted");
    for part in [
        "Model[address] Field[precision] type[precison] not found",
        "did you mean `precision`?",
        "specs/location.json:",
        "^^^",
    ] {
        assert!(text.contains(part), "{part} is not in\n{text}");
    }
}

/// The crates that `build.rs` users compile for the generator, including the generator.
#[test]
fn the_generator_brings_few_crates() {
    let arguments = ["tree", "--offline", "-p", "apigen-build", "-e", "normal", "--prefix", "none"];
    let output = Command::new(env!("CARGO")).args(arguments).current_dir(root()).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let names: BTreeSet<&str> = text.lines().filter_map(|line| line.split(' ').next()).collect();
    assert!(names.contains("apigen-build") && names.len() <= 17, "{names:?}: the guide says 17");
}
