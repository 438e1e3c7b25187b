//! Accepts and serves connections.

mod connections;
mod listener;
mod pulse;

pub use listener::Server;
