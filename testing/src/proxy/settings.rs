//! What a proxy does with the messages that it judges.

use std::time::Duration;

use apigen_runtime::Mode;

use super::mock::Mock;

/// Limits on the memory and time that clients and the server can occupy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct ProxyLimits {
    /// How many connections of clients are served at once; 1024 by default. Others wait until one ends.
    pub connections: usize,
    /// The maximum size of a body that is checked, in bytes; 2 MiB by default. Larger ones are passed on unchecked.
    pub body: usize,
    /// The memory of all bodies that are kept to check them, in bytes; 64 MiB by default. Bodies for which there is no
    /// memory are passed on unchecked.
    pub memory: usize,
    /// How long a client may take to send the head of a request, or to send or read the next part of a body; 60 s by
    /// default.
    pub idle: Duration,
    /// How long connecting to the server may take; 10 s by default.
    pub connect: Duration,
    /// How long the server may take to respond, or to send the next part of a body; 5 min by default.
    pub response: Duration,
    /// How long a whole exchange may take; unlimited by default.
    pub total: Option<Duration>,
    /// How long exchanges in progress may take when the proxy is to end; 5 s by default.
    pub shutdown: Duration,
}

impl Default for ProxyLimits {
    fn default() -> Self {
        ProxyLimits {
            connections: 1024,
            body: 2 << 20,
            memory: 64 << 20,
            idle: Duration::from_secs(60),
            connect: Duration::from_secs(10),
            response: Duration::from_secs(300),
            total: None,
            shutdown: Duration::from_secs(5),
        }
    }
}

/// Which messages that violate the spec are replaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) enum Enforce {
    #[default]
    Nothing,
    Requests,
    Both,
}

/// Which messages are judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Sides {
    pub request: bool,
    pub response: bool,
}

impl Sides {
    pub const BOTH: Sides = Sides { request: true, response: true };

    /// Returns the sides that are judged without these.
    pub fn without(self, skipped: Sides) -> Sides {
        Sides { request: self.request && !skipped.request, response: self.response && !skipped.response }
    }
}

pub(super) struct Settings {
    pub enforce: Enforce,
    pub judged: Sides,
    pub coerce: bool,
    /// Whether responses say what was found.
    pub headers: bool,
    /// Where the server runs, which responses and the version endpoint say.
    pub environment: Option<String>,
    pub limits: ProxyLimits,
    pub control_key: Option<String>,
    pub mock: Option<Mock>,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            enforce: Enforce::Nothing,
            judged: Sides::BOTH,
            coerce: false,
            headers: true,
            environment: None,
            limits: ProxyLimits::default(),
            control_key: None,
            mock: None,
        }
    }
}

impl Settings {
    /// Returns how requests are judged: after a conversion, what it cannot repair.
    pub fn request_mode(&self) -> Mode {
        if self.coerce { Mode::coerce() } else { Mode::strict() }
    }
}
