//! The way of a response to the client, and the proxy's own responses.

use std::sync::Arc;
use std::time::{Duration, Instant};

use apigen_runtime::server::ENVIRONMENT_HEADER;
use bytes::Bytes;
use http::{HeaderName, HeaderValue, Request, Response, StatusCode};
use http_body::Body as _;
use hyper::body::Incoming;
use hyper::upgrade::OnUpgrade;

use super::body::{Pace, PassedBody, ReadAhead};
use super::exchange::{Exchange, Outgoing};
use super::expect::GateKeeper;
use super::gateway::whole;
use super::settings::Enforce;
use super::upstream::Failure;
use super::verdict::Verdict;
use super::{answer, headers, tunnel};

/// Responses up to this size are read before their head is sent, so that it can say what was found in them …
const ANNOUNCED: usize = 64 << 10;

/// … if they arrive within this time.
const PATIENCE: Duration = Duration::from_millis(100);

const OPERATION: HeaderName = HeaderName::from_static("x-apigen-operation");
const VIOLATIONS: HeaderName = HeaderName::from_static("x-apigen-violations");
const SIDE: HeaderName = HeaderName::from_static("x-apigen-violation-side");
const MOCKED: HeaderName = HeaderName::from_static("x-apigen-mocked");

impl Exchange<'_> {
    /// Passes the response on.
    pub async fn respond(
        &self,
        response: Response<Incoming>,
        keeper: Option<GateKeeper>,
        upgrade: Option<OnUpgrade>,
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
    fn switched(&self, mut response: Response<Incoming>, upgrade: Option<OnUpgrade>) -> Response<PassedBody> {
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
    pub async fn without_server(&self, failure: Failure, mut outgoing: Outgoing) -> Response<PassedBody> {
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

    pub fn failed(&self, failure: &Failure) -> Response<PassedBody> {
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
    pub fn own(&self, response: Response<Bytes>) -> Response<PassedBody> {
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
        if let Some(environment) = &self.gateway.settings.environment
            && let Ok(environment) = HeaderValue::from_str(environment)
        {
            fields.entry(ENVIRONMENT_HEADER).or_insert(environment);
        }
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

/// Returns true for statuses of servers that do not have an operation.
fn is_missing(status: StatusCode) -> bool {
    matches!(status, StatusCode::NOT_FOUND | StatusCode::NOT_IMPLEMENTED)
}
