use std::fmt;

use http::HeaderMap;

use super::headers;
use super::param::ToParam;

/// Headers of all calls that go through one clone of a client, below those of parameters and of single calls.
#[derive(Clone, Default)]
pub(crate) struct CallHeaders {
    pub(super) map: HeaderMap,
    /// The first header that could not be set: calls fail with it, so that it is not lost.
    pub(super) error: Option<String>,
}

impl CallHeaders {
    /// Begins with these.
    pub(super) fn new(map: HeaderMap) -> CallHeaders {
        CallHeaders { map, error: None }
    }

    /// These, with one more or another one of the same name.
    pub(crate) fn with(mut self, name: &str, value: &dyn ToParam) -> CallHeaders {
        if let Err(error) = headers::set_in_request(&mut self.map, name, value) {
            self.error.get_or_insert(error);
        }
        self
    }

    /// These, with others laid on top.
    pub(super) fn under(mut self, over: &CallHeaders) -> CallHeaders {
        headers::overlay(&mut self.map, &over.map);
        self.error = self.error.or_else(|| over.error.clone());
        self
    }
}

impl fmt::Debug for CallHeaders {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Names only: any header may carry a key.
        f.debug_list().entries(self.map.keys()).finish()
    }
}
