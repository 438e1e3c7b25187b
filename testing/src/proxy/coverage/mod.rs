//! What was seen of an API, in memory that is bounded by its spec.

mod report;
mod types;

pub use report::{Coverage, MessageCounts, OperationCoverage, UndeclaredRequest, ViolationGroup};
pub use types::UnseenValues;

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use apigen_runtime::OperationInfo;
use apigen_runtime::validate::schema::{Operation, Seen};
use apigen_runtime::validate::{MessageViolation, RequestError};
use http::Method;

use super::verdict::Verdict;
use crate::exchange::MessageSide;
use crate::finding::{Finding, SpecPlace};
use crate::service::LoadedService;
use crate::spec_places::SpecPlaces;
use types::Types;

/// The number of different undeclared requests, undeclared statuses of an operation, and places of violations of an
/// operation, that are told apart. Clients and servers choose them, so they must be few.
const KEPT: usize = 100;

/// The counters of a running proxy.
pub(crate) struct Live {
    types: Types,
    places: Option<Arc<SpecPlaces>>,
    operations: Vec<Tally>,
    positions: BTreeMap<&'static str, usize>,
    requests: Count,
    responses: Count,
    mocked: AtomicU64,
    failed: AtomicU64,
    undeclared: Mutex<Undeclared>,
    not_checked: Mutex<BTreeMap<&'static str, u64>>,
    violations: Mutex<BTreeMap<Group, Found>>,
    report: Option<Box<Report>>,
}

/// Is told each new finding.
pub(crate) type Report = dyn Fn(&Finding) + Send + Sync;

#[derive(Default)]
struct Count {
    checked: AtomicU64,
    invalid: AtomicU64,
}

/// What was seen of an operation.
struct Tally {
    info: &'static OperationInfo,
    calls: AtomicU64,
    statuses: Mutex<BTreeMap<u16, u64>>,
}

/// Requests for which the spec has no operation.
#[derive(Default)]
struct Undeclared {
    total: u64,
    /// By method and path, and whether the path has operations with other methods.
    examples: BTreeMap<(String, String, bool), u64>,
}

/// Violations that count as the same.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Group {
    operation: usize,
    side: MessageSide,
    code: &'static str,
}

/// How often violations were found, with the first one.
struct Found {
    count: u64,
    first: MessageViolation,
    status: Option<u16>,
    place: Option<SpecPlace>,
}

impl Live {
    pub fn new(service: &LoadedService, report: Option<Box<Report>>) -> Live {
        let schema = service.schema();
        let operations: Vec<Tally> = schema.operations().iter().map(Tally::new).collect();
        let positions = operations.iter().enumerate().map(|(index, tally)| (tally.info.id, index)).collect();
        Live {
            types: Types::new(service.api()),
            places: service.places().cloned(),
            operations,
            positions,
            requests: Count::default(),
            responses: Count::default(),
            mocked: AtomicU64::default(),
            failed: AtomicU64::default(),
            undeclared: Mutex::default(),
            not_checked: Mutex::default(),
            violations: Mutex::default(),
            report,
        }
    }

    /// Returns the position of an operation in its schema.
    pub fn position(&self, operation: Option<&Operation>) -> Option<usize> {
        self.positions.get(operation?.info().id).copied()
    }

    /// Returns what validators report to.
    pub fn seen(&self) -> &dyn Seen {
        &self.types
    }

    /// Counts a request that has ended.
    pub fn request(&self, operation: Option<usize>, verdict: &Verdict) {
        if let Some(tally) = operation.and_then(|index| self.operations.get(index)) {
            add(&tally.calls);
        }
        self.message((MessageSide::Request, None), operation, verdict);
    }

    /// Counts a response of the server that has ended.
    pub fn response(&self, operation: Option<usize>, status: u16, verdict: &Verdict) {
        if let Some(tally) = operation.and_then(|index| self.operations.get(index)) {
            count(&mut locked(&tally.statuses), status, KEPT + tally.info.responses.len());
        }
        self.message((MessageSide::Response, Some(status)), operation, verdict);
    }

