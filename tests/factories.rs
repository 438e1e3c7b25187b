//! Every factory value is accepted by the validator of its type and survives a round trip through JSON: for every type
//! of our documents and the real ones, for many seeds, with and without optional parts. Every method of every mock
//! client returns a response that the spec allows without rules, from plain and stateful mocks; items created in a
//! stateful mock can be read. The dynamic validator agrees with the generated one on these values and on mutants of them.

#[path = "factories/calls.rs"]
mod calls;
#[path = "factories/state.rs"]
mod state;
#[path = "factories/twin.rs"]
mod twin;

use std::fmt::Write;
use std::path::Path;

use apigen_build::Generated;
use calls::methods;
use state::{KEPT, kept, stateful};
use twin::{SAMPLES, Twins};

use crate::common::{cargo, manifest, put, scratch};
use crate::documents::{Documents, module_name, ours, real};

/// The functions that the harness calls for each type.
const CHECK: &str = r#"//! Calls the factories of every document.
#![allow(deprecated)]

use std::task::{Context, Poll, Waker};

use apigen_runtime::{Call, Error, FromJson, ToJson, codegen::ToResponse, mock::{Factory, Mock, Mockable, Sample}};

/// Makes values of a type and reads them back.
type Check = fn(&dyn Fn(u64, usize) -> String);

fn check<T: Sample + FromJson + ToJson + PartialEq + std::fmt::Debug + 'static>(place: &dyn Fn(u64, usize) -> String) {
    let profiles = [Factory::<T>::new().minimal(), Factory::new(), Factory::new().full()];
    for seed in 0..20 {
        for (number, factory) in profiles.iter().enumerate() {
            let factory = factory.clone().seed(seed);
            let (value, json) = (factory.build(), factory.build().to_json());
            match T::from_json(&json) {
                Ok(read) => assert!(read == value, "{}: {value:?}, read {read:?}", place(seed, number)),
                Err(violations) => panic!("{}: {violations}: {json}", place(seed, number)),
            }
        }
    }
}

fn sample<T: Sample + 'static>() -> T {
    Factory::new().build()
}

/// Checks that the responses of a mock without rules conform to the spec. A stateful mock may report that there is
/// nothing.
fn answered<'a, O: Mockable>(name: &str, mock: &Mock<O::Client>, call: impl Fn() -> Call<'a, O::Output, O::Error>)
where
    O::Output: ToResponse,
    O::Error: ToResponse,
{
    let answer = || -> Result<O::Output, Error<O::Error>> {
        match std::pin::pin!(call().into_future()).poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(result) => result,
            Poll::Pending => panic!("{name} waits"),
        }
    };
    let empty = answer();
    // Factories do not know the limits of parameters, which the client behind a state checks.
    let unknown = |error: &Error<O::Error>| {
        let endless = error.to_string().contains("has no finite response");
        endless || error.is_invalid_request() || error.is_undeclared_status()
    };
    if empty.as_ref().is_err_and(unknown) {
        return;
    }
    let refused = empty.is_err();
    mock.check_answers();
    mock.on::<O>().sequence([empty]);
    if let Err(error) = answer() {
        assert!(refused && error.declared().is_some(), "{name}: {error}");
    }
}

fn main() {
    calls();
    for (name, check) in TYPES {
        check(&|seed, profile| format!("{name}, seed {seed}, profile {profile}"));
    }
    all_samples();
    let done = kept();
    println!("{} types, {CALLS} calls, {done} collections", TYPES.len());
}

