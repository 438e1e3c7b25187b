//! The command line, and properties of everything that is written.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use crate::common;
use crate::common::{put, root, scratch};

fn apigen(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_apigen")).args(arguments).current_dir(root()).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Returns an empty folder.
fn fresh(name: &str) -> PathBuf {
    let folder = scratch(name);
    fs::remove_dir_all(&folder).unwrap();
    folder
}

fn files(folder: &Path) -> BTreeMap<PathBuf, String> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(at) = folders.pop() {
        for entry in fs::read_dir(at).unwrap().flatten() {
            match entry.file_type().unwrap().is_dir() {
                true => folders.push(entry.path()),
                false => {
                    let path = entry.path().strip_prefix(folder).unwrap().to_owned();
                    found.insert(path, fs::read_to_string(entry.path()).unwrap());
                }
            }
        }
    }
    found
}

#[test]
fn it_says_what_it_wrote_and_touches_nothing_twice() {
    let out = fresh("cli-twice");
    let arguments = ["generate", "specs/location.json", "--out", out.to_str().unwrap()];
    let first = text(&apigen(&arguments).stdout);
    assert!(first.contains("location: 23 types, 16 operations") && first.contains("17 files written"), "{first}");
    let modified = |path: &str| fs::metadata(out.join(path)).unwrap().modified().unwrap();
    let before = modified("models.rs");
    let second = text(&apigen(&arguments).stdout);
    assert!(second.contains("0 files written"), "{second}");
    assert_eq!(modified("models.rs"), before);
}

#[test]
fn the_committed_examples_are_up_to_date() {
    let output = apigen(&["generate", "--check"]);
    assert!(output.status.success(), "{}\nSee CONTRIBUTING.md", text(&output.stdout));
    assert!(apigen(&["status"]).status.success(), "`apigen.fingerprints` is out of date: see CONTRIBUTING.md");
}

/// Reverses the members of every object whose order has no meaning.
fn shuffle(value: &mut serde_json::Value) -> String {
    fn members(object: &serde_json::Map<String, serde_json::Value>) -> String {
        let members: Vec<String> = object
            .iter()
            .rev()
            .map(|(key, value)| format!("{}: {}", serde_json::Value::from(key.as_str()), node(value)))
            .collect();
        format!("{{{}}}", members.join(", "))
    }
    fn node(value: &serde_json::Value) -> String {
        match value {
            serde_json::Value::Object(object) => members(object),
            serde_json::Value::Array(items) => format!("[{}]", items.iter().map(node).collect::<Vec<_>>().join(", ")),
            other => other.to_string(),
        }
    }
    node(value)
}

#[test]
fn the_order_of_keys_does_not_matter() {
    let folder = fresh("cli-order");
    let mut spec: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(root().join("specs/location.json")).unwrap()).unwrap();
    // serde_json sorts keys, so these are two orders that differ from the written one.
    put(&folder.join("sorted/location.json"), &spec.to_string());
    put(&folder.join("reversed/location.json"), &shuffle(&mut spec));
    let trees: Vec<_> = ["sorted", "reversed"]
        .into_iter()
        .map(|order| {
            let common = folder.join(order).join("common.json");
            put(&common, &fs::read_to_string(root().join("specs/common.json")).unwrap());
            let out = folder.join(order).join("out");
            let output = apigen(&[
                "generate",
                folder.join(order).join("location.json").to_str().unwrap(),
                "--out",
                out.to_str().unwrap(),
            ]);
            assert!(output.status.success(), "{}", text(&output.stderr));
            files(&out)
        })
        .collect();
    assert!(trees[0] == trees[1]);
}

