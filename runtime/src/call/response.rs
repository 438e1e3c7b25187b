use std::fmt;
use std::ops::Deref;

use http::{HeaderMap, StatusCode};

use crate::encoding::Shown;

/// A success: the decoded body with status and headers. Dereferences to the body.
#[derive(Clone)]
pub struct Response<T> {
    pub(crate) head: Head,
    pub(crate) body: T,
}

#[derive(Clone, Default)]
pub(crate) struct Head {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
}

impl<T> Response<T> {
    /// Creates a response, for mocks.
    pub fn new(status: StatusCode, headers: HeaderMap, body: T) -> Response<T> {
        Response { head: Head { status, headers }, body }
    }

    /// Returns the status.
    pub fn status(&self) -> StatusCode {
        self.head.status
    }

    /// Returns the headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.head.headers
    }

    /// Returns the body, without status and headers.
    pub fn into_inner(self) -> T {
        self.body
    }
}

impl<T> Deref for Response<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.body
    }
}

impl<T: fmt::Debug> fmt::Debug for Response<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let headers = Shown(&self.head.headers);
        f.debug_struct("Response")
            .field("status", &self.head.status)
            .field("headers", &headers)
            .field("body", &self.body)
            .finish()
    }
}
