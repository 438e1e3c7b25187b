//! Runs a call and judges its answer, once for all types. [`Dispatch`] and [`Interceptor`] are what the layers above implement.

use std::fmt;
use std::sync::PoisonError;
use std::task::{Context, Poll, ready};

use http::{HeaderMap, StatusCode};

use super::answer::{Answer, Seen};
use super::failure::{Failure, Kind, SentRequest};
use super::options::{CallOptions, SharedOptions};
use super::response::Head;
use super::response_slot::{BoxAnswering, Read};
use crate::operation::OperationInfo;
use crate::transport::{Sleep, TransportError, timer};

/// What sends a call that nobody else answers: a client, which is above this layer.
pub(crate) trait Dispatch: Send + fmt::Debug {
    /// The operation of the call, until it is sent.
    fn info(&self) -> Option<&'static OperationInfo>;

    /// Sends the request at the first poll; once there is a response, reads it into `slot`, or says why that is an error.
    fn poll(
        &mut self,
        cx: &mut Context<'_>,
        options: &SharedOptions,
        head: &mut Head,
        slot: &mut dyn Read,
    ) -> Poll<Option<Box<Failure>>>;
}

/// Who answers.
pub(crate) enum Interception {
    /// What stands behind the rules, if there are any.
    Next,
    /// The future that was made last.
    Rule,
    /// This future.
    Future(BoxAnswering<'static>),
    /// This response.
    Respond(Box<Answer>),
    /// Nobody.
    Fail(Box<Failure>),
}

/// What looks at a call before anything else answers it.
pub(crate) trait Interceptor: Send {
    /// The operation of the call.
    fn info(&self) -> &'static OperationInfo;

    /// Is told how many bytes the input of the call takes in memory.
    fn taking(&mut self, bytes: usize);

    /// Decides who answers the next attempt.
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Interception>;

    /// Is told how an attempt has ended; returns whether there is to be another one.
    fn again(&mut self, failure: Option<&Failure>) -> bool;
}

/// What a call does, apart from its types.
pub(crate) struct Exchange {
    options: SharedOptions,
    head: Head,
    state: State,
    /// A mock's rules, which are asked first.
    interceptor: Option<Box<dyn Interceptor>>,
    /// What a rule answers.
    rule: Option<BoxAnswering<'static>>,
}

enum State {
    Http(Box<dyn Dispatch>),
    Mock(Option<&'static OperationInfo>, Limit),
}

/// When to stop waiting for a mock.
enum Limit {
    Unknown,
    None,
    At(Sleep),
}

impl Exchange {
    pub(crate) fn http(dispatch: Box<dyn Dispatch>) -> Box<Exchange> {
        Exchange::new(State::Http(dispatch), StatusCode::OK)
    }

    /// A success of a mock has the first status that its operation declares as one.
    pub(crate) fn mock(info: Option<&'static OperationInfo>) -> Box<Exchange> {
        Exchange::new(State::Mock(info, Limit::Unknown), success(info))
    }

    fn new(state: State, status: StatusCode) -> Box<Exchange> {
        let head = Head { status, headers: HeaderMap::new() };
        Box::new(Exchange { options: SharedOptions::default(), head, state, interceptor: None, rule: None })
    }

    /// Takes out what looks at the call first, for another one that goes before it.
    pub(crate) fn take_interceptor(&mut self) -> Option<Box<dyn Interceptor>> {
        self.interceptor.take()
    }

    /// Lets the rules of a mock look at the call first.
    pub(crate) fn set_interceptor(&mut self, interceptor: Box<dyn Interceptor>) {
        self.head.status = success(Some(interceptor.info()));
        self.interceptor = Some(interceptor);
    }

    /// Says how many bytes the values that the call is made with take in memory.
    pub(crate) fn taking(&mut self, bytes: usize) {
        self.interceptor.iter_mut().for_each(|interceptor| interceptor.taking(bytes));
    }

