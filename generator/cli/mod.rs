//! The command line: arguments, and what is printed.

mod generate;
mod update;

use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Generates a typed Rust client, mocks and validators from an API Builder spec.
#[derive(Debug, Parser)]
#[command(name = "apigen", version, arg_required_else_help = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Write a module tree (default) or a whole crate for one or more specs.
    Generate(generate::Arguments),
    /// Fetch imported services into a folder with a lock file. No other command touches the network.
    Update(update::Arguments),
}

/// Runs the command; the exit code is 0 for success, 1 for problems with the input, 2 for wrong usage.
pub fn run() -> ExitCode {
    let (result, unable) = match Arguments::parse().command {
        Command::Generate(arguments) => (generate::generate(arguments), ExitCode::FAILURE),
        Command::Update(arguments) => (update::update(arguments), ExitCode::from(2)),
    };
    match result {
        Ok(text) => print(&text),
        Err(error) => {
            let stderr = io::stderr();
            // Nobody is left to tell if this fails.
            drop(writeln!(stderr.lock(), "{}", error.render(stderr.is_terminal())));
            if error.report().is_some() { ExitCode::FAILURE } else { unable }
        }
    }
}

/// Prints to standard output; a reader that went away is no error.
fn print(text: &str) -> ExitCode {
    match io::stdout().lock().write_all(text.as_bytes()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => ExitCode::FAILURE,
        _ => ExitCode::SUCCESS,
    }
}
