//! A proxy between any client and any server of an API, which judges what passes.

mod answer;
mod body;
mod connection;
mod content;
mod control;
mod coverage;
mod exchange;
mod expect;
mod fail_on;
mod gateway;
mod headers;
mod in_flight;
mod listener;
mod mock;
mod record;
mod respond;
mod settings;
#[cfg(feature = "tls")]
mod tls;
mod tunnel;
mod upstream;
mod verdict;

pub use coverage::{Coverage, MessageCounts, OperationCoverage, UndeclaredRequest, UnseenValues, ViolationGroup};
pub use fail_on::FailOn;
pub use settings::ProxyLimits;

use std::convert::Infallible;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::{fmt, io};

use apigen_runtime::server::BodyMemory;
use bytes::Bytes;
use http::{Request, Response};
use http_body::Body;
use http_body_util::Full;
use tokio::sync::watch;
use tower_service::Service;

use crate::exchange::{Capture, ExchangeLog, LogOptions};
use crate::finding::Finding;
use crate::service::{LoadError, LoadedService};
use coverage::{Live, Report};
use gateway::Gateway;
use listener::Phase;
use record::ExampleFolder;
use settings::{Enforce, Settings, Sides};
use upstream::Upstream;

/// Sets up a proxy in front of a server.
///
/// ```no_run
/// let proxy = apigen_testing::Proxy::from_spec("specs/location.json").to("http://127.0.0.1:8080").start()?;
/// println!("send requests to {}", proxy.url());
/// # Ok::<(), apigen_testing::ProxyError>(())
/// ```
///
/// By default it [observes](Self::observe): messages pass as they are, and what violates the spec is counted.
#[must_use = "a proxy does nothing until it is started"]
pub struct Proxy {
    service: Result<Arc<LoadedService>, ProxyError>,
    to: Option<String>,
    address: SocketAddr,
    log: Option<PathBuf>,
    record: Option<PathBuf>,
    keep_undeclared: bool,
    report: Option<Box<Report>>,
    settings: Settings,
}

/// Why a proxy does not start.
#[derive(Debug)]
#[non_exhaustive]
pub enum ProxyError {
    /// The spec cannot be loaded.
    Spec(LoadError),
    /// The URL of the server cannot be used, for this reason.
    Server(String),
    /// The log cannot be opened.
    Log(io::Error),
    /// The address cannot be listened at.
    Listen(SocketAddr, io::Error),
}

impl Proxy {
    /// Creates a proxy for the API of this spec: an `api.json` or `service.json`.
    pub fn from_spec(path: impl AsRef<Path>) -> Proxy {
        let loaded = LoadedService::from_path(path).map(Arc::new).map_err(ProxyError::Spec);
        Proxy::of(loaded)
    }

    /// Creates a proxy for the API of a service that was loaded before.
    pub fn new(service: Arc<LoadedService>) -> Proxy {
        Proxy::of(Ok(service))
    }

    fn of(service: Result<Arc<LoadedService>, ProxyError>) -> Proxy {
        let (address, settings) = (SocketAddr::from(([127, 0, 0, 1], 0)), Settings::default());
        Proxy { service, to: None, address, log: None, record: None, keep_undeclared: false, report: None, settings }
    }

    /// Sets the server: `http://127.0.0.1:8080`. A path in the URL precedes all paths of requests. `https://` needs the
    /// feature `tls`.
    pub fn to(mut self, url: impl Into<String>) -> Proxy {
        self.to = Some(url.into());
        self
    }

    /// Sets the address to listen at; by default a free port of this machine.
    pub fn listen(self, address: SocketAddr) -> Proxy {
        Proxy { address, ..self }
    }

    /// Passes all messages on, whatever is found in them (the default).
    pub fn observe(self) -> Proxy {
        self.with(|settings| settings.enforce = Enforce::Nothing)
    }

    /// Refuses requests that violate the spec, as a [`Router`](apigen_runtime::server::Router) does: with 422 or 400
    /// and every violation, 415 for a wrong content type, 404 or 405 if the spec has no operation.
    pub fn enforce_requests(self) -> Proxy {
        self.with(|settings| settings.enforce = Enforce::Requests)
    }

    /// Refuses requests that violate the spec, and replaces responses that do by 502 with their violations. All bodies
    /// are then read before they are passed on.
    pub fn enforce(self) -> Proxy {
        self.with(|settings| settings.enforce = Enforce::Both)
    }

    /// Judges only requests.
    pub fn only_requests(self) -> Proxy {
        self.with(|settings| settings.judged = Sides { request: true, response: false })
    }

