//! `apigen generate`.

use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;

use apigen::{Config, Dates, Error, Generated, Include, Written};
use clap::{Args, ValueEnum};

use super::context::Context;
use super::diff;
use super::print;

#[derive(Debug, Args)]
pub struct Arguments {
    /// Specs to generate from: api.json or service.json.
    #[arg(required = true, value_name = "SPEC")]
    specs: Vec<PathBuf>,
    /// Folder to write to.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Write nothing: show what would change, and end with exit code 1 if anything would.
    #[arg(long)]
    check: bool,
    /// Overwrite files that were edited since they were generated.
    #[arg(long, conflicts_with = "check")]
    force: bool,
    /// Write a whole crate of this name, with Cargo.toml and README.
    #[arg(long = "crate", value_name = "NAME", conflicts_with = "name")]
    krate: Option<String>,
    /// Where the crate finds `apigen-runtime`, if not in the registry.
    #[arg(long, value_name = "PATH", requires = "krate")]
    runtime_path: Option<PathBuf>,
    #[command(flatten)]
    context: Context,
    /// Take an imported namespace from an existing Rust path. Can be repeated.
    #[arg(long = "extern", value_name = "NAMESPACE=PATH", value_parser = |text: &str| pair(text, "io.flow.common.v0=::flow_common"))]
    externs: Vec<(String, String)>,
    /// Derive one more trait for the types that match: `user`, `models.user`, `io.flow.*.v0.enums.*`. Can be repeated.
    #[arg(long, value_name = "PATTERN=PATH", value_parser = |text: &str| pair(text, "models.user=Hash"))]
    derive: Vec<(String, String)>,
    /// Put an attribute on the types that match. Can be repeated.
    #[arg(long, value_name = "PATTERN=ATTRIBUTE", value_parser = |text: &str| pair(text, "models.user*=#[non_exhaustive]"))]
    attribute: Vec<(String, String)>,
    /// Use an existing Rust type in place of the types that match. Can be repeated.
    #[arg(long, value_name = "PATTERN=PATH", value_parser = |text: &str| pair(text, "models.price=::money::Price"))]
    replace: Vec<(String, String)>,
    /// Name of the module; by default the snake case of the spec's name.
    #[arg(long)]
    name: Option<String>,
    /// Generate only operations that match: `users`, `users.get_by_guid`, `GET /users/*`. Can be repeated.
    #[arg(long, value_name = "PATTERN")]
    include: Vec<String>,
    /// Leave out operations that match. Can be repeated.
    #[arg(long, value_name = "PATTERN")]
    exclude: Vec<String>,
    /// Annotation that marks fields which must not be logged, in place of the usual ones. Can be repeated.
    #[arg(long, value_name = "ANNOTATION")]
    sensitive: Vec<String>,
    /// Whether mocks are generated.
    #[arg(long, value_enum)]
    mocks: Option<IncludeChoice>,
    /// Whether server traits and the validator of requests and responses are generated.
    #[arg(long, value_enum)]
    server: Option<IncludeChoice>,
    /// Which crate's types stand for dates and date-times.
    #[arg(long, value_enum, default_value = "jiff")]
    dates: DateChoice,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum DateChoice {
    Jiff,
    Chrono,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum IncludeChoice {
    Always,
    Never,
    /// Behind the cargo feature `mock` or `server` (the default for crates).
    Feature,
}

/// Generates, and says what was written and what is worth knowing.
pub fn generate(arguments: Arguments) -> Result<ExitCode, Error> {
    let (out, check) = (arguments.out.display().to_string(), arguments.check);
    let config = config(arguments);
    if check {
        let (generated, differences) = config.compare()?;
        drop(write!(io::stderr().lock(), "{}", generated.warnings));
        return Ok(diff::stale(&out, &differences));
    }
    let (generated, written) = config.write().inspect_err(|error| diff::edited(&out, error.edited()))?;
    drop(write!(io::stderr().lock(), "{}", generated.warnings));
    Ok(print(&summary(&generated, &written, &out)))
}

fn config(arguments: Arguments) -> Config {
    let mut config = arguments.context.config().out(arguments.out).force(arguments.force);
    config = arguments.specs.into_iter().fold(config, Config::spec);
    config = arguments.externs.into_iter().fold(config, |config, (from, to)| config.extern_path(from, to));
    config = arguments.derive.into_iter().fold(config, |config, (pattern, path)| config.derive(pattern, path));
    config = arguments.attribute.into_iter().fold(config, |config, (pattern, text)| config.attribute(pattern, text));
    config = arguments.replace.into_iter().fold(config, |config, (pattern, path)| config.replace(pattern, path));
    if let Some(name) = arguments.krate {
        config = config.crate_name(name);
    }
    if let Some(path) = arguments.runtime_path {
        config = config.runtime_path(path);
    }
    if let Some(name) = arguments.name {
        config = config.name(name);
    }
    config = arguments.include.into_iter().fold(config, Config::include);
    config = arguments.exclude.into_iter().fold(config, Config::exclude);
    if !arguments.sensitive.is_empty() {
        config = config.sensitive(arguments.sensitive);
    }
    config = match arguments.dates {
        DateChoice::Jiff => config,
        DateChoice::Chrono => config.dates(Dates::Chrono),
    };
    if let Some(choice) = arguments.mocks {
        config = config.mocks(choice.include("mock"));
    }
    if let Some(choice) = arguments.server {
        config = config.server(choice.include("server"));
    }
    config
}

impl IncludeChoice {
    fn include(self, feature: &str) -> Include {
        match self {
            Self::Always => Include::Always,
            Self::Never => Include::Never,
            Self::Feature => Include::Feature(feature.to_owned()),
        }
    }
}

fn summary(generated: &Generated, written: &Written, out: &str) -> String {
    let mut text = String::new();
    for note in &generated.notes {
        let _ = writeln!(text, "note: {note}");
    }
    let (changed, unchanged, removed) = (written.changed.len(), written.unchanged.len(), written.removed.len());
    let _ = writeln!(text, "{}: {} types, {} operations", generated.name, generated.types, generated.operations);
    let _ = writeln!(text, "{out}: {changed} files written, {unchanged} unchanged, {removed} removed");
    text
}

fn pair(text: &str, example: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((from, to)) if !from.is_empty() && !to.is_empty() => Ok((from.to_owned(), to.to_owned())),
        _ => Err(format!("there must be text on both sides of a `=`, for example {example}")),
    }
}
