//! The command line: arguments and output.

mod check;
mod environments;
mod explain;
mod generate;
mod init;
mod inspect;
#[cfg(feature = "mock")]
mod line_writer;
#[cfg(feature = "mock")]
mod mock;
mod options;
mod output;
#[cfg(feature = "mock")]
mod port;
mod progress;
#[cfg(feature = "proxy")]
mod proxy;
#[cfg(feature = "serve")]
mod serve;
mod status;
mod target;
mod update;
mod validate;

use std::process::ExitCode;

use apigen_cli::templates::{GUIDE, TEMPLATES};
use clap::{ColorChoice, CommandFactory, FromArgMatches, Parser, Subcommand};

use output::{OutputConfig, complain, print, say};

/// Generate typed Rust clients, mocks, validators and servers from API Builder specs.
#[derive(Debug, Parser)]
#[command(name = "apigen", version, arg_required_else_help = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
    /// Print nothing on success.
    #[arg(long, short, global = true)]
    quiet: bool,
    /// When to use colours.
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    color: ColorChoice,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Create apigen.toml, and an example spec if there is none.
    Init(init::Arguments),
    /// Generate a module tree (default) or a crate from the given specs, or everything in apigen.toml.
    Generate(generate::Arguments),
    /// Check whether the outputs of apigen.toml are up to date, without generating.
    Status(status::Arguments),
    /// List the templates and their data.
    Templates {
        /// Print this template.
        #[arg(long, value_name = "NAME", value_parser = TEMPLATES.each_ref().map(|template| template.name))]
        show: Option<String>,
    },
    /// Print the JSON Schema of apigen.toml, for editors.
    Schema,
    /// Print the completion script for a shell: `apigen completions bash`.
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
    /// Check specs and report every problem.
    Check(check::Arguments),
    /// Print the service.json that API Builder would publish for a spec.
    Normalize(check::NormalizeArguments),
    /// Show how an element is read, published, modelled and generated.
    Inspect(inspect::Arguments),
    /// Explain the code of a problem, such as E030.
    Explain(explain::Arguments),
    /// Check JSON documents against a type or an operation of a spec.
    Validate(validate::Arguments),
    /// Fetch imported services into a folder with a lock file. No other command fetches anything.
    Update(update::Arguments),
    /// List the environments of apigen.toml, or ask the server of one what it is.
    Environments(environments::Arguments),
    /// Serve an API from its spec: valid made-up responses, state, rules, validation.
    #[cfg(feature = "mock")]
    Mock(mock::Arguments),
    /// Pass requests to a server of an API, and report what violates the spec in both directions.
    #[cfg(feature = "proxy")]
    Proxy(proxy::Arguments),
    /// Serve code generators to an API Builder server, over its generator protocol.
    #[cfg(feature = "serve")]
    Serve(serve::Arguments),
}

/// Runs the command; the exit code is 0 for success, 1 for problems with the specs, 2 if it could not run.
pub fn run() -> ExitCode {
    let matches = Arguments::command().get_matches();
    let arguments = Arguments::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
    output::configure(OutputConfig { quiet: arguments.quiet, color: arguments.color });
    let result = match arguments.command {
        Command::Init(arguments) => init::init(arguments).map(|text| say(&text)),
        Command::Generate(arguments) => generate::generate(arguments),
        Command::Status(arguments) => status::status(&arguments),
        Command::Templates { show } => Ok(print(template(show.as_deref()))),
        Command::Schema => Ok(print(&apigen_build::manifest::schema())),
        Command::Completions { shell } => Ok(print(&completions(shell))),
        Command::Check(arguments) => check::check(arguments, matches.subcommand_matches("check").unwrap_or(&matches)),
        Command::Normalize(arguments) => check::normalize(arguments),
        Command::Inspect(arguments) => inspect::inspect(&arguments),
        Command::Explain(arguments) => explain::explain(&arguments).map(|text| print(&text)),
        Command::Validate(arguments) => return validate::validate(arguments),
        Command::Update(arguments) => update::update(arguments).map(|text| say(&text)),
        Command::Environments(arguments) => environments::environments(&arguments),
        #[cfg(feature = "mock")]
        Command::Mock(arguments) => mock::mock(arguments),
        #[cfg(feature = "proxy")]
        Command::Proxy(arguments) => proxy::proxy(arguments),
        #[cfg(feature = "serve")]
        Command::Serve(arguments) => serve::serve(&arguments),
    };
    result.unwrap_or_else(|error| {
        complain(|color| error.render(color));
        ExitCode::from(if error.report().is_some() { 1 } else { 2 })
    })
}

/// Returns a template, or the guide to all of them.
fn template(name: Option<&str>) -> &'static str {
    let known = TEMPLATES.iter().find(|template| Some(template.name) == name);
    known.map_or(GUIDE, |template| template.text)
}

fn completions(shell: clap_complete::Shell) -> String {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "apigen", &mut script);
    String::from_utf8_lossy(&script).into_owned()
}
