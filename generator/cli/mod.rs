//! The command line: arguments, and what is printed.

mod check;
mod context;
mod diff;
mod explain;
mod generate;
mod update;
mod validate;

use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

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
    /// Say everything that is wrong with specs.
    Check(check::Arguments),
    /// Print the service.json that API Builder would publish for a spec.
    Normalize(check::NormalizeArguments),
    /// Explain the codes that stand in brackets in front of problems, such as E030.
    Explain(explain::Arguments),
    /// Check JSON documents against a type or an operation of a spec.
    Validate(validate::Arguments),
    /// Fetch imported services into a folder with a lock file. No other command touches the network.
    Update(update::Arguments),
}

/// Runs the command; the exit code is 0 for success, 1 for problems with the specs, 2 if it could not run.
pub fn run() -> ExitCode {
    let matches = Arguments::command().get_matches();
    let arguments = Arguments::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
    let result = match arguments.command {
        Command::Generate(arguments) => generate::generate(arguments),
        Command::Check(arguments) => check::check(arguments, matches.subcommand_matches("check").unwrap_or(&matches)),
        Command::Normalize(arguments) => check::normalize(arguments),
        Command::Explain(arguments) => explain::explain(&arguments).map(|text| print(&text)),
        Command::Validate(arguments) => return validate::validate(arguments),
        Command::Update(arguments) => update::update(arguments).map(|text| print(&text)),
    };
    result.unwrap_or_else(|error| {
        let stderr = io::stderr();
        // Nobody is left to tell if this fails.
        drop(writeln!(stderr.lock(), "{}", error.render(colors(&stderr))));
        ExitCode::from(if error.report().is_some() { 1 } else { 2 })
    })
}

/// Whether colours are welcome: on a terminal, unless `NO_COLOR` is set.
fn colors(stream: &impl IsTerminal) -> bool {
    stream.is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

/// Prints to standard output; a reader that went away is no error.
fn print(text: &str) -> ExitCode {
    match io::stdout().lock().write_all(text.as_bytes()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => ExitCode::from(2),
        _ => ExitCode::SUCCESS,
    }
}
