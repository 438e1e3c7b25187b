//! The cost of a served mock: CPU time per validated request, and memory after many.
//!
//! `cargo bench -p runtime-benches --bench serve`. The mock of `specs/location.json` is served by a separate process
//! (this program again), to which four threads send requests over one kept connection each. Only the serving process is
//! measured, including the kernel's time for it. The budgets are 25 µs and 20 MB.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a failure ends the run")]

#[path = "serve/load.rs"]
mod load;
#[path = "serve/process.rs"]
mod process;

use std::io::{Read, stdin};

use apigen_runtime::codegen::literal;
use load::{Kind, load};
use location::{MockClient, User, users};
use process::Process;

/// The argument of the serving process.
const SERVE: &str = "--serve";

fn main() {
    match std::env::args().any(|argument| argument == SERVE) {
        true => serve(),
        false => measure(),
    }
}

/// Writes the address to standard output, and serves until standard input ends.
#[expect(clippy::print_stdout, reason = "the other process reads it")]
fn serve() {
    let mock = MockClient::new();
    let user = User::new(
        literal::uuid("f4ad28e1-05e2-4a8b-9f2f-1a4b2f7c2d11"),
        "ada@example.com",
        literal::date_time("2024-02-29T08:00:00Z"),
    );
    mock.on::<users::Get>().returns(vec![user.clone(), user.clone()]);
    mock.on::<users::Post>().returns(user);
    let server = mock.serve("127.0.0.1:0").unwrap();
    println!("{}", server.addr());
    stdin().read_to_end(&mut Vec::new()).unwrap();
}

#[expect(clippy::print_stdout, reason = "a benchmark prints its table")]
fn measure() {
    println!("{:38} {:>10} {:>16} {:>10}", "requests", "number", "CPU µs each", "RSS, MB");
    let all = [Kind::Get, Kind::Post, Kind::Get, Kind::BadGet, Kind::Get, Kind::Post, Kind::Get, Kind::BadPost];
    let server = Process::start(SERVE);
    load(server.addr, &all, 1_000);
    println!("{:38} {:>10} {:>16} {:>10.1}", "to warm up", 1_000, "", server.memory());
    let before = server.cpu();
    for (from, to) in [(0, 100_000), (100_000, 300_000)] {
        let start = server.cpu();
        load(server.addr, &all, to - from);
        let each = (server.cpu() - start) * 1e6 / (to - from) as f64;
        println!("{:38} {to:>10} {each:>16.2} {:>10.1}", "all kinds, one after the other", server.memory());
    }
    let each = (server.cpu() - before) * 1e6 / 300_000.0;
    println!("{:38} {:>10} {each:>16.2} {:>10.1}", "all of them, and memory at its peak", 300_000, server.peak());
    for kind in Kind::ALL {
        let start = server.cpu();
        load(server.addr, &[kind], 40_000);
        let each = (server.cpu() - start) * 1e6 / 40_000.0;
        println!("{:38} {:>10} {each:>16.2} {:>10.1}", kind.name(), 40_000, server.memory());
    }
}
