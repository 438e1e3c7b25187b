//! From the plan to tokens. Emission cannot fail and decides nothing: it places what the `rust` stage has worked out.

mod about;
mod client;
mod codec;
mod condition;
mod enumeration;
mod factory;
mod files;
mod headers;
mod imports;
mod interface;
mod mock;
mod model;
mod operation;
mod params;
mod quiet;
mod resource;
mod serve;
mod server;
mod status;
pub mod text;
mod types;
mod union;

pub use files::{Block, File, files};
