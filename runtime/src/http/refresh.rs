//! Credentials that are fetched, kept, and fetched again.

use std::error::Error;
use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, TryLockError, Weak};
use std::task::{Context, Poll, Wake, Waker};
use std::time::{Duration, Instant};

use http::{HeaderName, HeaderValue};

use super::auth::Auth;
use super::timer;

pub(super) type FetchFuture = Pin<Box<dyn Future<Output = Result<Credentials, Box<dyn Error + Send + Sync>>> + Send>>;
pub(super) type Refused = Arc<dyn Error + Send + Sync>;

/// Credentials that [`Auth::refreshing`] has fetched, and how long they are good for.
#[derive(Debug, Clone)]
pub struct Credentials {
    auth: Auth,
    lifetime: Option<Duration>,
}

impl Credentials {
    /// Credentials that are good until a server refuses them.
    pub fn new(auth: Auth) -> Credentials {
        Credentials { auth, lifetime: None }
    }

    /// The same, used for this long. Take off a little, for the time that requests are on their way.
    #[must_use]
    pub fn expires_in(self, lifetime: Duration) -> Credentials {
        Credentials { lifetime: Some(lifetime), ..self }
    }
}

impl From<Auth> for Credentials {
    fn from(auth: Auth) -> Self {
        Credentials::new(auth)
    }
}

/// What is sent, and which of the refreshes it came from.
#[derive(Clone)]
pub(super) struct Token {
    pub(super) header: Option<(HeaderName, HeaderValue)>,
    number: u64,
    expires: Option<Instant>,
}

impl Token {
    fn is_fresh(&self) -> bool {
        self.expires.is_none_or(|expires| timer::now() < expires)
    }
}

/// Fetches credentials once for all calls that wait for them.
pub(super) struct Refresher {
    fetch: Box<dyn Fn() -> FetchFuture + Send + Sync>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    token: Option<Token>,
    count: u64,
    /// The refresh under way. The calls that wait hold it, so it ends with the last of them.
    flight: Weak<Flight>,
}

impl Refresher {
    pub(super) fn new(fetch: Box<dyn Fn() -> FetchFuture + Send + Sync>) -> Refresher {
        Refresher { fetch, state: Mutex::default() }
    }

    /// The credentials at hand, or fresh ones.
    pub(super) async fn token(&self) -> Result<Token, Refused> {
        let flight = match self.join() {
            Ok(token) => return Ok(token),
            Err(flight) => flight,
        };
        std::future::poll_fn(|cx| flight.poll(self, cx)).await
    }

    /// A server has refused this token. Other calls may have replaced it meanwhile.
    pub(super) fn invalidate(&self, refused: &Token) {
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

    fn land(&self, fetched: Result<Credentials, Box<dyn Error + Send + Sync>>) -> Result<Token, Refused> {
        let mut state = lock(&self.state);
        state.flight = Weak::new();
        let Credentials { auth, lifetime } = fetched.map_err(Refused::from)?;
        let header = auth.to_header().map_err(|message| Refused::from(Box::from(message)))?;
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

/// One refresh. Whichever waiting call is polled drives it, so it goes on when some of them are dropped.
struct Flight {
    progress: Mutex<Progress>,
    waiting: Arc<Waiting>,
}

enum Progress {
    Begun,
    Fetching(FetchFuture),
    Landed(Result<Token, Refused>),
    /// What those find who still wait when the source panics.
    Panicked,
}

impl Flight {
    fn poll(&self, refresher: &Refresher, cx: &mut Context<'_>) -> Poll<Result<Token, Refused>> {
        self.waiting.add(cx.waker());
        // Dropped after the lock is free again.
        let _guard = WakeOnPanic(&self.waiting);
        let mut progress = match self.progress.try_lock() {
            Ok(progress) => progress,
            Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
            // Somebody else is at it, perhaps this very thread: a source that calls its own client. There will be a wake.
            Err(TryLockError::WouldBlock) => return Poll::Pending,
        };
        let mut future = match std::mem::replace(&mut *progress, Progress::Panicked) {
            Progress::Begun => (refresher.fetch)(),
            Progress::Fetching(future) => future,
            Progress::Landed(result) => {
                *progress = Progress::Landed(result.clone());
                return Poll::Ready(result);
            }
            Progress::Panicked => return Poll::Ready(Err(Refused::from(Box::from("their source has panicked")))),
        };
        let everybody = Waker::from(Arc::clone(&self.waiting));
        let Poll::Ready(fetched) = future.as_mut().poll(&mut Context::from_waker(&everybody)) else {
            *progress = Progress::Fetching(future);
            return Poll::Pending;
        };
        let result = refresher.land(fetched);
        *progress = Progress::Landed(result.clone());
        drop(progress);
        self.waiting.wake_by_ref();
        Poll::Ready(result)
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

struct WakeOnPanic<'a>(&'a Arc<Waiting>);

impl Drop for WakeOnPanic<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.wake_by_ref();
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
