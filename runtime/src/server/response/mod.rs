//! Responses of a server: results of handlers, errors, and its own messages.

mod failure;
mod guarded;
mod handler_error;
mod raw_response;

#[cfg(feature = "server")]
pub(crate) use failure::BoxError;
pub(crate) use failure::{Cause, Listener, report};
pub use failure::{HandlerFailure, HandlerFailureKind};
#[cfg(feature = "server")]
pub(crate) use guarded::completed;
pub(crate) use guarded::{fit, guarded};
pub use handler_error::{HandlerError, HandlerResult};
pub(crate) use raw_response::RawResponse;

use std::fmt;

use http::HeaderMap;

use crate::encoding::{ToParam, headers};
use crate::operation::{OperationInfo, ToResponse};

/// A value with response headers.
///
/// ```
/// use apigen_runtime::server::Reply;
/// let reply = Reply::new(vec![7, 8]).header("X-Total", 2);
/// # assert_eq!(reply.headers()["x-total"], "2");
/// ```
pub struct Reply<T> {
    value: T,
    headers: HeaderMap,
    /// Why a header cannot be sent.
    error: Option<String>,
}

/// The declared headers of an operation's responses, for sending. Generated `…Headers` implement it.
pub trait ToHeaders {
    /// Calls `set` with the name and value of each header.
    fn to_headers(&self, set: &mut dyn FnMut(&str, &dyn ToParam));
}

impl<T> Reply<T> {
    /// Creates a reply without headers.
    pub fn new(value: T) -> Reply<T> {
        Reply { value, headers: HeaderMap::new(), error: None }
    }

    /// Sets a header. A list sends the header once per element; an absent value changes nothing. A name or value that
    /// HTTP does not allow makes the response a 500, which is reported.
    #[must_use]
    pub fn header(mut self, name: &str, value: impl ToParam) -> Reply<T> {
        if let Err(error) = headers::set(&mut self.headers, name, &value) {
            self.error.get_or_insert(error);
        }
        self
    }

    /// Sets the headers that the spec declares. A value that would not survive a round trip (a list with a comma in an
    /// element, leading or trailing white space) makes the response a 500, which is reported.
    #[must_use]
    pub fn declared(mut self, declared: impl ToHeaders) -> Reply<T> {
        declared.to_headers(&mut |name, value| {
            if let Err(error) = headers::set_declared(&mut self.headers, name, value) {
                self.error.get_or_insert(error);
            }
        });
        self
    }

    /// Returns the headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    pub(crate) fn value(&self) -> &T {
        &self.value
    }

    /// Returns the value, without its headers.
    pub fn into_inner(self) -> T {
        self.value
    }
}

impl<T: ToResponse> Reply<T> {
    pub(crate) fn write(self, info: &OperationInfo) -> RawResponse {
        match self.error {
            Some(error) => RawResponse::faulty(error),
            None => RawResponse { headers: self.headers, ..RawResponse::new(self.value.to_response(info)) }
                .in_its_media(info),
        }
    }
}

impl<T> From<T> for Reply<T> {
    fn from(value: T) -> Self {
        Reply::new(value)
    }
}

impl<T: fmt::Debug> fmt::Debug for Reply<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reply").field("value", &self.value).field("headers", &headers::Shown(&self.headers)).finish()
    }
}
