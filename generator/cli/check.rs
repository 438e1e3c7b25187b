//! `apigen check` and `apigen normalize`.

use std::io::{self, IsTerminal, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;

use apigen::front::Report;
use apigen::{Config, Error};
use clap::{Args, ValueEnum};

use super::context::Context;
use super::print;

#[derive(Debug, Args)]
pub struct Arguments {
    /// Specs to check: api.json or service.json.
    #[arg(required = true, value_name = "SPEC")]
    specs: Vec<PathBuf>,
    #[command(flatten)]
    context: Context,
    /// How problems are printed.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

#[derive(Debug, Args)]
pub struct NormalizeArguments {
    /// Spec to normalise: api.json, or a service.json to be written anew.
    #[arg(value_name = "SPEC")]
    spec: PathBuf,
    #[command(flatten)]
    context: Context,
}

#[derive(Debug, Clone, Copy, Default, ValueEnum)]
enum Format {
    /// With an excerpt of the document.
    #[default]
    Human,
    /// An array of objects.
    Json,
    /// Annotations of a workflow on GitHub.
    Github,
}

/// Checks, and prints every problem: for people to standard error, for programs to standard output.
pub fn check(arguments: Arguments) -> Result<ExitCode, Error> {
    let config = arguments.specs.into_iter().fold(arguments.context.config(), Config::spec);
    let report = config.check()?;
    match arguments.format {
        Format::Human => complain(&report),
        Format::Json => drop(print(&report.to_json())),
        Format::Github => drop(print(&report.to_github())),
    }
    Ok(if report.has_errors() { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// Prints the `service.json`; problems go to standard error.
pub fn normalize(arguments: NormalizeArguments) -> Result<ExitCode, Error> {
    let (text, report) = arguments.context.config().spec(arguments.spec).normalize()?;
    complain(&report);
    Ok(print(&text))
}

fn complain(report: &Report) {
    let stderr = io::stderr();
    // Nobody is left to tell if this fails.
    drop(write!(stderr.lock(), "{}", report.render(stderr.is_terminal())));
}
