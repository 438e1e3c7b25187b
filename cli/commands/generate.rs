//! `apigen generate`: for the given specs, or for all in `apigen.toml`.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use apigen_build::manifest::{Entry, FILE, Fingerprints, lock_manifest};
use apigen_build::{Config, Difference, Error, Generated, Written, check_outputs};
use apigen_cli::templates::crate_files;
use apigen_model::diagnostic::count;
use clap::Args;
use similar::TextDiff;

use super::options::Options;
use super::output::{complain, print, say};
use super::progress;
use super::target::open_manifest;

/// The folder of an output, and the files generated into memory.
type Output = (PathBuf, Generated);

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

/// Generates, and prints what was written, with notes.
pub fn generate(arguments: Arguments) -> Result<ExitCode, Error> {
    let path = arguments.config.clone().unwrap_or_else(|| PathBuf::from(FILE));
    let entries = match arguments.specs.is_empty() {
        true => open_manifest(&path)?.crate_files(crate_files).entries,
        false => vec![named(arguments.specs.clone())],
    };
    if entries.len() > 1 && arguments.options.out().is_some() {
        let (path, count) = (path.display(), entries.len());
        return Err(Error::usage(format!("--out is a single folder, but {path} has {count} outputs")));
    }
    let changed = |entry| overridden(entry, &arguments.options);
    let entries: Vec<Entry> = entries.into_iter().map(changed).collect::<Result<_, _>>()?;
    // Nothing is written unless everything can be generated.
    let outputs = check_outputs(entries.iter().map(|entry| (&entry.config, make(entry))))?;
    if arguments.check {
        return check(&outputs);
    }
    // This may wait for another run to end.
    let manifest = arguments.specs.is_empty().then_some(path.as_path());
    let text = progress::during("writing", || write(&entries, &outputs, arguments.force, manifest))?;
    Ok(say(&text))
}

/// Returns an entry for the command line alone, without a file.
fn named(specs: Vec<PathBuf>) -> Entry {
    let config = specs.iter().fold(Config::new().crate_files(crate_files), Config::spec);
    Entry { specs, out: None, config, options: String::new() }
}

/// Returns an entry whose options are overridden by flags.
fn overridden(mut entry: Entry, options: &Options) -> Result<Entry, Error> {
    entry.config = options.apply(entry.config)?;
    entry.options.push_str(&options.text());
    entry.out = options.out().map(PathBuf::from).or(entry.out);
    Ok(entry)
}

/// Generates an entry into memory, and prints its warnings.
fn make(entry: &Entry) -> Result<Output, Error> {
    let out = entry.out.clone().ok_or_else(|| entry.config.missing_out())?;
    let generated = progress::during(&format!("generating {}", out.display()), || entry.config.generate_shared())?;
    complain(|_| generated.warnings.clone());
    Ok((out, generated))
}

/// Prints what a run would change; the exit code is 1 if there is anything.
fn check(outputs: &[Output]) -> Result<ExitCode, Error> {
    let mut code = ExitCode::SUCCESS;
    for (out, generated) in outputs {
        let (out, differences) = (out.display().to_string(), generated.differences(out)?);
        if differences.is_empty() {
            say(&format!("{out}: up to date\n"));
            continue;
        }
        let are = if differences.len() == 1 { "is" } else { "are" };
        let files = count(differences.len(), "file");
        print(&format!("{}{out}: {files} {are} out of date\n", unified(&out, &differences)));
        code = ExitCode::FAILURE;
    }
    Ok(code)
}

/// Writes every output, and returns what was written. Outputs of one configuration are written by one run at a time.
fn write(entries: &[Entry], outputs: &[Output], force: bool, manifest: Option<&Path>) -> Result<String, Error> {
    let _lock = manifest.map(lock_manifest).transpose()?;
    let mut text = String::new();
    for (out, generated) in outputs {
        let out_name = out.display().to_string();
        let written = generated.write(out, force).inspect_err(|error| edited(&out_name, error.edited()))?;
        text.push_str(&summary(generated, &written, &out_name));
    }
    if let Some(manifest) = manifest {
        let folder = manifest.parent().unwrap_or(Path::new(""));
        Fingerprints::change(folder, |fingerprints| {
            for (entry, (out, generated)) in entries.iter().zip(outputs) {
                fingerprints.note(folder, entry, out, generated);
            }
            fingerprints.retain(folder, &outputs.iter().map(|(out, _)| out.clone()).collect::<Vec<_>>());
        })?;
    }
    Ok(text)
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

/// Prints the changes that would be lost in edited files.
fn edited(out: &str, differences: &[Difference]) {
    if !differences.is_empty() {
        let text = format!(
            "{}note: {} edited since generation. Move what you need elsewhere, then overwrite with `--force`\n",
            unified(out, differences),
            if differences.len() == 1 { "this file was" } else { "these files were" }
        );
        complain(|_| text);
    }
}

/// Returns a unified diff from the existing to the new files, with three lines around each change.
fn unified(out: &str, differences: &[Difference]) -> String {
    let mut text = String::new();
    for Difference { path, old, new } in differences {
        let path = format!("{}/{}", out.trim_end_matches(['/', '\\']), path.display());
        let name = |text: &Option<String>| if text.is_some() { path.clone() } else { "/dev/null".to_owned() };
        let (from, to) = (name(old), name(new));
        let (old, new) = (old.as_deref().unwrap_or_default(), new.as_deref().unwrap_or_default());
        text.push_str(&TextDiff::from_lines(old, new).unified_diff().context_radius(3).header(&from, &to).to_string());
    }
    text
}
