use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::StatusCode;

use crate::call::Failure;
use crate::operation::{OperationInfo, ServiceInfo};

/// Receives a report of each completed call of a client, for metrics. Implemented for every `Fn(&CallReport)`.
///
/// ```
/// use apigen_runtime::client::{CallReport, ClientBuilder, HttpClient};
///
/// fn measured(builder: ClientBuilder<HttpClient>) -> ClientBuilder<HttpClient> {
///     builder.observer(|call: &CallReport| {
///         println!("{} {} {:?}", call.operation.id, call.status_class(), call.duration);
///     })
/// }
/// ```
pub trait Observer: Send + Sync + 'static {
    /// Called when a call has ended, with any outcome. Runs on the task that awaits the call, so it should be quick.
    fn ended(&self, call: &CallReport<'_>);
}

impl<F: Fn(&CallReport<'_>) + Send + Sync + 'static> Observer for F {
    fn ended(&self, call: &CallReport<'_>) {
        self(call);
    }
}

/// A report of a call that has ended. Its `Debug` shows nothing that was sent or received.
#[derive(Clone)]
#[non_exhaustive]
pub struct CallReport<'c> {
    /// The service.
    pub service: &'static ServiceInfo,
    /// The operation.
    pub operation: &'static OperationInfo,
    /// The status of the last response, if there was one.
    pub status: Option<StatusCode>,
    /// Why the call failed; `None` if it succeeded.
    pub error: Option<CallError<'c>>,
    /// The time from the first poll to the outcome, including retries and decoding.
    pub duration: Duration,
    /// The number of retries. 0 if the call was cancelled.
    pub retries: u32,
    /// The number of values in the response whose enum value or union type the spec does not declare.
    pub unknown_values: u32,
    /// The number of violations in request and response under
    /// [`ValidationPolicy::Report`](crate::client::ValidationPolicy::Report).
    pub violations: usize,
    /// Whether the spec deprecates the operation.
    pub deprecated: bool,
    /// The reason passed to `allow_side_effects`, if the call would have been
    /// [refused](crate::client::ClientBuilder::guard_side_effects) without one.
    pub side_effects: Option<Arc<str>>,
}

/// Why a call did not succeed.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum CallError<'c> {
    /// The call failed.
    Failed(&'c Failure),
    /// The call was dropped before it ended.
    Cancelled,
}

impl<'c> CallError<'c> {
    /// Returns one word for metrics: `declared`, `undeclared_status`, `decode`, `timeout`, `connect`, `transport`, `auth`,
    /// `invalid_request`, `guarded`, `other` or `cancelled`.
    pub fn name(self) -> &'static str {
        match self {
            CallError::Failed(failure) => failure.kind_name(),
            CallError::Cancelled => "cancelled",
        }
    }

    /// Returns the failure, unless the call was cancelled.
    pub fn failure(self) -> Option<&'c Failure> {
        match self {
            CallError::Failed(failure) => Some(failure),
            CallError::Cancelled => None,
        }
    }
}

impl CallReport<'_> {
    /// Returns the class of the status: `1xx` to `5xx`, `other` for a status beyond, and `none` without a response.
    pub fn status_class(&self) -> &'static str {
        match self.status.map(|status| status.as_u16() / 100) {
            Some(1) => "1xx",
            Some(2) => "2xx",
            Some(3) => "3xx",
            Some(4) => "4xx",
            Some(5) => "5xx",
            Some(_) => "other",
            None => "none",
        }
    }
}

impl fmt::Debug for CallReport<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CallReport")
            .field("service", &self.service.name)
            .field("operation", &self.operation.id)
            .field("status", &self.status)
            .field("error", &self.error.map(CallError::name))
            .field("duration", &self.duration)
            .field("retries", &self.retries)
            .field("unknown_values", &self.unknown_values)
            .field("violations", &self.violations)
            .field("deprecated", &self.deprecated)
            .field("side_effects", &self.side_effects)
            .finish()
    }
}
