//! `apigen status`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use apigen_build::Error;
use apigen_build::manifest::{FILE, FINGERPRINTS, Fingerprints};
use clap::Args;

use super::output::print;
use super::target::open_manifest;

#[derive(Debug, Args)]
pub struct Arguments {
    /// Configuration file.
    #[arg(long, value_name = "FILE", default_value = FILE)]
    config: PathBuf,
}

/// Prints for each output whether it is up to date, and why not; the exit code is 1 if one is not.
pub fn status(arguments: &Arguments) -> Result<ExitCode, Error> {
    let manifest = open_manifest(&arguments.config)?.crate_files(apigen_cli::templates::crate_files);
    let folder = arguments.config.parent().unwrap_or(Path::new(""));
    let fingerprints = Fingerprints::open(&folder.join(FINGERPRINTS))?;
    let (mut text, mut stale) = (String::new(), false);
    for entry in &manifest.entries {
        let Some(out) = &entry.out else { continue };
        let reasons = fingerprints.reasons(folder, entry, out);
        stale |= !reasons.is_empty();
        let state = if reasons.is_empty() { "up to date" } else { "out of date" };
        text.push_str(&format!("{}: {state}\n", out.display()));
        reasons.iter().for_each(|reason| text.push_str(&format!("  {reason}\n")));
    }
    let printed = print(&text);
    Ok(if stale { ExitCode::FAILURE } else { printed })
}
