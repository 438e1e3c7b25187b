//! Passes exchanges on.

use std::convert::Infallible;
use std::pin::pin;
use std::sync::{Arc, Weak};
use std::time::{Duration, Instant};

use apigen_runtime::server::BodyMemory;
use apigen_runtime::validate::RequestError;
use apigen_runtime::validate::schema::{Coerced, Schema};
use bytes::Bytes;
use http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, EXPECT};
use http::{HeaderName, HeaderValue, Method, Request, Response, StatusCode};
use http_body::Body as _;
use hyper::body::Incoming;

use super::body::{Pace, PassedBody, ReadAhead};
use super::coverage::Live;
use super::expect::{GateKeeper, gate};
use super::in_flight::{Answered, Ended, InFlight, Verdict};
use super::listener::Connection;
use super::record::ExampleFolder;
use super::settings::{Enforce, Settings, Sides};
use super::upstream::{Failure, Upstream};
use super::{answer, control, headers, tunnel};
use crate::exchange::{Capture, ExchangeLog, Seen};
use crate::service::LoadedService;

/// Responses up to this size are read before their head is sent, so that it can say what was found in them …
const ANNOUNCED: usize = 64 << 10;

/// … if they arrive within this time.
const PATIENCE: Duration = Duration::from_millis(100);

pub(super) const OPERATION: HeaderName = HeaderName::from_static("x-apigen-operation");
pub(super) const VIOLATIONS: HeaderName = HeaderName::from_static("x-apigen-violations");
pub(super) const SIDE: HeaderName = HeaderName::from_static("x-apigen-violation-side");
pub(super) const MOCKED: HeaderName = HeaderName::from_static("x-apigen-mocked");

/// What all connections share.
pub(super) struct Gateway {
    pub service: Arc<LoadedService>,
    pub schema: Arc<Schema>,
    pub settings: Settings,
    pub coverage: Live,
    pub upstream: Upstream,
    pub memory: BodyMemory,
    pub log: Option<(Capture, ExchangeLog)>,
    pub examples: Option<ExampleFolder>,
}

/// A request that is to be sent.
struct Outgoing {
    head: Request<()>,
    body: ReadAhead,
    /// What a conversion has changed.
    coerced: Option<Coerced>,
    /// Whether the body was read, so that the client waits for nothing.
    is_read: bool,
}

impl Gateway {
    /// Passes a request on and returns the response.
    pub async fn pass(
        self: &Arc<Self>,
        connection: &Connection,
        mut request: Request<Incoming>,
    ) -> Result<Response<PassedBody>, Infallible> {
        if let Some(response) = control::answer(self, connection.peer, &request) {
            return Ok(whole(response));
        }
        if *request.method() == Method::CONNECT {
            return Ok(whole(answer::message(StatusCode::NOT_IMPLEMENTED, "this proxy opens no tunnels")));
        }
        let judged = self.settings.judged.without(control::skipped(self, connection.peer, request.headers()));
        control::OWN.iter().for_each(|name| drop(request.headers_mut().remove(name)));
        let upgrade = headers::upgrade(request.headers()).map(|_| hyper::upgrade::on(&mut request));
        let (head, body) = request.into_parts();
        let head = Request::from_parts(head, ());
        let operation = self.coverage.position(self.schema.operation(head.method().as_str(), head.uri().path()));
        let flight = InFlight::new(self, head, operation, judged);
        let exchange = Exchange { gateway: self, connection, flight };
        Ok(exchange.run(body, upgrade).await)
    }

    /// Returns the service and its version as a JSON object.
    pub fn version(&self) -> String {
        let service = self.service.service();
        serde_json::json!({ "service": service.name, "spec": service.version, "apigen": env!("CARGO_PKG_VERSION") })
            .to_string()
    }

    /// Returns true if bodies are wanted after they were judged.
    pub fn keeps_bodies(&self) -> bool {
        self.log.is_some() || self.examples.is_some() || self.settings.mock.is_some()
    }

