//! CPU seconds of clean builds: the client of the location service, committed and made by a build script, against progenitor's of the
//! pet store, with the same TLS. Fetches what progenitor needs: `APIGEN_CORPUS=… cargo bench --bench clean`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a failure ends the run")]

mod common;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use common::{corpus, cpu, root, scratch};

/// A package to be built.
struct Candidate {
    name: &'static str,
    folder: PathBuf,
}

#[expect(clippy::print_stdout, reason = "a benchmark prints its table")]
fn main() {
    let Some(corpus) = corpus() else {
        println!("skipped: APIGEN_CORPUS names no folder of API Builder documents");
        return;
    };
    println!("{:36} {:>7} {:>12} {:>7} {:>6}", "", "crates", "by build.rs", "CPU s", "ratio");
    for tls in [false, true] {
        println!("{}", if tls { "with rustls" } else { "without TLS" });
        let candidates = [
            Candidate { name: "progenitor, pet store, in build.rs", folder: progenitor(&corpus, tls) },
            Candidate { name: "apigen, location, in build.rs", folder: in_build_script(tls) },
            Candidate { name: "apigen, location, committed", folder: committed(tls) },
        ];
        let mut yardstick = None;
        for Candidate { name, folder } in candidates {
            cargo(&folder, &["fetch"]).output().unwrap();
            let (all, own) = (crates(&folder, "normal,build"), crates(&folder, "normal"));
            let target = scratch("clean").join("target");
            drop(fs::remove_dir_all(&target));
            let seconds = cpu(cargo(&folder, &["build", "--offline"]).env("CARGO_TARGET_DIR", &target));
            let ratio = seconds / *yardstick.get_or_insert(seconds);
            println!("{name:36} {:>7} {:>12} {seconds:>7.1} {ratio:>6.2}", all.len(), all.difference(&own).count());
        }
    }
}

fn cargo(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO"));
    command.args(arguments).current_dir(folder).env_remove("CARGO_TARGET_DIR").env("CARGO_PROFILE_DEV_DEBUG", "0");
    command
}

/// What is compiled besides the package itself, each version once.
fn crates(folder: &Path, edges: &str) -> BTreeSet<String> {
    let output = cargo(folder, &["tree", "--prefix", "none", "--format", "{p}", "--edges", edges]).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let names = text.lines().skip(1).map(|line| line.split(" (").next().unwrap_or_default().to_owned());
    names.filter(|name| !name.is_empty()).collect()
}

fn package(name: &str, dependencies: &str, build: &str, lib: &str) -> PathBuf {
    let folder = scratch("clean").join(name);
    fs::create_dir_all(folder.join("src")).unwrap();
    let head = format!("[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n");
    fs::write(folder.join("Cargo.toml"), format!("{head}{dependencies}")).unwrap();
    fs::write(folder.join("build.rs"), build).unwrap();
    fs::write(folder.join("src/lib.rs"), lib).unwrap();
    folder
}

/// Our runtime as a dependency.
fn runtime(tls: bool) -> String {
    let features = if tls { r#""jiff", "reqwest", "rustls", "serde""# } else { r#""jiff", "reqwest", "serde""# };
    let path = root().join("runtime");
    format!(
        "[dependencies]\napigen-runtime = {{ path = {path:?}, default-features = false, features = [{features}] }}\n"
    )
}

fn in_build_script(tls: bool) -> PathBuf {
    let dependencies =
        format!("{}\n[build-dependencies]\napigen-build = {{ path = {:?} }}\n", runtime(tls), root().join("generator"));
    let build = format!(
        "fn main() -> Result<(), apigen_build::Error> {{\n    apigen_build::Config::new().spec({:?}).generate()\n}}\n",
        root().join("specs/location.json")
    );
    ours("location-built", &dependencies, &build, "apigen_runtime::include_api!(\"location\");\n")
}

fn committed(tls: bool) -> PathBuf {
    let folder = ours("location-committed", &runtime(tls), "fn main() {}\n", "pub mod location;\n");
    let config = apigen_build::Config::new().spec(root().join("specs/location.json"));
    config.out(folder.join("src/location")).force(true).generate_to_folder().unwrap();
    folder
}

fn ours(name: &str, dependencies: &str, build: &str, lib: &str) -> PathBuf {
    let folder = package(name, dependencies, build, lib);
    fs::copy(root().join("Cargo.lock"), folder.join("Cargo.lock")).unwrap();
    folder
}

/// As progenitor's documentation has it for build scripts, with reqwest's rustls, which is our default.
fn progenitor(corpus: &Path, tls: bool) -> PathBuf {
    let dependencies = r#"[dependencies]
chrono = { version = "0.4", default-features = false, features = ["serde"] }
futures = "0.3"
progenitor-client = "0.15"
regress = "0.12"
reqwest = { version = "0.13", default-features = false, features = ["http2", "json", "query", "stream"] }
serde = { version = "1", features = ["derive"] }
serde_json = "1"
uuid = { version = "1", features = ["serde"] }

[build-dependencies]
openapiv3 = "2"
prettyplease = "0.2"
progenitor = "0.15"
serde_json = "1"
syn = "2"
"#;
    let build = format!(
        r#"use std::{{env, fs, path::Path}};

fn main() {{
    let spec = fs::read_to_string({:?}).unwrap();
    let spec: openapiv3::OpenAPI = serde_json::from_str(&spec).unwrap();
    let tokens = progenitor::Generator::default().generate_tokens(&spec).unwrap();
    let code = prettyplease::unparse(&syn::parse2(tokens).unwrap());
    fs::write(Path::new(&env::var("OUT_DIR").unwrap()).join("client.rs"), code).unwrap();
}}
"#,
        corpus.join("bench/petstore.openapi.json")
    );
    let dependencies =
        if tls { dependencies.replace(r#""query""#, r#""query", "rustls""#) } else { dependencies.to_owned() };
    package("petstore-client", &dependencies, &build, "include!(concat!(env!(\"OUT_DIR\"), \"/client.rs\"));\n")
}
