//! The services of a server, by their base paths.

use std::collections::HashSet;
use std::sync::{Arc, PoisonError, RwLock};

use apigen_model::diagnostic::Report;

use super::engine::Engine;
use super::error::MockError;
use super::settings::Settings;
use super::traffic::Traffic;
use crate::rules::RuleReader;
use crate::service::{LoadError, LoadedService};

pub(super) struct Shared {
    pub(super) settings: Settings,
    /// The services, by their base paths; those with longer paths first.
    mounts: RwLock<Arc<Vec<Mount>>>,
    pub(super) traffic: Arc<Traffic>,
}

/// A service below a base path.
pub(super) struct Mount {
    /// Nothing, or a path without a slash at its end.
    pub(super) base: String,
    pub(super) engine: Engine,
}

/// Loads a spec, again each time that its files change.
pub(super) type Loader = Arc<dyn Fn() -> Result<Arc<LoadedService>, LoadError> + Send + Sync>;

impl Shared {
    pub(super) fn new(settings: Settings, mut mounts: Vec<Mount>, traffic: Arc<Traffic>) -> Shared {
        mounts.sort_by_key(|mount| std::cmp::Reverse(mount.base.len()));
        Shared { settings, mounts: RwLock::new(Arc::new(mounts)), traffic }
    }

    pub(super) fn mounts(&self) -> Arc<Vec<Mount>> {
        Arc::clone(&self.mounts.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Replaces the services; requests in progress end with the old ones.
    #[cfg(feature = "watch")]
    pub(super) fn remount(&self, mut mounts: Vec<Mount>) {
        mounts.sort_by_key(|mount| std::cmp::Reverse(mount.base.len()));
        *self.mounts.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(mounts);
    }
}

/// Returns where each service is served: at the root if it is alone, or else below the path of its base URL.
pub(super) fn base_paths(services: &[Arc<LoadedService>]) -> Result<Vec<String>, MockError> {
    match services {
        [] => return Err(MockError::NoSpec),
        [_] => return Ok(vec![String::new()]),
        _ => {}
    }
    let mut seen = HashSet::new();
    for service in services {
        if !seen.insert(service.base_path()) {
            return Err(MockError::BasePath(service.base_path().to_owned()));
        }
    }
    Ok(services.iter().map(|service| service.base_path().to_owned()).collect())
}

/// Adds rules to the service that has all their operations; returns their IDs.
pub(super) fn add_rules(mounts: &[Mount], name: &str, text: &[u8]) -> Result<Vec<usize>, String> {
    let mut problems = None;
    for mount in mounts {
        let answers = &mount.engine.answers;
        let fill = answers.fill();
        match RuleReader::new(answers.service.api(), answers.service.schema(), &fill).read(name, text) {
            Ok(rules) => return answers.rules.add(rules).map_err(|error| error.to_string()),
            Err(errors) => drop(problems.get_or_insert(errors)),
        }
    }
    Err(problems.map_or_else(|| "there is no service".to_owned(), |problems: Report| problems.render(false)))
}
