//! Sending a call and judging its answer, once for all types.

use std::fmt;
use std::pin::Pin;
use std::sync::PoisonError;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode};

use super::client::HttpClient;
use super::deferred::{self, SharedOptions};
use super::failure::{Failure, Kind};
use super::operation::OperationInfo;
use super::options::CallOptions;
use super::request::Request;
use super::response::Head;
use super::slot::Read;
use super::timer::{self, Sleep};
use super::transport::TransportError;
use crate::{Mode, Reader, Violations};

/// What a call does, apart from its types.
pub(super) struct Exchange {
    options: SharedOptions,
    head: Head,
    state: State,
}

enum State {
    Planned(HttpClient, Request),
    Sent(Pin<Box<dyn Future<Output = Result<Answer, Box<Failure>>> + Send>>),
    Done,
    Mock(Option<&'static OperationInfo>, Limit),
}

/// When to stop waiting for a mock.
enum Limit {
    Unknown,
    None,
    At(Sleep),
}

impl Exchange {
    pub(super) fn http(client: HttpClient, request: Request) -> Box<Exchange> {
        Exchange::new(State::Planned(client, request), None)
    }

    /// A success of a mock has the first status that its operation declares as one.
    pub(super) fn mock(info: Option<&'static OperationInfo>) -> Box<Exchange> {
        Exchange::new(State::Mock(info, Limit::Unknown), info.and_then(OperationInfo::success_status))
    }

    fn new(state: State, status: Option<u16>) -> Box<Exchange> {
        let status = status.and_then(|status| StatusCode::from_u16(status).ok()).unwrap_or_default();
        let head = Head { status, headers: HeaderMap::new() };
        Box::new(Exchange { options: SharedOptions::default(), head, state })
    }

    pub(super) fn options(&self) -> SharedOptions {
        SharedOptions::clone(&self.options)
    }

    pub(super) fn set(&self, change: &mut dyn FnMut(&mut CallOptions)) {
        change(&mut self.options.lock().unwrap_or_else(PoisonError::into_inner));
    }

    pub(super) fn take_head(&mut self) -> Head {
        std::mem::take(&mut self.head)
    }

    /// Why a mock's answer is not to be awaited (any longer).
    pub(super) fn interrupt(&mut self, cx: &mut Context<'_>) -> Option<Box<Failure>> {
        let State::Mock(info, limit) = &mut self.state else { return None };
        if let Limit::Unknown = limit {
            let options = self.options.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(failure) = options.refusal(*info) {
                return Some(failure);
            }
            *limit = options.timeout.map_or(Limit::None, |timeout| Limit::At(timer::sleep(timeout)));
        }
        let Limit::At(sleep) = limit else { return None };
        if sleep.as_mut().poll(cx).is_pending() {
            return None;
        }
        let mut failure = Failure::new(Kind::Transport(TransportError::timeout("the time limit of this call is over")));
        failure.operation = *info;
        Some(failure)
    }

    /// Sends the request at the first poll; once there is an answer, reads it into `slot`, or says why that is an error.
    pub(super) fn poll(&mut self, cx: &mut Context<'_>, slot: &mut dyn Read) -> Poll<Option<Box<Failure>>> {
        self.state = match std::mem::replace(&mut self.state, State::Done) {
            State::Planned(client, request) => {
                State::Sent(Box::pin(send(client, request, deferred::take(&self.options))))
            }
            state => state,
        };
        let State::Sent(future) = &mut self.state else { return Poll::Pending };
        let Poll::Ready(result) = future.as_mut().poll(cx) else { return Poll::Pending };
        self.state = State::Done;
        Poll::Ready(match result {
            Ok(answer) => answer.judge(slot, &mut self.head),
            Err(failure) => Some(failure),
        })
    }
}

impl fmt::Debug for Exchange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let request = match &self.state {
            State::Planned(_, request) => Some(request),
            _ => None,
        };
        let options = self.options.lock().unwrap_or_else(PoisonError::into_inner);
        f.debug_struct("Exchange").field("request", &request).field("options", &*options).finish_non_exhaustive()
    }
}

/// A response with a declared status.
struct Answer {
    info: &'static OperationInfo,
    method: Method,
    url: String,
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
    success: bool,
    unit: bool,
}

async fn send(client: HttpClient, request: Request, options: CallOptions) -> Result<Answer, Box<Failure>> {
    let info = request.info();
    if let Some(failure) = options.refusal(Some(info)) {
        return Err(failure);
    }
    let invalid = |message| Failure::invalid(Some(info), message);
    let url = request.url(client.base_url()).map_err(invalid)?;
    let request = client.encode(request, &url, options).map_err(invalid)?;
    let method = request.method().clone();
    let response = match client.transport().send(request).await {
        Ok(response) => response,
        Err(error) => return Err(failure(Kind::Transport(error), info, method, url)),
    };
    let (parts, body) = response.into_parts();
    match info.response(parts.status.as_u16()) {
        Some((declared, success)) => Ok(Answer {
            info,
            method,
            url,
            status: parts.status,
            headers: parts.headers,
            body,
            success,
            unit: declared.unit,
        }),
        None => {
            let mut failure = failure(Kind::Status, info, method, url);
            failure.set_response(parts.status, parts.headers, body);
            Err(failure)
        }
    }
}

fn failure(kind: Kind, info: &'static OperationInfo, method: Method, url: String) -> Box<Failure> {
    let mut failure = Failure::new(kind);
    failure.operation = Some(info);
    failure.method = Some(method);
    failure.url = Some(url);
    failure
}

impl Answer {
    fn judge(self, slot: &mut dyn Read, head: &mut Head) -> Option<Box<Failure>> {
        let kind = match (self.read(slot), self.success) {
            (Ok(true), true) => {
                *head = Head { status: self.status, headers: self.headers };
                return None;
            }
            (Ok(true), false) => Kind::Declared,
            // Nothing read and nothing wrong: there is no type for this status (`Infallible`).
            (Ok(false), _) => Kind::Status,
            (Err(violations), _) => {
                slot.clear();
                Kind::Decode(violations)
            }
        };
        let mut failure = failure(kind, self.info, self.method, self.url);
        failure.set_response(self.status, self.headers, self.body);
        Some(failure)
    }

    /// Reads the body; one that says nothing is read as `null`, be it that the spec says so or that it is empty.
    fn read(&self, slot: &mut dyn Read) -> Result<bool, Violations> {
        let blank = self.body.iter().all(u8::is_ascii_whitespace);
        if self.unit || blank {
            let outcome = self.decode(b"null", slot);
            if self.unit || outcome.is_ok() {
                return outcome;
            }
        }
        self.decode(&self.body, slot)
    }

    fn decode(&self, json: &[u8], slot: &mut dyn Read) -> Result<bool, Violations> {
        // What a server adds or relaxes later must not break the clients of today.
        let mut reader = Reader::new(json, &Mode::lenient());
        let status = self.status.as_u16();
        let read = if self.success { slot.success(status, &mut reader) } else { slot.declared(status, &mut reader) };
        reader.finish().map(|()| read)
    }
}
