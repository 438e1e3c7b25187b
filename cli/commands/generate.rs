//! `apigen generate`: for the given specs, or for all in `apigen.toml`.

use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use apigen_build::manifest::{Entry, FILE, Fingerprints, Manifest, lock_manifest};
use apigen_build::{Config, Error, Generated, Written, check_folders, check_options};
use apigen_cli::templates::crate_files;
use apigen_model::diagnostic::count;
use clap::Args;

use super::options::Options;
use super::output::say;
use super::{diff, progress};

#[derive(Debug, Args)]
pub struct Arguments {
    /// Specs to generate from (api.json or service.json) [default: the specs of apigen.toml].
    #[arg(value_name = "SPEC")]
    specs: Vec<PathBuf>,
    /// Configuration file [default: apigen.toml].
    #[arg(long, value_name = "FILE", conflicts_with = "specs")]
    config: Option<PathBuf>,
    /// Write nothing; show what would change, and exit with 1 if anything would.
    #[arg(long)]
    check: bool,
    /// Overwrite files that have been edited since they were generated.
    #[arg(long, conflicts_with = "check")]
    force: bool,
    #[command(flatten)]
    options: Options,
}

/// Files generated into memory, with their output folder.
struct Made {
    entry: Entry,
    out: PathBuf,
    generated: Generated,
}

/// Generates, and prints what was written, with notes.
pub fn generate(arguments: Arguments) -> Result<ExitCode, Error> {
    let path = arguments.config.clone().unwrap_or_else(|| PathBuf::from(FILE));
    let entries = match arguments.specs.is_empty() {
        true => Manifest::open(&path)?.crate_files(crate_files).entries,
        false => vec![named(arguments.specs.clone())],
    };
    if entries.len() > 1 && arguments.options.out().is_some() {
        return Err(Error::usage(format!(
            "--out is a single folder, but {} has {} outputs",
            path.display(),
            entries.len()
        )));
    }
    // Nothing is written unless everything can be generated.
    let (mut made, mut errors) = (Vec::new(), Vec::new());
    for entry in entries {
        match make(entry, &arguments.options) {
            Ok(one) => made.push(one),
            Err(error) => errors.push(error),
        }
    }
    if let Some(error) = Error::all(errors) {
        return Err(error);
    }
    for one in &made {
        drop(write!(io::stderr().lock(), "{}", one.generated.warnings));
    }
    check_options(made.iter().map(|one| &one.generated))?;
    check_folders(made.iter().map(|one| (one.out.as_path(), &one.generated)))?;
    if arguments.check {
        return check(&made);
    }
    // This may wait for another run to end.
    let text =
        progress::during("writing", || write(&made, arguments.force, arguments.specs.is_empty().then_some(&path)))?;
    Ok(say(&text))
}

/// Returns an entry for the command line alone, without a file.
fn named(specs: Vec<PathBuf>) -> Entry {
    let config = specs.iter().fold(Config::new().crate_files(crate_files), Config::spec);
    Entry { specs, out: None, config, options: String::new() }
}

/// Generates an entry. Flags override the file.
fn make(mut entry: Entry, options: &Options) -> Result<Made, Error> {
    entry.config = options.apply(entry.config)?;
    entry.options.push_str(&options.text());
    let Some(out) = options.out().map(PathBuf::from).or_else(|| entry.out.clone()) else {
        return Err(entry.config.missing_out());
    };
    let generated = progress::during(&format!("generating {}", out.display()), || entry.config.generate_shared())?;
    Ok(Made { entry, out, generated })
}

fn check(made: &[Made]) -> Result<ExitCode, Error> {
    let mut code = ExitCode::SUCCESS;
    for Made { out, generated, .. } in made {
        let differences = generated.differences(out)?;
        let told = diff::stale(&out.display().to_string(), &differences);
        if !differences.is_empty() {
            code = told;
        }
    }
    Ok(code)
}

/// Writes every output, and returns what was written. Outputs of one configuration are written by one run at a time.
fn write(made: &[Made], force: bool, manifest: Option<&PathBuf>) -> Result<String, Error> {
    let _lock = manifest.map(|manifest| lock_manifest(manifest)).transpose()?;
    let mut text = String::new();
    for Made { out, generated, .. } in made {
        let out_name = out.display().to_string();
        let written = generated.write(out, force).inspect_err(|error| diff::edited(&out_name, error.edited()))?;
        text.push_str(&summary(generated, &written, &out_name));
    }
    if let Some(manifest) = manifest {
        note(manifest.parent().unwrap_or(Path::new("")), made)?;
    }
    Ok(text)
}

/// Records the inputs of each output.
fn note(folder: &Path, made: &[Made]) -> Result<(), Error> {
    Fingerprints::change(folder, |fingerprints| {
        for Made { entry, out, generated } in made {
            fingerprints.note(folder, entry, out, generated);
        }
        fingerprints.retain(folder, &made.iter().map(|made| made.out.clone()).collect::<Vec<_>>());
    })
}

fn summary(generated: &Generated, written: &Written, out: &str) -> String {
    let mut text = String::new();
    for note in &generated.notes {
        let _ = writeln!(text, "note: {note}");
    }
    let (changed, unchanged, removed) = (written.changed.len(), written.unchanged.len(), written.removed.len());
    let (types, operations) = (count(generated.types, "type"), count(generated.operations, "operation"));
    let _ = writeln!(text, "{}: {types}, {operations}", generated.name);
    let changed = count(changed, "file");
    let _ = writeln!(text, "{out}: {changed} written, {unchanged} unchanged, {removed} removed");
    text
}
