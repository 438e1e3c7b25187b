//! From the plan to tokens. Emission cannot fail and decides nothing: it places what `plan` has worked out.

mod attributes;
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

pub use files::files;

use proc_macro2::TokenStream;

/// So many calls are one expression: formatters and rustc follow chains by recursion, and run out of stack with thousands.
const LONGEST_CHAIN: usize = 200;

/// A Rust file to be formatted.
#[derive(Debug)]
pub struct File {
    /// Folders and file name, from the root of the module tree.
    pub path: Vec<String>,
    /// What it was made from, for the header.
    pub title: String,
    /// Items that belong together; formatted with a blank line between blocks.
    pub blocks: Vec<Block>,
}

/// A part of a file.
#[derive(Debug)]
pub enum Block {
    /// Still to be formatted.
    Tokens(TokenStream),
    /// Formatted already.
    Text(String),
}
