//! The command `apigen`, as a library: what its parts need from each other, and the examples of the guide.

#![cfg_attr(docsrs, feature(doc_cfg))]

pub mod fetch;
#[cfg(feature = "serve")]
pub mod serve;
pub mod templates;

/// The guide, whose Rust examples rustdoc tests.
#[cfg(doctest)]
mod documents {
    macro_rules! documents {
        ($($name:ident: $file:literal),* $(,)?) => {
            $(#[doc = include_str!($file)] struct $name;)*
        };
    }

    documents! {
        Readme: "../README.md",
        BuildScript: "../docs/build-script.md",
        Client: "../docs/client.md",
        Configuration: "../docs/configuration.md",
        Environments: "../docs/environments.md",
        Errors: "../docs/errors.md",
        GeneratorProtocol: "../docs/generator-protocol.md",
        Limits: "../docs/limits.md",
        MockServer: "../docs/mock-server.md",
        Mocks: "../docs/mocks.md",
        Proxy: "../docs/proxy.md",
        Recipes: "../docs/recipes.md",
        Recording: "../docs/recording.md",
        Server: "../docs/server.md",
        Templates: "../docs/templates.md",
        TestValues: "../docs/test-values.md",
        Types: "../docs/types.md",
        Validators: "../docs/validators.md",
    }
}