    /// Reads an answer into `slot`, or says why the call fails: the answer of a rule, of `mock`, or of a server.
    pub(crate) fn answer(
        &mut self,
        mock: &mut Option<BoxAnswering<'_>>,
        cx: &mut Context<'_>,
        slot: &mut dyn Read,
    ) -> Poll<Option<Box<Failure>>> {
        loop {
            let mut failure = match ready!(self.poll_interceptor(cx)) {
                Interception::Future(future) => {
                    self.rule = Some(future);
                    continue;
                }
                Interception::Rule => match &mut self.rule {
                    Some(rule) => ready!(rule.poll(cx, slot)),
                    None => Some(Failure::new(Kind::Other("a rule without an answer".into()))),
                },
                Interception::Next => match mock {
                    Some(mock) => ready!(mock.poll(cx, slot)),
                    None => ready!(self.poll(cx, slot)),
                },
                Interception::Respond(answer) => self.judge(*answer, slot),
                Interception::Fail(failure) => Some(failure),
            };
            if let Some(failure) = &mut failure {
                self.attribute(failure);
            }
            if !self.again(failure.as_deref()) {
                return Poll::Ready(failure);
            }
            slot.clear();
        }
    }

    /// Says which operation has failed, where a mock's answer does not: so that errors read as those of a server.
    fn attribute(&self, failure: &mut Failure) {
        let Some(info) = self.interceptor.as_ref().map(|interceptor| interceptor.info()).or_else(|| self.info()) else {
            return;
        };
        failure.operation.get_or_insert(info);
        failure.request.get_or_insert_with(|| SentRequest::of_mock(info));
    }

    /// Decides who answers the call now.
    fn poll_interceptor(&mut self, cx: &mut Context<'_>) -> Poll<Interception> {
        if let Some(failure) = self.interrupt(cx) {
            return Poll::Ready(Interception::Fail(failure));
        }
        self.interceptor.as_mut().map_or(Poll::Ready(Interception::Next), |interceptor| interceptor.poll(cx))
    }

    /// Whether there is to be another attempt, now that one has ended.
    fn again(&mut self, failure: Option<&Failure>) -> bool {
        self.interceptor.as_mut().is_some_and(|interceptor| interceptor.again(failure))
    }

    /// Reads the response of a rule.
    fn judge(&mut self, answer: Answer, slot: &mut dyn Read) -> Option<Box<Failure>> {
        let validation = self.options.lock().unwrap_or_else(PoisonError::into_inner).validation;
        answer.judge(validation.unwrap_or_default(), slot, &mut self.head, &mut Seen::default())
    }

    pub(crate) fn options(&self) -> SharedOptions {
        SharedOptions::clone(&self.options)
    }

    pub(crate) fn set(&self, change: &mut dyn FnMut(&mut CallOptions)) {
        change(&mut self.options.lock().unwrap_or_else(PoisonError::into_inner));
    }

    pub(crate) fn take_head(&mut self) -> Head {
        std::mem::take(&mut self.head)
    }

    /// The operation, if that is known.
    pub(crate) fn info(&self) -> Option<&'static OperationInfo> {
        match &self.state {
            State::Http(dispatch) => dispatch.info(),
            State::Mock(info, _) => *info,
        }
    }

    /// Why a mock's answer is not to be awaited (any longer).
    fn interrupt(&mut self, cx: &mut Context<'_>) -> Option<Box<Failure>> {
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

    /// Sends the request and waits for its response.
    fn poll(&mut self, cx: &mut Context<'_>, slot: &mut dyn Read) -> Poll<Option<Box<Failure>>> {
        match &mut self.state {
            State::Http(dispatch) => dispatch.poll(cx, &self.options, &mut self.head, slot),
            State::Mock(..) => Poll::Pending,
        }
    }
}

/// The first status that the operation declares as a success, if that is known.
fn success(info: Option<&'static OperationInfo>) -> StatusCode {
    let status = info.and_then(OperationInfo::success_status);
    status.and_then(|status| StatusCode::from_u16(status).ok()).unwrap_or_default()
}

impl fmt::Debug for Exchange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let request = match &self.state {
            State::Http(dispatch) => Some(dispatch),
            State::Mock(..) => None,
        };
        let options = self.options.lock().unwrap_or_else(PoisonError::into_inner);
        f.debug_struct("Exchange").field("request", &request).field("options", &*options).finish_non_exhaustive()
    }
}
