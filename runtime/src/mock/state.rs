use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use super::journal::{AnsweredBy, Journal, JournalEntry};
use super::matcher::{SharedInput, lock};
use super::response::MockResponse;
use super::rule::{Match, Rule};
use super::shown;
use crate::call::CallOptions;
use crate::operation::OperationInfo;
use crate::state::Store;

/// The state that the clones of a mock share.
#[derive(Default)]
pub(crate) struct MockState {
    rules: Mutex<Vec<Arc<Rule>>>,
    journal: Mutex<Journal>,
    strict: AtomicBool,
    checked: AtomicBool,
    #[cfg(feature = "testing")]
    fault_injector: Mutex<Option<super::fault_injector::FaultInjector>>,
    /// The store of a stateful mock.
    store: Mutex<Option<Arc<Store>>>,
    /// Failures of the test even if the code under test handled the error: calls that a strict mock refused, and
    /// checked responses that violate the spec.
    failures: Mutex<Failures>,
}

/// Distinct messages, up to a limit: a loop may go on calling for hours.
#[derive(Default)]
struct Failures {
    shown: Vec<String>,
    more: usize,
}

impl Failures {
    const MOST: usize = 20;

    fn push(&mut self, message: String) {
        if self.shown.contains(&message) {
            return;
        }
        match self.shown.len() < Self::MOST {
            true => self.shown.push(message),
            false => self.more += 1,
        }
    }

    fn lines(&self) -> Vec<String> {
        let more = (self.more > 0).then(|| format!("… and {} more of this kind", self.more));
        self.shown.iter().cloned().chain(more).collect()
    }
}

/// The maximum number of bytes of the input in the message of a refused call.
const MOST_SHOWN: usize = 16 << 10;

/// How to proceed with a call.
pub(crate) enum Decision {
    /// Respond after a delay.
    Respond(Duration, MockResponse),
    /// Continue after the rules, after a delay.
    Next(Duration),
    /// Refuse: nothing was set up for the call, as the message explains.
    Refused(String),
}

impl MockState {
    /// Decides how to proceed with a call and records it; returns its number in the journal.
    pub(crate) fn decide(
        &self,
        info: &'static OperationInfo,
        input: &SharedInput,
        size: Option<usize>,
        by: AnsweredBy,
        options: &CallOptions,
    ) -> (usize, Decision) {
        let (wait, fault) = self.fault_injector(info);
        let begin = |by| {
            let entry = JournalEntry::new(info, SharedInput::clone(input), by, options.headers.clone());
            let size = entry.size(size);
            self.journal().begin(entry, size)
        };
        if let Some(response) = fault {
            return (begin(AnsweredBy::Fault), Decision::Respond(wait, response));
        }
        let rules: Vec<Arc<Rule>> = lock(&self.rules).iter().rev().cloned().collect();
        let rule = rules.iter().filter(|rule| rule.is_for(info)).find_map(|rule| rule.try_match(input));
        let (by, decision) = match rule {
            Some(Match { place, delay, response }) => {
                (AnsweredBy::Rule(place), Decision::Respond(wait + delay, response))
            }
            None if by == AnsweredBy::Empty && self.strict.load(Ordering::Relaxed) => {
                let message = refusal(&rules, info, input);
                self.record_failure(message.clone());
                (AnsweredBy::Nothing, Decision::Refused(message))
            }
            None => (by, Decision::Next(wait)),
        };
        (begin(by), decision)
    }

    #[cfg(feature = "testing")]
    pub(super) fn set_faults(&self, plan: crate::testing::FaultPlan) {
        *lock(&self.fault_injector) = Some(super::fault_injector::FaultInjector::new(plan));
    }

    /// Returns the delay of a call and its fault, if any.
    #[cfg(feature = "testing")]
    fn fault_injector(&self, info: &'static OperationInfo) -> (Duration, Option<MockResponse>) {
        lock(&self.fault_injector).as_mut().map_or((Duration::ZERO, None), |fault_injector| fault_injector.next(info))
    }

    /// Without the feature `testing` there are no faults.
    #[cfg(not(feature = "testing"))]
    fn fault_injector(&self, _: &'static OperationInfo) -> (Duration, Option<MockResponse>) {
        (Duration::ZERO, None)
    }

    pub(super) fn add(&self, rule: Arc<Rule>) {
        lock(&self.rules).push(rule);
    }

    pub(crate) fn journal(&self) -> MutexGuard<'_, Journal> {
        lock(&self.journal)
    }

    pub(super) fn be_strict(&self) {
        self.strict.store(true, Ordering::Relaxed);
    }

    pub(super) fn check_answers(&self) {
        self.checked.store(true, Ordering::Relaxed);
    }

    pub(super) fn is_checked(&self) -> bool {
        self.checked.load(Ordering::Relaxed)
    }

    /// Records a failure for when the mock is verified or dropped.
    pub(super) fn record_failure(&self, message: String) {
        lock(&self.failures).push(message);
    }

    /// Registers a store, which [`reset`](Self::reset) clears.
    pub(super) fn keep(&self, store: Arc<Store>) {
        *lock(&self.store) = Some(store);
    }

    pub(super) fn set_state_bytes(&self, bytes: usize) {
        lock(&self.store).iter().for_each(|store| store.set_limit(bytes));
    }

    pub(super) fn reset(&self) {
        if let Some(store) = &*lock(&self.store) {
            store.clear();
        }
        lock(&self.rules).clear();
        #[cfg(feature = "testing")]
        lock(&self.fault_injector).take();
        *lock(&self.failures) = Failures::default();
        self.journal().clear();
    }

    /// Returns the failures and unmet expectations so far.
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

/// Explains why a strict mock refuses a call, and how it differs from the nearest rule.
fn refusal(rules: &[Arc<Rule>], info: &'static OperationInfo, input: &SharedInput) -> String {
    let called_with = shown::within(MOST_SHOWN, format_args!("{input:?}"));
    let mut message = format!("no rule matches this call of {}\n  called with {called_with}", info.id);
    let nearest = rules.iter().filter(|rule| rule.is_for(info)).map(|rule| rule.mismatch(input));
    if let Some((_, mismatch)) = nearest.min_by_key(|(distance, _)| *distance) {
        message.push_str("\n  the nearest rule, ");
        message.push_str(&mismatch);
        return message;
    }
    let mut known: Vec<&str> = rules.iter().map(|rule| rule.info().id).collect();
    known.sort_unstable();
    known.dedup();
    let known = if known.is_empty() { "no operation".to_owned() } else { known.join(", ") };
    message.push_str(&format!("\n  there are rules for {known}"));
    message
}