    /// Judges only responses.
    pub fn only_responses(self) -> Proxy {
        self.with(|settings| settings.judged = Sides { request: false, response: true })
    }

    /// Converts requests before they are passed on: numbers and booleans in text, one value for a list, forms to JSON.
    pub fn coerce(self) -> Proxy {
        self.with(|settings| settings.coerce = true)
    }

    /// Adds no header to responses.
    pub fn no_headers(self) -> Proxy {
        self.with(|settings| settings.headers = false)
    }

    /// Sets the environment that the server runs in, such as `sandbox`. Responses say it in `X-Apigen-Environment` unless
    /// the server does, and so do `/_apigen/version` and the log.
    pub fn environment(self, name: impl Into<String>) -> Proxy {
        self.with(|settings| settings.environment = Some(name.into()))
    }

    /// Sets limits on memory and time.
    pub fn limits(self, limits: ProxyLimits) -> Proxy {
        self.with(|settings| settings.limits = limits)
    }

    /// Sets the key with which other machines may use the control interface, in the header `X-Apigen-Control-Key`.
    pub fn control_key(self, key: impl Into<String>) -> Proxy {
        self.with(|settings| settings.control_key = Some(key.into()))
    }

    /// Keeps valid exchanges as examples in this folder, as [`Recorder`](apigen_runtime::testing::Recorder) does: up to
    /// 100 with different requests for each operation.
    pub fn record(self, folder: impl Into<PathBuf>) -> Proxy {
        Proxy { record: Some(folder.into()), ..self }
    }

    /// Appends all exchanges to this file, as JSON Lines. Sensitive values are replaced by pseudonyms, and what the spec
    /// does not declare is left out.
    pub fn log(self, file: impl Into<PathBuf>) -> Proxy {
        Proxy { log: Some(file.into()), ..self }
    }

    /// Keeps in the log what the spec does not declare.
    pub fn keep_undeclared(self) -> Proxy {
        Proxy { keep_undeclared: true, ..self }
    }

    /// Calls a function with each new finding: the first of an operation with its side and code, and the first request of
    /// each kind for which the spec has no operation. It should be quick, since traffic waits for it.
    pub fn on_finding(self, report: impl Fn(&Finding) + Send + Sync + 'static) -> Proxy {
        Proxy { report: Some(Box::new(report)), ..self }
    }

    /// Lets a service answer what the server does not have: an operation for which it responds with 501, or with a 404
    /// that the spec does not declare, and everything while there is no connection to it. Such responses have the
    /// header `X-Apigen-Mocked`.
    pub fn mock_missing<S, B>(self, service: S) -> Proxy
    where
        S: Service<Request<Full<Bytes>>, Response = Response<B>, Error = Infallible, Future: Send>,
        S: Clone + Send + Sync + 'static,
        B: Body<Data: Send> + Send + 'static,
    {
        self.with(|settings| settings.mock = Some(mock::Mock::new(service)))
    }

    fn with(mut self, change: impl FnOnce(&mut Settings)) -> Proxy {
        change(&mut self.settings);
        self
    }

    /// Starts the proxy on a thread of its own.
    ///
    /// # Errors
    /// Returns an error if the spec cannot be loaded, the URL of the server cannot be used, the log cannot be opened, or
    /// the address cannot be listened at.
    pub fn start(self) -> Result<RunningProxy, ProxyError> {
        let service = self.service?;
        let limits = self.settings.limits;
        let to = self.to.ok_or_else(|| ProxyError::Server("there is no server to pass requests to".to_owned()))?;
        let upstream = Upstream::parse(&to, limits.connect).map_err(ProxyError::Server)?;
        let capture = Capture::new(&service.service().name, &service.service().version, Arc::clone(service.schema()));
        let capture = self.settings.environment.iter().fold(capture, |capture, name| capture.environment(name));
        let capture = capture.redaction(|redactor| redactor.keep_undeclared(self.keep_undeclared));
        let open = |file: PathBuf| ExchangeLog::open(&file, LogOptions::default());
        let log = self.log.map(open).transpose().map_err(ProxyError::Log)?;
        let examples = self.record.map(|folder| ExampleFolder::start(folder, Arc::clone(service.schema())));
        let examples = examples.transpose().map_err(ProxyError::Log)?;
        let gateway = Arc::new(Gateway {
            examples,
            log: log.map(|log| (capture, log)),
            schema: Arc::clone(service.schema()),
            coverage: Live::new(&service, self.report),
            service,
            upstream,
            memory: BodyMemory::new(limits.memory),
            settings: self.settings,
        });
        RunningProxy::start(gateway, self.address).map_err(|error| ProxyError::Listen(self.address, error))
    }
}

