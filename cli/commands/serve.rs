//! `apigen serve`.

use std::io::{self, Write as _};
use std::net::SocketAddr;
use std::process::ExitCode;
use std::thread;
use std::time::Duration;

use apigen_build::Error;
use apigen_cli::serve;
use apigen_cli::serve::Limits;
use clap::Args;

use super::output::{is_quiet, say};

/// Bytes in a mebibyte.
const MEBI: usize = 1 << 20;

#[derive(Debug, Args)]
pub struct Arguments {
    /// Where to listen; port 0 is any that is free.
    #[arg(long, value_name = "IP:PORT", default_value = "127.0.0.1:7050")]
    address: SocketAddr,
    /// The largest body of a request, in MiB. A service with all that it imports has to fit.
    #[arg(long, value_name = "MIB", default_value_t = 32)]
    body_limit: usize,
    /// How long one invocation may take, in seconds. Then it ends, and is answered with an error.
    #[arg(long, value_name = "SECONDS", default_value_t = 30, value_parser = clap::value_parser!(u64).range(1..=86_400))]
    time_limit: u64,
    /// How many invocations are worked on at once; two unless it is given, or one if there is one processor.
    #[arg(long, value_name = "NUMBER")]
    running: Option<usize>,
    /// How many more wait for that. Others are refused with status 503.
    #[arg(long, value_name = "NUMBER", default_value_t = Limits::default().waiting)]
    waiting: usize,
}

/// Serves until the process is stopped.
pub fn serve(arguments: &Arguments) -> Result<ExitCode, Error> {
    let limits = Limits {
        time: Duration::from_secs(arguments.time_limit),
        running: arguments.running.unwrap_or(Limits::default().running),
        waiting: arguments.waiting,
    };
    let router = serve::router_with(log, &limits).body_limit(arguments.body_limit.saturating_mul(MEBI));
    let server = router
        .serve(arguments.address)
        .map_err(|error| Error::usage(format!("cannot listen at {}: {error}", arguments.address)))?;
    say(&format!("listening at {}\n", server.url()));
    loop {
        thread::park();
    }
}

fn log(line: &str) {
    if !is_quiet() {
        // Nobody reads it if this fails.
        drop(writeln!(io::stderr().lock(), "{line}"));
    }
}
