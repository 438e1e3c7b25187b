//! A running mock server.

use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;

use apigen_model::api;
use apigen_runtime::server::Server;

use super::control;
use super::error::MockError;
use super::mounts::{Shared, add_rules};
use super::service::MockService;
#[cfg(feature = "watch")]
use super::watch::Watch;
use crate::exchange::Exchange;

/// A mock server for an API, from its spec: it makes up valid responses, keeps what is created, validates requests, and
/// answers by rules.
///
/// It listens on a thread of its own, so it works in synchronous and asynchronous tests, and stops when it is dropped.
///
/// ```no_run
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let server = apigen_testing::MockServer::from_spec("specs/location.json")?;
/// println!("{}", server.url());
/// server.add_rules(r#"{ "operation": "users.get", "status": 503, "up-to": 2 }"#)?;
/// # Ok(())
/// # }
/// ```
pub struct MockServer {
    pub(super) server: Option<Server>,
    pub(super) shared: Arc<Shared>,
    #[cfg(feature = "watch")]
    pub(super) _watch: Option<Watch>,
}

/// An operation that a mock server serves, for tables.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServedOperation {
    /// Its ID: `users.get_by_guid`.
    pub id: &'static str,
    /// Its method.
    pub method: &'static str,
    /// Its path, with the base path of the service.
    pub path: String,
    /// What answers its requests: `rules`, `state`, `examples` or `samples`.
    pub answered_by: &'static str,
}

impl MockServer {
    /// Returns the base URL for clients of a single spec: `http://127.0.0.1:49152`.
    pub fn url(&self) -> String {
        format!("http://{}", self.addr())
    }

    /// Returns the address of the listener.
    pub fn addr(&self) -> SocketAddr {
        self.server.as_ref().map_or(SocketAddr::from(([0, 0, 0, 0], 0)), Server::addr)
    }

    /// Returns the server as a tower service, to be called without a socket.
    pub fn service(&self) -> MockService {
        MockService { shared: Arc::clone(&self.shared) }
    }

    /// Adds rules, in TOML or JSON, which are asked before those that are there. With several specs, all rules of a text must be for
    /// operations of one of them.
    ///
    /// # Errors
    /// Returns all problems of the rules, with their places; then none is added.
    pub fn add_rules(&self, text: &str) -> Result<(), MockError> {
        add_rules(&self.shared.mounts(), "rules", text.as_bytes()).map(drop).map_err(MockError::Rules)
    }

    /// Removes everything that was created, and the journal; rules start anew.
    pub fn reset(&self) {
        self.shared.mounts().iter().for_each(|mount| mount.engine.answers.reset());
        self.shared.traffic.reset();
    }

    /// Removes all rules.
    pub fn clear_rules(&self) {
        self.shared.mounts().iter().for_each(|mount| {
            mount.engine.answers.rules.clear();
        });
    }

    /// Returns everything that is kept as JSON: `{"collections": [{"service": …, "type": …, "key": …, "items": […]}]}`. A
    /// collection begins with samples when it is first asked for.
    pub fn state(&self) -> String {
        control::state(&self.shared.mounts())
    }

    /// Returns the last exchanges, newest first.
    pub fn journal(&self) -> Vec<Arc<Exchange>> {
        self.shared.traffic.journal()
    }

    /// Returns all operations with what answers them, in the order of the specs.
    pub fn operations(&self) -> Vec<ServedOperation> {
        let mounts = self.shared.mounts();
        let operations = mounts.iter().flat_map(|mount| {
            let operations = mount.engine.answers.service.schema().operations().iter().enumerate();
            operations.map(|(index, operation)| ServedOperation {
                id: operation.info().id,
                method: operation.info().method,
                path: format!("{}{}", mount.base, operation.info().path),
                answered_by: mount.engine.answers.answered_by(index),
            })
        });
        operations.collect()
    }

    /// Returns the services with their versions: `location 0.3.28`.
    pub fn services(&self) -> Vec<String> {
        let mounts = self.shared.mounts();
        let name = |service: &api::Service| format!("{} {}", service.name, service.version);
        mounts.iter().map(|mount| name(mount.engine.answers.service.service())).collect()
    }

    /// Returns the warnings about the specs; empty if there are none.
    pub fn warnings(&self, color: bool) -> String {
        let mounts = self.shared.mounts();
        mounts.iter().map(|mount| mount.engine.answers.service.warnings().render(color)).collect()
    }

    /// Returns how many requests were answered by what.
    pub fn summary(&self) -> String {
        self.shared.traffic.summary()
    }

    /// Stops listening, and returns when all requests in progress have been answered, or after the time limit.
    pub fn shutdown(mut self) {
        if let Some(server) = self.server.take() {
            server.shutdown();
        }
    }
}

impl fmt::Debug for MockServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MockServer").field("addr", &self.addr()).finish_non_exhaustive()
    }
}
