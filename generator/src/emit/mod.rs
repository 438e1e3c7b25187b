//! Emits tokens for the plan. Emission cannot fail and makes no decisions: it places what `plan` has determined.

mod attributes;
mod client;
mod codec;
mod condition;
mod enumeration;
mod expression;
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
mod request;
mod resource;
mod rust_type;
mod serve;
mod server;
mod status;
pub mod text;
mod type_files;
mod union;

pub use files::files;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

/// The maximum number of calls in one expression: formatters and rustc follow chains by recursion, and thousands of
/// calls would overflow the stack.
const LONGEST_CHAIN: usize = 200;

/// Returns method calls on an expression, after the statements that keep it short: `let <local> = …;`.
fn chain(local: &str, start: TokenStream, calls: impl IntoIterator<Item = TokenStream>) -> (TokenStream, TokenStream) {
    let calls: Vec<TokenStream> = calls.into_iter().collect();
    let (parts, last) = calls.split_at((calls.len().saturating_sub(1) / LONGEST_CHAIN) * LONGEST_CHAIN);
    let local = format_ident!("{local}");
    let (mut start, mut statements) = (start, TokenStream::new());
    for part in parts.chunks(LONGEST_CHAIN) {
        statements.extend(quote!(let #local = #start #(#part)*;));
        start = quote!(#local);
    }
    (statements, quote!(#start #(#last)*))
}

/// A Rust file to be formatted.
#[derive(Debug)]
pub struct File {
    /// Folders and file name, from the root of the module tree.
    pub path: Vec<String>,
    /// The source it was generated from, for the header.
    pub title: String,
    /// Groups of items, formatted with a blank line between blocks.
    pub blocks: Vec<Block>,
}

/// A part of a file.
#[derive(Debug)]
pub enum Block {
    /// Tokens to be formatted.
    Tokens(TokenStream),
    /// Formatted text.
    Text(String),
}