#[test]
fn stale_files_go_and_foreign_files_stay() {
    let folder = fresh("cli-stale");
    let (spec, out) = (folder.join("spec.json"), folder.join("out"));
    let arguments = ["generate", spec.to_str().unwrap(), "--out", out.to_str().unwrap()];
    let model = r#"{"name": "spec", "models": {"thing": {"fields": []}}, "resources": {"thing": {"operations": [{"method": "GET"}]}}}"#;
    put(&spec, model);
    assert!(apigen(&arguments).status.success());
    put(&out.join("mine.rs"), "// written by hand\n");
    assert!(out.join("things.rs").exists());
    put(&spec, r#"{"name": "spec", "models": {"thing": {"fields": []}}}"#);
    let arguments = [&arguments[..], &["--types-only"]].concat();
    assert!(apigen(&arguments).status.success());
    assert!(!out.join("things.rs").exists() && out.join("mine.rs").exists());

    fs::write(out.join("models.rs"), "// written by hand\n").unwrap();
    let output = apigen(&arguments);
    assert!(!output.status.success() && text(&output.stderr).contains("was not generated"), "{}", text(&output.stderr));
    assert_eq!(fs::read_to_string(out.join("models.rs")).unwrap(), "// written by hand\n");
}

#[test]
fn problems_are_shown_with_place_and_advice_and_nothing_is_written() {
    let folder = fresh("cli-problems");
    let (spec, out) = (folder.join("spec.json"), folder.join("out"));
    put(
        &spec,
        r#"{
  "name": "spec",
  "imports": [{ "uri": "https://example.com/acme/shared/latest/service.json" }],
  "modls": {},
  "models": { "thing": { "fields": [{ "name": "id" }] } }
}"#,
    );
    let output = apigen(&["generate", spec.to_str().unwrap(), "--out", out.to_str().unwrap()]);
    let shown = text(&output.stderr);
    assert_eq!(output.status.code(), Some(1));
    for part in [
        "spec.json:4:3",
        "did you mean `models`",
        "spec.json:5:47",
        "thing] field[id] needs a type",
        "--imports",
        "shared/latest",
        "3 errors found",
    ] {
        assert!(shown.contains(part), "{part} is not in\n{shown}");
    }
    assert!(!out.exists());
    let output = apigen(&["generate", "no/such/file.json", "--out", out.to_str().unwrap()]);
    assert!(text(&output.stderr).contains("no/such/file.json"), "{}", text(&output.stderr));
}

#[test]
fn several_specs_share_what_they_import() {
    let folder = fresh("cli-several");
    put(
        &folder.join("other.json"),
        r#"{
        "name": "Other",
        "imports": [{ "uri": "https://specs.example.com/example/common/latest/service.json" }],
        "models": { "box": { "fields": [{ "name": "size", "type": "io.example.common.v0.models.distance" }] } }
    }"#,
    );
    let (out, other) = (folder.join("src/api"), folder.join("other.json"));
    let specs = root().join("specs");
    let output = apigen(&[
        "generate",
        "specs/location.json",
        other.to_str().unwrap(),
        "--imports",
        specs.to_str().unwrap(),
        "--out",
        out.to_str().unwrap(),
    ]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    put(
        &folder.join("src/lib.rs"),
        "//! Two services.\npub mod api;\n/// One type for both.\npub fn same(size: api::common::Distance) -> api::other::Box { api::other::Box { size } }\n",
    );
    put(&folder.join("Cargo.toml"), &format!("{}\n[workspace]\n", common::manifest("several", "")));
    common::cargo(&folder, &["clippy", "--", "-D", "warnings"]);
}

#[test]
fn imported_types_can_come_from_elsewhere() {
    let folder = fresh("cli-extern");
    let spec = r#"{
        "name": "Other",
        "imports": [{ "uri": "https://specs.example.com/example/common/latest/service.json" }],
        "models": { "box": { "fields": [{ "name": "size", "type": "io.example.common.v0.models.distance" }] } }
    }"#;
    put(&folder.join("other.json"), spec);
    let run = |spec: &str, out: &str, more: &[&str]| {
        let out = folder.join("src").join(out);
        let output = apigen(&[&["generate", spec, "--out", out.to_str().unwrap()], more].concat());
        assert!(output.status.success(), "{}", text(&output.stderr));
        files(&out)
    };
    run("specs/common.json", "shared", &["--types-only"]);
    let more = ["--types-only", "--imports", "specs", "--extern", "io.example.common.v0=crate::shared"];
    let tree = run(folder.join("other.json").to_str().unwrap(), "other", &more);
    assert!(!tree.keys().any(|path| path.starts_with("common")));
    put(
        &folder.join("src/lib.rs"),
        "//! A shared module.\npub mod shared;\npub mod other;\n/// One type.\npub fn same(size: shared::Distance) -> other::Box { other::Box { size } }\n",
    );
    put(&folder.join("Cargo.toml"), &format!("{}\n[workspace]\n", common::manifest("extern", "")));
    common::cargo(&folder, &["clippy", "--", "-D", "warnings"]);
}

