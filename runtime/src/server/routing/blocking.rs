//! Requests that are read, handled and answered beside the thread that all connections share.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use tokio::runtime::Handle;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// How many requests are worked on, and how many wait for that.
#[derive(Clone)]
pub(crate) struct Workers {
    running: Arc<Semaphore>,
    admitted: Arc<Semaphore>,
}

/// The place of a request among those that are worked on or wait for that.
pub(crate) struct Place {
    _admitted: OwnedSemaphorePermit,
    _running: Option<OwnedSemaphorePermit>,
}

/// Whether a client has given up on its request: an extension of requests that a router [works on beside its
/// connections](crate::server::Router::blocking). A handler that computes for long asks it from time to time.
#[derive(Debug, Clone)]
pub struct Abandoned {
    gone: Arc<AtomicBool>,
    begun: Instant,
}

/// Says so when the future is dropped that waits for the answer.
struct OnDrop(Abandoned);

impl Abandoned {
    /// Returns whether nobody waits for the answer any more.
    pub fn is_abandoned(&self) -> bool {
        self.gone.load(Ordering::Relaxed)
    }

    /// Returns when the work on the request began: before its body was read.
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
    /// Workers for so many requests at once, for which so many more may wait.
    pub(crate) fn new(running: usize, waiting: usize) -> Workers {
        let most = Semaphore::MAX_PERMITS;
        Workers {
            running: Arc::new(Semaphore::new(running.clamp(1, most))),
            admitted: Arc::new(Semaphore::new(running.saturating_add(waiting).clamp(1, most))),
        }
    }

    /// A place among the requests that are worked on or wait for that, if there is one.
    pub(crate) fn admit(&self) -> Option<Place> {
        let admitted = Arc::clone(&self.admitted).try_acquire_owned().ok()?;
        Some(Place { _admitted: admitted, _running: None })
    }

    /// Waits until an admitted request may be worked on.
    pub(crate) async fn wait(&self, place: Place) -> Place {
        // The semaphore is never closed.
        Place { _running: Arc::clone(&self.running).acquire_owned().await.ok(), ..place }
    }
}

impl Place {
    /// Does the work of a request, which hears by `abandoned` that nobody waits any more. `None` if the work did not end.
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
        // What panics in it is caught in it.
        let outcome = work.await;
        drop(guard);
        outcome.ok()
    }
}

impl fmt::Debug for Workers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Workers").field("running", &self.running.available_permits()).finish_non_exhaustive()
    }
}
