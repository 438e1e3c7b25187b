use std::panic::Location;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use super::condition::Condition;
use super::input::{SharedInput, lock};
use super::play::Play;
use crate::operation::OperationInfo;

/// Makes the answer to a call.
pub(super) type Script = Arc<dyn Fn(&SharedInput) -> Play + Send + Sync>;

/// What a test has set up for some calls of an operation.
pub(super) struct Rule {
    info: &'static OperationInfo,
    place: &'static Location<'static>,
    terms: Mutex<Terms>,
}

/// What can still be changed after a rule is made.
#[derive(Clone, Default)]
pub(super) struct Terms {
    pub(super) conditions: Vec<Condition>,
    /// Without one, the rule counts calls and passes them on.
    pub(super) script: Option<Script>,
    pub(super) times: Option<usize>,
    pub(super) expected: Option<usize>,
    pub(super) delay: Duration,
    /// How many calls it has answered, or has seen without answering.
    calls: usize,
}

impl Rule {
    pub(super) fn new(info: &'static OperationInfo, place: &'static Location<'static>) -> Self {
        Rule { info, place, terms: Mutex::default() }
    }

    pub(super) fn info(&self) -> &'static OperationInfo {
        self.info
    }

    pub(super) fn place(&self) -> &'static Location<'static> {
        self.place
    }

    pub(super) fn terms(&self) -> MutexGuard<'_, Terms> {
        lock(&self.terms)
    }

    pub(super) fn is_for(&self, info: &'static OperationInfo) -> bool {
        let names = |info: &OperationInfo| (info.id, info.method, info.path);
        std::ptr::eq(self.info, info) || names(self.info) == names(info)
    }

    /// Takes a call if the rule is for it, and makes the answer. The functions of the test run without any lock: they may
    /// look at the mock.
    pub(super) fn claim(&self, input: &SharedInput) -> Option<(&'static Location<'static>, Duration, Play)> {
        let conditions = self.terms().conditions.clone();
        if !conditions.iter().all(|condition| condition.holds(input)) {
            return None;
        }
        let (script, delay) = {
            let mut terms = self.terms();
            if terms.is_used_up() {
                return None;
            }
            terms.calls += 1;
            (terms.script.clone()?, terms.delay)
        };
        Some((self.place, delay, script(input)))
    }

    /// Why the rule has not taken a call, with a number that is greater the farther it was from that.
    pub(super) fn obstacle(&self, input: &SharedInput) -> (usize, String) {
        let terms = self.terms().clone();
        let difference = terms.conditions.iter().find_map(|condition| condition.difference(input));
        let (distance, words) = match difference {
            Some(difference) => difference,
            None if terms.script.is_none() => (0, "has no response".to_owned()),
            None => (0, format!("has reached its limit of {}", counted(terms.calls))),
        };
        (distance, format!("set at {}, {words}", self.place))
    }

    /// What a test would want to know of its calls.
    pub(super) fn complaint(&self) -> Option<String> {
        let terms = self.terms();
        let expected = terms.expected.filter(|expected| *expected != terms.calls)?;
        let (id, place) = (self.info.id, self.place);
        let were = if terms.calls == 1 { "was" } else { "were" };
        Some(format!(
            "the rule for {id} set at {place} expects {}, and there {were} {}",
            counted(expected),
            terms.calls
        ))
    }
}

impl Terms {
    fn is_used_up(&self) -> bool {
        self.times.is_some_and(|times| self.calls >= times)
    }
}

pub(super) fn counted(calls: usize) -> String {
    match calls {
        1 => "1 call".to_owned(),
        _ => format!("{calls} calls"),
    }
}
