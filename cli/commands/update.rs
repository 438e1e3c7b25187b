//! `apigen update`.

use std::env;
use std::path::PathBuf;

use apigen_build::Error;
use apigen_build::manifest::{FILE, Manifest};
use apigen_cli::fetch::{Limits, Update};
use clap::Args;

use super::progress;

#[derive(Debug, Args)]
pub struct Arguments {
    /// All specs that share the vendored folder: api.json or service.json, or URIs to fetch [default: the specs of apigen.toml].
    #[arg(value_name = "SPEC")]
    specs: Vec<PathBuf>,
    /// Folder, or JSON file that maps URIs to files, with imported services that need not be fetched. Can be repeated.
    #[arg(long, value_name = "DIR|MAP.json")]
    imports: Vec<PathBuf>,
    /// Folder for fetched services.
    #[arg(long, value_name = "DIR", default_value = "vendor/apibuilder")]
    vendor: PathBuf,
    /// Lock file, in that folder or above it [default: apigen.lock in that folder].
    #[arg(long, value_name = "FILE")]
    lock: Option<PathBuf>,
    /// Write nothing and stay offline; fail unless all files match the lock file.
    #[arg(long, conflicts_with = "latest")]
    locked: bool,
    /// Fetch imports of version `latest` or `~x.y.z` again.
    #[arg(long)]
    latest: bool,
    /// Allow this host to have a private address and to receive APIBUILDER_TOKEN. Can be repeated.
    #[arg(long, value_name = "HOST")]
    allow_host: Vec<String>,
    /// Allow plain http to this computer (requires --allow-host localhost).
    #[arg(long)]
    allow_http: bool,
    /// Maximum total size of all imported documents, in MiB.
    #[arg(long, value_name = "MIB", default_value_t = Limits::default().all_bytes >> 20)]
    total_limit: u64,
}

/// Fetches, and returns what happened to each URI.
pub fn update(arguments: Arguments) -> Result<String, Error> {
    let folder = arguments.vendor.display().to_string();
    let mut update = Update::new(arguments.vendor)
        .locked(arguments.locked)
        .latest(arguments.latest)
        .allow_http(arguments.allow_http)
        .limits(Limits { all_bytes: arguments.total_limit.saturating_mul(1 << 20), ..Limits::default() });
    update = match arguments.specs.is_empty() {
        true => Manifest::open(FILE)?.entries.iter().fold(update, |update, entry| {
            let update = entry.specs.iter().fold(update, Update::spec);
            entry.config.import_paths().iter().filter(|place| place.exists()).fold(update, Update::imports)
        }),
        false => arguments.specs.into_iter().fold(update, Update::spec),
    };
    update = arguments.imports.into_iter().fold(update, Update::imports);
    update = arguments.allow_host.iter().fold(update, |update, host| update.allow_host(host));
    if let Some(lock) = arguments.lock {
        update = update.lock_file(lock);
    }
    if let Some(token) = env::var("APIBUILDER_TOKEN").ok().filter(|token| !token.is_empty()) {
        update = update.token(token);
    }
    let changes = progress::during("fetching", || update.run())?.to_string();
    let (lines, summary) = changes
        .rsplit_once('\n')
        .map_or((String::new(), changes.as_str()), |(lines, summary)| (format!("{lines}\n"), summary));
    Ok(format!("{lines}{folder}: {summary}\n"))
}
