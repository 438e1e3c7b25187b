//! The generators that are offered.

use super::protocol::Generator;
use apigen_build::manifest::{Kind, SETTINGS, Setting};
use apigen_build::{Config, Emit};

/// One of them.
pub struct Offer {
    /// Names it in paths.
    pub key: &'static str,
    name: &'static str,
    description: &'static str,
    /// Options that make it what it is.
    pub configure: fn(Config) -> Config,
}

/// All of them.
pub static GENERATORS: &[Offer] = &[
    Offer {
        key: "rust_client",
        name: "Rust client",
        description: "A module: typed client, mocks that implement only what a test needs, and validators of JSON. \
                      It calls the crate apigen-runtime.",
        configure: |config| config,
    },
    Offer {
        key: "rust_server",
        name: "Rust client and server",
        description: "The module of the Rust client with the traits of a server, its router, and the validator of requests \
                      and responses.",
        configure: |config| config.server(Emit::Always),
    },
    Offer {
        key: "rust_crate",
        name: "Rust crate",
        description: "A whole crate, with mocks behind the cargo feature `mock` and the server behind `server`.",
        configure: Config::whole_crate,
    },
];

/// What is said of them.
pub fn all() -> impl Iterator<Item = Generator> {
    let attributes: Vec<String> = attributes().map(|setting| setting.name.to_owned()).collect();
    GENERATORS.iter().map(move |offer| Generator {
        key: offer.key.to_owned(),
        name: offer.name.to_owned(),
        language: Some("rust".to_owned()),
        description: Some(offer.description.to_owned()),
        attributes: attributes.clone(),
    })
}

/// Options that can be set from outside: those that change what is written, but name no file of this machine.
pub fn attributes() -> impl Iterator<Item = &'static Setting> {
    let is_local = |kind| matches!(kind, Kind::Path | Kind::Paths);
    let decided = ["crate", "runtime-path"];
    SETTINGS.iter().filter(move |s| !s.reading && !is_local(s.kind) && !decided.contains(&s.name))
}
