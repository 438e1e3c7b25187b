//! Coverage as people and programs read it.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::atomic::Ordering;

use apigen_runtime::validate::MessageViolation;
use serde_json::{Value, json};

use super::types::UnseenValues;
use super::{Count, Live, Tally, locked};
use crate::exchange::MessageSide;
use crate::finding::{Code, Fault, Finding, RunSummary, SpecPlace};

/// The number of names of each kind that the text lists; the JSON has all.
const LISTED: usize = 20;

/// What a proxy has seen of an API so far.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Coverage {
    /// The requests for operations of the spec that were checked.
    pub requests: MessageCounts,
    /// The responses of the server that were checked.
    pub responses: MessageCounts,
    /// How many messages were not checked, by reason.
    pub not_checked: BTreeMap<&'static str, u64>,
    /// The number of requests that the mock answered.
    pub mocked: u64,
    /// The number of requests that got no response from the server.
    pub failed: u64,
    /// The operations, in the order of the spec.
    pub operations: Vec<OperationCoverage>,
    /// The number of requests for which the spec has no operation.
    pub undeclared: u64,
    /// The first 100 different ones.
    pub undeclared_requests: Vec<UndeclaredRequest>,
    /// Fields that no message had: `user.email`.
    pub fields: UnseenValues,
    /// Enum values that no message had: `role: admin`.
    pub values: UnseenValues,
    /// Union members that no message had: `discount: percentage`.
    pub members: UnseenValues,
    /// Violations by operation, side and code.
    pub violations: Vec<ViolationGroup>,
}

/// How many messages were checked, and how many of them were invalid.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct MessageCounts {
    /// The number of messages that were checked.
    pub checked: u64,
    /// The number of those that violate the spec.
    pub invalid: u64,
}

/// What was seen of an operation.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct OperationCoverage {
    /// Its ID: `users.get_by_guid`.
    pub id: &'static str,
    /// Method and path: `GET /users/:guid`.
    pub route: String,
    /// The number of requests.
    pub calls: u64,
    /// How often each status was seen.
    pub statuses: BTreeMap<u16, u64>,
    /// The declared statuses that were never seen; `default` stands for all others.
    pub unseen_statuses: Vec<String>,
    /// The statuses that were seen and are not declared.
    pub undeclared_statuses: Vec<u16>,
}

/// A request for which the spec has no operation.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct UndeclaredRequest {
    /// The method.
    pub method: String,
    /// The path, with `...` in place of values that may be sensitive.
    pub path: String,
    /// Whether the spec has operations with this path, with other methods.
    pub is_method: bool,
    /// How often there was such a request.
    pub count: u64,
}

/// Violations with the same code, operation and side.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ViolationGroup {
    /// The ID of the operation.
    pub operation: &'static str,
    /// Method and path of the operation.
    pub route: String,
    /// The message that the violations are in.
    pub side: MessageSide,
    /// The code of the violations.
    pub code: &'static str,
    /// The number of violations.
    pub count: u64,
    /// The status of the response in which the first one was found.
    pub status: Option<u16>,
    /// The first one.
    pub example: MessageViolation,
    /// Where the spec declares the rule, if its text is known.
    pub place: Option<SpecPlace>,
}

impl Live {
    /// Returns what was seen so far.
    pub fn report(&self) -> Coverage {
        let undeclared = locked(&self.undeclared);
        let examples = undeclared.examples.iter();
        let examples = examples.map(|((method, path, is_method), count)| UndeclaredRequest {
            method: method.clone(),
            path: path.clone(),
            is_method: *is_method,
            count: *count,
        });
        let groups = locked(&self.violations);
        let groups = groups.iter().filter_map(|(group, found)| {
            let info = self.operations.get(group.operation)?.info;
            Some(ViolationGroup {
                operation: info.id,
                route: format!("{} {}", info.method, info.path),
                side: group.side,
                code: group.code,
                count: found.count,
                status: found.status,
                example: found.first.clone(),
                place: found.place.clone(),
            })
        });
        Coverage {
            requests: self.requests.read(),
            responses: self.responses.read(),
            not_checked: locked(&self.not_checked).clone(),
            mocked: self.mocked.load(Ordering::Relaxed),
            failed: self.failed.load(Ordering::Relaxed),
            operations: self.operations.iter().map(Tally::read).collect(),
            undeclared: undeclared.total,
            undeclared_requests: examples.collect(),
            fields: self.types.fields(),
            values: self.types.values(),
            members: self.types.members(),
            violations: groups.collect(),
        }
    }
}

