//! The command `apigen`, as a library: what its parts need from each other, and the examples of the guide.

#![cfg_attr(docsrs, feature(doc_cfg))]

pub mod fetch;
#[cfg(feature = "serve")]
pub mod serve;
pub mod templates;

/// The guide, whose Rust examples rustdoc tests.
#[cfg(doctest)]
mod documents {
    #[doc = include_str!("../README.md")]
    struct Readme;
    #[doc = include_str!("../docs/build-script.md")]
    struct BuildScript;
    #[doc = include_str!("../docs/client.md")]
    struct Client;
    #[doc = include_str!("../docs/configuration.md")]
    struct Configuration;
    #[doc = include_str!("../docs/errors.md")]
    struct Errors;
    #[doc = include_str!("../docs/generator-protocol.md")]
    struct GeneratorProtocol;
    #[doc = include_str!("../docs/limits.md")]
    struct Limits;
    #[doc = include_str!("../docs/mocks.md")]
    struct Mocks;
    #[doc = include_str!("../docs/recipes.md")]
    struct Recipes;
    #[doc = include_str!("../docs/recording.md")]
    struct Recording;
    #[doc = include_str!("../docs/server.md")]
    struct Server;
    #[doc = include_str!("../docs/templates.md")]
    struct Templates;
    #[doc = include_str!("../docs/test-values.md")]
    struct TestValues;
    #[doc = include_str!("../docs/types.md")]
    struct Types;
    #[doc = include_str!("../docs/validators.md")]
    struct Validators;
}
