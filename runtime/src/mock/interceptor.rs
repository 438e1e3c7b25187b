//! Applies the decision of a mock to a call, and retries it.

use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http::Response;

use super::engine::{MockCall, MockEngine};
use super::journal::AnsweredBy;
use super::response::MockResponse;
use crate::call::{
    Answer, BoxAnswering, CallOptions, Exchange, Failure, Head, Interceptor, Outcome, Plan, Read, Seen, SentRequest,
    SharedInput, SharedOptions,
};
use crate::client::request::Request;
use crate::client::{Engine, HttpClient};
use crate::lock;
use crate::operation::{OperationInfo, ResponseInfo};
use crate::transport::{Sleep, timer};

/// Lets the engine of a mock decide before the call is sent.
struct MockInterceptor {
    engine: Arc<MockEngine>,
    call: MockCall,
    attempts: Attempts,
    /// The number of the attempt in the journal.
    number: usize,
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
        let interceptor = MockInterceptor {
            engine: self,
            call: MockCall { info, input, size: None },
            attempts: Attempts { options: exchange.options(), plan: None, wait: None },
            number: 0,
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

    fn poll(&mut self, cx: &mut Context<'_>, head: &mut Head, slot: &mut dyn Read) -> Poll<Option<Outcome>> {
        ready!(self.attempts.poll_wait(cx));
        if let Stage::New = self.stage {
            let (number, decision) = self.engine.decide(&self.call, &self.attempts.options());
            (self.number, self.by) = (number, Some(decision.by));
            self.stage = Stage::Delayed(decision.response);
            self.attempts.wait = (!decision.delay.is_zero()).then(|| timer::sleep(decision.delay));
            ready!(self.attempts.poll_wait(cx));
        }
        if let Stage::Delayed(response) = &mut self.stage {
            self.stage = match response.take() {
                None => Stage::Sent,
                Some(MockResponse::Future(future)) => Stage::Responding(Some(future)),
                // Only the time limit of the call ends it; that is checked before this interceptor is polled.
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

    fn again(&mut self, failure: Option<&Failure>) -> bool {
        self.engine.state.journal().end(self.number, failure);
        let again = match (failure, &self.stage, self.by) {
            (_, Stage::Sent, _) => return self.inner.as_mut().is_some_and(|inner| inner.again(failure)),
            // Only what stands for a server is worth another attempt.
            (Some(failure), Stage::Responding(_), Some(AnsweredBy::Rule(_) | AnsweredBy::Fault)) => {
                self.attempts.again(failure)
            }
            _ => false,
        };
        if again {
            self.stage = Stage::New;
        }
        again
    }
}

static NO_CONTENT: ResponseInfo = ResponseInfo::success(200).unit();

impl MockInterceptor {
    /// Decodes a response as a client does.
    fn respond(&self, response: Response<Bytes>, head: &mut Head, slot: &mut dyn Read) -> Outcome {
        let info = self.call.info;
        // Where no success is declared, there is still an empty result.
        let none = self.by == Some(AnsweredBy::Empty) && info.success_status().is_none();
        let validation = lock(&self.attempts.options).validation.unwrap_or_default();
        match Answer::new(info, SentRequest::of_mock(info), response, none.then_some((&NO_CONTENT, true))) {
            Ok(answer) => answer.judge(validation, slot, head, &mut Seen::default()),
            Err(failure) => Some(failure),
        }
    }
}

/// The attempts of a call to a mock, by the retry policy of the call.
struct Attempts {
    options: SharedOptions,
    plan: Option<Plan>,
    wait: Option<Sleep>,
}

impl Attempts {
    fn options(&self) -> CallOptions {
        lock(&self.options).clone().merged()
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
