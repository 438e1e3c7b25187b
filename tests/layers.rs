//! No cycles between the modules of a package.
//!
//! The rule: **among the children of a module, no two may use each other, directly or through others.** A child
//! includes everything below it. The file of the module itself (`mod.rs`, `lib.rs`) is one more child, so it may use
//! its children, or they it, but not both. A module *uses* another one if its code, apart from tests, names an item
//! that the other one defines, by an import or a path. Re-exports are followed: `crate::json::Reader` is a use of
//! `json/reader.rs`, where `Reader` is defined. A re-export (`pub use`, `pub(crate) use`) is not a use. Names in
//! `macro_rules!` that begin with `$crate` belong to the caller of the macro.

mod scan;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::common::root;
use scan::{Crate, Module};

/// Remaining cycles: a package, a module, and the number of its children in the cycle. None may be added; none may grow.
const KNOWN: &[(&str, &str, usize)] = &[];

/// Generated code is not layered.
const GENERATED: [&str; 2] = ["generated-examples", "serve/protocol"];

/// Children of a module that use each other.
#[derive(Debug, PartialEq)]
struct Circle {
    module: String,
    children: BTreeSet<String>,
    /// One line for each use that is part of it.
    uses: Vec<String>,
}

fn circles(found: &Crate) -> Vec<Circle> {
    let edges = found.edges();
    let mut levels: BTreeMap<Module, BTreeMap<(String, String), String>> = BTreeMap::new();
    for (from, to) in &edges {
        let common = from.iter().zip(to).take_while(|(a, b)| a == b).count();
        let child = |module: &Module| module.get(common).cloned().unwrap_or_else(|| "mod.rs".to_owned());
        let line = format!("{} uses {}", name(from), name(to));
        levels.entry(from[..common].to_vec()).or_default().entry((child(from), child(to))).or_insert(line);
    }
    levels.iter().flat_map(|(module, uses)| circles_of(module, uses)).collect()
}

/// Returns the cycles among the children of one module.
fn circles_of(module: &Module, uses: &BTreeMap<(String, String), String>) -> Vec<Circle> {
    let reached = |start: &str| {
        let (mut known, mut open) = (BTreeSet::new(), vec![start.to_owned()]);
        while let Some(child) = open.pop() {
            let next = uses.keys().filter(|(from, _)| *from == child).map(|(_, to)| to.clone());
            open.extend(next.filter(|to| known.insert(to.clone())));
        }
        known
    };
    let children: BTreeSet<&String> = uses.keys().flat_map(|(from, to)| [from, to]).collect();
    let reached: BTreeMap<&String, BTreeSet<String>> =
        children.into_iter().map(|child| (child, reached(child))).collect();
    let mut circles: Vec<Circle> = Vec::new();
    for (child, from_here) in reached.iter().filter(|(child, reached)| reached.contains(**child)) {
        if circles.iter().any(|circle| circle.children.contains(*child)) {
            continue;
        }
        let back = |other: &&String| reached.get(other).is_some_and(|there| there.contains(*child));
        let children: BTreeSet<String> = from_here.iter().filter(back).cloned().collect();
        let inside = |(from, to): &(String, String)| children.contains(from) && children.contains(to);
        let uses = uses.iter().filter(|(pair, _)| inside(pair)).map(|(_, line)| line.clone()).collect();
        circles.push(Circle { module: name(module), children, uses });
    }
    circles
}

fn name(module: &[String]) -> String {
    if module.is_empty() { "crate".to_owned() } else { module.join("/") }
}

/// Returns the name and root file of each library and program of the workspace.
fn targets() -> Vec<(String, PathBuf)> {
    let mut command = Command::new(env!("CARGO"));
    command.args(["metadata", "--no-deps", "--offline", "--format-version", "1"]).current_dir(root());
    let output = command.output().unwrap();
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    let targets = packages.iter().flat_map(|package| {
        package["targets"].as_array().unwrap().iter().map(|target| (package["name"].as_str().unwrap(), target))
    });
    let built = targets.filter(|(_, target)| {
        let kind = target["kind"][0].as_str().unwrap();
        ["lib", "bin"].contains(&kind)
    });
    built.map(|(name, target)| (name.to_owned(), PathBuf::from(target["src_path"].as_str().unwrap()))).collect()
}

