use std::fmt::{Debug, Write as _};

use super::journal::{JournalEntry, RecordedCall};
use super::{Mock, diff, shown};
use crate::call::Mockable;
use crate::json::counted;

/// The maximum number of bytes of calls in the message of a failed assertion.
const MAX_SHOWN: usize = 1 << 20;

impl<C> Mock<C> {
    /// Asserts how often an operation was called since the mock was created or [reset](Self::reset). The limits of the
    /// journal do not affect the count.
    ///
    /// # Panics
    /// Panics if it was called more or fewer times; the message shows the calls that the journal holds.
    #[track_caller]
    pub fn assert_called<O: Mockable<Client = C>>(&self, times: usize) {
        let (count, calls) = self.counted_calls::<O>();
        if count != times {
            let kept = kept(count, calls.len());
            fail(&format!("{} has {}, not {times}{kept}:\n{}", O::INFO.id, counted(&count, "calls"), shown(&calls)));
        }
    }

    /// Asserts that an operation was called with exactly these inputs, in this order.
    ///
    /// # Panics
    /// Panics if the calls differ; the message is a line diff of expected and actual calls. Also panics if the journal
    /// has dropped calls of the operation, since those cannot be compared.
    #[track_caller]
    pub fn assert_calls<O: Mockable<Client = C> + PartialEq>(&self, expected: &[O]) {
        let (count, calls) = self.counted_calls::<O>();
        if calls.len() < count {
            let kept = kept(count, calls.len());
            fail(&format!(
                "{} has {}{kept}: raise `journal_limit` or `journal_bytes` to compare all",
                O::INFO.id,
                counted(&count, "calls")
            ));
        }
        if calls.iter().map(|call| &**call).ne(expected) {
            let difference = diff::lines(&listed(expected), &shown(&calls));
            let hint = if difference.changes == 0 { format!("{}; ", diff::WITHHELD) } else { String::new() };
            let id = O::INFO.id;
            fail(&format!("{id} was not called as expected ({hint}- expected, + actual):\n{}", difference.text));
        }
    }

    /// Asserts that no operation was called.
    ///
    /// # Panics
    /// Panics if one was; the message shows the calls that the journal holds.
    #[track_caller]
    pub fn assert_no_calls(&self) {
        let (count, journal) = {
            let journal = self.engine.state.journal();
            (journal.count(), journal.entries())
        };
        if count != 0 {
            let kept = kept(count, journal.len());
            let journal = shown::within(MAX_SHOWN, format_args!("{journal:#?}"));
            fail(&format!("the mock has {}, not none{kept}:\n{journal}", counted(&count, "calls")));
        }
    }

    /// Returns the number of calls of an operation and the recorded ones, under one lock: both are consistent while
    /// other threads call.
    fn counted_calls<O: Mockable<Client = C>>(&self) -> (usize, Vec<RecordedCall<O>>) {
        let journal = self.engine.state.journal();
        let calls = journal.entries().into_iter().filter_map(JournalEntry::typed);
        (journal.count_of::<O>(), calls.collect())
    }
}

/// Returns a note for the message if the journal has dropped some of the calls.
fn kept(count: usize, kept: usize) -> String {
    if kept < count {
        format!(" (the journal keeps the latest {kept} of them, and has dropped the older ones)")
    } else {
        String::new()
    }
}

fn shown<O: Mockable>(calls: &[RecordedCall<O>]) -> String {
    listed(calls.iter().map(|call| &**call))
}

fn listed<O: Debug>(inputs: impl IntoIterator<Item = O>) -> String {
    let mut all = shown::Shown::new(MAX_SHOWN);
    for (index, input) in inputs.into_iter().enumerate() {
        let line = if index == 0 { "" } else { "\n" };
        if write!(all, "{line}{input:#?}").is_err() {
            break;
        }
    }
    all.into_text()
}

#[track_caller]
#[expect(clippy::panic, reason = "an assertion of a test")]
fn fail(message: &str) {
    panic!("{message}");
}
