//! What only the operator of the proxy may ask: coverage, and exchanges that are not judged.

use std::net::SocketAddr;

use bytes::Bytes;
use http::header::ACCEPT;
use http::{HeaderMap, HeaderName, Method, Request, Response, StatusCode};

use super::answer;
use super::gateway::Gateway;
use super::headers::tokens;
use super::settings::Sides;
use crate::access;

const SKIP: HeaderName = HeaderName::from_static("x-apigen-skip");

/// Headers for the proxy, which are never passed on.
pub(super) const OWN: [HeaderName; 2] = [SKIP, HeaderName::from_static(access::CONTROL_KEY)];

const PREFIX: &str = "/_apigen";
const CHOICES: &str = "GET /_apigen/coverage, GET /_apigen/health, GET /_apigen/version, POST /_apigen/reset";

/// Returns the sides that a request wants not to be judged.
pub(super) fn skipped(gateway: &Gateway, peer: SocketAddr, headers: &HeaderMap) -> Sides {
    let has = |side: &str| tokens(headers, &SKIP).any(|token| token.eq_ignore_ascii_case(side));
    let key = gateway.settings.control_key.as_deref();
    let permitted = headers.contains_key(SKIP) && (access::is_this_machine(peer.ip()) || access::has_key(headers, key));
    Sides { request: permitted && has("request"), response: permitted && has("response") }
}

/// Returns the response to a request for the proxy itself. Requests below `/_apigen` are never passed on: the server
/// would take them for requests from this machine.
pub(super) fn answer<B>(gateway: &Gateway, peer: SocketAddr, request: &Request<B>) -> Option<Response<Bytes>> {
    let rest = request.uri().path().strip_prefix(PREFIX)?;
    let name = if rest.is_empty() { "" } else { rest.strip_prefix('/')? };
    let key = gateway.settings.control_key.as_deref();
    if let Some(why) = access::refusal((request.uri(), request.headers()), Some(peer.ip()), key) {
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