#[test]
fn modules_have_no_circles() {
    let (mut known, mut wrong) = (BTreeSet::new(), Vec::new());
    let generated = |path: &Path| GENERATED.iter().any(|part| path.to_string_lossy().replace('\\', "/").contains(part));
    let targets = targets();
    assert!(targets.len() > 2, "{targets:?}");
    for (package, root) in targets.iter().filter(|(_, root)| !generated(root)) {
        let read = |file: &Path| std::fs::read_to_string(file).ok();
        for circle in
            circles(&Crate::read(root, &read)).into_iter().filter(|circle| !generated(Path::new(&circle.module)))
        {
            let Circle { module, children, uses } = circle;
            let fits = |row: &usize| {
                let (in_package, in_module, most) = KNOWN[*row];
                (in_package, in_module) == (package, &module) && most >= children.len() && !known.contains(row)
            };
            match (0..KNOWN.len()).filter(fits).min_by_key(|row| KNOWN[*row].2) {
                Some(row) => drop(known.insert(row)),
                _ => wrong.push(format!(
                    "{package}: {module}: a circle of {}: {children:?}\n    {}",
                    children.len(),
                    uses.join("\n    ")
                )),
            }
        }
    }
    let gone =
        (0..KNOWN.len()).filter(|row| !known.contains(row)).map(|row| format!("no longer a circle: {:?}", KNOWN[row]));
    wrong.extend(gone);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Returns the cycles of a crate with these files.
fn planted(files: &[(&str, &str)]) -> Vec<Circle> {
    let read = |file: &Path| files.iter().find(|(path, _)| Path::new(path) == file).map(|(_, text)| (*text).to_owned());
    circles(&Crate::read(Path::new("lib.rs"), &read))
}

#[test]
fn a_planted_circle_is_found() {
    let lib = ("lib.rs", "mod a; mod b; pub use a::One;");
    // The use goes through two re-exports, and is a path in code.
    let a =
        [("a/mod.rs", "mod one; pub(crate) use one::One;"), ("a/one.rs", "use crate::b::Two;\npub struct One(Two);")];
    let b = "pub struct Two; impl Two { fn one(&self) -> Vec<crate::One> { Vec::new() } }";
    let found = planted(&[lib, a[0], a[1], ("b.rs", b)]);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!((&*found[0].module, found[0].children.len()), ("crate", 2));
    assert_eq!(found[0].uses, ["a/one uses b", "b uses a/one"]);
    assert_eq!(planted(&[lib, a[0], a[1], ("b.rs", "pub struct Two;")]), []);
    let tests = "pub struct Two; #[cfg(test)] mod tests { use crate::a::One; }";
    assert_eq!(planted(&[lib, a[0], a[1], ("b.rs", tests)]), []);
}

#[test]
fn circles_of_a_folder_with_its_own_file_are_found() {
    let lib = ("lib.rs", "mod a;");
    let one = ("a/one.rs", "use super::Zero; pub struct One(Zero);");
    let found = planted(&[lib, ("a/mod.rs", "mod one; pub struct Zero(Box<one::One>);"), one]);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!((&*found[0].module, &*found[0].uses[0]), ("a", "a uses a/one"));
    assert_eq!(planted(&[lib, ("a/mod.rs", "mod one; pub use one::One; pub struct Zero;"), one]), []);
}

#[test]
fn circles_of_three_and_of_globs_are_found() {
    let found = planted(&[
        ("lib.rs", "mod a; mod b; mod c; mod d;"),
        ("a.rs", "use super::b::B; pub struct A(B);"),
        ("b.rs", "use crate::c; pub struct B(c::C);"),
        ("c/mod.rs", "mod inner; pub use inner::*;"),
        ("c/inner.rs", "pub struct C(Option<Box<super::super::a::A>>);"),
        ("d.rs", "use crate::{a::A, b::{self, B as E}}; pub struct D(A, E);"),
    ]);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].children, BTreeSet::from(["a", "b", "c"].map(str::to_owned)));
}

/// Collects the Rust files below a folder.
fn sources(folder: &Path, found: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        match path.is_dir() {
            true => sources(&path, found),
            false if path.extension().is_some_and(|end| end == "rs") => found.push(path.display().to_string()),
            false => {}
        }
    }
}

/// Words that make tokens; and types of the model, which only a stage that decides needs.
const TOKENS: [&str; 6] = ["quote!", "quote::", "format_ident", "proc_macro2", "TokenStream", "TokenTree"];
const DECISIONS: [&str; 5] = ["api::Api", "Primitive", "Outcomes", "Samples", "SmallestValues"];

/// Returns each line of these files that contains one of the words.
fn lines_with(files: &[(String, String)], words: &[&str]) -> Vec<String> {
    let lines = files.iter().flat_map(|(file, text)| text.lines().map(move |line| (file, line)));
    let found = lines.filter(|(_, line)| words.iter().any(|word| line.contains(word)));
    found.map(|(file, line)| format!("{file}: {line}")).collect()
}

/// What is generated is decided in `plan`, as plain data, and becomes tokens in `emit`.
#[test]
fn the_plan_makes_no_tokens_and_emission_decides_nothing() {
    for (stage, words) in [("plan", TOKENS.as_slice()), ("emit", &DECISIONS)] {
        let mut found = Vec::new();
        sources(&root().join("generator/src").join(stage), &mut found);
        let read = |file: String| (std::fs::read_to_string(&file).unwrap(), file);
        let mut files: Vec<(String, String)> = found.into_iter().map(read).map(|(text, file)| (file, text)).collect();
        assert!(files.len() > 20, "{files:?}");
        assert_eq!(lines_with(&files, words), [""; 0]);
        files.push(("planted.rs".to_owned(), format!("use {}X;", words[1])));
        assert_eq!(lines_with(&files, words).len(), 1);
    }
}

/// Documents for contributors name files by the end of their paths.
#[test]
fn files_that_the_code_map_names_exist() {
    let mut found = Vec::new();
    for folder in ["model", "generator", "runtime", "testing", "cli", "tests", "benches", "generated-examples"] {
        sources(&root().join(folder), &mut found);
    }
    let (mut count, mut gone) = (0, Vec::new());
    for document in ["ARCHITECTURE.md", "CONTRIBUTING.md"] {
        let text = std::fs::read_to_string(root().join(document)).unwrap();
        for file in
            text.split('`').skip(1).step_by(2).filter(|code| code.ends_with(".rs") && !code.contains([' ', '*']))
        {
            count += 1;
            let is_it = |path: &String| Path::new(path).ends_with(file);
            if !found.iter().any(is_it) && !root().join(file).exists() {
                gone.push(format!("{document}: {file}"));
            }
        }
    }
    assert!(count > 100 && gone.is_empty(), "{count} files; not there: {gone:?}");
}
