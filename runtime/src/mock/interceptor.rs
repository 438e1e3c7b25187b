//! Applies the decision of a mock to a call, and retries it.

use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Instant;

use bytes::Bytes;
use http::Response;

use super::engine::{MockCall, MockEngine};
use super::journal::AnsweredBy;
use super::response::MockResponse;
use crate::call::{
    Answer, BoxAnswering, CallOptions, Exchange, Failure, Head, Interceptor, Kind, Outcome, Plan, Read, Seen,
    SentRequest, SharedInput, SharedOptions,
};
use crate::client::request::Request;
use crate::client::{Engine, HttpClient};
use crate::lock;
use crate::operation::{OperationInfo, ResponseInfo};
use crate::transport::{Sleep, TransportError, timer};

/// Lets the engine of a mock decide before the call is sent.
struct MockInterceptor {
    engine: Arc<MockEngine>,
    call: MockCall,
    attempts: Attempts,
    /// The number of the attempt in the journal; `None` before it begins.
    number: Option<usize>,
    /// What responds to the attempt.
    by: Option<AnsweredBy>,
    stage: Stage,
    /// The interceptor of a mock that this one falls through to.
    inner: Option<Box<dyn Interceptor>>,
}

enum Stage {
    New,
    Delayed(Option<MockResponse>),
    /// The test has set up a response. It is polled if it is a future.
    Responding(Option<BoxAnswering<'static>>),
    Sent,
    #[cfg(feature = "testing")]
    Hang,
}

impl Engine for MockEngine {
    fn begin(self: Arc<Self>, client: &HttpClient, request: Request, input: SharedInput) -> Box<Exchange> {
        let info = request.info();
        let mut exchange = match &self.fall_through {
            Some(next) if !self.keeps(info) => next.exchange(request, Some(SharedInput::clone(&input))),
            _ => client.dispatch(request),
        };
        if let Some(headers) = &client.headers {
            exchange.set(&mut |options| options.carry(headers));
        }
        if let Some(reason) = &client.side_effects {
            exchange.set(&mut |options| options.side_effects = Some(Arc::clone(reason)));
        }
        let interceptor = MockInterceptor {
            engine: self,
            call: MockCall { info, input, size: None },
            attempts: Attempts::new(exchange.options()),
            number: None,
            by: None,
            stage: Stage::New,
            inner: exchange.take_interceptor(),
        };
        exchange.set_interceptor(Box::new(interceptor));
        exchange
    }
}

impl Interceptor for MockInterceptor {
    fn taking(&mut self, bytes: usize) {
        self.call.size = Some(bytes);
        self.inner.iter_mut().for_each(|inner| inner.taking(bytes));
    }

    fn info(&self) -> &'static OperationInfo {
        self.call.info
    }

    fn request(&self) -> SentRequest {
        if let (Stage::Sent, Some(inner)) = (&self.stage, &self.inner) {
            return inner.request();
        }
        let mut request = SentRequest::of_mock(self.call.info);
        request.attempts = self.attempts.count;
        request
    }

    fn poll(&mut self, cx: &mut Context<'_>, head: &mut Head, slot: &mut dyn Read) -> Poll<Option<Outcome>> {
        if let Stage::New = self.stage {
            ready!(self.attempts.poll_wait(cx));
            self.attempts.begin();
            let (number, decision) = self.engine.decide(&self.call, &self.attempts.options());
            (self.number, self.by) = (Some(number), Some(decision.by));
            self.stage = Stage::Delayed(decision.response);
            self.attempts.wait = (!decision.delay.is_zero()).then(|| timer::sleep(decision.delay));
        }
        let response = self.poll_response(cx, head, slot);
        // What a call is sent to limits its own attempts.
        if response.is_pending() && !matches!(self.stage, Stage::Sent) && self.attempts.is_over(cx) {
            let error = TransportError::timeout("the time limit of this attempt has passed");
            return Poll::Ready(Some(Some(Failure::of(Some(self.call.info), Kind::Transport(error)))));
        }
        response
    }

    fn again(&mut self, failure: Option<&Failure>) -> bool {
        let Some(number) = self.number else { return false };
        self.engine.state.journal().end(number, failure);
        let again = match (failure, &self.stage, self.by) {
            (_, Stage::Sent, _) => return self.inner.as_mut().is_some_and(|inner| inner.again(failure)),
            // Only what stands for a server is worth another attempt: a slow network, a rule and a fault.
            (Some(failure), Stage::Delayed(_), _)
            | (Some(failure), _, Some(AnsweredBy::Rule(_) | AnsweredBy::Fault)) => self.attempts.again(failure),
            _ => false,
        };
        if again {
            (self.stage, self.number) = (Stage::New, None);
        }
        again
    }
}

