//! Work that ends early when nobody wants its result any more.
//!
//! The stages give values, not results, so that the way out is to unwind: [`checkpoint`] does, without a message, and
//! [`within`] ends it. Whatever may take long calls `checkpoint` for each element of a document.

use std::any::Any;
use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::time::Instant;

/// Why work has ended early.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stopped {
    /// Its time was over.
    Late,
    /// Nobody waits for it.
    Abandoned,
}

/// When work has to end.
pub struct Limit {
    /// The work ends when this is over.
    pub until: Instant,
    /// Whether nobody waits for the result any more.
    pub is_abandoned: Box<dyn Fn() -> bool>,
}

thread_local! {
    /// What the work of this thread is limited by, and how many checkpoints are passed before that is asked again.
    static LIMIT: RefCell<Option<(Limit, u32)>> = const { RefCell::new(None) };
}

/// The clock is read at each so many checkpoints, since most are a fraction of a microsecond apart.
const STRIDE: u32 = 16;

/// Does the work, unless it takes too long.
pub fn within<T>(limit: Limit, work: impl FnOnce() -> T) -> Result<T, Stopped> {
    LIMIT.set(Some((limit, 0)));
    let result = catch_unwind(AssertUnwindSafe(work));
    LIMIT.set(None);
    result.map_err(|thrown: Box<dyn Any + Send>| match thrown.downcast::<Stopped>() {
        Ok(stopped) => *stopped,
        Err(panic) => resume_unwind(panic),
    })
}

/// Ends the work if it is limited, and the limit is reached.
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
        // Not a panic: nobody is told of it.
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
        // What is not limited goes on.
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
