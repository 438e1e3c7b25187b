//! What only the operator of the proxy may ask: coverage, and exchanges that are not judged.

use std::net::{IpAddr, SocketAddr};

use apigen_runtime::bytes::Bytes;
use http::header::{ACCEPT, HOST, ORIGIN};
use http::{HeaderMap, HeaderName, Method, Request, Response, StatusCode, Uri};

use super::answer;
use super::gateway::Gateway;
use super::headers::tokens;
use super::settings::Sides;

const SKIP: HeaderName = HeaderName::from_static("x-apigen-skip");
const KEY: HeaderName = HeaderName::from_static("x-apigen-control-key");

/// Headers for the proxy, which are never passed on.
pub(super) const KEYS: [HeaderName; 2] = [SKIP, KEY];

const PREFIX: &str = "/_apigen";
const CHOICES: &str = "GET /_apigen/coverage, GET /_apigen/health, GET /_apigen/version, POST /_apigen/reset";

/// Returns true if a request has the control key, or comes from this machine, for this machine, and from no page of
/// another origin: a page in a browser can reach `127.0.0.1` under a name of its own (DNS rebinding).
pub(super) fn is_permitted(gateway: &Gateway, peer: SocketAddr, headers: &HeaderMap) -> bool {
    let host = headers.get(HOST).and_then(|host| host.to_str().ok());
    let is_own = |origin: &str| origin.parse().is_ok_and(|uri: Uri| uri.host().is_some_and(is_loopback));
    let origin = headers.get(ORIGIN).map(|origin| origin.to_str().unwrap_or("null"));
    let is_local = is_loopback_peer(peer)
        && host.is_some_and(|host| is_loopback(host_of(host)))
        && origin.is_none_or(is_own);
    is_local || has_key(gateway, headers)
}

/// Returns the sides that a request wants not to be judged.
pub(super) fn skipped(gateway: &Gateway, peer: SocketAddr, headers: &HeaderMap) -> Sides {
    let has = |side: &str| tokens(headers, &SKIP).any(|token| token.eq_ignore_ascii_case(side));
    let permitted = headers.contains_key(SKIP) && (is_loopback_peer(peer) || has_key(gateway, headers));
    Sides { request: permitted && has("request"), response: permitted && has("response") }
}

/// Returns the response to a request for the proxy itself. Requests below `/_apigen` are never passed on: the server
/// would take them for requests from this machine.
pub(super) fn answer<B>(gateway: &Gateway, permitted: bool, request: &Request<B>) -> Option<Response<Bytes>> {
    let rest = request.uri().path().strip_prefix(PREFIX)?;
    let name = if rest.is_empty() { "" } else { rest.strip_prefix('/')? };
    if !permitted {
        let why = "the control interface takes requests from this machine and for it, or with the header X-Apigen-Control-Key";
        return Some(answer::message(StatusCode::FORBIDDEN, why));
    }
    let (get, post) = (*request.method() == Method::GET, *request.method() == Method::POST);
    Some(match name {
        "coverage" if get => coverage(gateway, request),
        "health" if get => answer::with_json(StatusCode::OK, r#"{"status":"healthy"}"#.to_owned()),
        "version" if get => answer::with_json(StatusCode::OK, gateway.version()),
        "reset" if post => {
            gateway.coverage.reset();
            let mut done = Response::new(Bytes::new());
            *done.status_mut() = StatusCode::NO_CONTENT;
            done
        }
        "coverage" | "health" | "version" | "reset" => {
            answer::message(StatusCode::METHOD_NOT_ALLOWED, &format!("there is: {CHOICES}"))
        }
        _ => answer::message(StatusCode::NOT_FOUND, &format!("there is: {CHOICES}")),
    })
}

fn coverage<B>(gateway: &Gateway, request: &Request<B>) -> Response<Bytes> {
    let report = gateway.coverage.report();
    let wants_text = tokens(request.headers(), &ACCEPT).any(|media| media.starts_with("text/plain"));
    match wants_text {
        true => answer::with_body(StatusCode::OK, report.to_string(), "text/plain; charset=utf-8"),
        false => answer::with_json(StatusCode::OK, report.to_json()),
    }
}

fn has_key(gateway: &Gateway, headers: &HeaderMap) -> bool {
    let (Some(key), Some(given)) = (&gateway.settings.control_key, headers.get(KEY)) else { return false };
    let (key, given) = (key.as_bytes(), given.as_bytes());
    // The time must not tell how much of a guess is right.
    key.len() == given.len() && key.iter().zip(given).fold(0, |different, (a, b)| different | (a ^ b)) == 0
}

fn is_loopback_peer(peer: SocketAddr) -> bool {
    peer.ip().to_canonical().is_loopback()
}

/// Returns the host of `host:port`.
fn host_of(authority: &str) -> &str {
    match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
        _ => authority,
    }
}

fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    bare.eq_ignore_ascii_case("localhost") || bare.parse().is_ok_and(|address: IpAddr| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_this_machine() {
        for (authority, expected) in [
            ("localhost", true),
            ("LOCALHOST:80", true),
            ("127.0.0.1:4011", true),
            ("[::1]:4011", true),
            ("[::1]", true),
            ("evil.example", false),
            ("localhost.evil.example:80", false),
            ("127.0.0.1.evil.example", false),
            ("192.168.0.1", false),
            ("", false),
        ] {
            assert_eq!(is_loopback(host_of(authority)), expected, "{authority}");
        }
    }
}