static NO_CONTENT: ResponseInfo = ResponseInfo::success(200).unit();

impl MockInterceptor {
    /// Applies the decision.
    fn poll_response(&mut self, cx: &mut Context<'_>, head: &mut Head, slot: &mut dyn Read) -> Poll<Option<Outcome>> {
        ready!(self.attempts.poll_wait(cx));
        if let Stage::Delayed(response) = &mut self.stage {
            self.stage = match response.take() {
                None => Stage::Sent,
                Some(MockResponse::Future(future)) => Stage::Responding(Some(future)),
                // Only a time limit ends it.
                #[cfg(feature = "testing")]
                Some(MockResponse::Hang) => Stage::Hang,
                Some(MockResponse::Fail(kind)) => {
                    self.stage = Stage::Responding(None);
                    return Poll::Ready(Some(Some(Failure::of(Some(self.call.info), kind))));
                }
                Some(MockResponse::Respond(response)) => {
                    self.stage = Stage::Responding(None);
                    return Poll::Ready(Some(self.respond(response, head, slot)));
                }
            };
        }
        match &mut self.stage {
            Stage::Responding(Some(future)) => future(cx, slot).map(Some),
            Stage::Responding(None) => Poll::Pending,
            #[cfg(feature = "testing")]
            Stage::Hang => Poll::Pending,
            Stage::New | Stage::Delayed(_) | Stage::Sent => {
                self.inner.as_mut().map_or(Poll::Ready(None), |inner| inner.poll(cx, head, slot))
            }
        }
    }

    /// Decodes a response as a client does.
    fn respond(&self, response: Response<Bytes>, head: &mut Head, slot: &mut dyn Read) -> Outcome {
        let info = self.call.info;
        // Where no success is declared, there is still an empty result.
        let none = self.by == Some(AnsweredBy::Empty) && info.success_status().is_none();
        let validation = lock(&self.attempts.options).validation.unwrap_or_default();
        match Answer::new(info, self.request(), response, none.then_some((&NO_CONTENT, true))) {
            Ok(answer) => answer.judge(validation, slot, head, &mut Seen::default()),
            Err(failure) => Some(failure),
        }
    }
}

/// The attempts of a call to a mock, by the retry policy of the call.
struct Attempts {
    options: SharedOptions,
    plan: Option<Plan>,
    /// The number of attempts so far.
    count: u32,
    /// The wait before an attempt, or before its response.
    wait: Option<Sleep>,
    /// The time limit of the attempt.
    limit: Option<Sleep>,
    /// The end of the call, if it has a time limit.
    deadline: Option<Instant>,
}

impl Attempts {
    fn new(options: SharedOptions) -> Self {
        Attempts { options, plan: None, count: 0, wait: None, limit: None, deadline: None }
    }

    fn options(&self) -> CallOptions {
        lock(&self.options).clone().merged()
    }

    fn begin(&mut self) {
        if self.count == 0 {
            let options = lock(&self.options);
            self.plan = options.retry.map(Plan::new);
            self.deadline = options.timeout.and_then(|timeout| timer::now().checked_add(timeout));
        }
        self.count += 1;
        self.limit = self.plan.as_ref().and_then(|plan| plan.policy.attempt_timeout).map(timer::sleep);
    }

    fn poll_wait(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        if let Some(wait) = &mut self.wait {
            ready!(wait.as_mut().poll(cx));
            self.wait = None;
        }
        Poll::Ready(())
    }

    /// Returns true if the time limit of the attempt has passed.
    fn is_over(&mut self, cx: &mut Context<'_>) -> bool {
        self.limit.as_mut().is_some_and(|limit| limit.as_mut().poll(cx).is_ready())
    }

    /// Returns true if there is another attempt, and starts the wait before it, which must end within the time limit of
    /// the call.
    fn again(&mut self, failure: &Failure) -> bool {
        let delay = failure.retry_cause().and_then(|retry_cause| self.plan.as_mut()?.delay(&retry_cause));
        let in_time = |delay| self.deadline.is_none_or(|end| end.saturating_duration_since(timer::now()) > delay);
        self.wait = delay.filter(|delay| in_time(*delay)).map(timer::sleep);
        self.wait.is_some()
    }
}
