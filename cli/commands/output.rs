//! How commands print: quiet or not, in colours or not.

use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;
use std::sync::OnceLock;

use clap::ColorChoice;

/// Whether commands are quiet, and when they use colours.
static OUTPUT_CONFIG: OnceLock<OutputConfig> = OnceLock::new();

/// What the flags say about printing.
#[derive(Debug, Clone, Copy)]
pub struct OutputConfig {
    pub quiet: bool,
    pub color: ColorChoice,
}

/// Sets how all commands print; the first call counts.
pub fn configure(config: OutputConfig) {
    OUTPUT_CONFIG.get_or_init(|| config);
}

/// Whether colours are welcome: unless somebody said so, on a terminal if `NO_COLOR` is not set.
pub fn colors(stream: &impl IsTerminal) -> bool {
    match OUTPUT_CONFIG.get().map(|config| config.color) {
        Some(ColorChoice::Always) => return true,
        Some(ColorChoice::Never) => return false,
        Some(ColorChoice::Auto) | None => {}
    }
    stream.is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

/// Prints a message that is not a result, unless `--quiet` is given.
pub fn say(text: &str) -> ExitCode {
    if is_quiet() { ExitCode::SUCCESS } else { print(text) }
}

/// Whether results alone are printed.
pub fn is_quiet() -> bool {
    OUTPUT_CONFIG.get().is_some_and(|config| config.quiet)
}

/// Prints to standard output; a reader that went away is no error.
pub fn print(text: &str) -> ExitCode {
    match io::stdout().lock().write_all(text.as_bytes()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => ExitCode::from(2),
        _ => ExitCode::SUCCESS,
    }
}
