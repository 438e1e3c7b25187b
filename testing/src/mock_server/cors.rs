//! Cross-origin requests of browsers, with `--cors`.

use http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_HEADERS,
    ACCESS_CONTROL_REQUEST_METHOD, ALLOW, HeaderName, ORIGIN, VARY,
};
use http::request::Parts;
use http::{HeaderMap, HeaderValue, Method};

/// Returns true if a request asks whether a page may send another one.
pub(super) fn is_preflight(request: &Parts) -> bool {
    request.method == Method::OPTIONS
        && request.headers.contains_key(ORIGIN)
        && request.headers.contains_key(ACCESS_CONTROL_REQUEST_METHOD)
}

/// Allows the origin of a request to read the response. Credentials such as cookies are allowed too,
/// which they are not with a wildcard, so the origin is repeated.
pub(super) fn allow(request: &Parts, response: &mut HeaderMap) {
    let Some(origin) = request.headers.get(ORIGIN) else { return };
    response.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
    response.insert(ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
    response.append(VARY, HeaderValue::from_static("Origin"));
    let names = response.keys().map(HeaderName::as_str).filter(|name| !name.starts_with("access-control-"));
    let names = names.collect::<Vec<_>>().join(", ");
    response.extend(HeaderValue::from_str(&names).ok().map(|names| (ACCESS_CONTROL_EXPOSE_HEADERS, names)));
    if !is_preflight(request) {
        return;
    }
    // A path of the spec answers `OPTIONS` with its methods.
    let asked = || request.headers.get(ACCESS_CONTROL_REQUEST_METHOD).cloned();
    let methods = response.get(ALLOW).cloned().or_else(asked);
    response.extend(methods.map(|methods| (ACCESS_CONTROL_ALLOW_METHODS, methods)));
    let headers = request.headers.get(ACCESS_CONTROL_REQUEST_HEADERS).cloned();
    response.extend(headers.map(|headers| (ACCESS_CONTROL_ALLOW_HEADERS, headers)));
    response.insert(ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("600"));
}
