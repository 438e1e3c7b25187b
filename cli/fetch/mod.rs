//! Imported services in a folder beside the project, under a lock file: URI, version and SHA-256 of each.
//!
//! `Update` fetches them, the only part of apigen that touches the network; it needs feature `fetch`. Generation takes such a
//! folder as a place of imports, and verifies what it reads there.

mod address;
mod change;
mod client;
mod document_cache;
mod fetch_policy;
mod import_graph;
mod location;
mod resolver;
mod storage_path;
mod store;
mod update;

pub use change::{Change, Changes, Kind};
pub use client::Limits;
pub use update::Update;
