//! Decides what responds to the calls of a mock.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use super::journal::{AnsweredBy, JournalEntry};
use super::overrides::Overrides;
use super::response::{EmptyResponse, MockResponse};
use super::rule::Rule;
use super::shown;
use super::state::MockState;
use crate::call::{CallOptions, Kind, SharedInput};
use crate::client::HttpClient;
use crate::operation::OperationInfo;
use crate::state::StateTable;

/// Everything that can respond to the calls of a mock. Clones of a mock share the rules and the journal; each has its
/// own overrides and its own client to fall through to.
#[derive(Clone)]
pub(super) struct MockEngine {
    pub(super) state: Arc<MockState>,
    pub(super) overrides: Overrides,
    pub(super) table: Option<&'static StateTable>,
    pub(super) fall_through: Option<HttpClient>,
    /// The empty responses, sorted by operation.
    pub(super) empty: &'static [EmptyResponse],
}

pub(super) struct MockCall {
    pub(super) info: &'static OperationInfo,
    pub(super) input: SharedInput,
    /// The size of the input in memory in bytes, if known.
    pub(super) size: Option<usize>,
}

/// How to proceed with a call.
pub(super) struct Decision {
    pub(super) by: AnsweredBy,
    pub(super) delay: Duration,
    /// `None` sends the call, to the state or to the client to fall through to.
    pub(super) response: Option<MockResponse>,
}

impl MockEngine {
    pub(super) fn new(
        state: MockState,
        table: Option<&'static StateTable>,
        empty: &'static [EmptyResponse],
    ) -> MockEngine {
        MockEngine { state: Arc::new(state), overrides: Overrides::new(), table, fall_through: None, empty }
    }

    /// Decides how to proceed with a call and records it; returns its number in the journal.
    ///
    /// The first of these responds. No other place knows the order.
    pub(super) fn decide(&self, call: &MockCall, options: &CallOptions) -> (usize, Decision) {
        let (delay, fault) = self.state.next_fault(call.info);
        let rules = self.state.rules();
        let mut decision = fault
            .map(|response| Decision::new(AnsweredBy::Fault, Some(response)))
            .or_else(|| matching_rule(&rules, call))
            .or_else(|| Some(Decision::new(AnsweredBy::Override, Some(self.overrides.respond(&call.input)?))))
            .or_else(|| self.keeps(call.info).then(|| Decision::new(AnsweredBy::State, None)))
            .or_else(|| self.fall_through.as_ref().map(|_| Decision::new(AnsweredBy::FallThrough, None)))
            .or_else(|| self.refusal(&rules, call))
            .unwrap_or_else(|| self.empty(call));
        // A refusal does not stand for the response of a server.
        if decision.by != AnsweredBy::Nothing {
            decision.delay += delay;
        }
        let (input, headers) = (SharedInput::clone(&call.input), options.headers.map.clone());
        let entry = JournalEntry::new(call.info, input, decision.by, headers);
        let size = entry.size(call.size);
        (self.state.journal().begin(entry, size), decision)
    }

    /// Returns true if the state of this mock supports the operation.
    pub(super) fn keeps(&self, info: &OperationInfo) -> bool {
        self.table.is_some_and(|table| table.operations.iter().any(|stored| stored.operation == info.id))
    }

    fn refusal(&self, rules: &[Arc<Rule>], call: &MockCall) -> Option<Decision> {
        if !self.state.strict.load(Ordering::Relaxed) {
            return None;
        }
        let message = refusal(rules, call);
        self.state.record_failure(message.clone());
        Some(Decision::new(AnsweredBy::Nothing, Some(MockResponse::Fail(Kind::Other(message)))))
    }

    fn empty(&self, call: &MockCall) -> Decision {
        let id = call.info.id;
        let found = self.empty.binary_search_by_key(&id, |empty| empty.operation);
        let response = match found.map(|index| &self.empty[index]) {
            Ok(empty) => MockResponse::Respond(empty.response(call.info)),
            Err(_) => MockResponse::Fail(Kind::Other(format!("{id} has no finite response"))),
        };
        Decision::new(AnsweredBy::Empty, Some(response))
    }
}

impl Decision {
    fn new(by: AnsweredBy, response: Option<MockResponse>) -> Decision {
        Decision { by, delay: Duration::ZERO, response }
    }
}

fn matching_rule(rules: &[Arc<Rule>], call: &MockCall) -> Option<Decision> {
    rules.iter().filter(|rule| rule.is_for(call.info)).find_map(|rule| {
        let (delay, response) = rule.try_match(&call.input)?;
        Some(Decision { by: AnsweredBy::Rule(rule.place), delay, response: Some(response) })
    })
}

/// The maximum number of bytes of the input in the message of a refused call.
const MAX_SHOWN: usize = 16 << 10;

/// Explains why a strict mock refuses a call, and how it differs from the nearest rule.
fn refusal(rules: &[Arc<Rule>], MockCall { info, input, .. }: &MockCall) -> String {
    let called_with = shown::within(MAX_SHOWN, format_args!("{input:?}"));
    let mut message = format!("no rule matches this call of {}\n  called with {called_with}", info.id);
    let nearest = rules.iter().filter(|rule| rule.is_for(info)).map(|rule| rule.mismatch(input));
    if let Some((_, mismatch)) = nearest.min_by_key(|(distance, _)| *distance) {
        message.push_str("\n  the nearest rule, ");
        message.push_str(&mismatch);
        return message;
    }
    let mut known: Vec<&str> = rules.iter().map(|rule| rule.info.id).collect();
    known.sort_unstable();
    known.dedup();
    let known = if known.is_empty() { "no operation".to_owned() } else { known.join(", ") };
    message.push_str(&format!("\n  there are rules for {known}"));
    message
}