impl Count {
    fn read(&self) -> MessageCounts {
        let [checked, invalid] = [&self.checked, &self.invalid].map(|count| count.load(Ordering::Relaxed));
        MessageCounts { checked, invalid }
    }
}

impl Tally {
    fn read(&self) -> OperationCoverage {
        let statuses = locked(&self.statuses).clone();
        let is_listed = |status: u16| self.info.responses.iter().any(|response| response.status == Some(status));
        let others = statuses.keys().any(|status| !is_listed(*status));
        let unseen = self.info.responses.iter().filter(|response| match response.status {
            Some(status) => !statuses.contains_key(&status),
            None => !others,
        });
        let name = |status: Option<u16>| status.map_or_else(|| "default".to_owned(), |status| status.to_string());
        let has_default = self.info.responses.iter().any(|response| response.status.is_none());
        let undeclared = statuses.keys().copied().filter(|status| !has_default && !is_listed(*status));
        OperationCoverage {
            id: self.info.id,
            route: format!("{} {}", self.info.method, self.info.path),
            calls: self.calls.load(Ordering::Relaxed),
            unseen_statuses: unseen.map(|response| name(response.status)).collect(),
            undeclared_statuses: undeclared.collect(),
            statuses,
        }
    }
}

impl Coverage {
    /// Returns the percentage of operations that were called, from 0 to 100; 100 if there are none.
    pub fn percent(&self) -> f64 {
        match self.operations.len() {
            0 => 100.0,
            all => self.called() as f64 * 100.0 / all as f64,
        }
    }

    /// Returns true if no message was checked.
    pub fn is_empty(&self) -> bool {
        self.requests.checked + self.responses.checked == 0
    }

    /// Returns true if a request fits no operation, or a response has a status that its operation does not declare.
    pub fn has_undeclared(&self) -> bool {
        self.undeclared > 0 || self.operations.iter().any(|operation| !operation.undeclared_statuses.is_empty())
    }

    /// Returns everything that violates the spec: a finding for each operation, side and code, and for each request for
    /// which the spec has no operation.
    pub fn findings(&self) -> Vec<Finding> {
        let violations = self.violations.iter().map(|group| {
            let finding = Finding::of_violation(Some(group.operation), group.side.sender(), &group.example);
            Finding { message: times(finding.message.clone(), group.count), spec_place: group.place.clone(), ..finding }
        });
        let undeclared = self.undeclared_requests.iter().map(UndeclaredRequest::finding);
        violations.chain(undeclared).collect()
    }

    /// Returns what was checked and what was not.
    pub fn summary(&self) -> RunSummary {
        let mut summary = RunSummary::new("proxy", "message");
        for operation in self.operations.iter().filter(|operation| operation.calls > 0) {
            summary.checked_times(Some(operation.id), 0);
        }
        summary.checked_times(None, self.requests.checked + self.responses.checked);
        for (why, count) in &self.not_checked {
            summary.skip_times(why, *count);
        }
        summary
    }

    fn called(&self) -> usize {
        self.operations.iter().filter(|operation| operation.calls > 0).count()
    }

    /// Returns everything as a JSON object.
    pub fn to_json(&self) -> String {
        let operations = self.operations.iter().map(|operation| {
            let statuses: BTreeMap<String, u64> =
                operation.statuses.iter().map(|(status, count)| (status.to_string(), *count)).collect();
            json!({
                "id": operation.id, "route": operation.route, "calls": operation.calls, "statuses": statuses,
                "unseen_statuses": operation.unseen_statuses, "undeclared_statuses": operation.undeclared_statuses,
            })
        });
        let undeclared = self.undeclared_requests.iter();
        let undeclared = undeclared.map(|one| json!({ "method": one.method, "path": one.path, "count": one.count }));
        let counts = |counts: MessageCounts| json!({ "checked": counts.checked, "invalid": counts.invalid });
        let unseen = |unseen: &UnseenValues| json!({ "total": unseen.total, "never_seen": unseen.names });
        json!({
            "requests": counts(self.requests),
            "responses": counts(self.responses),
            "not_checked": self.not_checked,
            "mocked": self.mocked,
            "failed": self.failed,
            "coverage": self.percent(),
            "operations": operations.collect::<Vec<_>>(),
            "undeclared": { "total": self.undeclared, "requests": undeclared.collect::<Vec<_>>() },
            "fields": unseen(&self.fields),
            "enum_values": unseen(&self.values),
            "union_members": unseen(&self.members),
            "violations": self.violations.iter().map(ViolationGroup::json).collect::<Vec<_>>(),
        })
        .to_string()
    }
}

