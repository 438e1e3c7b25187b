use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use super::error::Error;
use super::failure::Failure;
use super::options::CallOptions;
use super::retry::Plan;
use crate::transport::{Sleep, timer};

/// A mock's response, created anew for each attempt from the options of the call.
pub(crate) struct Repeat<A, F> {
    answer: A,
    attempts: Attempts,
    future: Option<Pin<Box<F>>>,
}

impl<A, F> Repeat<A, F> {
    pub(crate) fn new(answer: A, options: SharedOptions) -> Self {
        Repeat { answer, attempts: Attempts::new(options), future: None }
    }
}

// The closure is never pinned; the future is boxed.
impl<A, F> Unpin for Repeat<A, F> {}

impl<A, F, T, E> Future for Repeat<A, F>
where
    A: FnMut(CallOptions) -> F,
    F: Future<Output = Result<T, Error<E>>>,
{
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        loop {
            if self.attempts.poll_wait(cx).is_pending() {
                return Poll::Pending;
            }
            let Repeat { answer, attempts, future } = &mut *self;
            let attempt = future.get_or_insert_with(|| Box::pin(answer(attempts.options())));
            let Poll::Ready(result) = attempt.as_mut().poll(cx) else { return Poll::Pending };
            match &result {
                Err(error) if attempts.again(&error.failure) => *future = None,
                _ => return Poll::Ready(result),
            }
        }
    }
}

/// The part that is independent of the types of the response.
pub(crate) struct Attempts {
    options: SharedOptions,
    plan: Option<Plan>,
    wait: Option<Sleep>,
}

impl Attempts {
    pub(crate) fn new(options: SharedOptions) -> Self {
        Attempts { options, plan: None, wait: None }
    }

    pub(crate) fn options(&self) -> CallOptions {
        self.options.lock().unwrap_or_else(PoisonError::into_inner).clone().merged()
    }

    pub(crate) fn poll_wait(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        if let Some(wait) = &mut self.wait {
            std::task::ready!(wait.as_mut().poll(cx));
            self.wait = None;
        }
        Poll::Ready(())
    }

    /// Returns true if there is to be another attempt, and starts the wait before it.
    pub(crate) fn again(&mut self, failure: &Failure) -> bool {
        let Some(policy) = self.options().retry else { return false };
        let plan = self.plan.get_or_insert_with(|| Plan::new(policy));
        let delay = failure.retry_cause().and_then(|retry_cause| plan.delay(&retry_cause));
        self.wait = delay.map(timer::sleep);
        self.wait.is_some()
    }
}

/// The options of a call, shared with its mock.
pub(crate) type SharedOptions = Arc<Mutex<CallOptions>>;

/// A future that is created at the first poll, from the options of the call at that time.
pub(crate) struct Deferred<A, F> {
    answer: Option<A>,
    options: SharedOptions,
    future: Option<Pin<Box<F>>>,
}

impl<A, F> Deferred<A, F> {
    pub(crate) fn new(answer: A, options: SharedOptions) -> Self {
        Deferred { answer: Some(answer), options, future: None }
    }
}

// The closure is moved out, never pinned; the future is boxed.
impl<A, F> Unpin for Deferred<A, F> {}

impl<A: FnOnce(CallOptions) -> F, F: Future> Future for Deferred<A, F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        if let Some(answer) = self.answer.take() {
            let options = take_options(&self.options).merged();
            self.future = Some(Box::pin(answer(options)));
        }
        match &mut self.future {
            Some(future) => future.as_mut().poll(cx),
            None => Poll::Pending,
        }
    }
}

pub(crate) fn take_options(options: &SharedOptions) -> CallOptions {
    std::mem::take(&mut *options.lock().unwrap_or_else(PoisonError::into_inner))
}
