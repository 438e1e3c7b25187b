use std::fmt;
use std::time::Duration;

use http::HeaderMap;

use super::failure::Failure;
use super::headers;
use super::operation::OperationInfo;
use super::param::ToParam;

/// What a caller set on one call, before awaiting it.
#[derive(Clone, Default)]
#[non_exhaustive]
pub struct CallOptions {
    /// Headers set by [`Call::header`](crate::Call::header).
    pub headers: HeaderMap,
    /// Time limit set by [`Call::timeout`](crate::Call::timeout).
    pub timeout: Option<Duration>,
    /// The first header that could not be set.
    pub(super) error: Option<String>,
}

impl CallOptions {
    pub(super) fn header(&mut self, name: &str, value: &dyn ToParam) {
        if let Err(error) = headers::set(&mut self.headers, name, value) {
            self.error.get_or_insert(error);
        }
    }

    /// Why a call with these options cannot be sent.
    pub(super) fn refusal(&self, info: Option<&'static OperationInfo>) -> Option<Box<Failure>> {
        self.error.clone().map(|message| Failure::invalid(info, message))
    }
}

impl fmt::Debug for CallOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Names only: any header may carry a key.
        let names: Vec<_> = self.headers.keys().collect();
        f.debug_struct("CallOptions").field("headers", &names).field("timeout", &self.timeout).finish_non_exhaustive()
    }
}
