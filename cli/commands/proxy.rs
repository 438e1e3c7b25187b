//! `apigen proxy`.

use std::io::{self, Write};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use apigen_build::{Config, Error};
use apigen_testing::finding::{ExitStatus, Finding, Format};
use apigen_testing::{
    Coverage, FailOn, LoadedService, MockServer, Proxy, ProxyError, ProxyLimits, RunningProxy, Shutdown,
};
use clap::{Args, ValueEnum};

use super::mock::{CONTROL_KEY, load};
use super::options::Reading;
use super::output::{complain, is_quiet, print};
use super::port;

const MEBI: usize = 1 << 20;

#[derive(Debug, Args)]
pub struct Arguments {
    /// Spec (api.json or service.json).
    #[arg(value_name = "SPEC")]
    spec: PathBuf,
    /// Server to pass requests to. A path in the URL precedes all paths of requests.
    #[arg(long, value_name = "URL")]
    to: String,
    /// Port to listen on; 0 picks a free one.
    #[arg(long, value_name = "PORT", default_value_t = 4011)]
    port: u16,
    /// IP address to listen on.
    #[arg(long, value_name = "IP", default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    host: IpAddr,
    /// Print the URL as the first line of standard output, and nothing else before the end.
    #[arg(long)]
    print_url: bool,
    /// Pass everything on, and report what violates the spec (default).
    #[arg(long, conflicts_with = "enforce")]
    observe: bool,
    /// Refuse requests that violate the spec; `both` also replaces such responses by 502.
    #[arg(long, value_name = "WHAT", num_args = 0..=1, require_equals = true, default_missing_value = "requests")]
    enforce: Option<Enforce>,
    /// Judge only requests, or only responses.
    #[arg(long, value_name = "SIDE")]
    only: Option<Side>,
    /// Convert requests before they are passed on: "12" to 12, one value to a list, forms to JSON.
    #[arg(long)]
    coerce: bool,
    /// Add no headers to responses.
    #[arg(long)]
    no_headers: bool,
    /// Environment that the server runs in, for the header X-Apigen-Environment, /_apigen/version and the log.
    #[arg(long, value_name = "NAME")]
    environment: Option<String>,
    /// Answer what the server does not have as `apigen mock` does.
    #[arg(long)]
    mock_missing: bool,
    /// Keep valid exchanges as examples in this folder.
    #[arg(long, value_name = "DIR")]
    record: Option<PathBuf>,
    /// Append all exchanges to this file, as JSON Lines, without sensitive values.
    #[arg(long, value_name = "FILE")]
    log: Option<PathBuf>,
    /// Keep in the log what the spec does not declare.
    #[arg(long, requires = "log")]
    keep_undeclared: bool,
    /// What makes the exit code 1: a list of `request`, `response`, `undeclared` and `coverage<PERCENT`, or `none`.
    #[arg(long, value_name = "LIST", default_value_t = FailOn::violations())]
    fail_on: FailOn,
    /// Accept that nothing was checked.
    #[arg(long)]
    allow_empty: bool,
    /// Format of the report at the end.
    #[arg(long, value_name = "FORMAT", default_value_t)]
    format: Format,
    /// Maximum size of a body that is checked, in MiB. Larger ones are passed on unchecked.
    #[arg(long, value_name = "MIB", default_value_t = 2, value_parser = clap::value_parser!(u32).range(1..=1024))]
    body_limit: u32,
    /// Memory of all bodies that are kept to check them, in MiB.
    #[arg(long, value_name = "MIB", default_value_t = 64, value_parser = clap::value_parser!(u32).range(1..=65_536))]
    memory_limit: u32,
    /// Maximum number of connections; others wait.
    #[arg(long, value_name = "NUMBER", default_value_t = 1024, value_parser = clap::value_parser!(u32).range(1..))]
    max_connections: u32,
    /// Longest time in which a client may send and read nothing, in seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..=86_400))]
    idle_time: u64,
    /// Longest time for connecting to the server, in seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=86_400))]
    connect_time: u64,
    /// Longest time in which the server may send nothing, in seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = 300, value_parser = clap::value_parser!(u64).range(1..=86_400))]
    response_time: u64,
    /// Longest time for a whole exchange, in seconds [default: none].
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..=86_400))]
    total_time: Option<u64>,
    /// Key that lets clients on other machines use the control interface [default: the variable APIGEN_CONTROL_KEY].
    #[arg(long, value_name = "KEY")]
    control_key: Option<String>,
    #[command(flatten)]
    reading: Reading,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Enforce {
    Requests,
    Both,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Side {
    Request,
    Response,
}

pub fn proxy(arguments: Arguments) -> Result<ExitCode, Error> {
    let (fail_on, allow_empty, format) = (arguments.fail_on, arguments.allow_empty, arguments.format);
    let address = SocketAddr::new(arguments.host, arguments.port);
    let (to, print_url) = (arguments.to.clone(), arguments.print_url);
    let proxy = builder(arguments)?.listen(address).start().map_err(|error| failed(address, &error))?;
    if print_url {
        let mut stdout = io::stdout();
        // A reader that has gone does not stop the proxy.
        drop(writeln!(stdout, "{}", proxy.url()).and_then(|()| stdout.flush()));
    } else if !is_quiet() {
        print(&format!("listening on {}, passing requests to {to}\n", proxy.url()));
    }
    let proxy =
        until_shutdown(proxy).map_err(|error| Error::usage(format!("signals cannot be waited for: {error}")))?;
    let coverage = proxy.coverage();
    report(&proxy, &coverage, (format, allow_empty));
    Ok(exit(&coverage, fail_on, allow_empty).into())
}

/// Passes requests on until Ctrl-C or SIGTERM; then exchanges in progress may end. A second signal ends them at once.
fn until_shutdown(mut proxy: RunningProxy) -> io::Result<RunningProxy> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let shutdown = Shutdown::listen()?;
        shutdown.requested().await;
        let stopper = proxy.stopper();
        stopper.finish();
        let mut end = tokio::task::spawn_blocking(move || {
            proxy.wait();
            proxy
        });
        let mut ended = None;
        shutdown.graceful(async { ended = Some((&mut end).await) }).await;
        let ended = match ended {
            Some(ended) => ended,
            None => {
                stopper.stop();
                end.await
            }
        };
        ended.map_err(io::Error::other)
    })
}

