use std::collections::BTreeMap;
use std::future::poll_fn;
use std::pin::pin;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, LazyLock, Mutex, Weak};
use std::task::{Poll, Waker};
use std::thread;
use std::time::{Duration, Instant};

use super::BoxFuture;
use crate::lock;

/// Ready after some time, on any executor.
pub(crate) type Sleep = BoxFuture<'static, ()>;

/// Returns the current time of the clock that [`sleep`] uses.
pub(crate) fn now() -> Instant {
    #[cfg(any(feature = "reqwest", feature = "server", feature = "tower"))]
    return tokio::time::Instant::now().into_std();
    #[cfg(not(any(feature = "reqwest", feature = "server", feature = "tower")))]
    Instant::now()
}

/// Returns the output of `future`, or `None` if the deadline passes first.
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

/// Sleeps by tokio's clock, which tests can pause, inside tokio (if the crate has it, by the features `reqwest`,
/// `server` and `tower`); elsewhere by one thread that all sleeps share.
pub(crate) fn sleep(duration: Duration) -> Sleep {
    #[cfg(any(feature = "reqwest", feature = "server", feature = "tower"))]
    if tokio::runtime::Handle::try_current().is_ok() {
        return Box::pin(tokio::time::sleep(duration));
    }
    // Without a deadline, it is beyond the range of the clock.
    let deadline = Instant::now().checked_add(duration);
    // Set once registered with the thread, which holds it weakly.
    let mut registered: Option<Arc<Mutex<Waker>>> = None;
    Box::pin(poll_fn(move |cx| {
        let Some(deadline) = deadline else { return Poll::Pending };
        if deadline <= Instant::now() {
            return Poll::Ready(());
        }
        match &registered {
            Some(waker) => lock(waker).clone_from(cx.waker()),
            None => {
                let waker = registered.insert(Arc::new(Mutex::new(cx.waker().clone())));
                // The thread never ends, so it receives everything.
                let _ = CLOCK.send((deadline, Arc::downgrade(waker)));
            }
        }
        Poll::Pending
    }))
}

/// A sleep that has begun. Its waker is gone once the sleep is dropped.
type Begun = (Instant, Weak<Mutex<Waker>>);

/// The thread that wakes all sleeps, started by the first of them.
static CLOCK: LazyLock<Sender<Begun>> = LazyLock::new(|| {
    let (clock, begun) = channel();
    thread::spawn(move || run(&begun));
    clock
});

fn run(begun: &Receiver<Begun>) {
    let mut sleeps: BTreeMap<(Instant, u64), Weak<Mutex<Waker>>> = BTreeMap::new();
    // The number of sleeps so far, and the number of pending ones above which dropped ones are removed.
    let (mut count, mut most) = (0, 1024);
    loop {
        let next =
            sleeps.first_key_value().map(|((deadline, _), _)| deadline.saturating_duration_since(Instant::now()));
        // The sender is a static, so the only error is that the time is up.
        if let Ok((deadline, waker)) = begun.recv_timeout(next.unwrap_or(Duration::from_secs(3600))) {
            count += 1;
            sleeps.insert((deadline, count), waker);
            if sleeps.len() > most {
                sleeps.retain(|_, waker| waker.strong_count() > 0);
                most = (2 * sleeps.len()).max(1024);
            }
        }
        let later = sleeps.split_off(&(Instant::now(), u64::MAX));
        let over = std::mem::replace(&mut sleeps, later);
        over.values().filter_map(|waker| Some(lock(&*waker.upgrade()?).clone())).for_each(Waker::wake);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::task::{Context, Wake};
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

    #[test]
    fn all_sleeps_share_a_thread() {
        let threads = || std::fs::read_dir("/proc/self/task").map_or(0, Iterator::count);
        let waker = Waker::from(Arc::new(Unpark(thread::current())));
        let mut cx = Context::from_waker(&waker);
        let mut sleeps: Vec<Sleep> = (1..=200).map(|number| sleep(Duration::from_millis(number))).collect();
        let before = threads();
        let pending = sleeps.iter_mut().map(|sleep| usize::from(sleep.as_mut().poll(&mut cx).is_pending()));
        assert!(pending.sum::<usize>() > 100);
        // Other tests start threads too, but not one for each of these.
        assert!(threads() < before + 100, "{before}");
        let begin = Instant::now();
        while sleeps.iter_mut().any(|sleep| sleep.as_mut().poll(&mut cx).is_pending()) {
            thread::park_timeout(Duration::from_secs(5));
            assert!(begin.elapsed() < Duration::from_secs(4));
        }
    }
}
