use std::fmt;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use super::journal::Journal;
use super::response::MockResponse;
use super::rule::Rule;
use crate::lock;
use crate::operation::OperationInfo;
use crate::state::Store;

/// The state that the clones of a mock share.
#[derive(Default)]
pub(crate) struct MockState {
    rules: Mutex<Vec<Arc<Rule>>>,
    journal: Mutex<Journal>,
    pub(super) strict: AtomicBool,
    /// Whether responses are checked against the spec.
    pub(super) checked: AtomicBool,
    pub(super) fault_injector: Mutex<Option<FaultInjector>>,
    pub(super) store: Option<Arc<Store>>,
    /// Failures of the test even if the code under test handled the error: calls that a strict mock refused, and
    /// checked responses that violate the spec.
    failures: Mutex<Failures>,
}

/// Returns the delay of the next call of an operation, and the response that replaces its own, if any.
pub(super) type FaultInjector = Box<dyn FnMut(&'static OperationInfo) -> (Duration, Option<MockResponse>) + Send>;

/// Distinct messages, up to a limit: a loop may go on calling for hours.
#[derive(Default)]
struct Failures {
    shown: Vec<String>,
    more: usize,
}

impl Failures {
    const MAX: usize = 20;

    fn push(&mut self, message: String) {
        if self.shown.contains(&message) {
            return;
        }
        match self.shown.len() < Self::MAX {
            true => self.shown.push(message),
            false => self.more += 1,
        }
    }

    fn lines(&self) -> Vec<String> {
        let more = (self.more > 0).then(|| format!("… and {} more of this kind", self.more));
        self.shown.iter().cloned().chain(more).collect()
    }
}

impl MockState {
    pub(super) fn next_fault(&self, info: &'static OperationInfo) -> (Duration, Option<MockResponse>) {
        lock(&self.fault_injector).as_mut().map_or((Duration::ZERO, None), |next| next(info))
    }

    pub(super) fn add(&self, rule: Arc<Rule>) {
        lock(&self.rules).push(rule);
    }

    /// Returns all rules, the most recent one first.
    pub(super) fn rules(&self) -> Vec<Arc<Rule>> {
        lock(&self.rules).iter().rev().cloned().collect()
    }

    pub(crate) fn journal(&self) -> MutexGuard<'_, Journal> {
        lock(&self.journal)
    }

    pub(super) fn record_failure(&self, message: String) {
        lock(&self.failures).push(message);
    }

    pub(super) fn reset(&self) {
        self.store.iter().for_each(|store| store.clear());
        // Closures of rules may own what uses this mock when it is dropped.
        let rules = std::mem::take(&mut *lock(&self.rules));
        drop(rules);
        lock(&self.fault_injector).take();
        *lock(&self.failures) = Failures::default();
        self.journal().clear();
    }

    pub(super) fn failure_report(&self) -> Option<String> {
        let mut message = lock(&self.failures).lines();
        message.extend(lock(&self.rules).iter().filter_map(|rule| rule.failure_report()));
        (!message.is_empty()).then(|| message.join("\n"))
    }
}

impl Drop for MockState {
    #[expect(clippy::panic, reason = "an assertion of a test")]
    fn drop(&mut self) {
        if !std::thread::panicking()
            && let Some(message) = self.failure_report()
        {
            panic!("{message}");
        }
    }
}

impl fmt::Debug for MockState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mock")
            .field("rules", &lock(&self.rules).len())
            .field("calls", &self.journal().count())
            .finish_non_exhaustive()
    }
}
