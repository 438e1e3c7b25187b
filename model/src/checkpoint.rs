//! Cancellation of work whose result is no longer wanted.
//!
//! The stages return values, not results, so cancellation unwinds: [`checkpoint`] does so without a message, and
//! [`within`] catches it. Work that may take long calls `checkpoint` for each element of a document.

use std::any::Any;
use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::time::Instant;

/// Why work ended early.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stopped {
    /// The deadline passed.
    Late,
    /// The caller no longer waits for it.
    Abandoned,
}

/// When work has to end.
pub struct Limit {
    /// The deadline.
    pub until: Instant,
    /// Returns true if the caller no longer waits for the result.
    pub is_abandoned: Box<dyn Fn() -> bool>,
}

thread_local! {
    /// The limit of this thread's work, and the number of checkpoints to pass before it is checked again.
    static LIMIT: RefCell<Option<(Limit, u32)>> = const { RefCell::new(None) };
}

/// The clock is read every this many checkpoints, since most are a fraction of a microsecond apart.
const STRIDE: u32 = 16;

/// Runs the work under a limit. Returns an error if the limit ends it.
pub fn within<T>(limit: Limit, work: impl FnOnce() -> T) -> Result<T, Stopped> {
    LIMIT.set(Some((limit, 0)));
    let result = catch_unwind(AssertUnwindSafe(work));
    LIMIT.set(None);
    result.map_err(|thrown: Box<dyn Any + Send>| match thrown.downcast::<Stopped>() {
        Ok(stopped) => *stopped,
        Err(panic) => resume_unwind(panic),
    })
}

/// Ends the work if it has a limit, and the limit is reached.
pub fn checkpoint() {
    let stopped = LIMIT.with_borrow_mut(|limit| {
        let (limit, left) = limit.as_mut()?;
        *left = left.checked_sub(1).unwrap_or(STRIDE);
        match limit {
            _ if *left != STRIDE => None,
            limit if Instant::now() >= limit.until => Some(Stopped::Late),
            limit => (limit.is_abandoned)().then_some(Stopped::Abandoned),
        }
    });
    if let Some(stopped) = stopped {
        // This is not a panic: no panic hook runs.
        resume_unwind(Box::new(stopped));
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn endless(limit: Duration, abandoned: bool) -> Result<(), Stopped> {
        let limit = Limit { until: Instant::now() + limit, is_abandoned: Box::new(move || abandoned) };
        within(limit, || {
            loop {
                checkpoint();
            }
        })
    }

    #[test]
    fn work_ends_when_its_time_is_over_or_nobody_waits() {
        assert_eq!(endless(Duration::from_millis(10), false), Err(Stopped::Late));
        assert_eq!(endless(Duration::from_secs(600), true), Err(Stopped::Abandoned));
        // Work without a limit goes on.
        (0..100).for_each(|_| checkpoint());
        let limit = Limit { until: Instant::now() + Duration::from_secs(600), is_abandoned: Box::new(|| false) };
        assert_eq!(within(limit, || (0..100).map(|_| checkpoint()).count()), Ok(100));
    }

    #[test]
    fn a_panic_stays_one() {
        let limit = Limit { until: Instant::now() + Duration::from_secs(600), is_abandoned: Box::new(|| false) };
        let panic = catch_unwind(AssertUnwindSafe(|| within(limit, || resume_unwind(Box::new("a fault")))));
        assert!(panic.is_err_and(|panic| panic.downcast_ref::<&str>() == Some(&"a fault")));
    }
}
