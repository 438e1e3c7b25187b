//! Sets up and starts mock servers.

use std::collections::BTreeSet;
use std::fmt;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use apigen_model::vocabulary::suggestions::closest;
use apigen_runtime::server::{Server, ServerLimits};
use apigen_runtime::testing::{FaultPlan, Latency};

use super::decision::AnsweredBy;
use super::engine::Engine;
use super::error::MockError;
use super::mounts::{Loader, Mount, Shared, add_rules, base_paths};
use super::server::MockServer;
use super::service::MockService;
use super::settings::Settings;
use super::traffic::{Observer, Traffic};
use crate::exchange::Exchange;
use crate::rules::RuleSet;
use crate::service::{LoadError, LoadedService};

/// Sets up a [`MockServer`].
#[must_use = "a builder does nothing until `start` is called"]
#[derive(Default)]
pub struct MockServerBuilder {
    pub(super) loaders: Vec<Loader>,
    rules: Vec<PathBuf>,
    settings: Settings,
    address: Option<SocketAddr>,
    observer: Option<Box<Observer>>,
    log: Option<PathBuf>,
    #[cfg(feature = "watch")]
    watch: Option<Box<super::watch::Report>>,
}

impl MockServer {
    /// Starts a server for an `api.json` or `service.json` at a free port of this machine.
    ///
    /// # Errors
    /// Returns all problems of the spec, or an error if no port can be opened.
    pub fn from_spec(path: impl AsRef<Path>) -> Result<MockServer, MockError> {
        MockServer::builder().spec(path).start()
    }

    /// Returns a builder, for several specs and other settings.
    pub fn builder() -> MockServerBuilder {
        MockServerBuilder::default()
    }
}

impl MockServerBuilder {
    /// Adds an `api.json` or `service.json`. Several specs are served below the paths of their base URLs.
    pub fn spec(self, path: impl AsRef<Path>) -> Self {
        let path = path.as_ref().to_owned();
        self.load(move || LoadedService::from_path(&path))
    }

    /// Adds a spec that this function loads: when the server starts, and again when the files of the spec change, if it
    /// watches them.
    pub fn load(mut self, load: impl Fn() -> Result<LoadedService, LoadError> + Send + Sync + 'static) -> Self {
        self.loaders.push(Arc::new(move || load().map(Arc::new)));
        self
    }

    /// Adds a service that is loaded already.
    pub fn service(mut self, service: Arc<LoadedService>) -> Self {
        self.loaders.push(Arc::new(move || Ok(Arc::clone(&service))));
        self
    }

    /// Reads rules from a TOML or JSON file when the server starts.
    pub fn rules(mut self, path: impl Into<PathBuf>) -> Self {
        self.rules.push(path.into());
        self
    }

    /// Sets the seed of everything that is made up; 0 by default.
    pub fn seed(self, seed: u64) -> Self {
        self.with(|settings| settings.seed = seed)
    }

    /// Leaves optional fields out of samples.
    pub fn minimal(self) -> Self {
        self.with(|settings| settings.minimal = true)
    }

    /// Sets with how many samples each collection of the state begins; 3 by default.
    pub fn items(self, count: usize) -> Self {
        self.with(|settings| settings.items = count)
    }

    /// Keeps nothing: every response is a rule's, an example or a sample.
    pub fn stateless(self) -> Self {
        self.with(|settings| settings.state = false)
    }

    /// Limits the memory of everything that is kept, in bytes; 128 MiB by default.
    pub fn state_bytes(self, bytes: usize) -> Self {
        self.with(|settings| settings.state_bytes = bytes)
    }

    /// Answers with the examples of a folder, as [`Recorder`](apigen_runtime::testing::Recorder) writes them.
    pub fn examples(self, folder: impl Into<PathBuf>) -> Self {
        let folder = folder.into();
        self.with(|settings| settings.examples = Some(folder))
    }

    /// Delays all responses.
    pub fn latency(self, latency: Latency) -> Self {
        self.faults(FaultPlan::new().latency(latency))
    }

    /// Adds a plan of faults and latencies. Of several plans, the first one with a fault for a request decides.
    pub fn faults(self, plan: FaultPlan) -> Self {
        self.with(|settings| settings.faults.push(plan))
    }

    /// Lets pages of all origins call the API.
    pub fn cors(self) -> Self {
        self.with(|settings| settings.cors = true)
    }

    /// Lets everybody who sends this key in `X-Apigen-Control-Key` use the control interface, from any machine.
    pub fn control_key(self, key: impl Into<String>) -> Self {
        let key = key.into();
        self.with(|settings| settings.control_key = Some(key))
    }

    /// Limits the size of request bodies; 2 MiB by default.
    pub fn body_limit(self, bytes: usize) -> Self {
        self.with(|settings| settings.body_limit = bytes)
    }

