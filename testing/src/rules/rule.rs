//! Rules that were read and checked.

use std::time::Duration;

use apigen_runtime::http::{HeaderName, HeaderValue};
use apigen_runtime::testing::Fault;

use super::body::ResponseBody;
use super::matcher::Conditions;

/// A rule: which requests of an operation it matches, and how it responds.
#[derive(Debug, Clone)]
pub struct Rule {
    pub(super) name: Option<String>,
    pub(super) operation: String,
    pub(super) conditions: Conditions,
    /// The number of requests that it matches.
    pub(super) limit: Option<usize>,
    pub(super) first: RuleResponse,
    /// The further responses of a sequence.
    pub(super) later: Vec<RuleResponse>,
    pub(super) allow_invalid: bool,
    /// The rule as a JSON object.
    pub(super) json: String,
}

/// A response of a rule.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct RuleResponse {
    /// The status, from 200 to 599.
    pub status: u16,
    /// The headers that the rule sets.
    pub headers: Vec<(HeaderName, HeaderValue)>,
    /// The body.
    pub body: ResponseBody,
    /// The time to wait before the response.
    pub delay: Duration,
    /// A failure of the connection or of the body.
    pub fault: Option<Fault>,
}

impl Rule {
    /// Returns the name that its author gave it.
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// Returns the id of its operation, such as `users.get_by_guid`.
    pub fn operation(&self) -> &str {
        &self.operation
    }

    /// Returns true if its responses may violate the spec: nothing is added to them.
    pub fn allows_invalid(&self) -> bool {
        self.allow_invalid
    }

    /// Returns the rule as JSON, in the form in which it is read.
    pub fn to_json(&self) -> &str {
        &self.json
    }

    /// Returns the response to the nth request, from 0. A rule that is no sequence has one for all.
    pub(super) fn response(&self, number: usize) -> &RuleResponse {
        number.checked_sub(1).and_then(|index| self.later.get(index)).unwrap_or(&self.first)
    }

    /// Returns the approximate memory use in bytes.
    pub(super) fn weight(&self) -> usize {
        const RULE: usize = 1024;
        // Conditions are at most a few times as large as their text.
        let responses = std::iter::once(&self.first).chain(&self.later);
        let bodies = responses.map(|response| RULE / 4 + response.body.weight()).sum::<usize>();
        RULE + self.json.len() * 5 + bodies
    }
}
