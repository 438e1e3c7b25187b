//! `apigen check` and `apigen normalize`.

use std::path::PathBuf;
use std::process::ExitCode;

use apigen_build::manifest::FILE;
use apigen_build::{Config, Error};
use apigen_model::Report;
use apigen_model::lint::{Level, Settings};
use clap::{ArgMatches, Args, ValueEnum};

use super::options::Reading;
use super::output::{complain, print};
use super::progress;
use super::target::open_manifest;

#[derive(Debug, Args)]
pub struct Arguments {
    /// Specs to check (api.json or service.json) [default: the specs of apigen.toml, with its options].
    #[arg(value_name = "SPEC")]
    specs: Vec<PathBuf>,
    /// Configuration file.
    #[arg(long, value_name = "FILE", default_value = FILE, conflicts_with = "specs")]
    config: PathBuf,
    #[command(flatten)]
    reading: Reading,
    /// Also run lints, which find valid but problematic constructs.
    #[arg(long)]
    lints: bool,
    /// Never report this lint, given by name, code or `all`. Can be repeated, like --warn and --deny; the last one wins.
    #[arg(long, value_name = "RULE")]
    allow: Vec<String>,
    /// Report this lint as a warning.
    #[arg(long, value_name = "RULE")]
    warn: Vec<String>,
    /// Report this lint as an error; `warnings` means all lints that would warn.
    #[arg(long, value_name = "RULE")]
    deny: Vec<String>,
    /// Output format.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

#[derive(Debug, Args)]
pub struct NormalizeArguments {
    /// Spec to normalise: an api.json, or a service.json to rewrite.
    #[arg(value_name = "SPEC")]
    spec: PathBuf,
    #[command(flatten)]
    reading: Reading,
}

#[derive(Debug, Clone, Copy, Default, ValueEnum)]
enum Format {
    /// Text with an excerpt of the document.
    #[default]
    Human,
    /// A JSON array of objects.
    Json,
    /// Annotations of a GitHub workflow.
    Github,
}

/// Checks specs and prints every problem: for people to standard error, for programs to standard output.
pub fn check(arguments: Arguments, matches: &ArgMatches) -> Result<ExitCode, Error> {
    let lints = lints(&arguments, matches)?;
    let configs = match arguments.specs.is_empty() {
        true => open_manifest(&arguments.config)?.entries.into_iter().map(|entry| entry.config).collect(),
        false => vec![arguments.specs.iter().fold(Config::new(), Config::spec)],
    };
    let mut report = Report::default();
    for config in configs {
        let mut config = arguments.reading.apply(config)?;
        if let Some(settings) = &lints {
            config = config.lints(settings.clone());
        }
        report.append(progress::during("checking", || config.check())?);
    }
    match arguments.format {
        Format::Human => complain(|color| report.render(color)),
        Format::Json => drop(print(&report.to_json())),
        Format::Github => drop(print(&report.to_github())),
    }
    Ok(if report.has_errors() { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// Returns the levels of lints, in the order of the flags; `None` if no lints are wanted.
fn lints(arguments: &Arguments, matches: &ArgMatches) -> Result<Option<Settings>, Error> {
    let options = [
        ("allow", Level::Allow, &arguments.allow),
        ("warn", Level::Warn, &arguments.warn),
        ("deny", Level::Deny, &arguments.deny),
    ];
    let mut ordered: Vec<(usize, Level, &String)> = Vec::new();
    for (id, level, rules) in options {
        ordered.extend(matches.indices_of(id).into_iter().flatten().zip(rules).map(|(at, rule)| (at, level, rule)));
    }
    ordered.sort_by_key(|(at, ..)| *at);
    if !arguments.lints && ordered.is_empty() {
        return Ok(None);
    }
    let mut settings = Settings::default();
    for (_, level, rule) in ordered {
        settings.set(level, rule).map_err(|unknown| Error::usage(unknown.to_string()))?;
    }
    Ok(Some(settings))
}

/// Prints the `service.json`; problems go to standard error.
pub fn normalize(arguments: NormalizeArguments) -> Result<ExitCode, Error> {
    let config = arguments.reading.apply(Config::new())?.spec(arguments.spec);
    let (text, report) = progress::during("normalising", || config.normalize())?;
    complain(|color| report.render(color));
    Ok(print(&text))
}