const TYPES: &[(&str, Check)] = &[
"#;

/// Returns the paths of all types that have a factory, from the root of the package.
fn types(generated: &Generated) -> Vec<String> {
    let mut types = Vec::new();
    for (path, text) in &generated.files.by_path {
        if path.file_stem().is_none_or(|stem| stem != "factories") {
            continue;
        }
        let folder: String = path
            .parent()
            .into_iter()
            .flat_map(Path::iter)
            .map(|part| format!("{}::", part.to_string_lossy()))
            .collect();
        let lines = text.lines().filter_map(|line| line.split_once("Sample for super::")?.1.strip_suffix(" {"));
        types.extend(lines.map(|name| format!("{folder}{name}")));
    }
    types
}

#[test]
fn every_value_is_valid() {
    let mut documents = ours();
    // Specs of single tests have keys in their paths that no value of a model fits.
    documents.paths.retain(|path| !path.ends_with("spec.json"));
    values("factories-ours", &documents, 1, [1_000, 50, 50, 20, 1]);
}

/// In several packages: a single one would need several gigabytes and use one core.
#[test]
#[cfg_attr(not(corpus), ignore = "APIGEN_CORPUS names no folder of API Builder documents")]
fn every_value_of_real_documents_is_valid() {
    values("factories", &real(), 6, [10_000, 1_000, 500, 500, 5]);
}

/// Runs the harness in this many packages. There are more than `least` texts, broken rules, types, calls and collections.
fn values(kind: &str, documents: &Documents, packages: usize, least: [usize; 5]) {
    let folder = scratch(kind);
    let mut harnesses: Vec<Harness> = (0..packages).map(|_| Harness::default()).collect();
    for (number, document) in documents.paths.iter().enumerate() {
        let package = number % packages;
        let name = module_name(document);
        let out = folder.join(package.to_string()).join("src").join(&name);
        let config = documents.config(document).name(&name).out(out);
        let (generated, _) = config.generate_to_folder().unwrap();
        harnesses[package].twins.add(&name, &config, &generated, &types(&generated));
        harnesses[package].add(&name, &generated);
    }
    let members: Vec<String> = (0..packages).map(|package| format!("\"{package}\"")).collect();
    put(&folder.join("Cargo.toml"), &format!("[workspace]\nresolver = \"3\"\nmembers = [{}]\n", members.join(", ")));
    for (package, harness) in harnesses.iter().enumerate() {
        let folder = folder.join(package.to_string());
        put(&folder.join("src/main.rs"), &harness.main());
        put(&folder.join("Cargo.toml"), &manifest(&format!("{kind}-{package}"), "serde_json = \"1\"\n"));
    }
    cargo(&folder, &["build", "--workspace"]);
    let mut samples = [0; 3];
    for (package, harness) in harnesses.iter().enumerate() {
        let output = cargo(&folder, &["run", "-p", &format!("{kind}-{package}")]);
        for (sum, count) in samples.iter_mut().zip(harness.twins.compare(&output)) {
            *sum += count;
        }
    }
    let [texts, refused, broken] = samples;
    assert!(texts > least[0] && refused > texts / 4 && broken > least[1], "{samples:?}");
    eprintln!("{texts} texts, {refused} refused, {broken} rules broken");
    let types: usize = harnesses.iter().map(|harness| harness.types).sum();
    let calls: usize = harnesses.iter().map(|harness| harness.calls.len()).sum();
    let kept: usize = harnesses.iter().map(|harness| harness.kept.len()).sum();
    assert!(
        types > least[2] && calls > least[3] && kept > least[4],
        "{types} types, {calls} calls, {kept} collections"
    );
    eprintln!("{types} types, {calls} calls, {kept} collections");
}

/// The program for some documents.
#[derive(Default)]
struct Harness {
    modules: String,
    rows: String,
    types: usize,
    calls: Vec<String>,
    kept: Vec<String>,
    twins: Twins,
}

impl Harness {
    fn add(&mut self, name: &str, generated: &Generated) {
        writeln!(self.modules, "mod {name};").unwrap();
        let types = types(generated);
        let known = types.iter().filter_map(|path| path.rsplit("::").next()).map(str::to_owned).collect();
        let (methods, services) = (methods(generated, name, &known), stateful(generated, name));
        self.calls.extend(methods.iter().map(|method| method.statement(services.contains(&method.service))));
        self.kept.extend(kept(generated, name, &methods));
        self.types += types.len();
        for path in types {
            writeln!(self.rows, "    (\"{name}::{path}\", check::<{name}::{path}>),").unwrap();
        }
    }

    fn main(&self) -> String {
        let head = CHECK.replacen("\n\n", &format!("\n\n{}\n", self.modules), 1);
        let (rows, count, calls, kept) = (&self.rows, self.calls.len(), self.calls.concat(), self.kept.concat());
        let samples: String = self.twins.types().map(|ty| format!("    samples::<{ty}>(\"{ty}\");\n")).collect();
        format!(
            "{head}{rows}];\n\nconst CALLS: usize = {count};\n\nfn calls() {{\n{calls}}}\n{KEPT}\nfn kept() -> usize {{\n    let mut done = 0;\n{kept}    done\n}}\n{SAMPLES}\nfn all_samples() {{\n{samples}}}\n"
        )
    }
}
