//! `apigen mock`.

use std::io::{self, Write};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::process::ExitCode;

use apigen_build::{Config, Error};
use apigen_runtime::testing::{FaultPlan, Latency};
use apigen_testing::exchange::Exchange;
use apigen_testing::{
    AnsweredBy, LoadError, LoadedService, MockError, MockServer, MockServerBuilder, Shutdown, parse_fault,
    parse_latency,
};
use clap::Args;

use super::options::Reading;
use super::output::{complain, is_quiet, print};
use super::port;

const MEBI: usize = 1 << 20;

/// Where examples usually are.
const EXAMPLES: &str = "examples";

/// The environment variable with the control key.
pub const CONTROL_KEY: &str = "APIGEN_CONTROL_KEY";

#[derive(Debug, Args)]
pub struct Arguments {
    /// Specs (api.json or service.json). Several are served below the paths of their base URLs.
    #[arg(value_name = "SPEC", required = true)]
    specs: Vec<PathBuf>,
    /// Port to listen on; 0 picks a free one.
    #[arg(long, value_name = "PORT", default_value_t = 4010)]
    port: u16,
    /// IP address to listen on.
    #[arg(long, value_name = "IP", default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    host: IpAddr,
    /// Print only the URL, as the first line of standard output.
    #[arg(long)]
    print_url: bool,
    /// Rules: a TOML or JSON file. Can be repeated.
    #[arg(long, value_name = "FILE")]
    rules: Vec<PathBuf>,
    /// Folder of examples, as the recorder writes them: <method>/<path>/<name>.response.json.
    /// [default: `examples`, if it is there]
    #[arg(long, value_name = "DIR")]
    examples: Option<PathBuf>,
    /// Do not answer with examples.
    #[arg(long)]
    no_examples: bool,
    /// Do not keep what is created.
    #[arg(long)]
    no_state: bool,
    /// Number of samples with which each collection begins.
    #[arg(long, value_name = "NUMBER", default_value_t = 3, value_parser = clap::value_parser!(u16).range(0..=1000))]
    items: u16,
    /// Seed of everything that is made up.
    #[arg(long, value_name = "NUMBER", default_value_t = 0)]
    seed: u64,
    /// Leave optional fields out of samples.
    #[arg(long)]
    minimal: bool,
    /// Delay of all responses: `20ms`, `10ms..50ms` or `p50=20ms,p99=300ms`.
    #[arg(long, value_name = "TIME", value_parser = parse_latency)]
    latency: Option<Latency>,
    /// Fault of a share of the responses: `503 5%`, `cut 1% users.get`. Can be repeated.
    #[arg(long, value_name = "FAULT", value_parser = parse_fault)]
    fault: Vec<FaultPlan>,
    /// Let web pages of all origins call the API.
    #[arg(long)]
    cors: bool,
    /// Load the specs again when their files change.
    #[arg(long)]
    watch: bool,
    /// Append all exchanges to this file, as JSON Lines.
    #[arg(long, value_name = "FILE")]
    log: Option<PathBuf>,
    /// Key that lets clients on other machines use the control interface [default: the variable APIGEN_CONTROL_KEY].
    #[arg(long, value_name = "KEY")]
    control_key: Option<String>,
    /// Maximum size of a request body, in MiB.
    #[arg(long, value_name = "MIB", default_value_t = 2, value_parser = clap::value_parser!(u32).range(1..=1024))]
    body_limit: u32,
    #[command(flatten)]
    reading: Reading,
}

pub fn mock(arguments: Arguments) -> Result<ExitCode, Error> {
    let address = SocketAddr::new(arguments.host, arguments.port);
    let print_url = arguments.print_url;
    let server = builder(arguments)?.address(address).start().map_err(|error| failed(address, error))?;
    if !is_quiet() && !server.warnings(false).is_empty() {
        complain(|color| server.warnings(color));
    }
    if print_url {
        let mut stdout = io::stdout();
        // A reader that has gone does not stop the server.
        drop(writeln!(stdout, "{}", server.url()).and_then(|()| stdout.flush()));
    } else if !is_quiet() {
        print(&table(&server));
    }
    until_shutdown(server).map_err(|error| Error::usage(format!("signals cannot be waited for: {error}")))?;
    Ok(ExitCode::SUCCESS)
}