    fn message(&self, (side, status): (MessageSide, Option<u16>), operation: Option<usize>, verdict: &Verdict) {
        let counts = if side == MessageSide::Request { &self.requests } else { &self.responses };
        match (verdict, operation) {
            (Verdict::NotChecked(why), _) => *locked(&self.not_checked).entry(why).or_default() += 1,
            (Verdict::Skipped, _) => {}
            (Verdict::Valid, _) => add(&counts.checked),
            (Verdict::Invalid(violations), Some(operation)) => {
                add(&counts.checked);
                add(&counts.invalid);
                self.violations((operation, side, status), violations.as_slice());
            }
            // Without an operation nothing is judged.
            (Verdict::Invalid(_), None) => {}
        }
    }

    fn violations(
        &self,
        (operation, side, status): (usize, MessageSide, Option<u16>),
        violations: &[MessageViolation],
    ) {
        let id = self.operations.get(operation).map(|tally| tally.info.id);
        let mut new = Vec::new();
        let mut all = locked(&self.violations);
        for violation in violations {
            let group = Group { operation, side, code: violation.violation.code.as_str() };
            if let Some(found) = all.get_mut(&group) {
                found.count += 1;
                continue;
            }
            let finding = Finding::of_violation(id, side.sender(), violation);
            let place = self.places.as_ref().and_then(|places| places.place(&finding, status));
            all.insert(group, Found { count: 1, first: violation.clone(), status, place: place.clone() });
            new.push(finding.at(place));
        }
        drop(all);
        new.into_iter().for_each(|finding| self.tell(|| finding));
    }

    fn tell(&self, finding: impl FnOnce() -> Finding) {
        if let Some(report) = &self.report {
            let finding = finding();
            // A panic there must not affect the exchange.
            drop(catch_unwind(AssertUnwindSafe(|| report(&finding))));
        }
    }

    /// Counts a request for which the spec has no operation.
    pub fn undeclared(&self, method: &Method, error: &RequestError) {
        let path = match error {
            RequestError::NotFound { path } | RequestError::MethodNotAllowed { path, .. } => path.as_str(),
            _ => "",
        };
        let is_method = matches!(error, RequestError::MethodNotAllowed { .. });
        let key = (method.as_str().chars().take(20).collect(), path.chars().take(200).collect(), is_method);
        let is_new = {
            let mut undeclared = locked(&self.undeclared);
            undeclared.total += 1;
            let before = undeclared.examples.len();
            count(&mut undeclared.examples, key.clone(), KEPT);
            undeclared.examples.len() > before
        };
        if is_new {
            let (method, path, is_method) = key;
            self.tell(|| UndeclaredRequest { method, path, is_method, count: 1 }.finding());
        }
    }

    /// Counts a response of the mock.
    pub fn mocked(&self) {
        add(&self.mocked);
    }

    /// Counts a request without a response of the server.
    pub fn failed(&self) {
        add(&self.failed);
    }

    /// Forgets everything.
    pub fn reset(&self) {
        self.types.reset();
        for tally in &self.operations {
            tally.calls.store(0, Ordering::Relaxed);
            locked(&tally.statuses).clear();
        }
        let counts = [&self.requests, &self.responses];
        let counts = counts.into_iter().flat_map(|count| [&count.checked, &count.invalid]);
        counts.chain([&self.mocked, &self.failed]).for_each(|count| count.store(0, Ordering::Relaxed));
        *locked(&self.undeclared) = Undeclared::default();
        locked(&self.not_checked).clear();
        locked(&self.violations).clear();
    }
}

impl Tally {
    fn new(operation: &Operation) -> Tally {
        Tally { info: operation.info(), calls: AtomicU64::default(), statuses: Mutex::default() }
    }
}

fn add(counter: &AtomicU64) {
    counter.fetch_add(1, Ordering::Relaxed);
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Counts a key, unless there are enough others.
fn count<K: Ord>(counts: &mut BTreeMap<K, u64>, key: K, most: usize) {
    if let Some(count) = counts.get_mut(&key) {
        *count += 1;
    } else if counts.len() < most {
        counts.insert(key, 1);
    }
}
