//! Imported services in a folder beside the project, under a lock file: URI, version and SHA-256 of each.
//!
//! `Update` fetches them, the only part of apigen that touches the network; it needs feature `fetch`. Generation takes such a
//! folder as a place of imports, and verifies what it reads there.

#[cfg(feature = "fetch")]
mod address;
#[cfg(feature = "fetch")]
mod change;
#[cfg(feature = "fetch")]
mod closure;
#[cfg(feature = "fetch")]
mod fetch;
#[cfg(feature = "fetch")]
mod location;
mod lock;
#[cfg(feature = "fetch")]
mod place;
#[cfg(feature = "fetch")]
mod published;
#[cfg(feature = "fetch")]
mod resolver;
#[cfg(feature = "fetch")]
mod rules;
pub(crate) mod sha256;
#[cfg(feature = "fetch")]
mod shelf;
#[cfg(feature = "fetch")]
mod store;
#[cfg(feature = "fetch")]
mod update;

#[cfg(feature = "fetch")]
pub use change::{Change, Changes, Kind};
#[cfg(feature = "fetch")]
pub use fetch::Limits;
pub use lock::{Entry, Lock};
#[cfg(feature = "fetch")]
pub use update::Update;

/// What is wrong with one import; who found it knows the place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault {
    /// `E008`: not to be had. `E009`: not what the lock says.
    pub code: &'static str,
    /// A sentence.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
}

impl Fault {
    pub(crate) fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), help: None }
    }

    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}
