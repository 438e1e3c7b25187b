//! Limits on the memory and time that clients can occupy.

mod intake;
mod pool;

pub(crate) use intake::{Intake, Refused, Whole};
pub(crate) use pool::Share;
pub use pool::{BodyMemory, BodyShare};

use std::time::Duration;

/// Limits on the memory and time that clients can occupy: in a [`Router`](crate::server::Router), with or without its
/// own [`Server`](crate::server::Server), and in a [`ValidationLayer`](crate::server::ValidationLayer).
///
/// ```
/// # use std::time::Duration;
/// # use apigen_runtime::server::{Router, ServerLimits};
/// # let router = Router::new();
/// let router = router.limits(ServerLimits::new().memory(256 << 20).connections(2_000).idle_time(Duration::from_secs(15)));
/// ```
///
/// [`Router::body_limit`](crate::server::Router::body_limit) limits the size of a single body.
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
    /// Creates the default limits.
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

    /// Sets how many bytes of memory all requests in progress may occupy together; 64 MiB by default.
    ///
    /// This includes bodies being received, the values decoded from them until the handler has responded, and the
    /// bodies of responses until they are sent. Bodies that a [`ValidationLayer`](crate::server::ValidationLayer)
    /// copies are counted separately. A request without room gets 503 with `Retry-After`, after a [`wait`](Self::wait).
    /// One that exceeds the whole memory is admitted when the server is empty.
    pub const fn memory(self, bytes: usize) -> ServerLimits {
        ServerLimits { memory: bytes, ..self }
    }

    /// Sets how long a request waits for memory, and a connection for a slot, before it is refused; 1 s by default.
    pub const fn wait(self, longest: Duration) -> ServerLimits {
        ServerLimits { wait: longest, ..self }
    }

    /// Sets how long receiving a request body, or sending a response, may take in addition to what
    /// [`slowest`](Self::slowest) allows; 10 s by default. A slower request gets 408; a slower client is disconnected.
    pub const fn body_time(self, longest: Duration) -> ServerLimits {
        ServerLimits { body_time: longest, ..self }
    }

    /// Sets the minimum rate of a body in bytes per second, received or sent; 32 KiB by default. 0 counts as 1.
    pub const fn slowest(self, bytes: usize) -> ServerLimits {
        ServerLimits { slowest: bytes, ..self }
    }

    /// Sets how many connections a [`Server`](crate::server::Server) serves at once; 512 by default.
    ///
    /// At the limit, idle connections are closed. Requests on connections that have no slot after [`wait`](Self::wait)
    /// get 503 with `Retry-After`. At most 64 connections wait; others are closed at once.
    pub const fn connections(self, most: usize) -> ServerLimits {
        ServerLimits { connections: most, ..self }
    }

    /// Sets how long a [`Server`](crate::server::Server) waits for the complete head of a request, from its first byte
    /// or, for the first request, from the start of the connection; 10 s by default. Then it closes the connection. The
    /// head of a request has at most 64 KiB and 100 headers.
    pub const fn head_time(self, longest: Duration) -> ServerLimits {
        ServerLimits { head_time: longest, ..self }
    }

    /// Sets how long a [`Server`](crate::server::Server) keeps an idle connection; 60 s by default.
    pub const fn idle_time(self, longest: Duration) -> ServerLimits {
        ServerLimits { idle_time: longest, ..self }
    }

    /// Sets how long [`Server::shutdown`](crate::server::Server::shutdown) waits for requests in progress; 10 s by
    /// default.
    pub const fn shutdown_time(self, longest: Duration) -> ServerLimits {
        ServerLimits { shutdown_time: longest, ..self }
    }

    pub(crate) fn time_for(&self, bytes: usize) -> Duration {
        self.body_time.saturating_add(Duration::from_secs_f64(bytes as f64 / self.slowest.max(1) as f64))
    }
}

impl Default for ServerLimits {
    fn default() -> Self {
        ServerLimits::new()
    }
}
