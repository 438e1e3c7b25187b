//! What a server says of itself: the environment that it runs in, and its version.

use std::sync::Arc;

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue, Method};

use super::Router;
use super::settings::Settings;
use crate::server::response::RawResponse;

/// The header in which a server says which environment it runs in. Tools that send requests stop if it is production
/// and they expected another one.
pub const ENVIRONMENT_HEADER: HeaderName = HeaderName::from_static("x-apigen-environment");

impl Router {
    /// Adds the header `X-Apigen-Environment` to every response, with the environment that this server runs in, such as
    /// `production`. Tools that send requests believe it over their own configuration.
    ///
    /// Control characters in the name are sent as spaces.
    ///
    /// ```
    /// # use apigen_runtime::server::Router;
    /// # let router = Router::new();
    /// let environment = std::env::var("SHOP_ENVIRONMENT").unwrap_or("local".to_owned());
    /// router.environment(&environment);
    /// ```
    pub fn environment(self, name: &str) -> Router {
        let name = name.trim().replace(char::is_control, " ");
        // Everything else is a valid header.
        let value = HeaderValue::from_bytes(name.as_bytes()).ok();
        self.with(|settings| settings.environment = value)
    }

    /// Responds to `GET` on this path (usually `/_apigen/version`) with the name and version of a service, and the
    /// [environment](Self::environment) if it is set. Without this setting there is no such endpoint.
    ///
    /// ```
    /// # use apigen_runtime::server::Router;
    /// # let router = Router::new();
    /// router.environment("sandbox").version_endpoint("/_apigen/version", "shop", env!("CARGO_PKG_VERSION"));
    /// ```
    pub fn version_endpoint(self, path: &str, service: &str, version: &str) -> Router {
        let [path, service, version] = [path, service, version].map(str::to_owned);
        self.with(|settings| settings.version = Some(Arc::new(VersionEndpoint { path, service, version })))
    }
}

pub(crate) struct VersionEndpoint {
    path: String,
    service: String,
    version: String,
}

impl Settings {
    /// Returns the response of the version endpoint, if the request is for it.
    pub(super) fn version_response(&self, head: &Parts) -> Option<RawResponse> {
        let endpoint = self.version.as_ref().filter(|endpoint| endpoint.path == head.uri.path())?;
        if head.method != Method::GET && head.method != Method::HEAD {
            return None;
        }
        let services = [serde_json::json!({ "name": endpoint.service, "version": endpoint.version })];
        let mut body = serde_json::json!({ "services": services });
        if let Some(environment) = self.environment.as_ref().map(|value| String::from_utf8_lossy(value.as_bytes())) {
            body["environment"] = environment.into();
        }
        let headers = HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_static("application/json"))]);
        let body = Some(Bytes::from(body.to_string()));
        Some(RawResponse { status: 200, headers, body, ..RawResponse::default() })
    }
}