/// A proxy that listens. Dropping it stops it; exchanges in progress then end.
#[derive(Debug)]
pub struct RunningProxy {
    address: SocketAddr,
    gateway: Arc<Gateway>,
    phase: watch::Sender<Phase>,
    thread: Option<JoinHandle<()>>,
}

/// Stops a [`RunningProxy`] from another thread.
#[derive(Debug, Clone)]
pub struct ProxyStopper(watch::Sender<Phase>);

impl RunningProxy {
    fn start(gateway: Arc<Gateway>, address: SocketAddr) -> io::Result<RunningProxy> {
        let listener = TcpListener::bind(address)?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_io().enable_time().build()?;
        let (phase, phases) = watch::channel(Phase::Serve);
        let served = Arc::clone(&gateway);
        let thread = thread::Builder::new().name("apigen-proxy".to_owned()).spawn(move || {
            // Spawned tasks end with the runtime.
            runtime.block_on(async move {
                let Ok(listener) = tokio::net::TcpListener::from_std(listener) else { return };
                listener::serve(listener, served, phases).await;
            });
            // A name that is still being resolved must not hold the program up.
            runtime.shutdown_background();
        })?;
        Ok(RunningProxy { address, gateway, phase, thread: Some(thread) })
    }

    /// Returns the address of the listener.
    pub fn addr(&self) -> SocketAddr {
        self.address
    }

    /// Returns the base URL for clients: `http://127.0.0.1:49152`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Returns what was seen of the API so far.
    pub fn coverage(&self) -> Coverage {
        self.gateway.coverage.report()
    }

    /// Returns everything that violates the spec so far: a finding for each operation, side and code, with the first
    /// example.
    pub fn findings(&self) -> Vec<Finding> {
        self.coverage().findings()
    }

    /// Returns what could not be written to the log and to the folder of examples so far, and why.
    pub fn problems(&self) -> Vec<String> {
        let log = self.gateway.log.iter().flat_map(|(_, log)| log.problems());
        let examples = self.gateway.examples.iter().flat_map(ExampleFolder::problems);
        log.map(|finding| finding.message)
            .chain(examples.map(|why| format!("an example was not kept: {why}")))
            .collect()
    }

    /// Returns what stops this proxy from another thread.
    pub fn stopper(&self) -> ProxyStopper {
        ProxyStopper(self.phase.clone())
    }

    /// Waits until the proxy was stopped, and returns what was seen.
    pub fn wait(&mut self) -> Coverage {
        self.join();
        self.coverage()
    }

    /// Stops listening, lets exchanges in progress end within [`ProxyLimits::shutdown`], and returns what was seen.
    pub fn finish(mut self) -> Coverage {
        self.stopper().finish();
        self.wait()
    }

    fn join(&mut self) {
        if let Some(thread) = self.thread.take() {
            // A panic there was printed when it happened.
            drop(thread.join());
        }
    }
}

impl ProxyStopper {
    /// Stops listening, and lets exchanges in progress end within [`ProxyLimits::shutdown`].
    pub fn finish(&self) {
        self.advance(Phase::Finish);
    }

    /// Stops at once.
    pub fn stop(&self) {
        self.advance(Phase::Stop);
    }

    fn advance(&self, to: Phase) {
        self.0.send_if_modified(|phase| {
            let later = *phase < to;
            if later {
                *phase = to;
            }
            later
        });
    }
}

impl Drop for RunningProxy {
    fn drop(&mut self) {
        self.stopper().stop();
        self.join();
    }
}

impl fmt::Debug for Gateway {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Gateway").field("upstream", &self.upstream).finish_non_exhaustive()
    }
}

impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Proxy").field("to", &self.to).field("address", &self.address).finish_non_exhaustive()
    }
}

impl fmt::Display for ProxyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ProxyError::Spec(error) => error.fmt(f),
            ProxyError::Server(why) => f.write_str(why),
            ProxyError::Log(error) => write!(f, "the log cannot be opened: {error}"),
            ProxyError::Listen(address, error) => write!(f, "cannot listen on {address}: {error}"),
        }
    }
}

impl std::error::Error for ProxyError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            ProxyError::Spec(error) => Some(error),
            ProxyError::Server(_) => None,
            ProxyError::Log(error) | ProxyError::Listen(_, error) => Some(error),
        }
    }
}
