//! `apigen serve`.

use std::net::SocketAddr;
use std::process::ExitCode;
use std::thread;
use std::time::Duration;

use apigen_build::Error;
use apigen_cli::serve;
use apigen_cli::serve::Limits;
use clap::Args;

use super::output::{complain, is_quiet, say};

const MEBI: usize = 1 << 20;

#[derive(Debug, Args)]
pub struct Arguments {
    /// Address to listen on; port 0 picks a free port.
    #[arg(long, value_name = "IP:PORT", default_value = "127.0.0.1:7050")]
    address: SocketAddr,
    /// Maximum memory of all concurrent invocations, in MiB. One that needs more than its share ends with an error.
    #[arg(long, value_name = "MIB", default_value_t = Limits::default().memory / MEBI)]
    memory_limit: usize,
    /// Maximum size of a request body, in MiB. It must hold a service with all its imports [default: 1/50 of the memory of one
    /// invocation, which is 3].
    #[arg(long, value_name = "MIB")]
    body_limit: Option<usize>,
    /// Time limit of one invocation, in seconds. An invocation that exceeds it ends with an error.
    #[arg(long, value_name = "SECONDS", default_value_t = 30, value_parser = clap::value_parser!(u64).range(1..=86_400))]
    time_limit: u64,
    /// Maximum number of concurrent invocations [default: 2, or 1 on a single processor].
    #[arg(long, value_name = "NUMBER")]
    running: Option<usize>,
    /// Maximum number of waiting invocations. Further ones are refused with status 503.
    #[arg(long, value_name = "NUMBER", default_value_t = Limits::default().waiting)]
    waiting: usize,
}

pub fn serve(arguments: &Arguments) -> Result<ExitCode, Error> {
    let limits = Limits {
        time: Duration::from_secs(arguments.time_limit),
        memory: arguments.memory_limit.saturating_mul(MEBI),
        running: arguments.running.unwrap_or(Limits::default().running),
        waiting: arguments.waiting,
    };
    let body = arguments.body_limit.map_or(limits.body(), |limit| limit.saturating_mul(MEBI));
    let router = serve::router_with(log, &limits).body_limit(body);
    let server = router
        .serve(arguments.address)
        .map_err(|error| Error::usage(format!("cannot listen on {}: {error}", arguments.address)))?;
    say(&format!("listening on {}\n", server.url()));
    loop {
        thread::park();
    }
}

fn log(line: &str) {
    if !is_quiet() {
        complain(|_| line.to_owned());
    }
}
