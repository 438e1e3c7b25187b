//! Handles requests on blocking threads, off the thread that serves all connections.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use tokio::runtime::Handle;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Limits the requests that are handled at once, and those that wait.
#[derive(Clone)]
pub(crate) struct Workers {
    running: Arc<Semaphore>,
    admitted: Arc<Semaphore>,
}

/// The slot of a request that is being handled.
pub(crate) struct Place {
    _admitted: OwnedSemaphorePermit,
    _running: OwnedSemaphorePermit,
}

/// Tells whether the client has disconnected: an extension of requests that a router [handles on blocking
/// threads](crate::server::Router::blocking). Handlers with long computations should poll it.
#[derive(Debug, Clone)]
pub struct Abandoned {
    gone: Arc<AtomicBool>,
    begun: Instant,
}

/// Sets the flag when the future that waits for the response is dropped.
struct OnDrop(Abandoned);

impl Abandoned {
    /// Returns true if the client no longer waits for the response.
    pub fn is_abandoned(&self) -> bool {
        self.gone.load(Ordering::Relaxed)
    }

    /// Returns when handling the request began: before its body was decoded.
    pub fn begun(&self) -> Instant {
        self.begun
    }
}

impl Default for Abandoned {
    fn default() -> Self {
        Abandoned { gone: Arc::default(), begun: Instant::now() }
    }
}

impl Drop for OnDrop {
    fn drop(&mut self) {
        self.0.gone.store(true, Ordering::Relaxed);
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
        Some(Place { _admitted: admitted, _running: running })
    }
}

impl Place {
    /// Runs the work of a request on a blocking thread; `abandoned` is set if the caller is dropped. Returns `None` if
    /// the work did not complete.
    pub(crate) async fn run<T: Send + 'static>(
        self,
        runtime: Handle,
        abandoned: Abandoned,
        work: impl Future<Output = T> + Send + 'static,
    ) -> Option<T> {
        let guard = OnDrop(abandoned);
        let work = tokio::task::spawn_blocking(move || {
            let _place = self;
            runtime.block_on(work)
        });
        // Panics are caught within the work.
        let outcome = work.await;
        drop(guard);
        outcome.ok()
    }
}
