//! Sends a request, and retries it by the policy.

use std::future::ready;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::{HeaderName, Response, StatusCode};

use super::http_client::HttpClient;
use super::refresh::{Refresher, Token};
use super::request::{Encoded, Request};
use crate::call::{
    Answer, CallOptions, Failure, Kind, Plan, RedactedError, RetryCause, RetryPolicy, SentRequest, ValidationPolicy,
};
use crate::encoding::headers;
use crate::operation::OperationInfo;
use crate::transport::{BoxFuture, Timeout, TransportError, timer};
use crate::validate::{MessageViolations, RequestError};

type Outcome = Result<Response<Bytes>, TransportError>;

pub(crate) fn send(
    client: HttpClient,
    request: Request,
    options: CallOptions,
) -> BoxFuture<'static, Result<Answer, Box<Failure>>> {
    match prepare(client, request, options) {
        Ok(sending) => Box::pin(sending.run()),
        Err(failure) => Box::pin(ready(Err(failure))),
    }
}

/// Does everything that happens once per call. The result is boxed, not part of the future, which would copy it when
/// moved and hold it in each of its states.
fn prepare(client: HttpClient, request: Request, options: CallOptions) -> Result<Box<Sending>, Box<Failure>> {
    let info = request.info();
    if let Some(failure) = options.refusal(Some(info)) {
        return Err(failure);
    }
    if let Some(failure) = client.guarded(info, &options) {
        return Err(failure);
    }
    let invalid = |message| Failure::invalid(Some(info), message);
    let client = match &options.client_headers {
        Some(headers) => client.with_headers(headers),
        None => client,
    };
    if let Some(error) = client.headers.as_ref().and_then(|own| own.error.clone()) {
        return Err(invalid(error));
    }
    let url = request.url(client.base_url()).map_err(invalid)?;
    let path = url[client.base_url().len()..].split('?').next().unwrap_or_default();
    if let Some(reached) = client.reached_instead(info, path) {
        return Err(invalid(format!("the values in the path lead to another operation, {} {reached}", info.method)));
    }
    let timeout = options.timeout.unwrap_or(client.timeout());
    let repeatable = options.idempotent || IDEMPOTENT.contains(&info.method);
    // A policy set on the call applies to every method. The policy of the client applies to repeatable calls only.
    let policy = if repeatable { client.shared.settings.retry } else { RetryPolicy::never() };
    let policy = options.retry.unwrap_or(policy);
    let (plan, reconnects) = (Plan::new(policy), repeatable && policy.closed);
    let shown = request.shown(client.base_url());
    let request = request.encode(&url, options.headers.map).map_err(invalid)?;
    let headers = [client.headers(), &request.headers];
    headers::all_stay(headers, info.sensitive_parameters, client.shared.redirects).map_err(invalid)?;
    let violations = validate(&client, info, &request).map_err(|violations| invalid(violations.to_string()))?;
    let sent = SentRequest { method: request.method.clone(), url: shown.unwrap_or(url), attempts: 0, violations };
    let deadline = timer::now().checked_add(timeout);
    Ok(Box::new(Sending { client, info, request, sent, timeout, deadline, plan, reconnects }))
}

