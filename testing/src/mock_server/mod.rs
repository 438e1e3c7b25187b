//! A mock server for an API from its spec alone: no code, no generated crate.

mod body;
mod builder;
mod control;
mod cors;
mod decision;
mod engine;
mod error;
mod examples;
mod fault_plan;
mod lifecycle;
mod message;
mod mounts;
mod prefer;
mod query_defaults;
mod server;
mod service;
mod settings;
mod traffic;
#[cfg(feature = "watch")]
mod watch;

pub use body::{Broken, MockBody};
pub use builder::MockServerBuilder;
pub use decision::AnsweredBy;
pub use error::MockError;
pub use fault_plan::{parse_fault, parse_latency};
pub use server::{MockServer, ServedOperation};
pub use service::MockService;
