use std::fmt;
use std::net::SocketAddr;

use http::request::Parts;
use http::{Extensions, HeaderMap, Method, Uri};

use crate::encoding::Shown;
use crate::operation::OperationInfo;

/// The parts of a request that the spec does not declare, for handlers.
#[derive(Clone)]
pub struct Context {
    pub(super) head: Parts,
    pub(super) info: &'static OperationInfo,
    /// The approximate memory of the decoded values in bytes.
    pub(super) taken: usize,
}

/// The address of the client: an extension of requests that a [`Server`](crate::server::Server) receives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Peer(pub SocketAddr);

impl Context {
    /// Returns the operation.
    pub fn operation(&self) -> &'static OperationInfo {
        self.info
    }

    /// Returns the method as received.
    pub fn method(&self) -> &Method {
        &self.head.method
    }

    /// Returns the URI as received.
    pub fn uri(&self) -> &Uri {
        &self.head.uri
    }

    /// Returns the headers of the request.
    pub fn headers(&self) -> &HeaderMap {
        &self.head.headers
    }

    /// Returns the extensions, as set by middleware.
    pub fn extensions(&self) -> &Extensions {
        &self.head.extensions
    }

    /// Returns the extension of this type, if middleware has set it.
    pub fn extension<T: Send + Sync + 'static>(&self) -> Option<&T> {
        self.head.extensions.get()
    }

    /// Returns the address of the client, if known: from [`Server`](crate::server::Server), or from axum with
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
