//! How much clients can make a server hold, and for how long.

mod intake;
mod pool;

pub(crate) use intake::{Intake, Refused, Whole};
pub(crate) use pool::{Pool, Share};

use std::time::Duration;

/// What clients can make a server hold, and for how long: of a [`Router`](crate::server::Router), with or without its own
/// [`Server`](crate::server::Server), and of a [`ValidationLayer`](crate::server::ValidationLayer).
///
/// ```
/// # use std::time::Duration;
/// # use apigen_runtime::server::{Router, ServerLimits};
/// # let router = Router::new();
/// let router = router.limits(ServerLimits::new().memory(256 << 20).connections(2_000).idle_time(Duration::from_secs(15)));
/// ```
///
/// The size of a single body is [`Router::body_limit`](crate::server::Router::body_limit).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub struct ServerLimits {
    pub(crate) memory: usize,
    pub(crate) wait: Duration,
    pub(crate) body_time: Duration,
    pub(crate) slowest: usize,
    pub(crate) connections: usize,
    pub(crate) head_time: Duration,
    pub(crate) idle_time: Duration,
    pub(crate) shutdown_time: Duration,
}

impl ServerLimits {
    /// The limits that hold unless others are set.
    pub const fn new() -> ServerLimits {
        ServerLimits {
            memory: 64 << 20,
            wait: Duration::from_secs(1),
            body_time: Duration::from_secs(10),
            slowest: 32 << 10,
            connections: 512,
            head_time: Duration::from_secs(10),
            idle_time: Duration::from_secs(60),
            shutdown_time: Duration::from_secs(10),
        }
    }

    /// Sets how many bytes of memory all requests under way may take together; 64 MiB unless said otherwise.
    ///
    /// Bodies that are being received count, the values that were read from them until the handler has answered, and the bodies of
    /// answers until they are sent. The bodies that a [`ValidationLayer`](crate::server::ValidationLayer) keeps are counted by themselves. A request
    /// for which there is no room is answered with 503 and `Retry-After`, after a [`wait`](Self::wait). One that would not fit into
    /// an empty server is let in when the server is empty.
    pub const fn memory(self, bytes: usize) -> ServerLimits {
        ServerLimits { memory: bytes, ..self }
    }

    /// Sets how long a request waits for memory, and a connection for its turn, before it is refused; 1 s unless said otherwise.
    pub const fn wait(self, longest: Duration) -> ServerLimits {
        ServerLimits { wait: longest, ..self }
    }

    /// Sets how long the body of a request, and the client that takes an answer, may take in addition to what
    /// [`slowest`](Self::slowest) allows; 10 s unless said otherwise. A slower request is answered with 408, a slower client is cut
    /// off.
    pub const fn body_time(self, longest: Duration) -> ServerLimits {
        ServerLimits { body_time: longest, ..self }
    }

    /// Sets how many bytes of a body must come, or be taken, in a second; 32 KiB unless said otherwise. 0 counts as 1.
    pub const fn slowest(self, bytes: usize) -> ServerLimits {
        ServerLimits { slowest: bytes, ..self }
    }

    /// Sets how many connections a [`Server`](crate::server::Server) serves at once; 512 unless said otherwise.
    ///
    /// When there are as many, those that are idle are closed. If there is no place after the [`wait`](Self::wait), a request gets 503
    /// with `Retry-After`. No more than 64 connections wait; others are closed at once.
    pub const fn connections(self, most: usize) -> ServerLimits {
        ServerLimits { connections: most, ..self }
    }

    /// Sets how long a [`Server`](crate::server::Server) waits for the end of the headers of a request, from its first byte, or, where there
    /// has been no request, from the beginning of the connection; 10 s unless said otherwise. Then it closes the connection. Request
    /// line and headers have at most 64 KiB and 100 headers.
    pub const fn head_time(self, longest: Duration) -> ServerLimits {
        ServerLimits { head_time: longest, ..self }
    }

    /// Sets how long a [`Server`](crate::server::Server) keeps a connection between two requests; 60 s unless said otherwise.
    pub const fn idle_time(self, longest: Duration) -> ServerLimits {
        ServerLimits { idle_time: longest, ..self }
    }

    /// Sets how long [`Server::shutdown`](crate::server::Server::shutdown) waits for requests that are under way; 10 s unless said
    /// otherwise.
    pub const fn shutdown_time(self, longest: Duration) -> ServerLimits {
        ServerLimits { shutdown_time: longest, ..self }
    }

    /// How long so many bytes may take.
    pub(crate) fn time_for(&self, bytes: usize) -> Duration {
        self.body_time.saturating_add(Duration::from_secs_f64(bytes as f64 / self.slowest.max(1) as f64))
    }
}

impl Default for ServerLimits {
    fn default() -> Self {
        ServerLimits::new()
    }
}
