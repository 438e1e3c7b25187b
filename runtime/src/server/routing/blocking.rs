//! Handles requests on blocking threads, off the thread that serves all connections.

use std::sync::{Arc, Weak};
use std::time::Instant;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Limits the requests that are handled at once, and those that wait.
#[derive(Clone)]
pub(crate) struct Workers {
    running: Arc<Semaphore>,
    admitted: Arc<Semaphore>,
}

/// The slot of a request that is being handled: among those admitted, and among those that run.
pub(crate) type Place = [OwnedSemaphorePermit; 2];

/// Tells whether the client has disconnected: an extension of requests that a router [handles on blocking
/// threads](crate::server::Router::blocking). Handlers with long computations should poll it.
#[derive(Debug, Clone)]
pub struct Abandoned {
    /// Owned by the future that waits for the response; `None` if there is none.
    waiting: Option<Weak<()>>,
    begun: Instant,
}

impl Abandoned {
    pub(crate) fn by(waiting: &Arc<()>) -> Abandoned {
        Abandoned { waiting: Some(Arc::downgrade(waiting)), ..Abandoned::default() }
    }

    /// Returns true if the client no longer waits for the response.
    pub fn is_abandoned(&self) -> bool {
        self.waiting.as_ref().is_some_and(|waiting| waiting.strong_count() == 0)
    }

    /// Returns when handling the request began: before its body was decoded.
    pub fn begun(&self) -> Instant {
        self.begun
    }
}

impl Default for Abandoned {
    fn default() -> Self {
        Abandoned { waiting: None, begun: Instant::now() }
    }
}

impl Workers {
    /// Creates workers for `running` concurrent requests and up to `waiting` more that wait.
    pub(crate) fn new(running: usize, waiting: usize) -> Workers {
        let most = Semaphore::MAX_PERMITS;
        Workers {
            running: Arc::new(Semaphore::new(running.clamp(1, most))),
            admitted: Arc::new(Semaphore::new(running.saturating_add(waiting).clamp(1, most))),
        }
    }

    /// Waits until a request may run; returns `None` at once if too many others wait.
    pub(crate) async fn admit(&self) -> Option<Place> {
        let admitted = Arc::clone(&self.admitted).try_acquire_owned().ok()?;
        // The semaphore is never closed.
        let running = Arc::clone(&self.running).acquire_owned().await.ok()?;
        Some([admitted, running])
    }
}
