use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use super::input::{SharedInput, lock};
use super::journal::{AnsweredBy, Journal, JournalEntry};
use super::play::Play;
use super::rule::Rule;
use super::shown;
use crate::call::CallOptions;
use crate::operation::OperationInfo;
use crate::state::Store;

/// What the clones of a mock share.
#[derive(Default)]
pub(crate) struct Book {
    rules: Mutex<Vec<Arc<Rule>>>,
    journal: Mutex<Journal>,
    strict: AtomicBool,
    checked: AtomicBool,
    #[cfg(feature = "testing")]
    trouble: Mutex<Option<super::trouble::Trouble>>,
    /// Of a stateful mock.
    store: Mutex<Option<Arc<Store>>>,
    /// What fails the test whatever the code under test made of it: calls that a strict mock refused, and checked answers
    /// that break the spec.
    complaints: Mutex<Complaints>,
}

/// Messages, each once, and not without end: a loop may go on calling for hours.
#[derive(Default)]
struct Complaints {
    shown: Vec<String>,
    more: usize,
}

impl Complaints {
    const MOST: usize = 20;

    fn push(&mut self, words: String) {
        if self.shown.contains(&words) {
            return;
        }
        match self.shown.len() < Self::MOST {
            true => self.shown.push(words),
            false => self.more += 1,
        }
    }

    fn lines(&self) -> Vec<String> {
        let more = (self.more > 0).then(|| format!("… and {} more of this kind", self.more));
        self.shown.iter().cloned().chain(more).collect()
    }
}

/// So many bytes of an input are shown where a call is refused.
const MOST_SHOWN: usize = 16 << 10;

/// What becomes of a call.
pub(crate) enum Decision {
    /// This answers, after a while.
    Play(Duration, Play),
    /// Whatever stands behind the rules answers, after a while.
    Next(Duration),
    /// Nothing was set up for it, which the words say.
    Refused(String),
}

impl Book {
    /// Decides about a call and records it; gives its number in the journal.
    pub(crate) fn decide(
        &self,
        info: &'static OperationInfo,
        input: &SharedInput,
        size: Option<usize>,
        by: AnsweredBy,
        options: &CallOptions,
    ) -> (usize, Decision) {
        let (wait, fault) = self.trouble(info);
        let begin = |by| {
            let entry = JournalEntry::new(info, SharedInput::clone(input), by, options.headers.clone());
            let size = entry.size(size);
            self.journal().begin(entry, size)
        };
        if let Some(play) = fault {
            return (begin(AnsweredBy::Fault), Decision::Play(wait, play));
        }
        let rules: Vec<Arc<Rule>> = lock(&self.rules).iter().rev().cloned().collect();
        let rule = rules.iter().filter(|rule| rule.is_for(info)).find_map(|rule| rule.claim(input));
        let (by, decision) = match rule {
            Some((place, delay, play)) => (AnsweredBy::Rule(place), Decision::Play(wait + delay, play)),
            None if by == AnsweredBy::Empty && self.strict.load(Ordering::Relaxed) => {
                let words = refusal(&rules, info, input);
                self.complain(words.clone());
                (AnsweredBy::Nothing, Decision::Refused(words))
            }
            None => (by, Decision::Next(wait)),
        };
        (begin(by), decision)
    }

    #[cfg(feature = "testing")]
    pub(super) fn set_faults(&self, plan: crate::testing::FaultPlan) {
        *lock(&self.trouble) = Some(super::trouble::Trouble::new(plan));
    }

    /// How long a call waits, and what goes wrong with it.
    #[cfg(feature = "testing")]
    fn trouble(&self, info: &'static OperationInfo) -> (Duration, Option<Play>) {
        lock(&self.trouble).as_mut().map_or((Duration::ZERO, None), |trouble| trouble.next(info))
    }

    /// Nothing: the feature `testing` is off.
    #[cfg(not(feature = "testing"))]
    fn trouble(&self, _: &'static OperationInfo) -> (Duration, Option<Play>) {
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

    /// Notes what fails the test when the mock is verified or dropped.
    pub(super) fn complain(&self, words: String) {
        lock(&self.complaints).push(words);
    }

    /// Keeps what is sent to this store until the next [`reset`](Self::reset).
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
        lock(&self.trouble).take();
        *lock(&self.complaints) = Complaints::default();
        self.journal().clear();
    }

    /// What is wrong with the calls so far.
    pub(super) fn complaint(&self) -> Option<String> {
        let mut words = lock(&self.complaints).lines();
        words.extend(lock(&self.rules).iter().filter_map(|rule| rule.complaint()));
        (!words.is_empty()).then(|| words.join("\n"))
    }
}

impl Drop for Book {
    #[expect(clippy::panic, reason = "an assertion of a test")]
    fn drop(&mut self) {
        if !std::thread::panicking()
            && let Some(words) = self.complaint()
        {
            panic!("{words}");
        }
    }
}

impl fmt::Debug for Book {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mock")
            .field("rules", &lock(&self.rules).len())
            .field("calls", &self.journal().count())
            .finish_non_exhaustive()
    }
}

/// Why a strict mock does not answer, with the rule that came nearest.
fn refusal(rules: &[Arc<Rule>], info: &'static OperationInfo, input: &SharedInput) -> String {
    let called_with = shown::within(MOST_SHOWN, format_args!("{input:?}"));
    let mut words = format!("no rule matches this call of {}\n  called with {called_with}", info.id);
    let nearest = rules.iter().filter(|rule| rule.is_for(info)).map(|rule| rule.obstacle(input));
    if let Some((_, obstacle)) = nearest.min_by_key(|(distance, _)| *distance) {
        words.push_str("\n  the nearest rule, ");
        words.push_str(&obstacle);
        return words;
    }
    let mut known: Vec<&str> = rules.iter().map(|rule| rule.info().id).collect();
    known.sort_unstable();
    known.dedup();
    let known = if known.is_empty() { "no operation".to_owned() } else { known.join(", ") };
    words.push_str(&format!("\n  there are rules for {known}"));
    words
}
