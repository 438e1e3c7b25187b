//! Credentials that are fetched, cached, and refreshed.

use std::error::Error;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::task::{Context, Poll, Wake, Waker};
use std::time::{Duration, Instant};

use http::{HeaderName, HeaderValue};

use crate::call::Refused;
use crate::transport::{BoxFuture, timer};

pub(crate) type FetchFuture = BoxFuture<'static, Result<Fetched, Box<dyn Error + Send + Sync>>>;

/// The header of fetched credentials, and their lifetime.
pub(crate) struct Fetched {
    pub(crate) header: Option<(HeaderName, HeaderValue)>,
    pub(crate) lifetime: Option<Duration>,
}

/// The header to send, and the number of the refresh that it came from.
#[derive(Clone)]
pub(crate) struct Token {
    pub(crate) header: Option<(HeaderName, HeaderValue)>,
    number: u64,
    expires: Option<Instant>,
}

impl Token {
    fn is_fresh(&self) -> bool {
        self.expires.is_none_or(|expires| timer::now() < expires)
    }
}

/// Fetches credentials once for all calls that wait for them.
pub(crate) struct Refresher {
    fetch: Box<dyn Fn() -> FetchFuture + Send + Sync>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    token: Option<Token>,
    count: u64,
    /// The refresh in progress. The waiting calls own it, so it ends when the last of them is dropped.
    flight: Weak<Flight>,
}

impl Refresher {
    pub(crate) fn new(fetch: Box<dyn Fn() -> FetchFuture + Send + Sync>) -> Refresher {
        Refresher { fetch, state: Mutex::default() }
    }

    /// Returns the cached credentials, or fetches new ones.
    pub(crate) async fn token(&self) -> Result<Token, Refused> {
        let flight = match self.join() {
            Ok(token) => return Ok(token),
            Err(flight) => Waiter(flight),
        };
        std::future::poll_fn(|cx| flight.0.poll(self, cx)).await
    }

    /// Discards a token that a server has refused, unless another call has already replaced it.
    pub(crate) fn invalidate(&self, refused: &Token) {
        let mut state = lock(&self.state);
        if state.token.as_ref().is_some_and(|token| token.number == refused.number) {
            state.token = None;
        }
    }

    fn join(&self) -> Result<Token, Arc<Flight>> {
        let mut state = lock(&self.state);
        if let Some(token) = state.token.as_ref().filter(|token| token.is_fresh()) {
            return Ok(token.clone());
        }
        Err(state.flight.upgrade().unwrap_or_else(|| {
            let flight = Arc::new(Flight { progress: Mutex::new(Progress::Begun), waiting: Arc::default() });
            state.flight = Arc::downgrade(&flight);
            flight
        }))
    }

    fn land(&self, fetched: Result<Fetched, Box<dyn Error + Send + Sync>>) -> Result<Token, Refused> {
        let mut state = lock(&self.state);
        state.flight = Weak::new();
        let Fetched { header, lifetime } = fetched.map_err(Refused::from)?;
        state.count += 1;
        let expires = lifetime.and_then(|lifetime| timer::now().checked_add(lifetime));
        let token = Token { header, number: state.count, expires };
        state.token = Some(token.clone());
        Ok(token)
    }
}

impl fmt::Debug for Refresher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Refresher")
    }
}

/// One refresh. Any waiting call may drive it, so dropping some of them does not stop it.
struct Flight {
    progress: Mutex<Progress>,
    waiting: Arc<Waiting>,
}

enum Progress {
    Begun,
    Fetching(FetchFuture),
    /// A call is polling the future, without a lock: the source may call its own client.
    Polled,
    Landed(Result<Token, Refused>),
    Panicked,
}

impl Flight {
    fn poll(&self, refresher: &Refresher, cx: &mut Context<'_>) -> Poll<Result<Token, Refused>> {
        let mut future = {
            let mut progress = lock(&self.progress);
            match std::mem::replace(&mut *progress, Progress::Polled) {
                Progress::Begun => None,
                Progress::Fetching(future) => Some(future),
                Progress::Polled => {
                    self.waiting.add(cx.waker());
                    return Poll::Pending;
                }
                Progress::Landed(result) => {
                    *progress = Progress::Landed(result.clone());
                    return Poll::Ready(result);
                }
                Progress::Panicked => {
                    *progress = Progress::Panicked;
                    return Poll::Ready(Err(Refused::from(Box::from("their source has panicked"))));
                }
            }
        };
        let _guard = PanicGuard(self);
        self.waiting.add(cx.waker());
        let everybody = Waker::from(Arc::clone(&self.waiting));
        let fetching = future.get_or_insert_with(|| (refresher.fetch)());
        let polled =
            fetching.as_mut().poll(&mut Context::from_waker(&everybody)).map(|fetched| refresher.land(fetched));
        let (next, landed) = match (&polled, future) {
            (Poll::Ready(result), _) => (Progress::Landed(result.clone()), true),
            (Poll::Pending, Some(future)) => (Progress::Fetching(future), false),
            (Poll::Pending, None) => (Progress::Begun, false),
        };
        *lock(&self.progress) = next;
        if landed {
            self.waiting.wake_by_ref();
        }
        polled
    }
}

/// A waiting call. When it is dropped, it wakes the others, since it may have been the one to poll next.
struct Waiter(Arc<Flight>);

impl Drop for Waiter {
    fn drop(&mut self) {
        self.0.waiting.wake_by_ref();
    }
}

struct PanicGuard<'a>(&'a Flight);

impl Drop for PanicGuard<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            *lock(&self.0.progress) = Progress::Panicked;
            self.0.waiting.wake_by_ref();
        }
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

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
