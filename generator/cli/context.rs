//! Arguments that every command takes which reads specs.

use std::path::PathBuf;

use apigen::Config;
use clap::Args;

/// What an `api.json` does not say of itself, and where its imports are.
#[derive(Debug, Clone, Args)]
pub struct Context {
    /// Key of the organisation that publishes the spec.
    #[arg(long, value_name = "KEY")]
    org: Option<String>,
    /// Namespace of the organisation.
    #[arg(long, value_name = "NAMESPACE")]
    namespace: Option<String>,
    /// Version of the spec.
    #[arg(long = "version", value_name = "VERSION")]
    spec_version: Option<String>,
    /// Read as a server does that recompiles a spec which it stored long ago: whatever has a default is required.
    #[arg(long)]
    migration: bool,
    /// Where imported services are found: a folder, or a JSON file from URI to file. Can be repeated.
    #[arg(long, value_name = "DIR|MAP.json")]
    imports: Vec<PathBuf>,
}

impl Context {
    /// A configuration that says so.
    pub fn config(self) -> Config {
        let mut config = Config::new().migration(self.migration);
        if let Some(key) = self.org {
            config = config.organization(key);
        }
        if let Some(namespace) = self.namespace {
            config = config.namespace(namespace);
        }
        if let Some(version) = self.spec_version {
            config = config.version(version);
        }
        self.imports.into_iter().fold(config, Config::imports)
    }
}
