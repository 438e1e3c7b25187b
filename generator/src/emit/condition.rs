//! Conditions on parts that not everybody compiles.

use proc_macro2::TokenStream;
use quote::quote;

use crate::plan::{Emit, Options};

/// The `#[cfg(…)]` of each part, which is empty where it is always compiled; `None` where it is not generated.
pub struct Conditions {
    /// What belongs to mocks.
    pub mocks: Option<TokenStream>,
    /// What belongs to servers and validators of messages.
    pub server: Option<TokenStream>,
    /// What belongs to both together: mocks that are served.
    pub both: Option<TokenStream>,
    /// What one of them is enough for.
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
