//! Requests that are read, handled and answered beside the thread that all connections share.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use bytes::Bytes;
use http::header::RETRY_AFTER;
use http::request::Parts;
use http::{HeaderValue, Response};
use http_body_util::Full;
use tokio::runtime::Handle;
use tokio::sync::Semaphore;

use super::pool::Share;
use super::router::{Router, Shared};
use super::service::answer;
use super::written::Written;

/// How many requests are worked on, and how many wait for that.
#[derive(Clone)]
pub(super) struct Workers {
    running: Arc<Semaphore>,
    admitted: Arc<Semaphore>,
}

/// Whether a client has given up on its request: an extension of requests that a router [works on beside its
/// connections](Router::blocking). A handler that computes for long asks it from time to time.
#[derive(Debug, Clone)]
pub struct Abandoned {
    gone: Arc<AtomicBool>,
    begun: Instant,
}

/// Says so when the future is dropped that waits for the answer.
struct OnDrop(Abandoned);

impl Router {
    /// Works on requests that have a body on tokio's threads for blocking work: reads the body, calls the handler and writes
    /// the answer there, so that large bodies and handlers that compute hold up nobody else. `running` requests are worked on at
    /// once, `waiting` more wait; any more are answered with 503 and `Retry-After`. The body itself is received before.
    /// Requests without a body are answered at once, even while others take all [memory](crate::ServerLimits::memory).
    ///
    /// Handlers find [`Abandoned`] among the extensions of their [`Context`](crate::Context). Without a tokio runtime, this
    /// changes nothing.
    pub fn blocking(self, running: usize, waiting: usize) -> Router {
        let most = Semaphore::MAX_PERMITS;
        let workers = Workers {
            running: Arc::new(Semaphore::new(running.clamp(1, most))),
            admitted: Arc::new(Semaphore::new(running.saturating_add(waiting).clamp(1, most))),
        };
        self.with(|settings| settings.workers = Some(workers))
    }
}

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
    /// The answer to a request, when it is its turn.
    pub(super) async fn answer(
        &self,
        shared: Arc<Shared>,
        mut head: Parts,
        body: Bytes,
        share: Share,
    ) -> Response<Full<Bytes>> {
        let Ok(handle) = Handle::try_current() else { return answer(shared, head, Ok((body, share))).await };
        let Ok(admitted) = Arc::clone(&self.admitted).try_acquire_owned() else {
            return busy(&shared, &head).into_response().map(Full::new);
        };
        // The semaphore is never closed.
        let running = Arc::clone(&self.running).acquire_owned().await.ok();
        let guard = OnDrop(Abandoned::default());
        head.extensions.insert(guard.0.clone());
        let work = tokio::task::spawn_blocking(move || {
            let _permits = (admitted, running);
            handle.block_on(answer(shared, head, Ok((body, share))))
        });
        // What panics in it is caught in it.
        let response = work.await;
        drop(guard);
        response.unwrap_or_else(|_| Written::error(500, "the request was not worked on").into_response().map(Full::new))
    }
}

fn busy(shared: &Shared, head: &Parts) -> Written {
    let mut written =
        shared.refuse(head, Written::error(503, "too many requests wait to be worked on; try again later"));
    written.headers.insert(RETRY_AFTER, HeaderValue::from_static("1"));
    written
}

impl fmt::Debug for Workers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Workers").field("running", &self.running.available_permits()).finish_non_exhaustive()
    }
}
