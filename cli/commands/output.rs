//! Output of commands: quiet or not, with or without colours.

use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;
use std::sync::OnceLock;

use clap::ColorChoice;

static OUTPUT_CONFIG: OnceLock<OutputConfig> = OnceLock::new();

#[derive(Debug, Clone, Copy)]
pub struct OutputConfig {
    pub quiet: bool,
    pub color: ColorChoice,
}

/// Sets the output of all commands; only the first call has an effect.
pub fn configure(config: OutputConfig) {
    OUTPUT_CONFIG.get_or_init(|| config);
}

/// Returns true if the stream should have colours: by default on a terminal, unless `NO_COLOR` is set.
fn colors(stream: &impl IsTerminal) -> bool {
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

/// Returns true if only results are printed.
pub fn is_quiet() -> bool {
    OUTPUT_CONFIG.get().is_some_and(|config| config.quiet)
}

/// Prints to standard error, in colours if wanted; there is nowhere to report an error of it.
pub fn complain(render: impl FnOnce(bool) -> String) {
    let stderr = io::stderr();
    let text = render(colors(&stderr));
    let end = if text.is_empty() || text.ends_with('\n') { "" } else { "\n" };
    drop(write!(stderr.lock(), "{text}{end}"));
}

/// Prints to standard output; a closed pipe is not an error.
pub fn print(text: &str) -> ExitCode {
    if write(io::stdout(), text).is_ok() { ExitCode::SUCCESS } else { ExitCode::from(2) }
}

/// Writes to a standard stream; a closed pipe is not an error.
pub fn write(mut stream: impl Write, text: &str) -> io::Result<()> {
    stream.write_all(text.as_bytes()).or_else(|error| match error.kind() {
        io::ErrorKind::BrokenPipe => Ok(()),
        _ => Err(error),
    })
}
