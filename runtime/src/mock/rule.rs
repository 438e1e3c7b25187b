use std::panic::Location;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use super::matcher::{Distance, Matcher};
use super::response::MockResponse;
use crate::call::SharedInput;
use crate::json::counted;
use crate::lock;
use crate::operation::OperationInfo;

pub(super) type Script = Arc<dyn Fn(&SharedInput) -> MockResponse + Send + Sync>;

pub(super) struct Rule {
    pub(super) info: &'static OperationInfo,
    pub(super) place: &'static Location<'static>,
    config: Mutex<RuleConfig>,
}

/// The part of a rule that can change after it was added.
#[derive(Clone, Default)]
pub(super) struct RuleConfig {
    pub(super) matchers: Vec<Matcher>,
    /// The response. A rule without one passes calls on.
    pub(super) script: Option<Script>,
    pub(super) limit: Option<usize>,
    pub(super) expected: Option<usize>,
    pub(super) delay: Duration,
    calls: usize,
}

impl Rule {
    pub(super) fn new(info: &'static OperationInfo, place: &'static Location<'static>) -> Self {
        Rule { info, place, config: Mutex::default() }
    }

    pub(super) fn config(&self) -> MutexGuard<'_, RuleConfig> {
        lock(&self.config)
    }

    pub(super) fn is_for(&self, info: &'static OperationInfo) -> bool {
        let names = |info: &OperationInfo| (info.id, info.method, info.path);
        std::ptr::eq(self.info, info) || names(self.info) == names(info)
    }

    /// Matches a call; returns its delay and creates its response. Closures of the test run without a lock, so they may
    /// use the mock.
    pub(super) fn try_match(&self, input: &SharedInput) -> Option<(Duration, MockResponse)> {
        let matchers = self.config().matchers.clone();
        if !matchers.iter().all(|condition| condition.holds(input)) {
            return None;
        }
        let (script, delay) = {
            let mut config = self.config();
            if config.limit.is_some_and(|limit| config.calls >= limit) {
                return None;
            }
            config.calls += 1;
            (config.script.clone()?, config.delay)
        };
        Some((delay, script(input)))
    }

    /// Explains why the rule did not match a call, with the distance from a match.
    pub(super) fn mismatch(&self, input: &SharedInput) -> (Distance, String) {
        let config = self.config().clone();
        let difference = config.matchers.iter().find_map(|condition| condition.difference(input));
        let (distance, message) = match difference {
            Some(difference) => difference,
            None if config.script.is_none() => (Distance::Lines(0), "has no response".to_owned()),
            None => (Distance::Lines(0), format!("has reached its limit of {}", counted(&config.calls, "calls"))),
        };
        (distance, format!("set at {}, {message}", self.place))
    }

    /// Returns a message if the number of calls is not the expected one.
    pub(super) fn failure_report(&self) -> Option<String> {
        let config = self.config();
        let expected = config.expected.filter(|expected| *expected != config.calls)?;
        let (id, place) = (self.info.id, self.place);
        let were = if config.calls == 1 { "was" } else { "were" };
        Some(format!(
            "the rule for {id} set at {place} expects {}, and there {were} {}",
            counted(&expected, "calls"),
            config.calls
        ))
    }
}
