//! The server that a command sends requests to: flags of all such commands.

use std::path::{Path, PathBuf};

use apigen_build::Error;
use apigen_build::manifest::{FILE, Manifest};
use apigen_testing::environment::{Consent, Environment, Environments, Refusal, Target};
use clap::Args;

/// Opens the configuration file, with the environments in it checked as well.
pub fn open_manifest(path: &Path) -> Result<Manifest, Error> {
    let manifest = Manifest::open(path)?;
    Environments::from_file(path)?;
    Ok(manifest)
}

#[derive(Debug, Args)]
pub struct TargetArguments {
    /// URL of the server, if it is on this machine. Others are environments of apigen.toml.
    #[arg(long, value_name = "URL", conflicts_with = "env")]
    url: Option<String>,
    /// Environment of apigen.toml, with its URL and credentials. There is no default.
    #[arg(long, value_name = "NAME")]
    env: Option<String>,
    /// Configuration file, which declares the environments.
    #[arg(long, value_name = "FILE", default_value = FILE)]
    pub config: PathBuf,
    /// Send a header whose value is in an environment variable. Can be repeated.
    #[arg(long, value_name = "NAME=VARIABLE")]
    header_from_env: Vec<String>,
    /// Allow an environment that is production. Recorded in the audit log.
    #[arg(long, requires = "reason")]
    production: bool,
    /// Why production is used; recorded in the audit log.
    #[arg(long, value_name = "TEXT", requires = "production")]
    reason: Option<String>,
    /// Allow operations with side effects in production.
    #[arg(long, requires = "production")]
    allow_side_effects: bool,
}

impl TargetArguments {
    /// Returns true if a server is named.
    pub fn is_given(&self) -> bool {
        self.url.is_some() || self.env.is_some()
    }

    /// Opens the server for a run of this command; in production, the audit log then has a line about it. `service` is the
    /// name of the service in its spec.
    pub fn open(&self, command: &str, service: Option<&str>) -> Result<Target, Error> {
        let mut environment = self.environment(service)?;
        for header in &self.header_from_env {
            // What is not of this form may be a secret, so the message does not repeat it.
            let usage = || Error::usage("--header-from-env takes NAME=VARIABLE, such as X-Api-Key=SHOP_KEY");
            let (name, variable) = header.split_once('=').ok_or_else(usage)?;
            environment = environment.header_from_env(name, variable)?;
        }
        let consent =
            Consent { production: self.production, reason: self.reason.clone(), side_effects: self.allow_side_effects };
        Target::open(command, environment, &consent).map_err(refused)
    }

    fn environment(&self, service: Option<&str>) -> Result<Environment, Error> {
        let Some(name) = &self.env else { return self.local() };
        let environments = Environments::from_file(&self.config)?;
        let environment = match service {
            Some(service) => environments.for_service(name, service),
            None => environments.get(name),
        };
        Ok(environment?)
    }

    fn local(&self) -> Result<Environment, Error> {
        let Some(url) = &self.url else {
            return Err(Error::usage("name the server: --url URL if it is on this machine, else --env NAME"));
        };
        if self.config.exists() {
            // A tunnel to another machine has a local URL; its environment says what it is.
            let environments = Environments::from_file(&self.config)?;
            if let Some(declared) = environments.with_url(url) {
                return Err(Error::usage(format!("{url} is the environment `{0}`: pass --env {0}", declared.name())));
            }
        }
        Environment::local(url).map_err(refused)
    }
}

fn refused(refusal: Refusal) -> Error {
    Error::usage(refusal.to_string())
}
