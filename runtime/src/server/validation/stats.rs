use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};

use http::Request;

use crate::operation::OperationInfo;
use crate::server::response::guarded;
use crate::validate::{MessageViolations, RequestError, Validator};

/// Counters of a [`ValidationLayer`](crate::server::ValidationLayer) and all its clones.
#[derive(Default)]
pub struct ValidationStats {
    requests: AtomicU64,
    invalid_requests: AtomicU64,
    responses: AtomicU64,
    invalid_responses: AtomicU64,
    unchecked: AtomicU64,
    /// The number of responses that could have been checked.
    seen: AtomicU64,
    report: Option<Report>,
}

type Report = Box<dyn Fn(&ValidationEvent) + Send + Sync>;

/// An invalid or unchecked message, as reported by a [`ValidationLayer`](crate::server::ValidationLayer).
#[derive(Debug)]
#[non_exhaustive]
pub enum ValidationEvent {
    /// A request violates the spec.
    Request {
        /// Method and path, with `...` in place of sensitive values.
        request: String,
        /// The violations.
        violations: MessageViolations,
    },
    /// A response violates the spec.
    Response {
        /// The operation.
        operation: &'static OperationInfo,
        /// The violations.
        violations: MessageViolations,
    },
    /// A message could not be checked, for this reason.
    Unchecked(&'static str),
}

impl ValidationStats {
    pub(crate) fn new(report: impl Fn(&ValidationEvent) + Send + Sync + 'static) -> ValidationStats {
        ValidationStats { report: Some(Box::new(report)), ..ValidationStats::default() }
    }

    /// Returns the number of checked requests.
    pub fn requests(&self) -> u64 {
        self.requests.load(Ordering::Relaxed)
    }

    /// Returns the number of checked requests that violate the spec.
    pub fn invalid_requests(&self) -> u64 {
        self.invalid_requests.load(Ordering::Relaxed)
    }

    /// Returns the number of checked responses.
    pub fn responses(&self) -> u64 {
        self.responses.load(Ordering::Relaxed)
    }

    /// Returns the number of checked responses that violate the spec.
    pub fn invalid_responses(&self) -> u64 {
        self.invalid_responses.load(Ordering::Relaxed)
    }

    /// Returns the number of messages that were passed on unchecked: too large, or not read to their end.
    pub fn unchecked_messages(&self) -> u64 {
        self.unchecked.load(Ordering::Relaxed)
    }

    /// Returns true if the next response is to be checked: evenly spread and deterministic.
    pub(crate) fn is_sampled(&self, share: f64) -> bool {
        if share <= 0.0 {
            return false;
        }
        let number = self.seen.fetch_add(1, Ordering::Relaxed) as f64;
        ((number + 1.0) * share).floor() > (number * share).floor() || share >= 1.0
    }

    pub(crate) fn request(&self, validator: &Validator, request: &Request<()>, outcome: &Result<(), RequestError>) {
        self.requests.fetch_add(1, Ordering::Relaxed);
        if let Err(RequestError::Invalid(violations)) = outcome {
            self.invalid_requests.fetch_add(1, Ordering::Relaxed);
            self.tell(|| ValidationEvent::Request {
                request: format!("{} {}", request.method(), validator.shown(request.uri().path())),
                violations: violations.clone(),
            });
        }
    }

    pub(crate) fn response(&self, operation: &'static OperationInfo, outcome: &Result<(), MessageViolations>) {
        self.responses.fetch_add(1, Ordering::Relaxed);
        if let Err(violations) = outcome {
            self.invalid_responses.fetch_add(1, Ordering::Relaxed);
            self.tell(|| ValidationEvent::Response { operation, violations: violations.clone() });
        }
    }

    pub(crate) fn unchecked(&self, why: &'static str) {
        self.unchecked.fetch_add(1, Ordering::Relaxed);
        self.tell(|| ValidationEvent::Unchecked(why));
    }

    fn tell(&self, event: impl FnOnce() -> ValidationEvent) {
        if self.report.is_none() && !cfg!(feature = "tracing") {
            return;
        }
        let event = event();
        #[cfg(feature = "tracing")]
        tracing::warn!(target: "apigen_runtime", "{event}");
        // A panic of the callback must not affect the exchange.
        drop(guarded(|| self.report.iter().for_each(|report| report(&event))));
    }
}

impl fmt::Display for ValidationEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ValidationEvent::Request { request, violations } => write!(f, "{request} violates the spec: {violations}"),
            ValidationEvent::Response { operation, violations } => {
                write!(f, "a response of {} violates the spec: {violations}", operation.id)
            }
            ValidationEvent::Unchecked(why) => write!(f, "a message was not checked: {why}"),
        }
    }
}

impl fmt::Debug for ValidationStats {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ValidationStats")
            .field("requests", &self.requests())
            .field("invalid_requests", &self.invalid_requests())
            .field("responses", &self.responses())
            .field("invalid_responses", &self.invalid_responses())
            .field("unchecked_messages", &self.unchecked_messages())
            .finish()
    }
}
