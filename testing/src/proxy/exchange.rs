//! The way of a request to the server.

use std::convert::Infallible;
use std::pin::pin;
use std::sync::{Arc, Weak};
use std::time::{Duration, Instant};

use apigen_runtime::validate::RequestError;
use apigen_runtime::validate::schema::Coerced;
use bytes::Bytes;
use http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, EXPECT};
use http::{HeaderValue, Method, Request, Response, StatusCode};
use http_body::Body as _;
use hyper::body::Incoming;
use hyper::upgrade::OnUpgrade;

use super::body::{Pace, PassedBody, ReadAhead};
use super::connection::Connection;
use super::expect::{GateOpener, gate};
use super::gateway::{Gateway, whole};
use super::headers;
use super::in_flight::InFlight;
use super::settings::Enforce;
use super::upstream::Failure;
use super::verdict::Verdict;
use super::{answer, control};

/// Passes a request on and returns the response.
pub(super) async fn pass(
    gateway: &Arc<Gateway>,
    connection: &Connection,
    mut request: Request<Incoming>,
) -> Result<Response<PassedBody>, Infallible> {
    if let Some(response) = control::answer(gateway, connection.peer, &request) {
        return Ok(whole(response));
    }
    if *request.method() == Method::CONNECT {
        return Ok(whole(answer::message(StatusCode::NOT_IMPLEMENTED, "this proxy opens no tunnels")));
    }
    let judged = gateway.settings.judged.without(control::skipped(gateway, connection.peer, request.headers()));
    control::OWN.iter().for_each(|name| drop(request.headers_mut().remove(name)));
    let upgrade = headers::upgrade(request.headers()).map(|_| hyper::upgrade::on(&mut request));
    let (head, body) = request.into_parts();
    let head = Request::from_parts(head, ());
    let operation = gateway.coverage.position(gateway.schema.operation(head.method().as_str(), head.uri().path()));
    let flight = InFlight::new(gateway, head, operation, judged);
    let exchange = Exchange { gateway, connection, flight };
    Ok(exchange.run(body, upgrade).await)
}

/// An exchange that is passed on.
pub(super) struct Exchange<'g> {
    pub gateway: &'g Arc<Gateway>,
    pub connection: &'g Connection,
    pub flight: Arc<InFlight>,
}

/// A request that is to be sent.
pub(super) struct Outgoing {
    head: Request<()>,
    pub body: ReadAhead,
    /// What a conversion has changed.
    coerced: Option<Coerced>,
    /// Whether the body was read, so that the client waits for nothing.
    pub is_read: bool,
}

/// A request to the server.
struct Sending {
    request: Request<PassedBody>,
    /// Whether something of its body is to come.
    alive: Weak<()>,
    /// Opens the gate that holds its body back.
    opener: Option<GateOpener>,
}

