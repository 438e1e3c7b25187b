//! With chrono's types in place of jiff's, generated code compiles without jiff and without warnings, and works.

use std::fs;
use std::path::Path;

use apigen_build::{Config, Dates};
use apigen_cli::templates::crate_files;

use crate::common::{cargo, put, root, scratch};

#[test]
fn chrono_compiles_and_works_without_jiff() {
    let folder = scratch("dates");
    for (spec, name) in [("specs/location.json", "location"), ("tests/shapes/spec.json", "shapes")] {
        let config = Config::new().spec(root().join(spec)).dates(Dates::Chrono);
        config.out(folder.join("src").join(name)).generate_to_folder().unwrap();
    }
    put(&folder.join("src/lib.rs"), &fs::read_to_string(root().join("tests/dates/lib.rs")).unwrap());
    let runtime = format!(
        "{{ path = {:?}, default-features = false, features = [\"chrono\", \"serde\"] }}",
        root().join("runtime").display().to_string()
    );
    let manifest = format!(
        "[package]\nname = \"dates\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[dependencies]\napigen-runtime = {runtime}\n\n[workspace]\n"
    );
    put(&folder.join("Cargo.toml"), &manifest);
    cargo(&folder, &["clippy", "--all-targets", "--", "-D", "warnings"]);
    cargo(&folder, &["test"]);
    let used = fs::read_to_string(folder.join("Cargo.lock")).unwrap();
    assert!(used.contains("name = \"chrono\"") && !used.contains("name = \"jiff\""), "{used}");
}

/// Returns the default features of the runtime.
fn default_features() -> Vec<String> {
    let manifest = fs::read_to_string(root().join("runtime/Cargo.toml")).unwrap();
    let line = manifest.lines().find_map(|line| line.strip_prefix("default = ")).unwrap();
    serde_json::from_str(line).unwrap()
}

#[test]
fn a_crate_enables_the_feature_and_keeps_the_other_defaults() {
    let config =
        || Config::new().spec(root().join("specs/location.json")).crate_files(crate_files).crate_name("location");
    let manifest = |config: Config| config.generate_in_memory().unwrap().files.by_path[Path::new("Cargo.toml")].clone();
    let chrono = manifest(config().dates(Dates::Chrono).runtime_path("../runtime"));
    let line = chrono.lines().find(|line| line.starts_with("apigen-runtime = ")).unwrap();
    assert!(line.contains("{ path = \"../runtime\", version = \"0"), "{line}");
    assert!(line.contains(", default-features = false, features = ["), "{line}");
    assert!(!line.contains("jiff"), "{line}");
    for feature in default_features().into_iter().filter(|feature| feature != "jiff").chain(["chrono".to_owned()]) {
        assert!(line.contains(&format!("{feature:?}")), "{feature} is not in {line}");
    }
    assert!(manifest(config()).contains("apigen-runtime = \"0"));
}
