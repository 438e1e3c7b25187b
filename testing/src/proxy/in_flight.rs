//! An exchange in progress: what is found in its request and its response, which end in any order.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Instant, SystemTime};

use apigen_runtime::Mode;
use apigen_runtime::validate::RequestError;
use apigen_runtime::validate::schema::Operation;
use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderValue, Request, Response};

use super::content::decoded;
use super::gateway::Gateway;
use super::settings::Sides;
use super::verdict::Verdict;
use crate::exchange::Seen;

/// A message that has ended.
#[derive(Debug, Clone)]
pub(super) struct Ended {
    pub verdict: Verdict,
    /// The whole body as sent, if it is known and somebody wants it.
    pub body: Option<Bytes>,
}

/// The response of an exchange.
pub(super) struct Answered {
    pub head: Response<()>,
    pub ended: Ended,
}

impl Answered {
    /// Returns the response with its decoded body, which is empty if it is not known.
    pub fn whole(&self, limit: usize) -> Response<Bytes> {
        let mut whole = Response::new(content(self.head.headers(), &self.ended, limit));
        *whole.status_mut() = self.head.status();
        *whole.headers_mut() = self.head.headers().clone();
        whole
    }
}

fn content(headers: &HeaderMap, ended: &Ended, limit: usize) -> Bytes {
    ended.body.as_ref().and_then(|body| decoded(headers, body, limit).ok()).unwrap_or_default()
}

/// An exchange in progress.
pub(super) struct InFlight {
    pub gateway: Arc<Gateway>,
    /// The position of its operation in the schema; `None` if the spec has none.
    pub operation: Option<usize>,
    /// The request as received, without its body.
    pub request: Request<()>,
    pub at: SystemTime,
    pub began: Instant,
    judged: Sides,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    request: Option<Ended>,
    response: Option<Answered>,
}

impl InFlight {
    /// Handles an exchange of which both messages have ended.
    pub fn completed(&self, request: &Ended, response: &Answered) {
        let folder = self.gateway.examples.as_ref().filter(|folder| {
            let is_valid = |ended: &Ended| matches!(ended.verdict, Verdict::Valid);
            let input = (self.request.method(), self.request.uri(), &request.body);
            let output = (response.head.status(), &response.ended.body);
            let is_example = is_valid(request) && is_valid(&response.ended);
            is_example && self.operation.is_some_and(|operation| folder.wants(operation, &input, &output))
        });
        if self.gateway.log.is_none() && folder.is_none() {
            return;
        }
        let (asked, given) = (self.whole_request(request), response.whole(self.gateway.settings.limits.body));
        if let Some((capture, log)) = &self.gateway.log {
            let violations =
                |ended: &Ended| ended.verdict.violations().map_or(Vec::new(), |all| all.as_slice().to_vec());
            let captured = capture.capture(&Seen {
                at: self.at,
                duration: self.began.elapsed(),
                operation: self.operation(),
                request: &asked,
                response: Some(&given),
                request_violations: &violations(request),
                response_violations: &violations(&response.ended),
                truncated: request.body.is_none() || response.ended.body.is_none(),
            });
            log.append(&captured.exchange);
        }
        if let Some(folder) = folder {
            folder.keep(asked, given);
        }
    }

    pub fn new(gateway: &Arc<Gateway>, request: Request<()>, operation: Option<usize>, judged: Sides) -> Arc<InFlight> {
        let (at, began) = (SystemTime::now(), Instant::now());
        let gateway = Arc::clone(gateway);
        Arc::new(InFlight { gateway, operation, request, at, began, judged, state: Mutex::default() })
    }

    /// Returns the sides that are judged.
    pub fn judged(&self) -> Sides {
        self.judged
    }

    /// Returns true if the request is to be judged.
    pub fn judges_request(&self) -> bool {
        self.judged.request && self.operation.is_some()
    }

    /// Returns true if the response is to be judged.
    pub fn judges_response(&self) -> bool {
        self.judged.response && self.operation.is_some()
    }

    /// Returns the operation with the method of the request: `HEAD` for a `HEAD` request to a `GET` operation.
    pub fn operation(&self) -> Option<&Operation> {
        let schema = &self.gateway.schema;
        self.operation.and_then(|_| schema.operation(self.request.method().as_str(), self.request.uri().path()))
    }

    /// Judges a request by its whole body.
    pub fn judge_request(&self, body: &Bytes) -> Verdict {
        if !self.judges_request() {
            return Verdict::Skipped;
        }
        let (gateway, request) = (&*self.gateway, &self.request);
        let content = match decoded(request.headers(), body, gateway.settings.limits.body) {
            Ok(content) => content,
            Err(why) => return Verdict::NotChecked(why),
        };
        self.judge(request, &content, &gateway.settings.request_mode())
    }