fn builder(arguments: Arguments) -> Result<Proxy, Error> {
    let config = arguments.reading.apply(Config::new())?.spec(&arguments.spec);
    let loaded = config.load()?;
    let service = LoadedService::of_loaded(loaded, config.sensitive_annotations().clone());
    let service = service.map_err(|error| Error::usage(error.to_string()))?;
    let limits = limits(&arguments);
    let mut proxy = Proxy::new(Arc::new(service)).to(arguments.to).limits(limits);
    proxy = match arguments.enforce {
        None => proxy.observe(),
        Some(Enforce::Requests) => proxy.enforce_requests(),
        Some(Enforce::Both) => proxy.enforce(),
    };
    proxy = match arguments.only {
        None => proxy,
        Some(Side::Request) => proxy.only_requests(),
        Some(Side::Response) => proxy.only_responses(),
    };
    for (wanted, set) in [
        (arguments.coerce, Proxy::coerce as fn(Proxy) -> Proxy),
        (arguments.no_headers, Proxy::no_headers),
        (arguments.keep_undeclared, Proxy::keep_undeclared),
    ] {
        proxy = if wanted { set(proxy) } else { proxy };
    }
    if let Some(environment) = arguments.environment {
        proxy = proxy.environment(environment);
    }
    if let Some(folder) = arguments.record {
        proxy = proxy.record(folder);
    }
    if let Some(file) = arguments.log {
        proxy = proxy.log(file);
    }
    if let Some(key) = arguments.control_key.or_else(|| std::env::var(CONTROL_KEY).ok()).filter(|key| !key.is_empty()) {
        proxy = proxy.control_key(key);
    }
    if arguments.mock_missing {
        let mock = MockServer::builder().load(move || load(&config)).build();
        proxy = proxy.mock_missing(mock.map_err(|error| Error::usage(error.to_string()))?.service());
    }
    // The other formats are written once, at the end.
    if arguments.format == Format::Human {
        proxy = proxy.on_finding(|finding: &Finding| complain(|_| finding.to_string()));
    }
    Ok(proxy)
}

fn limits(arguments: &Arguments) -> ProxyLimits {
    let mut limits = ProxyLimits::default();
    limits.connections = arguments.max_connections as usize;
    limits.body = arguments.body_limit as usize * MEBI;
    limits.memory = arguments.memory_limit as usize * MEBI;
    limits.idle = Duration::from_secs(arguments.idle_time);
    limits.connect = Duration::from_secs(arguments.connect_time);
    limits.response = Duration::from_secs(arguments.response_time);
    limits.total = arguments.total_time.map(Duration::from_secs);
    limits
}

fn failed(address: SocketAddr, error: &ProxyError) -> Error {
    match error {
        ProxyError::Listen(_, cause) if cause.kind() == io::ErrorKind::AddrInUse => {
            let port = address.port();
            let holder = port::holder(port).unwrap_or_else(|| port::how_to_find(port));
            Error::usage(format!("port {port} is taken; {holder}; --port 0 picks a free port"))
        }
        _ => Error::usage(error.to_string()),
    }
}

/// Prints what was seen. Findings were printed when they were found, except in the formats for programs.
fn report(proxy: &RunningProxy, coverage: &Coverage, (format, allow_empty): (Format, bool)) {
    match format {
        Format::Human if is_quiet() => {}
        Format::Human => drop(print(&coverage.to_string())),
        Format::Json => drop(print(&format!("{}\n", coverage.to_json()))),
        Format::Junit | Format::Github => {
            let (mut findings, summary) = (coverage.findings(), coverage.summary());
            findings.extend(summary.nothing_checked(allow_empty));
            print(&format.write(&findings, &summary));
        }
    }
    for problem in proxy.problems() {
        complain(|_| format!("warning: {problem}"));
    }
}

/// Returns how the run ends, and says why it fails.
fn exit(coverage: &Coverage, fail_on: FailOn, allow_empty: bool) -> ExitStatus {
    let mut reasons = fail_on.reasons(coverage);
    if coverage.is_empty() {
        reasons.extend(coverage.summary().nothing_checked(allow_empty).map(|finding| finding.message));
    }
    for reason in &reasons {
        complain(|_| format!("failed: {reason}"));
    }
    if reasons.is_empty() { ExitStatus::Clean } else { ExitStatus::Findings }
}
