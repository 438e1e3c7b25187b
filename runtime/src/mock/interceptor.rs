//! Applies the rules of a mock to a call.

use std::sync::{Arc, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use http::Response;

use super::journal::AnsweredBy;
use super::matcher::SharedInput;
use super::response::MockResponse;
use super::state::{Decision, MockState};
use crate::call::{
    Answer, CallOptions, Exchange, Failure, Interception, Interceptor, Kind, Plan, SentRequest, SharedOptions,
};
use crate::operation::OperationInfo;
use crate::transport::{Sleep, timer};

/// Tries the rules of a mock before the call is dispatched.
struct RuleInterceptor {
    state: Arc<MockState>,
    info: &'static OperationInfo,
    input: SharedInput,
    by: AnsweredBy,
    attempts: Attempts,
    number: usize,
    /// The size of the input in memory in bytes, if known.
    size: Option<usize>,
    stage: Stage,
    /// The interceptor of a mock that this one falls through to.
    inner: Option<Box<dyn Interceptor>>,
}

enum Stage {
    New,
    Delayed(Option<Sleep>, Option<MockResponse>),
    Rule,
    Next,
    #[cfg(feature = "testing")]
    Hang,
}

/// Makes the rules of a mock intercept a call. `by` is recorded as the source of the response if no rule matches.
pub(super) fn intercept(
    exchange: &mut Exchange,
    state: &Arc<MockState>,
    info: &'static OperationInfo,
    input: SharedInput,
    by: AnsweredBy,
) {
    let (attempts, inner) = (Attempts::new(exchange.options()), exchange.take_interceptor());
    let state = Arc::clone(state);
    exchange.set_interceptor(Box::new(RuleInterceptor {
        state,
        info,
        input,
        by,
        attempts,
        number: 0,
        size: None,
        stage: Stage::New,
        inner,
    }));
}

impl Interceptor for RuleInterceptor {
    fn taking(&mut self, bytes: usize) {
        self.size = Some(bytes);
        self.inner.iter_mut().for_each(|inner| inner.taking(bytes));
    }

    fn info(&self) -> &'static OperationInfo {
        self.info
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Interception> {
        ready!(self.attempts.poll_wait(cx));
        if let Stage::New = self.stage {
            let options = self.attempts.options();
            let (number, decision) = self.state.decide(self.info, &self.input, self.size, self.by, &options);
            self.number = number;
            self.stage = match decision {
                Decision::Respond(delay, response) => Stage::Delayed(wait(delay), Some(response)),
                Decision::Next(delay) => Stage::Delayed(wait(delay), None),
                Decision::Refused(message) => {
                    self.stage = Stage::Next;
                    return Poll::Ready(Interception::Fail(self.failure(Kind::Other(message))));
                }
            };
        }
        if let Stage::Delayed(sleep, response) = &mut self.stage {
            if let Some(sleep) = sleep {
                ready!(sleep.as_mut().poll(cx));
            }
            let response = response.take();
            self.stage = match response {
                // Only the time limit of the call ends it; that is checked before this interceptor is polled.
                #[cfg(feature = "testing")]
                Some(MockResponse::Hang) => Stage::Hang,
                Some(_) => Stage::Rule,
                None => Stage::Next,
            };
            if let Some(response) = response {
                return self.interception(response);
            }
        }
        match &mut self.stage {
            Stage::New | Stage::Delayed(..) | Stage::Next => {
                self.inner.as_mut().map_or(Poll::Ready(Interception::Next), |inner| inner.poll(cx))
            }
            Stage::Rule => Poll::Ready(Interception::Rule),
            #[cfg(feature = "testing")]
            Stage::Hang => Poll::Pending,
        }
    }

    fn again(&mut self, failure: Option<&Failure>) -> bool {
        self.state.journal().end(self.number, failure);
        let again = match (failure, &self.stage) {
            (Some(failure), Stage::Rule) => self.attempts.again(failure),
            (_, Stage::Next) => return self.inner.as_mut().is_some_and(|inner| inner.again(failure)),
            _ => false,
        };
        if again {
            self.stage = Stage::New;
        }
        again
    }
}

impl RuleInterceptor {
    fn interception(&self, response: MockResponse) -> Poll<Interception> {
        Poll::Ready(match response {
            MockResponse::Future(future) => Interception::Future(future),
            MockResponse::Fail(error) => Interception::Fail(self.failure(Kind::Transport(error))),
            #[cfg(feature = "testing")]
            MockResponse::Hang => return Poll::Pending,
            MockResponse::Respond(response) => self.respond(response),
        })
    }

    fn respond(&self, response: Response<Bytes>) -> Interception {
        let (http::response::Parts { status, headers, .. }, body) = response.into_parts();
        let Some((declared, success)) = self.info.response(status.as_u16()) else {
            let mut failure = self.failure(Kind::Status);
            failure.set_response(status, headers, body);
            return Interception::Fail(failure);
        };
        let (info, request) = (self.info, SentRequest::of_mock(self.info));
        Interception::Respond(Box::new(Answer { info, request, status, headers, body, success, declared }))
    }

    fn failure(&self, kind: Kind) -> Box<Failure> {
        let mut failure = Failure::new(kind);
        failure.operation = Some(self.info);
        failure
    }
}

fn wait(delay: Duration) -> Option<Sleep> {
    (!delay.is_zero()).then(|| timer::sleep(delay))
}

/// The attempts of a call to a mock, by the retry policy of the call.
struct Attempts {
    options: SharedOptions,
    plan: Option<Plan>,
    wait: Option<Sleep>,
}

impl Attempts {
    fn new(options: SharedOptions) -> Self {
        Attempts { options, plan: None, wait: None }
    }

    fn options(&self) -> CallOptions {
        self.options.lock().unwrap_or_else(PoisonError::into_inner).clone().merged()
    }

    fn poll_wait(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        if let Some(wait) = &mut self.wait {
            ready!(wait.as_mut().poll(cx));
            self.wait = None;
        }
        Poll::Ready(())
    }

    /// Returns true if there is another attempt, and starts the wait before it.
    fn again(&mut self, failure: &Failure) -> bool {
        let Some(policy) = self.options().retry else { return false };
        let plan = self.plan.get_or_insert_with(|| Plan::new(policy));
        let delay = failure.retry_cause().and_then(|retry_cause| plan.delay(&retry_cause));
        self.wait = delay.map(timer::sleep);
        self.wait.is_some()
    }
}
