//! Fetched services in a folder of the project, with a lock file: URI, version and SHA-256 of each.
//!
//! `Update` fetches them; nothing else fetches documents.
//! Generation takes the folder as an import path and verifies the files it reads.

mod address;
mod change;
mod client;
mod document_cache;
mod fetch_policy;
mod import_graph;
mod location;
mod storage_path;
mod store;
mod update;

pub use change::{Change, Changes, Kind};
pub use client::Limits;
pub use update::Update;
