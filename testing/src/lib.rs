//! API Builder specs against real traffic, without generated code.
//!
//! [`exchange`] records requests and responses without their sensitive values, and [`finding`] is what tools report about
//! them; [`SpecPlaces`] tells where the spec declares the rule.
//!
//! [`schema`] builds validators from a model at run time, the same ones that generated code has as statics:
//!
//! ```
//! use apigen_model::behaviour::SensitiveAnnotations;
//! use apigen_model::{Inputs, Source, load};
//! use apigen_runtime::Mode;
//!
//! let spec = r#"{ "name": "Library", "models": { "book": { "fields": [{ "name": "title", "type": "string" }] } } }"#;
//! let source = Source { name: "api.json".to_owned(), text: spec.to_owned(), path: None };
//! let loaded = load(Inputs { specs: vec![source], ..Inputs::default() }).map_err(|report| report.render(false)).unwrap();
//! let schema = apigen_testing::schema(&loaded.api, &SensitiveAnnotations::default()).unwrap();
//! let book = schema.find("book").unwrap();
//! assert!(schema.validate(&book, r#"{ "title": "Emma" }"#, &Mode::strict()).is_ok());
//! let violations = schema.validate(&book, r#"{ "title": 1 }"#, &Mode::strict()).unwrap_err();
//! assert_eq!(violations.to_string(), "title: expected a string, found a number (1) (line 1, column 12)");
//! ```
//!
//! [`rules`] reads the rules by which a mock server responds, and checks them against the spec.
//!
//! `environment` says which servers requests may be sent to, and what may be sent to production. It needs the feature `toml`.

#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(any(feature = "mock", feature = "proxy"))]
mod access;
#[cfg(feature = "toml")]
pub mod environment;
pub mod exchange;
pub mod finding;
mod lower;
#[cfg(feature = "mock")]
mod mock_server;
#[cfg(feature = "proxy")]
mod proxy;
pub mod rules;
pub mod sample;
mod service;
#[cfg(feature = "shutdown")]
mod shutdown;
mod spec_places;

pub use lower::schema;
#[cfg(feature = "mock")]
pub use mock_server::{
    AnsweredBy, Broken, MockBody, MockError, MockServer, MockServerBuilder, MockService, ServedOperation, parse_fault,
    parse_latency,
};
#[cfg(feature = "proxy")]
pub use proxy::{
    Coverage, FailOn, MessageCounts, OperationCoverage, Proxy, ProxyError, ProxyLimits, ProxyStopper, RunningProxy,
    UndeclaredRequest, UnseenValues, ViolationGroup,
};
pub use service::{LoadError, LoadedService};
#[cfg(feature = "shutdown")]
pub use shutdown::Shutdown;
pub use spec_places::SpecPlaces;
