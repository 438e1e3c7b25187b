//! Credentials that are fetched, cached, and refreshed.

use std::error::Error;
use std::fmt;
use std::sync::{Arc, Mutex, TryLockError, Weak};
use std::task::{Context, Poll, Wake, Waker, ready};
use std::time::{Duration, Instant};

use http::{HeaderName, HeaderValue};

use crate::call::Refused;
use crate::lock;
use crate::transport::{BoxFuture, timer};

pub(crate) type FetchFuture = BoxFuture<'static, Result<Fetched, Box<dyn Error + Send + Sync>>>;

pub(crate) struct Fetched {
    pub(crate) header: Option<(HeaderName, HeaderValue)>,
    pub(crate) lifetime: Option<Duration>,
}

/// The header to send, shared by all calls that one refresh is for.
pub(crate) struct Token {
    pub(crate) header: Option<(HeaderName, HeaderValue)>,
    expires: Option<Instant>,
}

/// Fetches credentials once for all calls that wait for them.
pub(crate) struct Refresher {
    fetch: Box<dyn Fn() -> FetchFuture + Send + Sync>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    token: Option<Arc<Token>>,
    /// The refresh in progress. The waiting calls own it, so it ends when the last of them is dropped.
    flight: Weak<Flight>,
}

impl Refresher {
    pub(crate) fn new(fetch: Box<dyn Fn() -> FetchFuture + Send + Sync>) -> Refresher {
        Refresher { fetch, state: Mutex::default() }
    }

    pub(crate) async fn token(&self) -> Result<Arc<Token>, Refused> {
        let flight = match self.join() {
            Ok(token) => return Ok(token),
            Err(flight) => Waiter(flight),
        };
        std::future::poll_fn(|cx| flight.0.poll(self, cx)).await
    }

    /// Discards a token that a server has refused, unless another call has already replaced it.
    pub(crate) fn invalidate(&self, refused: &Arc<Token>) {
        lock(&self.state).token.take_if(|token| Arc::ptr_eq(token, refused));
    }

    fn join(&self) -> Result<Arc<Token>, Arc<Flight>> {
        let mut state = lock(&self.state);
        let is_fresh = |token: &&Arc<Token>| token.expires.is_none_or(|expires| timer::now() < expires);
        if let Some(token) = state.token.as_ref().filter(is_fresh) {
            return Ok(Arc::clone(token));
        }
        Err(state.flight.upgrade().unwrap_or_else(|| {
            let flight = Arc::new(Flight { progress: Mutex::new(Progress::Begun), waiting: Arc::default() });
            state.flight = Arc::downgrade(&flight);
            flight
        }))
    }

    fn land(&self, fetched: Result<Fetched, Box<dyn Error + Send + Sync>>) -> Result<Arc<Token>, Refused> {
        let mut state = lock(&self.state);
        state.flight = Weak::new();
        let Fetched { header, lifetime } = fetched.map_err(Refused::from)?;
        let expires = lifetime.and_then(|lifetime| timer::now().checked_add(lifetime));
        Ok(Arc::clone(state.token.insert(Arc::new(Token { header, expires }))))
    }
}

impl fmt::Debug for Refresher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Refresher")
    }
}

/// One refresh. Any waiting call may drive it, so dropping some of them does not stop it.
struct Flight {
    /// Locked while a call polls the future. A panic of the source poisons it.
    progress: Mutex<Progress>,
    waiting: Arc<Waiting>,
}

enum Progress {
    Begun,
    Fetching(FetchFuture),
    Landed(Result<Arc<Token>, Refused>),
}

impl Flight {
    fn poll(&self, refresher: &Refresher, cx: &mut Context<'_>) -> Poll<Result<Arc<Token>, Refused>> {
        self.waiting.add(cx.waker());
        // Does not wait for the lock: another call polls the future, or the source calls its own client.
        let mut progress = match self.progress.try_lock() {
            Ok(progress) => progress,
            Err(TryLockError::WouldBlock) => return Poll::Pending,
            Err(TryLockError::Poisoned(_)) => {
                return Poll::Ready(Err(Refused::from(Box::from("their source has panicked"))));
            }
        };
        if let Progress::Begun = *progress {
            *progress = Progress::Fetching((refresher.fetch)());
        }
        let fetched = match &mut *progress {
            Progress::Landed(result) => return Poll::Ready(result.clone()),
            Progress::Fetching(future) => {
                let everybody = Waker::from(Arc::clone(&self.waiting));
                ready!(future.as_mut().poll(&mut Context::from_waker(&everybody)))
            }
            Progress::Begun => return Poll::Pending,
        };
        let result = refresher.land(fetched);
        *progress = Progress::Landed(result.clone());
        drop(progress);
        self.waiting.wake_by_ref();
        Poll::Ready(result)
    }
}

/// A waiting call. When it is dropped, it wakes the others, since it may have been the one to poll next, or have
/// panicked.
struct Waiter(Arc<Flight>);

impl Drop for Waiter {
    fn drop(&mut self) {
        self.0.waiting.wake_by_ref();
    }
}

#[derive(Default)]
struct Waiting(Mutex<Vec<Waker>>);

impl Waiting {
    fn add(&self, waker: &Waker) {
        let mut wakers = lock(&self.0);
        if !wakers.iter().any(|other| other.will_wake(waker)) {
            wakers.push(waker.clone());
        }
    }
}

impl Wake for Waiting {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        let wakers = std::mem::take(&mut *lock(&self.0));
        wakers.into_iter().for_each(Waker::wake);
    }
}
