use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::mpsc::{self, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Waker};
use std::thread;
use std::time::{Duration, Instant};

use super::traits::BoxFuture;

/// Ready after some time, on any executor.
pub(crate) type Sleep = BoxFuture<'static, ()>;

/// The time by the clock of [`sleep`].
pub(crate) fn now() -> Instant {
    #[cfg(any(feature = "reqwest", feature = "server"))]
    return tokio::time::Instant::now().into_std();
    #[cfg(not(any(feature = "reqwest", feature = "server")))]
    Instant::now()
}

/// What `future` gives, unless the deadline comes first.
pub(crate) async fn within<T>(deadline: Option<Instant>, future: impl Future<Output = T>) -> Option<T> {
    let (mut future, mut over) = (pin!(future), None);
    poll_fn(|cx| {
        if let Poll::Ready(value) = future.as_mut().poll(cx) {
            return Poll::Ready(Some(value));
        }
        let Some(deadline) = deadline else { return Poll::Pending };
        let over = over.get_or_insert_with(|| sleep(deadline.saturating_duration_since(now())));
        over.as_mut().poll(cx).map(|()| None)
    })
    .await
}

/// Inside tokio (when the crate has it, by the features `reqwest` and `server`) this is tokio's clock, which tests can pause; else a
/// thread that ends with the future.
pub(crate) fn sleep(duration: Duration) -> Sleep {
    #[cfg(any(feature = "reqwest", feature = "server"))]
    if tokio::runtime::Handle::try_current().is_ok() {
        return Box::pin(tokio::time::sleep(duration));
    }
    Box::pin(ThreadSleep { deadline: Instant::now().checked_add(duration), waker: Arc::default(), thread: None })
}

struct ThreadSleep {
    /// `None` is later than the clock can tell.
    deadline: Option<Instant>,
    waker: Arc<Mutex<Option<Waker>>>,
    /// Dropped with the future, which ends the thread.
    thread: Option<Sender<()>>,
}

impl Future for ThreadSleep {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        *self.waker.lock().unwrap_or_else(PoisonError::into_inner) = Some(cx.waker().clone());
        let Some(deadline) = self.deadline else { return Poll::Pending };
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Poll::Ready(());
        }
        if self.thread.is_none() {
            let (sender, receiver) = mpsc::channel::<()>();
            let waker = Arc::clone(&self.waker);
            self.thread = Some(sender);
            thread::spawn(move || {
                let _ = receiver.recv_timeout(left);
                if let Some(waker) = waker.lock().unwrap_or_else(PoisonError::into_inner).take() {
                    waker.wake();
                }
            });
        }
        Poll::Pending
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::task::Wake;
    use std::thread::Thread;

    struct Unpark(Thread);

    impl Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }

    #[test]
    fn sleeps_without_an_executor() {
        let waker = Waker::from(Arc::new(Unpark(thread::current())));
        let (start, mut sleep) = (Instant::now(), sleep(Duration::from_millis(30)));
        while sleep.as_mut().poll(&mut Context::from_waker(&waker)).is_pending() {
            thread::park_timeout(Duration::from_secs(5));
        }
        let mut never = super::sleep(Duration::MAX);
        assert!(never.as_mut().poll(&mut Context::from_waker(&waker)).is_pending());
        let took = start.elapsed();
        assert!(took >= Duration::from_millis(30) && took < Duration::from_secs(4), "{took:?}");
    }
}
