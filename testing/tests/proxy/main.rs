//! The proxy over sockets, between a client and a server that say byte for byte what the tests want.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a failure ends the run")]

mod coverage;
mod hostile;
mod judged;
mod modes;
mod secure;
mod support;
mod transparent;
