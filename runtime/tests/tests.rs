//! The tests of the runtime: one program, since linking each takes long.
//!
//! Every other file of this folder is a module here, or a program of its own in `Cargo.toml`.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a failure ends the run")]

#[macro_use]
mod support;
mod types;

#[cfg(all(feature = "blocking", feature = "reqwest"))]
mod blocking;
mod factory;
mod fault_plans;
mod faults;
mod guard;
mod http_calls;
mod http_encoding;
mod http_loopback;
mod json_coerce;
mod json_dates;
mod json_far_dates;
mod json_fuzz;
mod json_modes;
mod json_options;
mod json_suite;
mod json_syntax;
mod json_validate;
mod layers;
#[cfg(feature = "server")]
mod limits;
mod literal;
mod not_finite;
mod observed;
mod paging;
mod reconnect;
mod redirects;
mod refresh;
mod retries;
mod serde_bridge;
