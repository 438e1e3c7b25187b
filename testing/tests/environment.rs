//! Environments: how they are declared, what may be sent to them, and what nothing ever prints.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a failure ends the run")]

#[path = "environment/declarations.rs"]
mod declarations;
#[path = "environment/secrets.rs"]
mod secrets;
#[path = "environment/support.rs"]
mod support;
#[path = "environment/targets.rs"]
mod targets;