    /// Handles an exchange of which both messages have ended.
    pub fn completed(&self, flight: &InFlight, request: &Ended, response: &Answered) {
        if self.log.is_none() && self.examples.is_none() {
            return;
        }
        let (asked, given) = (flight.whole_request(request), response.whole(self.settings.limits.body));
        if let Some((capture, log)) = &self.log {
            let violations =
                |ended: &Ended| ended.verdict.violations().map_or(Vec::new(), |all| all.as_slice().to_vec());
            let captured = capture.capture(&Seen {
                at: flight.at,
                duration: flight.began.elapsed(),
                operation: flight.operation(),
                request: &asked,
                response: Some(&given),
                request_violations: &violations(request),
                response_violations: &violations(&response.ended),
                truncated: request.body.is_none() || response.ended.body.is_none(),
            });
            log.append(&captured.exchange);
        }
        let is_valid = |ended: &Ended| matches!(ended.verdict, Verdict::Valid);
        if let Some(folder) = self.examples.as_ref().filter(|_| is_valid(request) && is_valid(&response.ended)) {
            folder.keep(asked, given);
        }
    }
}

struct Exchange<'g> {
    gateway: &'g Arc<Gateway>,
    connection: &'g Connection,
    flight: Arc<InFlight>,
}

impl Exchange<'_> {
    async fn run(&self, body: Incoming, upgrade: Option<hyper::upgrade::OnUpgrade>) -> Response<PassedBody> {
        if let Some(refusal) = self.undeclared() {
            return self.own(refusal);
        }
        let limits = &self.gateway.settings.limits;
        let until = limits.total.and_then(|total| self.flight.began.checked_add(total));
        let body = ReadAhead::new(body, Pace { stall: limits.idle, until });
        let outgoing = match self.outgoing(body).await {
            Ok(outgoing) => outgoing,
            Err(refusal) => return self.own(refusal),
        };
        let ready = match self.connection.link.connected(&self.gateway.upstream).await {
            Ok(ready) => ready,
            Err(failure) => return self.without_server(failure, outgoing).await,
        };
        let (request, keeper) = self.request(outgoing);
        let alive = request.1;
        let sent = self.connection.link.send(ready, &self.gateway.upstream, request.0);
        match within(limits.response, until, &alive, sent).await {
            Ok(response) => {
                let keeper = keeper.map(super::expect::GateOpener::responded);
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
    async fn outgoing(&self, mut body: ReadAhead) -> Result<Outgoing, Response<Bytes>> {
        let (gateway, flight) = (self.gateway, &self.flight);
        let settings = &gateway.settings;
        let decides = settings.enforce >= Enforce::Requests || settings.coerce;
        let mut head = Request::new(());
        (*head.method_mut(), *head.uri_mut()) = (flight.request.method().clone(), flight.request.uri().clone());
        *head.headers_mut() = flight.request.headers().clone();
        let is_empty = body.is_end_stream();
        if !is_empty && !(decides && flight.judges_request()) {
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
            return Err(gateway.schema.refusal(operation, &violations));
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
    #[expect(clippy::type_complexity, reason = "a request, its body's life, and its gate")]
    fn request(&self, outgoing: Outgoing) -> ((Request<PassedBody>, Weak<()>), Option<super::expect::GateOpener>) {
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
        ((request, alive), opener)
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

    /// Passes the response on.
    async fn respond(
        &self,
        response: Response<Incoming>,
        keeper: Option<GateKeeper>,
        upgrade: Option<hyper::upgrade::OnUpgrade>,
        until: Option<Instant>,
    ) -> Response<PassedBody> {
        let (gateway, flight) = (self.gateway, &self.flight);
        if response.status() == StatusCode::SWITCHING_PROTOCOLS {
            return self.switched(response, upgrade);
        }
        let (mut parts, body) = response.into_parts();
        let mut head = Response::new(());
        *head.status_mut() = parts.status;
        *head.headers_mut() = parts.headers.clone();
        headers::end_to_end(&mut parts.headers);
        let pace = Pace { stall: gateway.settings.limits.response, until };
        let mut body = ReadAhead::new(body, pace).keeping(keeper);
        let known = self.read_response(&head, &mut body).await;
        if let Some(Ok(bytes)) = &known
            && let Some(mocked) = self.mock_missing(&head, bytes).await
        {
            return mocked;
        }
        let mut verdict = None;
        let body = match known {
            Some(known) => {
                let judged = match &known {
                    Ok(bytes) => flight.judge_response(&head, bytes),
                    Err(why) => Verdict::NotChecked(why),
                };
                flight.response_ended(head, judged.clone(), known.ok());
                verdict = Some(judged);
                PassedBody::plain(body)
            }
            None => self.watched_response(head, body),
        };
        if gateway.settings.enforce == Enforce::Both
            && let Some(violations) = verdict.as_ref().and_then(Verdict::violations)
        {
            let replaced = answer::violations(StatusCode::BAD_GATEWAY, violations);
            return self.announced(replaced.map(|body| PassedBody::plain(ReadAhead::full(body))), verdict.as_ref());
        }
        self.announced(Response::from_parts(parts, body), verdict.as_ref())
    }

    /// Reads the body of a response whose verdict decides something; `None` if it is judged while it is passed on.
    async fn read_response(&self, head: &Response<()>, body: &mut ReadAhead) -> Option<Result<Bytes, &'static str>> {
        let (gateway, flight) = (self.gateway, &self.flight);
        let settings = &gateway.settings;
        if body.is_end_stream() {
            return Some(Ok(Bytes::new()));
        }
        let missing = settings.mock.is_some() && is_missing(head.status()) && flight.operation.is_some();
        if missing || (settings.enforce == Enforce::Both && flight.judges_response()) {
            return Some(body.whole(settings.limits.body, &gateway.memory, None).await);
        }
        let size = body.size_hint().exact().and_then(|size| usize::try_from(size).ok());
        if settings.headers && flight.judges_response() && size.is_some_and(|size| size <= ANNOUNCED) {
            let limit = ANNOUNCED.min(settings.limits.body);
            return body.whole(limit, &gateway.memory, Some(PATIENCE)).await.ok().map(Ok);
        }
        None
    }

    /// Returns the body of a response that is judged while it is passed on.
    fn watched_response(&self, head: Response<()>, body: ReadAhead) -> PassedBody {
        let (gateway, flight) = (self.gateway, Arc::clone(&self.flight));
        if !flight.judges_response() && !gateway.keeps_bodies() {
            flight.response_ended(head, Verdict::Skipped, None);
            return PassedBody::plain(body);
        }
        PassedBody::copied(body, gateway.settings.limits.body, &gateway.memory, move |copy| {
            let verdict = match &copy {
                Ok(body) => flight.judge_response(&head, body),
                Err(why) => Verdict::NotChecked(why),
            };
            flight.response_ended(head, verdict, copy.ok());
        })
    }

    /// Connects both sides for another protocol.
    fn switched(
        &self,
        mut response: Response<Incoming>,
        upgrade: Option<hyper::upgrade::OnUpgrade>,
    ) -> Response<PassedBody> {
        let Some(upgrade) = upgrade else {
            return self.failed(&Failure::Broken("it changes to a protocol that nobody has asked for".to_owned()));
        };
        tunnel::spawn(upgrade, hyper::upgrade::on(&mut response), Arc::clone(&self.connection.place));
        let protocol = headers::upgrade(response.headers());
        let (mut parts, _) = response.into_parts();
        headers::end_to_end(&mut parts.headers);
        if let Some(protocol) = protocol {
            headers::set_upgrade(&mut parts.headers, protocol);
        }
        let mut head = Response::new(());
        *head.status_mut() = parts.status;
        self.flight.response_ended(head, Verdict::NotChecked("the connection has changed its protocol"), None);
        Response::from_parts(parts, PassedBody::plain(ReadAhead::full(Bytes::new())))
    }

    /// Responds in place of a server to which there is no connection.
    async fn without_server(&self, failure: Failure, mut outgoing: Outgoing) -> Response<PassedBody> {
        let (gateway, flight) = (self.gateway, &self.flight);
        if gateway.settings.mock.is_some() && flight.operation.is_some() {
            let body = match outgoing.body.is_end_stream() {
                true => Ok(Bytes::new()),
                false => outgoing.body.whole(gateway.settings.limits.body, &gateway.memory, None).await,
            };
            if !outgoing.is_read {
                let verdict = match &body {
                    Ok(body) => flight.judge_request(body),
                    Err(why) => Verdict::NotChecked(why),
                };
                flight.request_ended(verdict, body.as_ref().ok().cloned());
            }
            if let Ok(body) = body
                && let Some(mocked) = self.mocked(body, "no connection").await
            {
                return mocked;
            }
        } else if !outgoing.is_read {
            flight.request_ended(Verdict::NotChecked("there is no connection to the server"), None);
        }
        self.failed(&failure)
    }

    /// Responds in place of a server that does not have the operation.
    async fn mock_missing(&self, head: &Response<()>, body: &Bytes) -> Option<Response<PassedBody>> {
        let gateway = self.gateway;
        let operation =
            self.flight.operation().filter(|_| gateway.settings.mock.is_some() && is_missing(head.status()))?;
        let mode = apigen_runtime::Mode::strict();
        if gateway.schema.response_with(operation, head, body, &mode, None).is_ok() {
            return None;
        }
        let request = self.flight.request_so_far()?.body?;
        self.mocked(request, head.status().as_str()).await
    }

    /// Returns the mock's response, marked with the reason.
    async fn mocked(&self, body: Bytes, reason: &str) -> Option<Response<PassedBody>> {
        let flight = &self.flight;
        let mut request = Request::new(body);
        (*request.method_mut(), *request.uri_mut()) = (flight.request.method().clone(), flight.request.uri().clone());
        *request.headers_mut() = flight.request.headers().clone();
        let mut response = self.gateway.settings.mock.as_ref()?.answer(request).await?;
        if let Ok(reason) = HeaderValue::from_str(reason) {
            response.headers_mut().insert(MOCKED, reason);
        }
        self.gateway.coverage.mocked();
        Some(self.own(response))
    }

    fn failed(&self, failure: &Failure) -> Response<PassedBody> {
        let (status, message) = match failure {
            Failure::TooSlow => (StatusCode::GATEWAY_TIMEOUT, failure.message()),
            _ => (StatusCode::BAD_GATEWAY, failure.message()),
        };
        self.gateway.coverage.failed();
        let response = match self.flight.operation() {
            Some(operation) => self.gateway.schema.failure(operation, status.as_u16(), &message),
            None => answer::message(status, &message),
        };
        self.own(response)
    }

    /// Returns a response of the proxy.
    fn own(&self, response: Response<Bytes>) -> Response<PassedBody> {
        let mut head = Response::new(());
        *head.status_mut() = response.status();
        *head.headers_mut() = response.headers().clone();
        self.flight.answered_by_proxy(head, response.body().clone());
        self.announced(whole(response), None)
    }

    /// Adds what was found to a response.
    fn announced(&self, mut response: Response<PassedBody>, verdict: Option<&Verdict>) -> Response<PassedBody> {
        if !self.gateway.settings.headers {
            return response;
        }
        let fields = response.headers_mut();
        if let Some(operation) = self.flight.operation()
            && let Ok(id) = HeaderValue::from_str(operation.info().id)
        {
            fields.insert(OPERATION, id);
        }
        let request = self.flight.request_so_far().map(|ended| ended.verdict);
        let found = [("request", request.as_ref()), ("response", verdict)];
        let judged = found.into_iter().filter_map(|(side, verdict)| Some((side, verdict.filter(|v| v.is_checked())?)));
        let counts: Vec<(&str, usize)> =
            judged.map(|(side, verdict)| (side, verdict.violations().map_or(0, |all| all.as_slice().len()))).collect();
        if !counts.is_empty() {
            fields.insert(VIOLATIONS, counts.iter().map(|(_, count)| count).sum::<usize>().into());
            let sides: Vec<&str> = counts.iter().filter(|(_, count)| *count > 0).map(|(side, _)| *side).collect();
            if let Some(sides) = HeaderValue::from_str(&sides.join(", ")).ok().filter(|sides| !sides.is_empty()) {
                fields.insert(SIDE, sides);
            }
        }
        response
    }
}

fn whole(response: Response<Bytes>) -> Response<PassedBody> {
    response.map(|body| PassedBody::plain(ReadAhead::full(body)))
}

/// Returns true for statuses of servers that do not have an operation.
fn is_missing(status: StatusCode) -> bool {
    matches!(status, StatusCode::NOT_FOUND | StatusCode::NOT_IMPLEMENTED)
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

impl Sides {
    /// Returns the sides that are judged with and without these.
    pub fn without(self, skipped: Sides) -> Sides {
        Sides { request: self.request && !skipped.request, response: self.response && !skipped.response }
    }
}