/// Serves until Ctrl-C or SIGTERM; then requests in progress may end, and the summary follows.
fn until_shutdown(server: MockServer) -> io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let shutdown = Shutdown::listen()?;
        shutdown.requested().await;
        let service = server.service();
        let end = tokio::task::spawn_blocking(move || server.shutdown());
        shutdown.graceful(async move { drop(end.await) }).await;
        if !is_quiet() {
            // Includes the requests that ended meanwhile.
            complain(|_| service.summary());
        }
        Ok::<(), io::Error>(())
    })?;
    // A request that hangs must not delay the end.
    runtime.shutdown_background();
    Ok(())
}

fn builder(arguments: Arguments) -> Result<MockServerBuilder, Error> {
    let config = arguments.reading.apply(Config::new())?;
    let mut builder = MockServer::builder()
        .seed(arguments.seed)
        .items(arguments.items.into())
        .body_limit(arguments.body_limit as usize * MEBI);
    for spec in &arguments.specs {
        // The options of a spec may be wrong, which the first reading says.
        let config = config.clone().spec(spec);
        config.load()?;
        builder = builder.load(move || load(&config));
    }
    builder = arguments.rules.into_iter().fold(builder, MockServerBuilder::rules);
    builder = arguments.fault.into_iter().fold(builder, MockServerBuilder::faults);
    if let Some(latency) = arguments.latency {
        builder = builder.latency(latency);
    }
    let usual = || Some(PathBuf::from(EXAMPLES)).filter(|folder| folder.is_dir());
    if let Some(folder) = arguments.examples.or_else(usual).filter(|_| !arguments.no_examples) {
        builder = builder.examples(folder);
    }
    if let Some(file) = arguments.log {
        builder = builder.log(file);
    }
    if let Some(key) = arguments.control_key.or_else(|| std::env::var(CONTROL_KEY).ok()).filter(|key| !key.is_empty()) {
        builder = builder.control_key(key);
    }
    for (wanted, set) in [
        (arguments.minimal, MockServerBuilder::minimal as fn(MockServerBuilder) -> MockServerBuilder),
        (arguments.no_state, MockServerBuilder::stateless),
        (arguments.cors, MockServerBuilder::cors),
    ] {
        builder = if wanted { set(builder) } else { builder };
    }
    if arguments.watch {
        builder = builder.watch(|line| complain(|_| line.to_owned()));
    }
    if !is_quiet() {
        builder = builder.observe(|exchange, answered| complain(|_| line(exchange, answered)));
    }
    Ok(builder)
}

/// Loads the spec of a configuration.
pub fn load(config: &Config) -> Result<LoadedService, LoadError> {
    let loaded = config.load().map_err(|error| LoadError::Unusable(error.render(false)))?;
    LoadedService::of_loaded(loaded, config.sensitive_annotations().clone())
}

fn failed(address: SocketAddr, error: MockError) -> Error {
    match &error {
        MockError::Listen(_, cause) if cause.kind() == io::ErrorKind::AddrInUse => {
            let port = address.port();
            let holder = port::holder(port).unwrap_or_else(|| port::how_to_find(port));
            Error::usage(format!("port {port} is taken; {holder}; --port 0 picks a free port"))
        }
        _ => Error::usage(error.to_string()),
    }
}

/// Returns where the server listens, and each operation with what answers it.
fn table(server: &MockServer) -> String {
    let operations = server.operations();
    let longest = |lengths: &mut dyn Iterator<Item = usize>| lengths.max().unwrap_or(0);
    let method = longest(&mut operations.iter().map(|own| own.method.len()));
    let path = longest(&mut operations.iter().map(|own| own.path.chars().count())).min(60);
    let id = longest(&mut operations.iter().map(|own| own.id.chars().count())).min(40);
    let rows = operations
        .iter()
        .map(|own| format!("  {:method$}  {:path$}  {:id$}  {}\n", own.method, own.path, own.id, own.answered_by));
    let services = server.services().into_iter().map(|service| format!("{service}\n")).collect::<String>();
    format!("{services}listening on {}\n\n{}\n", server.url(), rows.collect::<String>())
}

/// Returns the line of the log for an exchange.
fn line(exchange: &Exchange, answered: &AnsweredBy) -> String {
    let status = exchange.status().unwrap_or(0);
    let micros = exchange.duration.as_micros();
    let time = if micros < 1000 { format!("{micros} µs") } else { format!("{:.1} ms", micros as f64 / 1000.0) };
    format!("{:6} {} {status} {time} ({answered})", exchange.method, exchange.target)
}
