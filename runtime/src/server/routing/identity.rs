//! What a server says of itself: the environment that it runs in, and its version.

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue, Method};

use crate::server::response::RawResponse;

/// The header in which a server says which environment it runs in. Tools that send requests stop if it is production
/// and they expected another one.
pub const ENVIRONMENT_HEADER: HeaderName = HeaderName::from_static("x-apigen-environment");

/// Returns the value of the header.
pub(super) fn environment(name: &str) -> Option<HeaderValue> {
    let name = name.trim().replace(char::is_control, " ");
    // Everything else is a valid header.
    HeaderValue::from_bytes(name.as_bytes()).ok()
}

/// The path at which a server responds with its version.
pub(crate) struct VersionEndpoint {
    path: String,
    service: String,
    version: String,
}

impl VersionEndpoint {
    pub(super) fn new(path: &str, service: &str, version: &str) -> VersionEndpoint {
        let [path, service, version] = [path, service, version].map(str::to_owned);
        VersionEndpoint { path, service, version }
    }

    /// Returns the response if the request is for this endpoint.
    pub(super) fn response(&self, head: &Parts, environment: Option<&HeaderValue>) -> Option<RawResponse> {
        if self.path != head.uri.path() || (head.method != Method::GET && head.method != Method::HEAD) {
            return None;
        }
        let services = [serde_json::json!({ "name": self.service, "version": self.version })];
        let mut body = serde_json::json!({ "services": services });
        if let Some(environment) = environment {
            body["environment"] = String::from_utf8_lossy(environment.as_bytes()).into();
        }
        let headers = HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_static("application/json"))]);
        let body = Some(Bytes::from(body.to_string()));
        Some(RawResponse { status: 200, headers, body, ..RawResponse::default() })
    }
}
