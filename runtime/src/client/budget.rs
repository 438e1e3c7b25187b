use std::sync::atomic::{AtomicU32, Ordering};

/// The cost of a retry; a success earns 1.
const RETRY: u32 = 10;

/// A limit on the retries of a client, so that they do not multiply the load of a service in trouble.
#[derive(Debug)]
pub(crate) struct Budget {
    most: u32,
    left: AtomicU32,
}

impl Budget {
    /// Creates a full budget for `retries` consecutive retries without a success.
    pub(crate) fn new(retries: u32) -> Budget {
        let most = retries.saturating_mul(RETRY);
        Budget { most, left: AtomicU32::new(most) }
    }

    /// Pays for a retry; returns false if the budget is exhausted.
    pub(crate) fn take(&self) -> bool {
        self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(RETRY)).is_ok()
    }

    pub(crate) fn give_back(&self) {
        let _ =
            self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| (left < self.most).then_some(left + 1));
    }
}

#[cfg(test)]
mod tests {
    use super::Budget;

    #[test]
    fn ten_successes_pay_for_a_retry() {
        let budget = Budget::new(2);
        budget.give_back();
        assert_eq!([budget.take(), budget.take(), budget.take()], [true, true, false]);
        (0..9).for_each(|_| budget.give_back());
        assert!(!budget.take());
        budget.give_back();
        assert!(budget.take() && !budget.take());
        assert!(!Budget::new(0).take());
    }
}
