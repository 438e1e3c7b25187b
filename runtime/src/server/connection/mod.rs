//! Accepts connections and serves them.

mod connections;
mod listener;
mod pulse;

pub use listener::Server;
