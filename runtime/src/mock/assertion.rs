use std::fmt::Debug;

use super::journal::RecordedCall;
use super::rule::counted;
use super::{Mock, Mockable, diff};

impl<C> Mock<C> {
    /// Asserts how often an operation was called.
    ///
    /// # Panics
    /// If it was called more or fewer times; the message shows the calls.
    #[track_caller]
    pub fn assert_called<O: Mockable<Client = C>>(&self, times: usize) {
        let calls = self.calls::<O>();
        if calls.len() != times {
            fail(&format!("{} has {}, not {times}:\n{}", O::INFO.id, counted(calls.len()), shown(&calls)));
        }
    }

    /// Asserts that an operation was called with exactly these inputs, in this order.
    ///
    /// # Panics
    /// If not; the message shows expected and actual calls as a difference of lines.
    #[track_caller]
    pub fn assert_calls<O: Mockable<Client = C> + PartialEq>(&self, expected: &[O]) {
        let calls = self.calls::<O>();
        if calls.iter().map(|call| &**call).ne(expected) {
            let difference = diff::lines(&listed(expected), &shown(&calls));
            fail(&format!("{} was not called as expected (- expected, + actual):\n{}", O::INFO.id, difference.text));
        }
    }

    /// Asserts that no operation at all was called.
    ///
    /// # Panics
    /// If one was; the message shows the calls.
    #[track_caller]
    pub fn assert_no_calls(&self) {
        let journal = self.journal();
        if !journal.is_empty() {
            fail(&format!("there is {}, not none:\n{journal:#?}", counted(journal.len())));
        }
    }
}

fn shown<O: Mockable>(calls: &[RecordedCall<O>]) -> String {
    listed(calls.iter().map(|call| &**call))
}

fn listed<O: Debug>(inputs: impl IntoIterator<Item = O>) -> String {
    inputs.into_iter().map(|input| format!("{input:#?}")).collect::<Vec<_>>().join("\n")
}

#[track_caller]
#[expect(clippy::panic, reason = "an assertion of a test")]
fn fail(words: &str) {
    panic!("{words}");
}
