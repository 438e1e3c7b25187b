use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use http::HeaderMap;

use super::failure::Failure;
use super::retry::RetryPolicy;
use crate::encoding::{ToParam, headers};
use crate::operation::OperationInfo;

/// The options of a call, set before it is awaited.
#[derive(Debug, Clone, Default)]
pub(crate) struct CallOptions {
    /// Headers set by [`Call::header`](crate::Call::header). Mocks see those of their client too, with lower
    /// precedence.
    pub(crate) headers: CallHeaders,
    pub(crate) timeout: Option<Duration>,
    pub(crate) retry: Option<RetryPolicy>,
    pub(crate) validation: Option<ValidationPolicy>,
    pub(crate) idempotent: bool,
    pub(crate) side_effects: Option<Arc<str>>,
    #[cfg(feature = "testing")]
    pub(crate) example: Option<String>,
    /// Headers of the mock client that the call goes through; all others take precedence.
    pub(crate) client_headers: Option<Arc<CallHeaders>>,
}

/// The options of a call, shared with the layer that responds to it.
pub(crate) type SharedOptions = Arc<Mutex<CallOptions>>;

impl CallOptions {
    /// Adds the headers of a client: those of the call take precedence over them, and they over those of an inner
    /// client.
    pub(crate) fn carry(&mut self, headers: &Arc<CallHeaders>) {
        self.client_headers = Some(match self.client_headers.take() {
            Some(behind) => Arc::new(CallHeaders::clone(&behind).under(headers)),
            None => Arc::clone(headers),
        });
    }

    /// Returns the options as mocks see them: with all headers merged.
    pub(crate) fn merged(mut self) -> CallOptions {
        if let Some(below) = self.client_headers.take() {
            self.headers = CallHeaders::clone(&below).under(&self.headers);
        }
        self
    }

    /// Returns the failure of a call with an invalid header.
    pub(crate) fn refusal(&self, info: Option<&'static OperationInfo>) -> Option<Box<Failure>> {
        let below = self.client_headers.as_ref().and_then(|headers| headers.error.as_ref());
        self.headers.error.as_ref().or(below).map(|message| Failure::invalid(info, message.clone()))
    }
}

/// Headers of one call, or of all calls through one clone of a client. Those of parameters take precedence over those
/// of a client.
#[derive(Clone, Default)]
pub(crate) struct CallHeaders {
    pub(crate) map: HeaderMap,
    /// The first header that could not be set; calls fail with it.
    pub(crate) error: Option<String>,
}

impl CallHeaders {
    pub(crate) fn set(&mut self, name: &str, value: &dyn ToParam) {
        if let Err(error) = headers::set_in_request(&mut self.map, name, value) {
            self.error.get_or_insert(error);
        }
    }

    /// Adds the headers of `over`, which take precedence.
    pub(crate) fn under(mut self, over: &CallHeaders) -> CallHeaders {
        headers::overlay(&mut self.map, &over.map);
        self.error = self.error.or_else(|| over.error.clone());
        self
    }
}

impl fmt::Debug for CallHeaders {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Names only: any header may hold a key.
        f.debug_list().entries(self.map.keys()).finish()
    }
}

/// How to handle a response that decodes but violates the spec: limits, values that an enum or union does not declare,
/// duplicate keys. See [`Mode::strict`](crate::Mode::strict).
///
/// Has no effect on mocks, which return values and not JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum ValidationPolicy {
    /// Ignores violations: extensions and relaxations on the server must not break existing clients.
    #[default]
    Off,
    /// Continues, and reports the number of violations to the [`Observer`](crate::client::Observer), and (with the
    /// feature `tracing`) each of them to the log.
    Report,
    /// Fails, as for a body that [cannot be decoded](crate::client::Failure::is_decode).
    Reject,
}

impl From<bool> for ValidationPolicy {
    /// Converts `true` to [`Reject`](ValidationPolicy::Reject), and `false` to [`Off`](ValidationPolicy::Off).
    fn from(reject: bool) -> Self {
        if reject { ValidationPolicy::Reject } else { ValidationPolicy::Off }
    }
}
