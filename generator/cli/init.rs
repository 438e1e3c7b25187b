//! `apigen init`.

use std::fs;
use std::path::{Path, PathBuf};

use apigen::Error;
use apigen::manifest::FILE;
use clap::Args;

/// A spec to begin with, if there is none.
const EXAMPLE: &str = include_str!("../../templates/example.json");

#[derive(Debug, Args)]
pub struct Arguments {
    /// Specs to generate from. Without any, all of the folder `specs`; if that has none, an example is written there.
    #[arg(value_name = "SPEC")]
    specs: Vec<PathBuf>,
    /// The folder to write to.
    #[arg(long, value_name = "DIR", default_value = ".")]
    folder: PathBuf,
}

/// Writes `apigen.toml`, and says what comes next.
pub fn init(arguments: Arguments) -> Result<String, Error> {
    let file = arguments.folder.join(FILE);
    if file.exists() {
        return Err(Error::usage(format!("{} is there already", file.display())));
    }
    let mut text = String::new();
    let mut specs = arguments.specs;
    if specs.is_empty() {
        specs = found(&arguments.folder);
    }
    if specs.is_empty() {
        let path = PathBuf::from("specs/example.json");
        write(&arguments.folder.join(&path), EXAMPLE)?;
        text.push_str(&format!("{}: an example\n", path.display()));
        specs.push(path);
    }
    write(&file, &manifest(&specs))?;
    text.push_str(&format!("{}: {} spec{}\n", file.display(), specs.len(), if specs.len() == 1 { "" } else { "s" }));
    text.push_str("`apigen generate` writes the code, `apigen status` says whether it is up to date\n");
    Ok(text)
}

/// The specs in the folder `specs`, sorted.
fn found(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder.join("specs")).into_iter().flatten().flatten();
    let names = entries.map(|entry| PathBuf::from("specs").join(entry.file_name()));
    let mut specs: Vec<PathBuf> = names.filter(|path| path.extension().is_some_and(|end| end == "json")).collect();
    specs.sort();
    specs
}

/// One output for each spec, in a folder called like it.
fn manifest(specs: &[PathBuf]) -> String {
    let mut text = "# What apigen generates. `apigen generate --help` explains the options; those above the first\n\
                    # [[spec]] hold for all of them.\n"
        .to_owned();
    for spec in specs {
        let stem = spec.file_stem().unwrap_or_default().to_string_lossy();
        let name: String = stem.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
        let path = toml(&spec.to_string_lossy().replace('\\', "/"));
        text.push_str(&format!("\n[[spec]]\npath = {path}\nout = {}\n", toml(&format!("src/{}", name.to_lowercase()))));
    }
    text
}

/// A TOML basic string; JSON's escapes are a subset of TOML's.
fn toml(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn write(path: &Path, text: &str) -> Result<(), Error> {
    let folder = path.parent().unwrap_or(Path::new(""));
    let written = fs::create_dir_all(folder).and_then(|()| fs::write(path, text));
    written.map_err(|error| Error::usage(format!("{}: {error}", path.display())))
}
