//! Instruments a call from its first poll to its end, for observers and spans.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::http_client::HttpClient;
use super::observer::{CallError, CallReport, Observer};
use super::request::Request;
#[cfg(feature = "tracing")]
use super::trace;
use crate::call::{Failure, Seen};
use crate::transport::timer;

pub(crate) struct Instrument {
    observed: Option<(Arc<dyn Observer>, Instant, CallReport<'static>)>,
    ended: bool,
    #[cfg(feature = "tracing")]
    span: tracing::Span,
}

impl Instrument {
    /// `side_effects` is the reason that allows side effects.
    pub(crate) fn new(client: &HttpClient, request: &Request, side_effects: Option<Arc<str>>) -> Instrument {
        #[cfg(feature = "tracing")]
        let span = trace::span(client, request.info(), side_effects.as_deref());
        let observed = client.shared.settings.observer.as_ref().map(|observer| {
            let report = CallReport {
                service: client.service(),
                operation: request.info(),
                status: None,
                error: Some(CallError::Cancelled),
                duration: Duration::ZERO,
                retries: 0,
                unknown_values: 0,
                violations: 0,
                deprecated: request.is_deprecated(),
                side_effects,
            };
            (Arc::clone(observer), timer::now(), report)
        });
        Instrument {
            observed,
            ended: false,
            #[cfg(feature = "tracing")]
            span,
        }
    }

    pub(crate) fn within<T>(&self, poll: impl FnOnce() -> T) -> T {
        #[cfg(feature = "tracing")]
        let _entered = self.span.enter();
        poll()
    }

    pub(crate) fn end(&mut self, seen: &Seen, failure: Option<&Failure>) {
        self.ended = true;
        let status = seen.status.or(failure.and_then(Failure::status));
        let sent = failure.and_then(Failure::request);
        let attempts = sent.map_or(seen.attempts, |sent| sent.attempts);
        let retries = attempts.saturating_sub(1);
        #[cfg(feature = "tracing")]
        trace::end(&self.span, status, failure, retries);
        if let Some((observer, started, report)) = self.observed.take() {
            observer.ended(&CallReport {
                status,
                error: failure.map(CallError::Failed),
                duration: timer::now().saturating_duration_since(started),
                retries,
                unknown_values: seen.unknown_values,
                violations: seen.violations.max(sent.map_or(0, |sent| sent.violations)),
                ..report
            });
        }
    }
}

impl Drop for Instrument {
    fn drop(&mut self) {
        if self.ended {
            return;
        }
        #[cfg(feature = "tracing")]
        self.span.record("error.type", "cancelled");
        if let Some((observer, started, report)) = self.observed.take() {
            let duration = timer::now().saturating_duration_since(started);
            observer.ended(&CallReport { duration, ..report });
        }
    }
}
