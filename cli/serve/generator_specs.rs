//! The generators that the server offers.

use super::protocol::Generator;
use apigen_build::manifest::{OPTIONS, OptionKind, OptionSpec};
use apigen_build::{Config, Emit};

pub struct GeneratorSpec {
    /// The key in paths.
    pub key: &'static str,
    name: &'static str,
    description: &'static str,
    /// Sets the options of the generator.
    pub configure: fn(Config) -> Config,
}

pub static GENERATORS: &[GeneratorSpec] = &[
    GeneratorSpec {
        key: "rust_client",
        name: "Rust client",
        description: "A module: typed client, mocks that implement only what a test needs, and validators of JSON. \
                      It calls the crate apigen-runtime.",
        configure: |config| config,
    },
    GeneratorSpec {
        key: "rust_server",
        name: "Rust client and server",
        description: "The module of the Rust client with the traits of a server, its router, and the validator of requests \
                      and responses.",
        configure: |config| config.server(Emit::Always),
    },
    GeneratorSpec {
        key: "rust_crate",
        name: "Rust crate",
        description: "A whole crate, with mocks behind the cargo feature `mock` and the server behind `server`.",
        configure: Config::default_crate,
    },
];

/// Returns the generators, as the protocol describes them.
pub fn all() -> impl Iterator<Item = Generator> {
    let attributes: Vec<String> = attributes().map(|option| option.name.to_owned()).collect();
    GENERATORS.iter().map(move |generator| Generator {
        key: generator.key.to_owned(),
        name: generator.name.to_owned(),
        language: Some("rust".to_owned()),
        description: Some(generator.description.to_owned()),
        attributes: attributes.clone(),
    })
}

/// Returns the options that clients can set: those that change the output, but neither name a file of this machine nor
/// run a program on it.
pub fn attributes() -> impl Iterator<Item = &'static OptionSpec> {
    let is_local = |kind| matches!(kind, OptionKind::Path | OptionKind::Paths);
    let decided = ["crate", "format", "runtime-path"];
    OPTIONS.iter().filter(move |s| !s.reading && !is_local(s.kind) && !decided.contains(&s.name))
}
