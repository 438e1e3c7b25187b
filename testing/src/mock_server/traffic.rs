//! What passed through a mock server: its journal, its log, and the counts of its end.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use apigen_runtime::OperationInfo;
use apigen_runtime::server::ServedExchange;
use apigen_runtime::validate::MessageViolations;
use apigen_runtime::validate::schema::Schema;
use bytes::Bytes;
use http::request::Parts;
use http::{HeaderMap, HeaderValue, Request, Response};

use super::decision::AnsweredBy;
use crate::exchange::{Capture, Exchange, ExchangeLog, Journal, JournalEntry, JournalFilter, LogOptions, Seen};
use crate::service::LoadedService;

/// Is called with each exchange and what answered it.
pub(super) type Observer = dyn Fn(&Exchange, &AnsweredBy) + Send + Sync;

/// The exchanges of a server.
pub(super) struct Traffic {
    journal: Journal<ServedEntry>,
    log: Option<ExchangeLog>,
    observer: Option<Box<Observer>>,
    counts: Mutex<Counts>,
}

/// An exchange as it was: its record is made when somebody asks for it, since most are never asked for.
struct ServedEntry {
    recorder: Arc<Recorder>,
    at: SystemTime,
    duration: Duration,
    operation: Option<&'static OperationInfo>,
    request: Request<Bytes>,
    response: Response<Bytes>,
}

/// Makes the records of the exchanges of a service.
pub(super) struct Recorder {
    schema: Arc<Schema>,
    capture: Capture,
}

impl Recorder {
    pub(super) fn new(service: &LoadedService) -> Arc<Recorder> {
        let (own, schema) = (service.service(), service.schema());
        let capture = Capture::new(&own.name, &own.version, Arc::clone(schema)).environment("mock");
        Arc::new(Recorder { schema: Arc::clone(schema), capture })
    }
}

/// How many requests were answered, by what answered them.
#[derive(Debug, Default)]
struct Counts {
    by_kind: BTreeMap<&'static str, u64>,
}

impl Traffic {
    pub(super) fn new(observer: Option<Box<Observer>>, log: Option<&Path>) -> io::Result<Traffic> {
        let log = log.map(|file| ExchangeLog::open(file, LogOptions::default())).transpose()?;
        Ok(Traffic { journal: Journal::default(), log, observer, counts: Mutex::default() })
    }

    /// Notes an exchange of a service.
    pub(super) fn note(&self, recorder: &Arc<Recorder>, served: &ServedExchange<'_>) {
        let ServedExchange { operation, request, body, response, .. } = *served;
        let duration = served.duration();
        self.add(ServedEntry {
            recorder: Arc::clone(recorder),
            at: begun(duration),
            duration,
            operation,
            request: copied(request, body),
            response: response.clone(),
        });
    }

    /// Notes a request that is for none of the services.
    pub(super) fn note_unmounted(&self, recorder: &Arc<Recorder>, head: &Parts, response: &Response<Bytes>) {
        self.add(ServedEntry {
            recorder: Arc::clone(recorder),
            at: SystemTime::now(),
            duration: Duration::ZERO,
            operation: None,
            request: copied(head, b""),
            response: response.clone(),
        });
    }

    fn add(&self, entry: ServedEntry) {
        let answered = AnsweredBy::of(&entry.response);
        *self.counts.lock().unwrap_or_else(PoisonError::into_inner).by_kind.entry(answered.kind()).or_default() += 1;
        let entry = Arc::new(entry);
        if self.log.is_some() || self.observer.is_some() {
            let exchange = Arc::clone(&entry).record();
            self.log.iter().for_each(|log| log.append(&exchange));
            self.observer.iter().for_each(|observer| observer(&exchange, &answered));
        }
        self.journal.push(entry);
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
        let mut text = format!("answered {total} {}", if total == 1 { "request" } else { "requests" });
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

impl JournalEntry for ServedEntry {
    fn size(&self) -> usize {
        let headers = |headers: &HeaderMap| -> usize {
            headers.iter().map(|(name, value)| name.as_str().len() + value.len() + 64).sum()
        };
        size_of::<ServedEntry>()
            + self.request.uri().path().len()
            + self.request.uri().query().map_or(0, str::len)
            + headers(self.request.headers())
            + headers(self.response.headers())
            + self.request.body().len()
            + self.response.body().len()
    }

    fn operation(&self) -> Option<&str> {
        self.operation.map(|operation| operation.id)
    }

    fn status(&self) -> Option<u16> {
        Some(self.response.status().as_u16())
    }

    fn record(self: Arc<Self>) -> Arc<Exchange> {
        let Recorder { schema, capture } = &*self.recorder;
        let operation = self.operation.and_then(|info| schema.operation(self.request.method().as_str(), info.path));
        let violations = self.response.extensions().get::<MessageViolations>();
        let seen = Seen {
            at: self.at,
            duration: self.duration,
            operation,
            request: &self.request,
            response: Some(&self.response),
            request_violations: violations.map_or(&[], MessageViolations::as_slice),
            response_violations: &[],
            truncated: false,
        };
        Arc::new(capture.capture(&seen).exchange)
    }
}

/// Copies a request: what was received is part of larger buffers, which would stay in memory with it.
fn copied(head: &Parts, body: &[u8]) -> Request<Bytes> {
    let mut request = Request::new(Bytes::copy_from_slice(body));
    *request.method_mut() = head.method.clone();
    *request.uri_mut() = head.uri.to_string().parse().unwrap_or_default();
    let values = head.headers.iter().filter_map(|(name, value)| {
        let mut own = HeaderValue::from_bytes(value.as_bytes()).ok()?;
        own.set_sensitive(value.is_sensitive());
        Some((name.clone(), own))
    });
    request.headers_mut().extend(values);
    request
}

/// Returns when something began that took this long.
fn begun(duration: Duration) -> SystemTime {
    let now = SystemTime::now();
    now.checked_sub(duration).unwrap_or(now)
}