/// The idempotent methods (RFC 9110, section 9.2.2).
const IDEMPOTENT: [&str; 6] = ["GET", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE"];

/// Validates the request; returns the number of violations if they are only to be reported.
fn validate(client: &HttpClient, info: &OperationInfo, request: &Encoded) -> Result<usize, MessageViolations> {
    let Some((validator, validation)) =
        client.shared.settings.requests.filter(|(_, validation)| *validation != ValidationPolicy::Off)
    else {
        return Ok(0);
    };
    let request = request.to_http(client.headers().clone());
    // The path without that of the base URL: it has as many segments as the template.
    let (path, slashes) = (request.uri().path(), info.path.matches('/').count());
    let from = path.rmatch_indices('/').nth(slashes.saturating_sub(1)).map_or(0, |(at, _)| at);
    match (validator.judge(&request, &path[from..], request.body()), validation) {
        (Err(RequestError::Invalid(violations)), ValidationPolicy::Report) => {
            #[cfg(feature = "tracing")]
            super::trace::request_violations(info, &violations);
            Ok(violations.as_slice().len())
        }
        (Err(RequestError::Invalid(violations)), _) => Err(violations),
        // The validator belongs to another service.
        (Ok(_) | Err(_), _) => Ok(0),
    }
}

struct Sending {
    client: HttpClient,
    info: &'static OperationInfo,
    request: Encoded,
    sent: SentRequest,
    timeout: Duration,
    /// `None` is beyond the range of the clock.
    deadline: Option<Instant>,
    plan: Plan,
    /// Whether the request may be sent once more if its connection turns out to be closed.
    reconnects: bool,
}

impl Sending {
    async fn run(mut self: Box<Self>) -> Result<Answer, Box<Failure>> {
        let refresher = self.client.shared.refresher.clone();
        let mut refused = false;
        loop {
            let token = match &refresher {
                Some(refresher) => Some((refresher, self.token(refresher).await?)),
                None => None,
            };
            // Credentials that the call itself sets take precedence.
            let (client, call) = (self.client.headers(), &self.request.headers);
            let is_set = |name: &HeaderName| client.contains_key(name) || call.contains_key(name);
            let token = token.filter(|(_, token)| token.header.as_ref().is_none_or(|(name, _)| !is_set(name)));
            let outcome = self.attempt(token.as_ref().map(|(_, token)| &**token)).await;
            if let (Some((refresher, token)), Ok(response)) = (&token, &outcome)
                && response.status() == StatusCode::UNAUTHORIZED
            {
                refresher.invalidate(token);
                if !refused {
                    refused = true;
                    continue;
                }
            }
            if self.reconnect(&outcome) {
                #[cfg(feature = "tracing")]
                super::trace::retry(self.sent.attempts, Duration::ZERO);
                continue;
            }
            match self.delay(&outcome) {
                Some(delay) => {
                    #[cfg(feature = "tracing")]
                    super::trace::retry(self.sent.attempts, delay);
                    timer::sleep(delay).await;
                }
                None => return self.conclude(outcome),
            }
        }
    }

    async fn token(&self, refresher: &Arc<Refresher>) -> Result<Arc<Token>, Box<Failure>> {
        match timer::within(self.deadline, refresher.token()).await {
            Some(Ok(token)) => {
                let name = token.header.as_ref().map(|(name, _)| name);
                let stays = name.map_or(Ok(()), |name| headers::must_stay(name, self.client.shared.redirects));
                stays.map(|()| token).map_err(|message| self.failure(Kind::Request(message)))
            }
            Some(Err(error)) => Err(self.failure(Kind::Auth(RedactedError(error)))),
            None => {
                let error =
                    TransportError::timeout("the time limit of this call was over before there were credentials");
                Err(self.failure(Kind::Transport(error)))
            }
        }
    }

    async fn attempt(&mut self, token: Option<&Token>) -> Outcome {
        let mut request = self.request.to_http(self.client.headers().clone());
        if let Some((name, value)) = token.and_then(|token| token.header.clone()) {
            request.headers_mut().insert(name, value);
        }
        let (limit, until) = self.limit();
        request.extensions_mut().insert(Timeout(limit));
        if let Some(limit) = self.client.shared.settings.response_limit {
            request.extensions_mut().insert(limit);
        }
        self.sent.attempts += 1;
        let response = match timer::within(until, self.client.shared.transport.send(request)).await {
            Some(outcome) => outcome?,
            None => return Err(TransportError::timeout("the time limit has passed")),
        };
        self.client.set_answered();
        // Not every transport is a socket: a service in the same process may send a body as for GET.
        let response = if self.info.is_head() { response.map(|_| Bytes::new()) } else { response };
        match self.client.shared.settings.response_limit {
            Some(limit) if response.body().len() > limit.0 => Err(limit.exceeded()),
            _ => Ok(response),
        }
    }

    fn limit(&self) -> (Duration, Option<Instant>) {
        let left = match (self.sent.attempts, self.deadline) {
            (1.., Some(deadline)) => deadline.saturating_duration_since(timer::now()),
            _ => self.timeout,
        };
        match self.plan.policy.attempt_timeout {
            Some(limit) if limit < left => {
                let until = timer::now().checked_add(limit);
                (limit, [until, self.deadline].into_iter().flatten().min())
            }
            _ => (left, self.deadline),
        }
    }

    /// Returns true, once per call, if a connection that may have been idle since an earlier call was closed before the
    /// response began. Servers close idle connections at any time; it is no sign of trouble.
    fn reconnect(&mut self, outcome: &Outcome) -> bool {
        let closed = outcome.as_ref().is_err_and(TransportError::is_closed) && self.client.has_answered();
        let in_time = self.deadline.is_none_or(|deadline| timer::now() < deadline);
        closed && in_time && std::mem::take(&mut self.reconnects)
    }

    fn delay(&mut self, outcome: &Outcome) -> Option<Duration> {
        let retry_cause = match outcome {
            Ok(response) if self.info.response(response.status().as_u16()).is_some_and(|(_, success)| success) => {
                self.client.shared.budget.give_back();
                return None;
            }
            Ok(response) => RetryCause::Status(response.status(), response.headers()),
            Err(error) => RetryCause::Error(error),
        };
        let delay = self.plan.delay(&retry_cause)?;
        let in_time = self.deadline.is_none_or(|deadline| deadline.saturating_duration_since(timer::now()) > delay);
        (in_time && self.client.shared.budget.take()).then_some(delay)
    }

    fn conclude(self, outcome: Outcome) -> Result<Answer, Box<Failure>> {
        let response = outcome.map_err(|error| self.failure(Kind::Transport(error)))?;
        Answer::new(self.info, self.sent, response, None)
    }

    fn failure(&self, kind: Kind) -> Box<Failure> {
        let mut failure = Failure::of(Some(self.info), kind);
        failure.request = Some(self.sent.clone());
        failure
    }
}
