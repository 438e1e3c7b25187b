//! `apigen serve`.

use std::io::{self, Write as _};
use std::net::SocketAddr;
use std::process::ExitCode;
use std::thread;

use apigen::{Error, serve};
use clap::Args;

use super::say;

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
}

/// Serves until the process is stopped.
pub fn serve(arguments: &Arguments) -> Result<ExitCode, Error> {
    let router = serve::router(log).body_limit(arguments.body_limit.saturating_mul(MEBI));
    let server = router
        .serve(arguments.address)
        .map_err(|error| Error::usage(format!("cannot listen at {}: {error}", arguments.address)))?;
    say(&format!("listening at {}\n", server.url()));
    loop {
        thread::park();
    }
}

fn log(line: &str) {
    if !super::is_quiet() {
        // Nobody reads it if this fails.
        drop(writeln!(io::stderr().lock(), "{line}"));
    }
}
