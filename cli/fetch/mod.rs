//! Imported services in a folder beside the project, under a lock file: URI, version and SHA-256 of each.
//!
//! `Update` fetches them, the only part of apigen that touches the network; it needs feature `fetch`. Generation takes such a
//! folder as a place of imports, and verifies what it reads there.

mod address;
mod change;
mod closure;
mod fetch;
mod location;
mod place;
mod published;
mod resolver;
mod rules;
mod shelf;
mod store;
mod update;

pub use change::{Change, Changes, Kind};
pub use fetch::Limits;
pub use update::Update;