#[test]
fn a_part_of_the_operations_can_be_selected() {
    let out = fresh("cli-selection");
    let generate = |more: &[&str]| {
        let fixed = ["generate", "specs/location.json", "--out", out.to_str().unwrap()];
        let output = apigen(&[&fixed[..], more].concat());
        assert!(output.status.success(), "{}", text(&output.stderr));
        (text(&output.stdout), fs::read_to_string(out.join("models.rs")).unwrap_or_default())
    };
    let (said, models) = generate(&["--include", "timezones"]);
    assert!(said.contains(" operations"), "{said}");
    assert!(models.contains("pub struct Timezone") && !models.contains("pub struct User"), "{models}");
    let (said, models) = generate(&["--exclude", "GET *", "--exclude", "POST *", "--exclude", "users.p*"]);
    assert!(said.contains(" 1 operation\n"), "{said}");
    assert!(!models.contains("pub struct Timezone"), "{models}");
    let users = fs::read_to_string(out.join("users.rs")).unwrap();
    assert!(users.contains("fn delete_by_guid") && !users.contains("fn get"), "{users}");
    let (said, models) = generate(&["--types-only"]);
    assert!(said.contains("22 types, 0 operations") && models.contains("pub struct User"), "{said}");
}

#[test]
fn check_shows_what_would_change_and_changes_nothing() {
    let out = fresh("cli-check");
    let run = |more: &[&str]| {
        let output = apigen(&[&["generate", "specs/order.json", "--out", out.to_str().unwrap()], more].concat());
        (output.status.code(), text(&output.stdout), text(&output.stderr))
    };
    let (code, told, _) = run(&["--check"]);
    assert!(code == Some(1) && told.contains("--- /dev/null") && told.contains("files are out of date"), "{told}");
    assert!(!out.join("mod.rs").exists());
    assert_eq!(run(&[]).0, Some(0));
    assert_eq!(run(&["--check"]), (Some(0), format!("{}: up to date\n", out.display()), String::new()));

    let before = files(&out);
    let (code, told, _) = run(&["--check", "--mocks", "never"]);
    for words in ["-#[rustfmt::skip] pub mod factories;", "+++ /dev/null", "mock.rs", "out of date"] {
        assert!(told.contains(words), "{words} is not in\n{told}");
    }
    assert_eq!((code, files(&out)), (Some(1), before));
}

#[test]
fn what_somebody_has_edited_is_not_overwritten() {
    let out = fresh("cli-edited");
    let run = |more: &[&str]| {
        let output = apigen(&[&["generate", "specs/order.json", "--out", out.to_str().unwrap()], more].concat());
        (output.status.code(), text(&output.stderr))
    };
    run(&[]);
    let (models, mock) = (out.join("models.rs"), out.join("mock.rs"));
    let original = fs::read_to_string(&models).unwrap();
    // Line endings changed by version control are not an edit.
    fs::write(&models, original.replace('\n', "\r\n")).unwrap();
    assert_eq!(run(&[]), (Some(0), String::new()));
    assert_eq!(fs::read_to_string(&models).unwrap(), original);

    fs::write(&models, original.replace("pub struct Order {", "pub struct Order { /* mine */")).unwrap();
    fs::write(&mock, format!("{}// mine\n", fs::read_to_string(&mock).unwrap())).unwrap();
    let before = files(&out);
    // One would be changed, the other removed.
    let (code, told) = run(&["--mocks", "never"]);
    assert_eq!(code, Some(2), "{told}");
    for words in
        ["-pub struct Order { /* mine */", "+pub struct Order {", "-// mine", "`--force`", "models.rs, mock.rs"]
    {
        assert!(told.contains(words), "{words} is not in\n{told}");
    }
    assert!(files(&out) == before, "something was written");
    assert_eq!(run(&["--mocks", "never", "--force"]).0, Some(0));
    assert!(fs::read_to_string(&models).unwrap() != before[Path::new("models.rs")] && !mock.exists());
}

#[test]
fn lists_of_older_versions_have_no_hashes() {
    let out = fresh("cli-list");
    let generate = || apigen(&["generate", "specs/order.json", "--out", out.to_str().unwrap()]).status.code();
    assert_eq!(generate(), Some(0));
    let list = fs::read_to_string(out.join(".apigen")).unwrap();
    let plain: String = list.lines().map(|line| line.rsplit("  ").next().unwrap().to_owned() + "\n").collect();
    fs::write(out.join(".apigen"), plain).unwrap();
    fs::write(out.join("models.rs"), "// @generated by apigen 0.0.1 from x. Do not edit.\n").unwrap();
    assert_eq!(generate(), Some(0));
    assert_eq!(fs::read_to_string(out.join(".apigen")).unwrap(), list);
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    for arguments in
        [&["schema"][..], &["normalize", "specs/location.json"], &["check", "specs/location.json", "--format", "json"]]
    {
        let mut child = Command::new(env!("CARGO_BIN_EXE_apigen"))
            .args(arguments)
            .current_dir(root())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert_eq!((output.status.code(), text(&output.stderr).as_str()), (Some(0), ""), "{arguments:?}");
    }
}
