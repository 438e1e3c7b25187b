//! The control interface: journal, rules, state, health and version of a running mock server.

use std::fmt::Write as _;
use std::future::poll_fn;
use std::pin::pin;
use std::time::Duration;

use apigen_model::vocabulary::suggestions::closest;
use apigen_runtime::server::Peer;
use bytes::{Buf, Bytes};
use http::header::CONTENT_TYPE;
use http::request::Parts;
use http::{Method, Response, StatusCode};
use http_body::Body;

use super::message::{error, json, not_allowed};
use super::mounts::{Mount, Shared, add_rules};
use crate::access;
use crate::exchange::JournalFilter;

/// The path below which the control interface is.
const PREFIX: &str = "/_apigen";

/// The largest body, in bytes.
const MAX_BYTES: usize = 16 << 20;

/// How long a body may take.
const BODY_TIME: Duration = Duration::from_secs(10);

const ENDPOINTS: [&str; 6] = ["/health", "/journal", "/reset", "/rules", "/state", "/version"];

/// Returns the part of a path that belongs to the control interface.
pub(super) fn path(path: &str) -> Option<&str> {
    path.strip_prefix(PREFIX).filter(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Responds to a request of the control interface.
pub(super) async fn respond<B>(shared: &Shared, head: Parts, path: &str, body: B) -> Response<Bytes>
where
    B: Body<Data: Send> + Send + 'static,
{
    let peer = head.extensions.get::<Peer>().map(|Peer(addr)| addr.ip());
    if let Some(why) = access::refusal((&head.uri, &head.headers), peer, shared.settings.control_key.as_deref()) {
        return json(StatusCode::FORBIDDEN, &error("forbidden", why));
    }
    let (method, query) = (&head.method, head.uri.query().unwrap_or_default());
    match (path, method) {
        ("/health", &Method::GET) => json(StatusCode::OK, "{\"status\":\"ok\"}"),
        ("/version", &Method::GET) => json(StatusCode::OK, &version(shared)),
        ("/journal", &Method::GET) => journal(shared, query),
        ("/state", &Method::GET) => json(StatusCode::OK, &state(&shared.mounts())),
        ("/rules", &Method::GET) => json(StatusCode::OK, &rules(&shared.mounts())),
        ("/reset", &Method::POST) => {
            shared.mounts().iter().for_each(|mount| mount.engine.answers.reset());
            shared.traffic.reset();
            no_content()
        }
        ("/rules", &Method::DELETE) => {
            shared.mounts().iter().for_each(|mount| {
                mount.engine.answers.rules.clear();
            });
            no_content()
        }
        ("/rules", &Method::POST) => {
            let media = head.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
            // Parameters do not count: a form may send `text/plain; x=json`.
            let name = match media.split(';').next().unwrap_or_default().trim().to_ascii_lowercase().as_str() {
                "application/toml" => "rules.toml",
                "application/json" => "rules.json",
                // Forms of pages can send everything else without asking.
                _ => {
                    let message = "send rules as application/json or application/toml";
                    return json(StatusCode::UNSUPPORTED_MEDIA_TYPE, &error("unsupported_media_type", message));
                }
            };
            match whole(body).await {
                Ok(text) => added(&shared.mounts(), name, &text),
                Err(why) => why.response(),
            }
        }
        (path, &Method::DELETE) if path.starts_with("/rules/") => removed(&shared.mounts(), &path["/rules/".len()..]),
        ("/health" | "/version" | "/journal" | "/state", method) => not_allowed("GET", method),
        ("/reset", method) => not_allowed("POST", method),
        ("/rules", method) => not_allowed("GET, POST, DELETE", method),
        (path, _) => {
            let near = closest(path, &ENDPOINTS).map(|near| format!("; did you mean {PREFIX}{near}?"));
            let message = format!("{PREFIX}{path} is not part of the control interface{}", near.unwrap_or_default());
            json(StatusCode::NOT_FOUND, &error("not_found", &message))
        }
    }
}

/// Returns the last exchanges, newest first: all, those of an `operation`, or those with a `status`.
fn journal(shared: &Shared, query: &str) -> Response<Bytes> {
    let mut filter = JournalFilter::default();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        match (name, value.parse::<usize>()) {
            ("operation", _) => filter.operation = Some(Some(value.to_owned()).filter(|id| !id.is_empty())),
            // No response has a larger status.
            ("status", Ok(code)) => filter.status = Some(u16::try_from(code).unwrap_or(u16::MAX)),
            ("limit", Ok(most)) => filter.limit = Some(most),
            _ => {
                let message = format!("{pair:?} is not a filter; use operation=ID, status=CODE or limit=NUMBER");
                return json(StatusCode::BAD_REQUEST, &error("bad_request", &message));
            }
        }
    }
    json(StatusCode::OK, &shared.traffic.to_json(&filter))
}

fn version(shared: &Shared) -> String {
    let services = shared.mounts();
    let services = services.iter().map(|mount| {
        let service = mount.engine.answers.service.service();
        serde_json::json!({
            "name": service.name, "namespace": service.namespace, "version": service.version, "path": mount.base,
        })
    });
    let services: Vec<_> = services.collect();
    let version = env!("CARGO_PKG_VERSION");
    serde_json::json!({ "tool": "apigen mock", "version": version, "environment": "local", "services": services })
        .to_string()
}

/// Returns all items of all collections.
pub(super) fn state(mounts: &[Mount]) -> String {
    let mut text = String::from("{\"collections\":[");
    for mount in mounts {
        let answers = &mount.engine.answers;
        let Some(store) = &answers.store else { continue };
        for (index, collection) in answers.service.state().collections.iter().enumerate() {
            let comma = if text.ends_with('[') { "" } else { "," };
            let (service, name) = (&answers.service.service().name, answers.service.item_name(index));
            let head = serde_json::json!({ "service": service, "type": name, "key": collection.key }).to_string();
            let items = store.items(index).join(",");
            // The items are JSON already.
            let _ = write!(text, "{comma}{},\"items\":[{items}]}}", head.trim_end_matches('}'));
        }
    }
    text.push_str("]}");
    text
}

fn rules(mounts: &[Mount]) -> String {
    let lists: Vec<String> = mounts.iter().map(|mount| mount.engine.answers.rules.to_json()).collect();
    match lists.as_slice() {
        [only] => only.clone(),
        lists => {
            let inner = lists.iter().map(|list| list.trim().trim_start_matches('[').trim_end_matches(']'));
            format!("[{}]", inner.filter(|inner| !inner.is_empty()).collect::<Vec<_>>().join(","))
        }
    }
}

fn added(mounts: &[Mount], name: &str, text: &[u8]) -> Response<Bytes> {
    match add_rules(mounts, name, text) {
        Ok(ids) => json(StatusCode::CREATED, &serde_json::json!({ "ids": ids }).to_string()),
        Err(problems) => json(StatusCode::UNPROCESSABLE_ENTITY, &error("invalid_rules", problems.trim_end())),
    }
}

fn removed(mounts: &[Mount], id: &str) -> Response<Bytes> {
    let known = id.parse().is_ok_and(|id| mounts.iter().any(|mount| mount.engine.answers.rules.remove(id)));
    match known {
        true => no_content(),
        false => json(StatusCode::NOT_FOUND, &error("not_found", &format!("there is no rule {id:?}"))),
    }
}

fn no_content() -> Response<Bytes> {
    let mut response = Response::new(Bytes::new());
    *response.status_mut() = StatusCode::NO_CONTENT;
    response
}

/// Why a body was not received.
enum Unreceived {
    Broken,
    TooLarge,
    TooSlow,
}

impl Unreceived {
    fn response(&self) -> Response<Bytes> {
        let (status, message) = match self {
            Unreceived::Broken => (StatusCode::BAD_REQUEST, "the body cannot be read"),
            Unreceived::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "the body is larger than 16 MiB"),
            Unreceived::TooSlow => (StatusCode::REQUEST_TIMEOUT, "the body comes too slowly"),
        };
        json(status, &error("bad_request", message))
    }
}

/// Receives a body within its limits of size and time.
async fn whole<B: Body>(body: B) -> Result<Vec<u8>, Unreceived> {
    let receive = async {
        let (mut body, mut whole) = (pin!(body), Vec::new());
        while let Some(frame) = poll_fn(|cx| body.as_mut().poll_frame(cx)).await {
            let Ok(mut data) = frame.map_err(|_| Unreceived::Broken)?.into_data() else { continue };
            if whole.len() + data.remaining() > MAX_BYTES {
                return Err(Unreceived::TooLarge);
            }
            while data.has_remaining() {
                let chunk = data.chunk();
                whole.extend_from_slice(chunk);
                let length = chunk.len();
                data.advance(length);
            }
        }
        Ok(whole)
    };
    tokio::time::timeout(BODY_TIME, receive).await.unwrap_or(Err(Unreceived::TooSlow))
}
