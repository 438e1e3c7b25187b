//! Sending a call and judging its answer, once for all types.

use std::fmt;
use std::sync::{Arc, PoisonError};
use std::task::{Context, Poll, ready};

use http::{HeaderMap, StatusCode};

use super::answer::{Answer, Seen};
use super::bounds::BoxFuture;
use super::client::HttpClient;
use super::deferred::{self, SharedOptions};
use super::failure::{Failure, Kind, SentRequest};
use super::guard;
use super::operation::OperationInfo;
use super::options::CallOptions;
use super::repeat::Attempts;
use super::request::Request;
use super::response::Head;
use super::send::send;
use super::slot::{BoxAnswering, Read};
use super::timer::{self, Sleep};
use super::transport::TransportError;
use super::turn::{Intercept, Turn};
use super::validation::Validation;
use super::watch::Watch;
use crate::mock::{AnsweredBy, Book, SharedInput};

/// What a call does, apart from its types.
pub(super) struct Exchange {
    options: SharedOptions,
    head: Head,
    state: State,
    /// A mock's rules, which are asked first.
    intercept: Option<Box<Intercept>>,
    /// What a rule answers.
    rule: Option<BoxAnswering<'static>>,
}

enum State {
    Planned(HttpClient, Request),
    Sent(Box<Sent>),
    Done,
    Mock(Option<&'static OperationInfo>, Limit),
}

struct Sent {
    watch: Watch,
    validation: Validation,
    future: BoxFuture<'static, Result<Answer, Box<Failure>>>,
}

/// When to stop waiting for a mock.
enum Limit {
    Unknown,
    None,
    At(Sleep),
}

impl Exchange {
    pub(super) fn http(client: HttpClient, request: Request) -> Box<Exchange> {
        Exchange::new(State::Planned(client, request), StatusCode::OK)
    }

    /// A success of a mock has the first status that its operation declares as one.
    pub(super) fn mock(info: Option<&'static OperationInfo>) -> Box<Exchange> {
        Exchange::new(State::Mock(info, Limit::Unknown), success(info))
    }

    fn new(state: State, status: StatusCode) -> Box<Exchange> {
        let head = Head { status, headers: HeaderMap::new() };
        Box::new(Exchange { options: SharedOptions::default(), head, state, intercept: None, rule: None })
    }

    /// Lets the rules of a mock look at the call first.
    pub(super) fn intercept(
        &mut self,
        book: Arc<Book>,
        info: &'static OperationInfo,
        input: SharedInput,
        by: AnsweredBy,
    ) {
        self.head.status = success(Some(info));
        let inner = self.intercept.take();
        self.intercept = Some(Box::new(Intercept::new(book, info, input, by, Attempts::new(self.options()), inner)));
    }

    /// Says how many bytes the values that the call is made with take in memory.
    pub(super) fn taking(&mut self, bytes: usize) {
        self.intercept.iter_mut().for_each(|intercept| intercept.taking(bytes));
    }

    /// Reads an answer into `slot`, or says why the call fails: the answer of a rule, of `mock`, or of a server.
    pub(super) fn answer(
        &mut self,
        mock: &mut Option<BoxAnswering<'_>>,
        cx: &mut Context<'_>,
        slot: &mut dyn Read,
    ) -> Poll<Option<Box<Failure>>> {
        loop {
            let mut failure = match ready!(self.turn(cx)) {
                Turn::Future(future) => {
                    self.rule = Some(future);
                    continue;
                }
                Turn::Rule => match &mut self.rule {
                    Some(rule) => ready!(rule.poll(cx, slot)),
                    None => Some(Failure::new(Kind::Other("a rule without an answer".into()))),
                },
                Turn::Next => match mock {
                    Some(mock) => ready!(mock.poll(cx, slot)),
                    None => ready!(self.poll(cx, slot)),
                },
                Turn::Respond(answer) => self.judge(*answer, slot),
                Turn::Fail(failure) => Some(failure),
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
        let Some(info) = self.intercept.as_ref().map(|intercept| intercept.info()).or_else(|| self.info()) else {
            return;
        };
        failure.operation.get_or_insert(info);
        failure.request.get_or_insert_with(|| SentRequest::of_mock(info));
    }

    /// Who answers the call now.
    fn turn(&mut self, cx: &mut Context<'_>) -> Poll<Turn> {
        if let Some(failure) = self.interrupt(cx) {
            return Poll::Ready(Turn::Fail(failure));
        }
        self.intercept.as_mut().map_or(Poll::Ready(Turn::Next), |intercept| intercept.poll(cx))
    }

    /// Whether there is to be another attempt, now that one has ended.
    fn again(&mut self, failure: Option<&Failure>) -> bool {
        self.intercept.as_mut().is_some_and(|intercept| intercept.again(failure))
    }

    /// Reads the response of a rule.
    fn judge(&mut self, answer: Answer, slot: &mut dyn Read) -> Option<Box<Failure>> {
        let validation = self.options.lock().unwrap_or_else(PoisonError::into_inner).validation;
        answer.judge(validation.unwrap_or_default(), slot, &mut self.head, &mut Seen::default())
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

    /// The operation, if that is known.
    pub(super) fn info(&self) -> Option<&'static OperationInfo> {
        match &self.state {
            State::Planned(_, request) => Some(request.info()),
            State::Mock(info, _) => *info,
            _ => None,
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

    /// Sends the request at the first poll; once there is an answer, reads it into `slot`, or says why that is an error.
    fn poll(&mut self, cx: &mut Context<'_>, slot: &mut dyn Read) -> Poll<Option<Box<Failure>>> {
        self.state = match std::mem::replace(&mut self.state, State::Done) {
            #[cfg_attr(not(feature = "testing"), expect(unused_mut, reason = "only recorders ask how it is read"))]
            State::Planned(client, mut request) => {
                let options = deferred::take(&self.options);
                #[cfg(feature = "testing")]
                request.read_by(slot.reading(), options.example.clone());
                State::Sent(Sent::new(client, request, options))
            }
            state => state,
        };
        let State::Sent(sent) = &mut self.state else { return Poll::Pending };
        let Sent { watch, validation, future } = &mut **sent;
        let (mut seen, head) = (Seen::default(), &mut self.head);
        let polled = watch.within(|| match future.as_mut().poll(cx) {
            Poll::Pending => Poll::Pending,
            Poll::Ready(Ok(answer)) => Poll::Ready(answer.judge(*validation, slot, head, &mut seen)),
            Poll::Ready(Err(failure)) => Poll::Ready(Some(failure)),
        });
        let Poll::Ready(failure) = polled else { return Poll::Pending };
        watch.end(&seen, failure.as_deref());
        self.state = State::Done;
        Poll::Ready(failure)
    }
}

/// The first status that the operation declares as a success, if that is known.
fn success(info: Option<&'static OperationInfo>) -> StatusCode {
    let status = info.and_then(OperationInfo::success_status);
    status.and_then(|status| StatusCode::from_u16(status).ok()).unwrap_or_default()
}

impl Sent {
    fn new(client: HttpClient, request: Request, options: CallOptions) -> Box<Sent> {
        let watch = Watch::new(&client, &request, guard::reason(&client, request.info(), &options));
        let validation = options.validation.unwrap_or(client.validation());
        Box::new(Sent { watch, validation, future: send(client, request, options) })
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
