//! Common code of several integration tests.
#![allow(dead_code, reason = "each test uses its own part")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use apigen_build::{Config, Error};
use apigen_runtime::validate::schema::Schema;

/// Returns the folder of API Builder documents, if `APIGEN_CORPUS` is set. With it, `tests/build.rs` enables the tests
/// that need it.
pub fn corpus() -> Option<PathBuf> {
    std::env::var_os("APIGEN_CORPUS").map(PathBuf::from)
}

/// Validators built from specs at run time.
pub trait Describe {
    fn schema(&self) -> Result<Schema, Error>;
}

impl Describe for Config {
    fn schema(&self) -> Result<Schema, Error> {
        Ok(apigen_testing::schema(&self.load()?.api, self.sensitive_annotations()).unwrap())
    }
}

/// Returns the root of this repository.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Returns a folder of this name for generated crates; what an earlier run compiled there is kept.
pub fn scratch(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// Writes a file if its text is new, so that cargo's fingerprints stay valid.
pub fn put(path: &Path, text: &str) {
    if fs::read_to_string(path).is_ok_and(|old| old == text) {
        return;
    }
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// Returns a manifest of a package `name` that depends on the runtime (without a transport, which takes long to
/// compile) and on `more`.
pub fn manifest(name: &str, more: &str) -> String {
    format!(
        "[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[dependencies]\napigen-runtime = {{ path = {:?}, default-features = false, features = [\"jiff\", \"serde\"] }}\n{more}",
        root().join("runtime")
    )
}

/// Runs cargo in `folder` with the lock file and the packages of this workspace; panics with its output if it fails.
pub fn cargo(folder: &Path, arguments: &[&str]) -> String {
    fs::copy(root().join("Cargo.lock"), folder.join("Cargo.lock")).unwrap();
    let (verb, rest) = arguments.split_first().unwrap();
    let output = Command::new(env!("CARGO"))
        .args([verb, "--offline"])
        .args(rest)
        .current_dir(folder)
        .env("CARGO_TARGET_DIR", scratch("target"))
        .env("RUSTDOCFLAGS", "-D warnings")
        // Debug information is never used here, and takes much time and memory.
        .env("CARGO_PROFILE_DEV_DEBUG", "0")
        .env_remove("CARGO_ENCODED_RUSTFLAGS")
        .output()
        .unwrap();
    let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
    let text = format!("{}{stdout}", String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "cargo {arguments:?} in {}:\n{}", folder.display(), tail(&text));
    stdout
}

/// Returns the first errors, not thousands.
fn tail(text: &str) -> String {
    let from = text.find("error").unwrap_or(0);
    text[from..].lines().take(120).collect::<Vec<_>>().join("\n")
}
