//! Runs every command in the documentation as printed: README, guide, and the transcripts in `tests/console`.
//!
//! A block ```` ```console ```` has commands after `$ `, each with its output; `[..]` stands for any text in a line,
//! `...` for any lines. A block whose first line also names a file, ```` ```toml apigen.toml ````, is that file from
//! there on. Each document starts in a folder that has only the repository's `specs`, with the repository itself next
//! to it, as `apigen`. `APIGEN_BLESS=1` writes the current output.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a failure ends the run")]

mod common;

use std::fs;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::{Path, PathBuf};
use std::process::Command;

use common::{put, root, scratch};
use snapbox::Assert;
use snapbox::data::{DataFormat, IntoData as _};

/// A document being processed.
struct Transcript {
    folder: PathBuf,
    /// The document with the current output.
    text: String,
    /// Exit code of the last command.
    code: i32,
    failures: Vec<String>,
}

/// The folder is outside the workspace, since packages in it would have to be members. It is always the same for this
/// clone, so that cargo reuses what it has compiled there.
fn folder() -> PathBuf {
    let mut hasher = DefaultHasher::new();
    root().hash(&mut hasher);
    std::env::temp_dir().join(format!("apigen-console-{:x}", hasher.finish()))
}

impl Transcript {
    fn new(name: &str) -> Transcript {
        let all = folder();
        let folder = all.join(name.replace('/', "-"));
        drop(fs::remove_dir_all(&folder));
        for entry in fs::read_dir(root().join("specs")).unwrap().flatten() {
            let target = folder.join("specs").join(entry.file_name());
            put(&target, &fs::read_to_string(entry.path()).unwrap());
        }
        let clone = all.join("apigen");
        drop(fs::remove_file(&clone));
        std::os::unix::fs::symlink(root(), clone).unwrap();
        Transcript { folder, text: String::new(), code: 0, failures: Vec::new() }
    }

    /// Runs every block.
    fn run(&mut self, document: &str) {
        let mut lines = document.lines();
        while let Some(line) = lines.next() {
            self.push(line);
            let Some(info) = line.strip_prefix("```").filter(|info| !info.is_empty()) else { continue };
            let block: Vec<&str> = lines.by_ref().take_while(|line| !line.starts_with("```")).collect();
            match info.split_once(' ') {
                None if info == "console" => self.commands(&block),
                Some((_, file)) if !file.contains([',', ' ']) => {
                    self.file(file, &block);
                    block.iter().for_each(|line| self.push(line));
                }
                _ => block.iter().for_each(|line| self.push(line)),
            }
            self.push("```");
        }
    }

    fn file(&self, name: &str, block: &[&str]) {
        let path = self.folder.join(name);
        put(&path, &format!("{}\n", block.join("\n")));
        if path.ends_with("Cargo.toml") {
            // Use only packages that are already available.
            fs::copy(root().join("Cargo.lock"), path.with_file_name("Cargo.lock")).unwrap();
        }
    }

    fn commands(&mut self, block: &[&str]) {
        let mut rest = block;
        while let [command, after @ ..] = rest {
            let end = after.iter().position(|line| line.starts_with("$ ")).unwrap_or(after.len());
            let expected: String = after[..end].iter().map(|line| format!("{line}\n")).collect();
            rest = &after[end..];
            self.push(command);
            let printed = self.command(command.strip_prefix("$ ").expect("a command is after `$ `"));
            match compare(&printed, &expected) {
                Ok(()) => self.text.push_str(&expected),
                Err(difference) => {
                    self.text.push_str(&printed);
                    self.failures.push(format!("{command}\n{difference}"));
                }
            }
        }
    }

    /// Returns the output of a command, on either stream.
    fn command(&mut self, command: &str) -> String {
        let binary = Path::new(env!("CARGO_BIN_EXE_apigen")).parent().unwrap();
        let path = std::env::join_paths(
            [binary.to_owned()].into_iter().chain(std::env::split_paths(&std::env::var_os("PATH").unwrap())),
        );
        let output = Command::new("sh")
            .args(["-c", &format!("exec 2>&1\n(exit {})\n{command}", self.code)])
            .current_dir(&self.folder)
            .env("PATH", path.unwrap())
            .envs([("CARGO_NET_OFFLINE", "true"), ("CARGO_PROFILE_DEV_DEBUG", "0")])
            .env("CARGO_TARGET_DIR", scratch("target"))
            .env("LC_ALL", "C")
            .env_remove("APIBUILDER_TOKEN")
            .output()
            .unwrap();
        self.code = output.status.code().unwrap_or(-1);
        let text = String::from_utf8(output.stdout).unwrap();
        // Blocks cannot end without a line break.
        if text.is_empty() || text.ends_with('\n') { text } else { format!("{text}\n") }
    }

    fn push(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }
}

fn compare(printed: &str, expected: &str) -> Result<(), String> {
    let expected = expected.to_owned().into_data().coerce_to(DataFormat::Text);
    Assert::new()
        .normalize_paths(false)
        .try_eq(None, printed.to_owned().into_data(), expected)
        .map_err(|error| error.to_string())
}

/// Returns the Markdown files of a folder.
fn documents(folder: &str) -> Vec<String> {
    let entries = fs::read_dir(root().join(folder)).unwrap().flatten();
    let names = entries.map(|entry| format!("{folder}/{}", entry.file_name().to_string_lossy()));
    let mut names: Vec<String> = names.filter(|name| name.ends_with(".md")).collect();
    names.sort();
    names
}

#[test]
fn every_printed_command_works_as_printed() {
    let (mut failures, mut commands) = (Vec::new(), 0);
    for name in [vec!["README.md".to_owned()], documents("docs"), documents("tests/console")].concat() {
        let document = fs::read_to_string(root().join(&name)).unwrap();
        let mut transcript = Transcript::new(&name);
        transcript.run(&document);
        commands += document.lines().filter(|line| line.starts_with("$ ")).count();
        if std::env::var_os("APIGEN_BLESS").is_some() {
            put(&root().join(&name), &transcript.text);
        } else {
            failures.extend(transcript.failures.iter().map(|failure| format!("{name}: {failure}")));
        }
    }
    fs::remove_dir_all(folder()).unwrap();
    assert!(failures.is_empty(), "{}\n`APIGEN_BLESS=1 cargo test --test console` takes this over", failures.join("\n"));
    assert!(commands > 70, "{commands} commands");
}
