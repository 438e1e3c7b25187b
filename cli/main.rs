//! The command `apigen`.

mod commands;

use std::process::ExitCode;

fn main() -> ExitCode {
    commands::run()
}