impl Exchange<'_> {
    /// Passes the request on and returns the response.
    pub async fn run(&self, body: Incoming, upgrade: Option<OnUpgrade>) -> Response<PassedBody> {
        if let Some(refusal) = self.undeclared() {
            return self.own(refusal);
        }
        let limits = &self.gateway.settings.limits;
        let until = limits.total.and_then(|total| self.flight.began.checked_add(total));
        let body = ReadAhead::new(body, Pace { stall: limits.idle, until });
        let outgoing = match self.outgoing(body).await {
            Ok(outgoing) => outgoing,
            Err(refusal) => return self.own(*refusal),
        };
        let ready = match self.connection.link.connected(&self.gateway.upstream).await {
            Ok(ready) => ready,
            Err(failure) => return self.without_server(failure, outgoing).await,
        };
        let Sending { request, alive, opener } = self.request(outgoing);
        let sent = self.connection.link.send(ready, &self.gateway.upstream, request);
        match within(limits.response, until, &alive, sent).await {
            Ok(response) => {
                let keeper = opener.map(GateOpener::responded);
                self.respond(response, keeper, upgrade, until).await
            }
            Err(failure) => self.failed(&failure),
        }
    }

    /// Notes a request for which the spec has no operation; returns the response if it is refused.
    fn undeclared(&self) -> Option<Response<Bytes>> {
        let (gateway, flight) = (self.gateway, &self.flight);
        // Browsers ask for permission (CORS) by a method that specs do not declare.
        let counts =
            flight.operation.is_none() && flight.judged().request && *flight.request.method() != Method::OPTIONS;
        let mode = gateway.settings.request_mode();
        let error = counts.then(|| gateway.schema.request_with(&flight.request, b"", &mode, None).err()).flatten()?;
        if let RequestError::Invalid(_) = error {
            return None;
        }
        gateway.coverage.undeclared(flight.request.method(), &error);
        if gateway.settings.enforce == Enforce::Nothing {
            return None;
        }
        flight.request_ended(Verdict::Skipped, None);
        Some(answer::undeclared(&error))
    }

    /// Judges the request, now or while it is passed on; returns the response if it is refused.
    async fn outgoing(&self, mut body: ReadAhead) -> Result<Outgoing, Box<Response<Bytes>>> {
        let (gateway, flight) = (self.gateway, &self.flight);
        let settings = &gateway.settings;
        let decides = settings.enforce >= Enforce::Requests || settings.coerce;
        let mut head = Request::new(());
        (*head.method_mut(), *head.uri_mut()) = (flight.request.method().clone(), flight.request.uri().clone());
        *head.headers_mut() = flight.request.headers().clone();
        let is_empty = body.is_end_stream();
        let waits = decides && flight.judges_request();
        if !(is_empty || waits) {
            return Ok(Outgoing { head, body, coerced: None, is_read: false });
        }
        let known = match is_empty {
            true => Ok(Bytes::new()),
            false => body.whole(settings.limits.body, &gateway.memory, None).await,
        };
        let (verdict, coerced) = match &known {
            Ok(bytes) if settings.coerce => self.coerced(bytes),
            Ok(bytes) => (flight.judge_request(bytes), None),
            Err(why) => (Verdict::NotChecked(why), None),
        };
        let violations = verdict.violations().filter(|_| settings.enforce >= Enforce::Requests).cloned();
        flight.request_ended(verdict, known.ok());
        if let (Some(violations), Some(operation)) = (violations, flight.operation()) {
            return Err(Box::new(gateway.schema.refusal(operation, &violations)));
        }
        Ok(Outgoing { head, body, coerced, is_read: true })
    }

    /// Converts a request, and judges what came of it.
    fn coerced(&self, body: &Bytes) -> (Verdict, Option<Coerced>) {
        let (gateway, flight) = (self.gateway, &self.flight);
        if !flight.judges_request() || flight.request.headers().contains_key(CONTENT_ENCODING) {
            return (flight.judge_request(body), None);
        }
        match gateway.schema.coerce(&flight.request, body) {
            Ok(coerced) => match &coerced.body {
                Some(json) => (flight.judge_converted(json), Some(coerced)),
                None => (flight.judge_request(body), Some(coerced)),
            },
            Err(RequestError::Invalid(violations)) => (Verdict::Invalid(violations), None),
            Err(_) => (Verdict::Skipped, None),
        }
    }

    /// Returns the request to the server, and what its body still waits for.
    fn request(&self, outgoing: Outgoing) -> Sending {
        let (gateway, flight) = (self.gateway, &self.flight);
        let Outgoing { mut head, mut body, coerced, is_read } = outgoing;
        let coerced = coerced.unwrap_or_default();
        *head.uri_mut() = gateway.upstream.target(flight.request.uri(), coerced.query.as_deref());
        let version = flight.request.version();
        headers::to_server(head.headers_mut(), self.connection.peer, version, gateway.upstream.authority());
        let mut opener = None;
        if is_read {
            head.headers_mut().remove(EXPECT);
        } else if let Some((gate, own)) = gate(head.headers()) {
            body = body.behind(gate);
            opener = Some(own);
        }
        let alive = body.alive();
        let body = match coerced.body {
            Some(json) => {
                let fields = head.headers_mut();
                fields.insert(CONTENT_LENGTH, json.len().into());
                fields.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
                PassedBody::plain(ReadAhead::full(json.into()))
            }
            None if is_read => PassedBody::plain(body),
            None => self.watched(body),
        };
        let mut request = head.map(|()| body);
        if let Some(opener) = opener.clone() {
            hyper::ext::on_informational(&mut request, move |interim| opener.interim(interim.status()));
        }
        Sending { request, alive, opener }
    }

    /// Returns the body of a request that is judged while it is passed on.
    fn watched(&self, body: ReadAhead) -> PassedBody {
        let (gateway, flight) = (self.gateway, Arc::clone(&self.flight));
        if !flight.judges_request() && !gateway.keeps_bodies() {
            flight.request_ended(Verdict::Skipped, None);
            return PassedBody::plain(body);
        }
        PassedBody::copied(body, gateway.settings.limits.body, &gateway.memory, move |copy| {
            let verdict = match &copy {
                Ok(body) => flight.judge_request(body),
                Err(why) => Verdict::NotChecked(why),
            };
            flight.request_ended(verdict, copy.ok());
        })
    }
}

/// Waits for a response; the time begins anew while the request is being sent.
async fn within<T>(
    limit: Duration,
    until: Option<Instant>,
    sending: &Weak<()>,
    response: impl Future<Output = Result<T, Failure>>,
) -> Result<T, Failure> {
    let mut response = pin!(response);
    loop {
        let now = Instant::now();
        let end = now.checked_add(limit).into_iter().chain(until).min().unwrap_or(now + Duration::from_secs(86_400));
        if let Ok(response) = tokio::time::timeout_at(end.into(), response.as_mut()).await {
            return response;
        }
        if sending.strong_count() == 0 || until.is_some_and(|until| until <= Instant::now()) {
            return Err(Failure::TooSlow);
        }
    }
}
