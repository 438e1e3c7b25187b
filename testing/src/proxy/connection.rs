//! The connections of clients.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use tokio::sync::OwnedSemaphorePermit;

use super::upstream::Link;

/// The connection that a request came on.
pub(super) struct Connection {
    pub peer: SocketAddr,
    pub link: Link,
    /// Counts the connection, also after it has changed to another protocol.
    pub place: Arc<OwnedSemaphorePermit>,
    /// Whether it has had a request, and has none now.
    pub is_idle: AtomicBool,
}