    /// Limits the memory and time that clients can occupy.
    pub fn limits(self, limits: ServerLimits) -> Self {
        self.with(|settings| settings.limits = limits)
    }

    /// Sets the address to listen at; a free port of this machine by default.
    pub fn address(mut self, address: SocketAddr) -> Self {
        self.address = Some(address);
        self
    }

    /// Calls a function with each exchange and what answered it, before the response is sent.
    pub fn observe(mut self, observer: impl Fn(&Exchange, &AnsweredBy) + Send + Sync + 'static) -> Self {
        self.observer = Some(Box::new(observer));
        self
    }

    /// Appends all exchanges to a file, as JSON Lines. Sensitive values are replaced by pseudonyms.
    pub fn log(mut self, file: impl Into<PathBuf>) -> Self {
        self.log = Some(file.into());
        self
    }

    /// Loads specs again when their files change, and tells this function what happened.
    #[cfg(feature = "watch")]
    pub fn watch(mut self, report: impl Fn(&str) + Send + Sync + 'static) -> Self {
        self.watch = Some(Box::new(report));
        self
    }

    fn with(mut self, change: impl FnOnce(&mut Settings)) -> Self {
        change(&mut self.settings);
        self
    }

    /// Starts the server.
    ///
    /// # Errors
    /// Returns all problems of specs, rules and examples, or an error if the address cannot be opened.
    pub fn start(self) -> Result<MockServer, MockError> {
        let address = self.address.unwrap_or(SocketAddr::from(([127, 0, 0, 1], 0)));
        let limits = self.settings.limits;
        let mut server = self.build()?;
        let service = server.service();
        server.server = Some(listen(service, address, limits)?);
        Ok(server)
    }

    /// Creates the server without a listener, for [`MockServer::service`].
    ///
    /// # Errors
    /// Returns all problems of specs, rules and examples.
    pub fn build(self) -> Result<MockServer, MockError> {
        let traffic = Traffic::new(self.observer, self.log.as_deref());
        let traffic = Arc::new(traffic.map_err(|error| MockError::Log(self.log.unwrap_or_default(), error))?);
        let services = self.loaders.iter().map(|load| load());
        let services = services.collect::<Result<Vec<_>, _>>().map_err(MockError::Spec)?;
        if services.iter().all(|service| service.schema().operations().is_empty()) {
            return Err(MockError::NoSpec);
        }
        let bases = base_paths(&services)?;
        check_faults(&self.settings.faults, &services)?;
        let all = RuleSet::default();
        let rules = services.iter().map(|_| Arc::new(all.sibling())).collect::<Vec<_>>();
        let mut mounts = Vec::new();
        for ((service, base), rules) in services.into_iter().zip(bases).zip(&rules) {
            let engine = Engine::new(service, &self.settings, Arc::clone(rules), &traffic);
            mounts.push(Mount { base, engine: engine.map_err(MockError::Examples)? });
        }
        let shared = Arc::new(Shared::new(self.settings, mounts, traffic));
        for file in &self.rules {
            let text = std::fs::read(file).map_err(|error| MockError::Rules(format!("{}: {error}", file.display())))?;
            let name = file.display().to_string();
            add_rules(&shared.mounts(), &name, &text).map_err(MockError::Rules)?;
        }
        #[cfg(feature = "watch")]
        let watch = self.watch.map(|report| super::watch::Watch::start(&shared, self.loaders, report));
        Ok(MockServer {
            server: None,
            shared,
            #[cfg(feature = "watch")]
            _watch: watch.transpose().map_err(MockError::Watch)?,
        })
    }
}

fn listen(service: MockService, address: SocketAddr, limits: ServerLimits) -> Result<Server, MockError> {
    Server::serve(service, address, limits).map_err(|error| MockError::Listen(address, error))
}

/// Checks that the plans name operations and resources of the specs: a fault for others would never happen.
fn check_faults(plans: &[FaultPlan], services: &[Arc<LoadedService>]) -> Result<(), MockError> {
    let operations = services.iter().flat_map(|service| service.schema().operations());
    let ids: Vec<&str> = operations.map(|operation| operation.info().id).collect();
    let resources = ids.iter().filter_map(|id| id.rsplit_once('.').map(|(resource, _)| resource));
    let known: BTreeSet<&str> = ids.iter().copied().chain(resources).collect();
    let Some(name) = plans.iter().flat_map(FaultPlan::names).find(|name| !known.contains(name)) else { return Ok(()) };
    let known: Vec<&str> = known.into_iter().collect();
    let near = closest(name, &known).map(|near| format!("; did you mean {near:?}?")).unwrap_or_default();
    Err(MockError::Fault(format!("a fault is for {name:?}, which is no operation or resource{near}")))
}

impl fmt::Debug for MockServerBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MockServerBuilder").field("settings", &self.settings).finish_non_exhaustive()
    }
}
