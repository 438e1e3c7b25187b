//! What passed through a mock server: its journal, its log, and the counts of its end.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use apigen_runtime::server::ServedExchange;
use apigen_runtime::validate::MessageViolations;
use bytes::Bytes;
use http::request::Parts;
use http::{Request, Response};

use super::builder::{MockError, Observer};
use super::decision::AnsweredBy;
use crate::exchange::{Capture, Exchange, ExchangeLog, Journal, JournalFilter, LogOptions, Seen};
use crate::service::LoadedService;

/// The exchanges of a server.
pub(super) struct Traffic {
    journal: Journal,
    log: Option<ExchangeLog>,
    observer: Option<Box<Observer>>,
    counts: Mutex<Counts>,
}

/// How many requests were answered, by what answered them.
#[derive(Debug, Default)]
struct Counts {
    by_kind: BTreeMap<&'static str, u64>,
}

impl Traffic {
    pub(super) fn new(observer: Option<Box<Observer>>, log: Option<PathBuf>) -> Result<Traffic, MockError> {
        let open = |file: PathBuf| ExchangeLog::open(&file, LogOptions::default()).map_err(|e| MockError::Log(file, e));
        let log = log.map(open).transpose()?;
        Ok(Traffic { journal: Journal::default(), log, observer, counts: Mutex::default() })
    }

    /// Notes an exchange of a service.
    pub(super) fn note(&self, service: &LoadedService, capture: &Capture, served: &ServedExchange<'_>) {
        let schema = service.schema();
        let operation = served.operation.and_then(|info| schema.operation(served.request.method.as_str(), info.path));
        let violations = served.response.extensions().get::<MessageViolations>();
        let request = Request::from_parts(served.request.clone(), served.body);
        let seen = Seen {
            at: begun(served.duration()),
            duration: served.duration(),
            operation,
            request: &request,
            response: Some(served.response),
            request_violations: violations.map_or(&[], MessageViolations::as_slice),
            response_violations: &[],
            truncated: false,
        };
        self.add(capture.capture(&seen).exchange, &AnsweredBy::of(served.response));
    }

    /// Notes a request that is for none of the services.
    pub(super) fn note_unmounted(&self, capture: &Capture, head: &Parts, response: &Response<Bytes>) {
        let request = Request::from_parts(head.clone(), Bytes::new());
        let seen = Seen {
            at: SystemTime::now(),
            duration: Duration::ZERO,
            operation: None,
            request: &request,
            response: Some(response),
            request_violations: &[],
            response_violations: &[],
            truncated: false,
        };
        self.add(capture.capture(&seen).exchange, &AnsweredBy::of(response));
    }

    fn add(&self, exchange: Exchange, answered: &AnsweredBy) {
        *self.counts.lock().unwrap_or_else(PoisonError::into_inner).by_kind.entry(answered.kind()).or_default() += 1;
        if let Some(log) = &self.log {
            log.append(&exchange);
        }
        if let Some(observer) = &self.observer {
            observer(&exchange, answered);
        }
        self.journal.push(Arc::new(exchange));
    }

    pub(super) fn reset(&self) {
        self.journal.clear();
    }

    pub(super) fn journal(&self) -> Vec<Arc<Exchange>> {
        self.journal.exchanges(&JournalFilter::default())
    }

    pub(super) fn to_json(&self, filter: &JournalFilter) -> String {
        self.journal.to_json(filter)
    }

    /// Returns how many requests were answered by what, and what is wrong with the log.
    pub(super) fn summary(&self) -> String {
        let counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let total: u64 = counts.by_kind.values().sum();
        let mut text = format!("answered {total} requests");
        for (index, (kind, count)) in counts.by_kind.iter().enumerate() {
            let separator = if index == 0 { ": " } else { ", " };
            // Writing to a text cannot fail.
            let _ = write!(text, "{separator}{count} by {kind}");
        }
        text.push('\n');
        for problem in self.log.iter().flat_map(ExchangeLog::problems) {
            let _ = writeln!(text, "warning: {problem}");
        }
        text
    }
}

/// Returns when something began that took this long.
fn begun(duration: Duration) -> SystemTime {
    let now = SystemTime::now();
    now.checked_sub(duration).unwrap_or(now)
}
