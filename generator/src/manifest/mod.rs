//! `apigen.toml`: the specs, and the output of each.

mod fingerprints;
mod option;
mod read;
mod schema;

use std::io;
use std::path::{Path, PathBuf};

pub use fingerprints::{FINGERPRINTS, Fingerprints, lock_manifest};
pub use option::{OPTIONS, OptionKind, OptionSpec, OptionValue, find, pair};
pub use read::Entry;
pub use schema::schema;

use crate::output::CrateFiles;
use crate::{Error, check_outputs};

/// The name of the file.
pub const FILE: &str = "apigen.toml";

/// The contents of the file.
#[derive(Debug, Clone)]
pub struct Manifest {
    /// The path of the file.
    pub path: PathBuf,
    /// The outputs to generate, in the order of the file.
    pub entries: Vec<Entry>,
}

impl Manifest {
    /// Reads a file. Paths in it are relative to its folder.
    ///
    /// # Errors
    /// Returns all problems of the file at once, each with its position, or why it cannot be read.
    pub fn open(path: impl Into<PathBuf>) -> Result<Manifest, Error> {
        let path = path.into();
        let text = apigen_model::source::read_text(&path).map_err(|error| {
            Error::usage(match error.kind() {
                io::ErrorKind::NotFound if path == Path::new(FILE) => {
                    format!("no spec given, and {FILE} not found; run `apigen init` to create it")
                }
                _ => format!("{}: {error}", path.display()),
            })
        })?;
        let folder = path.parent().unwrap_or(Path::new("")).to_owned();
        let entries = read::read(&path.display().to_string(), &text, &folder)?;
        Ok(Manifest { path, entries })
    }

    /// Sets the function that creates the non-Rust files of crates (see
    /// [`Config::crate_files`](crate::Config::crate_files)).
    pub fn crate_files(mut self, files: CrateFiles) -> Self {
        let entries = self.entries.into_iter();
        self.entries = entries.map(|entry| Entry { config: entry.config.crate_files(files), ..entry }).collect();
        self
    }

    /// Generates everything from a build script: `apigen_build::Manifest::open("apigen.toml")?.generate()`. Entries
    /// without `out` go to `OUT_DIR`.
    ///
    /// # Errors
    /// As [`Config::generate`](crate::Config::generate).
    #[expect(clippy::print_stdout, reason = "this is how a build script talks to cargo")]
    pub fn generate(&self) -> Result<(), Error> {
        println!("cargo::rerun-if-changed={}", self.path.display());
        let outputs = check_outputs(self.entries.iter().map(|entry| (&entry.config, entry.config.prepare())))?;
        let mut outputs = self.entries.iter().zip(&outputs);
        outputs.try_for_each(|(entry, (out, generated))| entry.config.deliver(out, generated))
    }
}
