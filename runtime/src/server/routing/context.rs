use std::fmt;
use std::net::SocketAddr;

use http::request::Parts;
use http::{Extensions, HeaderMap, Method, Uri};

use crate::encoding::Shown;
use crate::operation::OperationInfo;

/// What a handler knows of the request beside what the spec declares.
#[derive(Clone)]
pub struct Context {
    head: Parts,
    info: &'static OperationInfo,
    /// How many bytes the values that were read take in memory, about.
    pub(crate) taken: usize,
}

/// Who has opened the connection: an extension of requests that a [`Server`](crate::server::Server) reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Peer(pub SocketAddr);

impl Context {
    pub(crate) fn new(head: Parts, info: &'static OperationInfo, taken: usize) -> Context {
        Context { head, info, taken }
    }

    /// The operation.
    pub fn operation(&self) -> &'static OperationInfo {
        self.info
    }

    /// The method as it came.
    pub fn method(&self) -> &Method {
        &self.head.method
    }

    /// The URI as it came.
    pub fn uri(&self) -> &Uri {
        &self.head.uri
    }

    /// The headers of the request.
    pub fn headers(&self) -> &HeaderMap {
        &self.head.headers
    }

    /// What middleware has left for the handler.
    pub fn extensions(&self) -> &Extensions {
        &self.head.extensions
    }

    /// What middleware has left of this type.
    pub fn extension<T: Send + Sync + 'static>(&self) -> Option<&T> {
        self.head.extensions.get()
    }

    /// Who has opened the connection, if the server says: [`Server`](crate::server::Server) does, and axum does with
    /// `into_make_service_with_connect_info` (and the feature `axum` of this crate).
    pub fn peer(&self) -> Option<SocketAddr> {
        #[cfg(feature = "axum")]
        if let Some(axum::extract::ConnectInfo(addr)) = self.extension() {
            return Some(*addr);
        }
        self.extension().map(|Peer(addr)| *addr)
    }
}

impl fmt::Debug for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // No URI: path and query may have sensitive values.
        f.debug_struct("Context")
            .field("operation", &self.info.id)
            .field("headers", &Shown(&self.head.headers))
            .finish_non_exhaustive()
    }
}
