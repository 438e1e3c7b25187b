//! The command killed while it writes, and several at once: what is left is one version, and the next run never asks.
#![cfg(unix)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

const VERSIONS: [&str; 2] = ["first", "second"];

/// A project with one output, whose types are called after the version.
fn project(name: &str) -> PathBuf {
    let folder = crate::common::scratch(name);
    for version in VERSIONS {
        let models: Vec<String> =
            (0..8).map(|i| format!(r#""{version}_{i}": {{"fields": [{{"name": "id", "type": "string"}}]}}"#)).collect();
        let spec = format!(r#"{{"name": "Shop", "models": {{{}}}}}"#, models.join(", "));
        fs::write(folder.join(format!("{version}.json")), spec).unwrap();
        let manifest =
            format!("[[spec]]\npath = \"{version}.json\"\nout = \"out\"\nname = \"shop\"\ntypes-only = true\n");
        fs::write(folder.join(format!("{version}.toml")), manifest).unwrap();
    }
    folder
}

fn start(folder: &Path, version: &str) -> Child {
    Command::new(env!("CARGO_BIN_EXE_apigen"))
        .args(["generate", "--config", &format!("{version}.toml")])
        .current_dir(folder)
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

fn generate(folder: &Path, version: &str) -> BTreeMap<PathBuf, String> {
    let output = start(folder, version).wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    files(folder)
}

/// All that a run writes.
fn files(folder: &Path) -> BTreeMap<PathBuf, String> {
    let mut next = vec![folder.to_owned()];
    let mut found = BTreeMap::new();
    while let Some(at) = next.pop() {
        for entry in fs::read_dir(at).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                next.push(path);
            } else if !path.extension().is_some_and(|end| end == "json" || end == "toml") {
                found.insert(path.clone(), fs::read_to_string(path).unwrap());
            }
        }
    }
    found
}

#[test]
fn killed_runs_are_completed() {
    let folder = project("interrupted-kill");
    let expected = VERSIONS.map(|version| generate(&folder, version));
    let (mut killed, mut unfinished) = (0, 0);
    for turn in 0..30 {
        let mut child = start(&folder, VERSIONS[turn % 2]);
        // It begins to write soon; each turn kills it somewhat later.
        let begin = Instant::now();
        while !folder.join("out/.apigen.tmp").exists() && begin.elapsed() < Duration::from_secs(5) {
            std::hint::spin_loop();
            if child.try_wait().unwrap().is_some() {
                break;
            }
        }
        thread::sleep(Duration::from_micros(turn as u64 * 60));
        child.kill().unwrap();
        killed += usize::from(child.wait().unwrap().code().is_none());
        unfinished += usize::from(folder.join("out/.apigen.tmp").exists());
        if turn % 3 == 0 {
            assert!(generate(&folder, VERSIONS[turn / 3 % 2]) == expected[turn / 3 % 2], "after turn {turn}");
        }
    }
    assert!(generate(&folder, VERSIONS[0]) == expected[0]);
    eprintln!("{killed} runs were killed, {unfinished} of them while they wrote");
    assert!(unfinished > 3, "{killed} killed, {unfinished} unfinished");
}

#[test]
fn runs_at_once_leave_one_version() {
    let folder = project("interrupted-concurrent");
    let expected = VERSIONS.map(|version| generate(&folder, version));
    for trial in 0..10 {
        let children: Vec<Child> = (0..4).map(|i| start(&folder, VERSIONS[(i + trial) % 2])).collect();
        for child in children {
            let output = child.wait_with_output().unwrap();
            assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        }
        let found = files(&folder);
        assert!(expected.contains(&found), "trial {trial}: {:?}", found.keys());
    }
}