    /// Judges a request whose body was converted to this JSON.
    pub fn judge_converted(&self, json: &str) -> Verdict {
        let mut request = Request::new(());
        (*request.method_mut(), *request.uri_mut()) = (self.request.method().clone(), self.request.uri().clone());
        *request.headers_mut() = self.request.headers().clone();
        request.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        self.judge(&request, json.as_bytes(), &Mode::strict())
    }

    fn judge(&self, request: &Request<()>, content: &[u8], mode: &Mode) -> Verdict {
        let seen = Some(self.gateway.coverage.seen());
        guarded(|| match self.gateway.schema.request_with(request, content, mode, seen) {
            Err(RequestError::Invalid(violations)) => Verdict::Invalid(violations),
            Ok(_) | Err(_) => Verdict::Valid,
        })
    }

    /// Returns true if a response refuses a request that violates the spec, with a 4xx that the operation does not declare:
    /// servers may, and the client is at fault.
    fn is_refusal(&self, operation: &Operation, head: &Response<()>) -> bool {
        let is_invalid = || self.request_so_far().is_some_and(|ended| ended.verdict.violations().is_some());
        head.status().is_client_error() && operation.declared(head.status().as_u16()).is_none() && is_invalid()
    }

    /// Judges a response by its whole body.
    pub fn judge_response(&self, head: &Response<()>, body: &Bytes) -> Verdict {
        let Some(operation) = self.operation().filter(|_| self.judges_response()) else { return Verdict::Skipped };
        if self.is_refusal(operation, head) {
            return Verdict::Valid;
        }
        let gateway = &*self.gateway;
        let content = match decoded(head.headers(), body, gateway.settings.limits.body) {
            Ok(content) => content,
            Err(why) => return Verdict::NotChecked(why),
        };
        let seen = Some(gateway.coverage.seen());
        guarded(|| match gateway.schema.response_with(operation, head, &content, &Mode::strict(), seen) {
            Ok(()) => Verdict::Valid,
            Err(violations) => Verdict::Invalid(violations),
        })
    }

    /// Notes the end of the request.
    pub fn request_ended(&self, verdict: Verdict, body: Option<Bytes>) {
        self.gateway.coverage.request(self.operation, &verdict);
        let body = body.filter(|_| self.gateway.keeps_bodies());
        self.change(|state| state.request = Some(Ended { verdict, body }));
    }

    /// Notes the end of a response of the server.
    pub fn response_ended(&self, head: Response<()>, verdict: Verdict, body: Option<Bytes>) {
        self.gateway.coverage.response(self.operation, head.status().as_u16(), &verdict);
        let body = body.filter(|_| self.gateway.keeps_bodies());
        self.change(|state| {
            state.response = Some(Answered { head, ended: Ended { verdict, body } });
        });
    }

    /// Notes that the proxy has responded.
    pub fn answered_by_proxy(&self, head: Response<()>, body: Bytes) {
        let ended = Ended { verdict: Verdict::Skipped, body: Some(body) };
        self.change(|state| state.response = Some(Answered { head, ended }));
    }

    /// Returns the request with its decoded body, which is empty if it is not known.
    pub fn whole_request(&self, ended: &Ended) -> Request<Bytes> {
        let mut whole = Request::new(content(self.request.headers(), ended, self.gateway.settings.limits.body));
        (*whole.method_mut(), *whole.uri_mut()) = (self.request.method().clone(), self.request.uri().clone());
        *whole.headers_mut() = self.request.headers().clone();
        whole
    }

    /// Returns what was found in the request, and its body, if it has ended.
    pub fn request_so_far(&self) -> Option<Ended> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).request.clone()
    }

    fn change(&self, change: impl FnOnce(&mut State)) {
        let (request, response) = {
            let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
            change(&mut state);
            match (&state.request, &state.response) {
                (Some(_), Some(_)) => (state.request.clone(), state.response.take()),
                _ => return,
            }
        };
        if let (Some(request), Some(response)) = (request, response) {
            // Whatever fails here must not affect the exchange.
            drop(catch_unwind(AssertUnwindSafe(|| self.completed(&request, &response))));
        }
    }
}

/// Judges; a failure of the validator is not one of the message.
fn guarded(judge: impl FnOnce() -> Verdict) -> Verdict {
    catch_unwind(AssertUnwindSafe(judge)).unwrap_or(Verdict::NotChecked("the validator has panicked"))
}