impl UndeclaredRequest {
    pub(super) fn finding(&self) -> Finding {
        let UndeclaredRequest { method, path, count, .. } = self;
        let (code, what) = match self.is_method {
            true => (Code::UNKNOWN_METHOD, "the spec has no such method for the path of"),
            false => (Code::UNKNOWN_PATH, "the spec has no operation with the path of"),
        };
        Finding::new(code, Fault::Client, times(format!("{what} {method} {path}"), *count))
    }
}

impl ViolationGroup {
    fn json(&self) -> Value {
        let MessageViolation { location, violation, .. } = &self.example;
        json!({
            "operation": self.operation, "route": self.route, "side": self.side.as_str(), "code": self.code,
            "count": self.count, "status": self.status, "spec": self.place.as_ref().map(ToString::to_string),
            "example": {
                "in": location.as_str(), "pointer": violation.pointer, "message": self.example.to_string(),
                "expected": violation.expected, "found": violation.found,
            },
        })
    }
}

/// Writes the violation with its operation: `PUT /users/:guid: response 200: body: …`.
impl fmt::Display for ViolationGroup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.route, self.side.as_str())?;
        if let Some(status) = self.status {
            write!(f, " {status}")?;
        }
        write!(f, ": {} [{}]", self.example, self.code)?;
        match &self.place {
            Some(place) => write!(f, " ({place})"),
            None => Ok(()),
        }
    }
}

impl fmt::Display for Coverage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, counts) in [("requests", self.requests), ("responses", self.responses)] {
            writeln!(f, "{name}: {} checked, {} invalid", counts.checked, counts.invalid)?;
        }
        for (why, count) in &self.not_checked {
            writeln!(f, "not checked: {count} ({why})")?;
        }
        for (count, what) in [(self.mocked, "answered by the mock"), (self.failed, "without a response of the server")]
        {
            if count > 0 {
                writeln!(f, "{what}: {count}")?;
            }
        }
        let (called, all) = (self.called(), self.operations.len());
        writeln!(f, "operations: {called} of {all} called ({:.0} %)", self.percent().floor())?;
        for operation in &self.operations {
            operation.write(f)?;
        }
        if self.undeclared > 0 {
            writeln!(f, "requests for which the spec has no operation: {}", self.undeclared)?;
            let all = self.undeclared_requests.iter().map(|one| format!("{} {} ({})", one.method, one.path, one.count));
            list(f, all)?;
        }
        for (what, unseen) in
            [("fields", &self.fields), ("enum values", &self.values), ("union members", &self.members)]
        {
            if !unseen.names.is_empty() {
                writeln!(f, "{what} never seen: {} of {}", unseen.names.len(), unseen.total)?;
                list(f, unseen.names.iter())?;
            }
        }
        if !self.violations.is_empty() {
            writeln!(f, "violations:")?;
            list(f, self.violations.iter().map(|group| times(group.to_string(), group.count)))?;
        }
        Ok(())
    }
}

impl OperationCoverage {
    fn write(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "  {:7} {}", self.calls, self.route)?;
        let seen: Vec<String> = self.statuses.iter().map(|(status, count)| format!("{status}: {count}")).collect();
        let undeclared: Vec<String> = self.undeclared_statuses.iter().map(u16::to_string).collect();
        for (what, list) in [("", &seen), ("never: ", &self.unseen_statuses), ("undeclared: ", &undeclared)] {
            if !list.is_empty() && self.calls > 0 {
                write!(f, "; {what}{}", list.join(", "))?;
            }
        }
        writeln!(f)
    }
}

/// Returns a sentence, and how often it is true.
fn times(sentence: String, count: u64) -> String {
    if count > 1 { format!("{sentence} ({count} times)") } else { sentence }
}

fn list<T: fmt::Display>(f: &mut fmt::Formatter<'_>, lines: impl ExactSizeIterator<Item = T>) -> fmt::Result {
    let all = lines.len();
    for line in lines.take(LISTED) {
        writeln!(f, "  {line}")?;
    }
    if all > LISTED {
        writeln!(f, "  … and {} more, in the JSON", all - LISTED)?;
    }
    Ok(())
}
