//! Conditions on optional parts.

use proc_macro2::TokenStream;
use quote::quote;

use crate::plan::{Emit, Options};

/// The `#[cfg(…)]` of each part: empty if it is always compiled, `None` if it is not generated.
pub struct Conditions {
    pub mocks: Option<TokenStream>,
    /// Condition of servers and validators of messages.
    pub server: Option<TokenStream>,
    /// Condition of what needs both: served mocks.
    pub both: Option<TokenStream>,
    pub either: Option<TokenStream>,
}

impl Conditions {
    pub fn new(options: &Options) -> Self {
        use Emit::{Always, Feature, Never};
        let (mocks, server) = (&options.mocks, &options.server);
        let both = match (mocks, server) {
            (Never, _) | (_, Never) => None,
            (Always, other) | (other, Always) => one(other),
            (Feature(a), Feature(b)) => Some(quote!(#[cfg(all(feature = #a, feature = #b))])),
        };
        let either = match (mocks, server) {
            (Always, _) | (_, Always) => Some(TokenStream::new()),
            (Never, other) | (other, Never) => one(other),
            (Feature(a), Feature(b)) => Some(quote!(#[cfg(any(feature = #a, feature = #b))])),
        };
        Self { mocks: one(mocks), server: one(server), both, either }
    }
}

fn one(part: &Emit) -> Option<TokenStream> {
    match part {
        Emit::Always => Some(TokenStream::new()),
        Emit::Never => None,
        Emit::Feature(name) => Some(quote!(#[cfg(feature = #name)])),
    }
}
