use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use super::options::CallOptions;

/// Where a call leaves its options for a mock.
pub(super) type SharedOptions = Arc<Mutex<CallOptions>>;

/// A future that is made at the first poll, from what the caller has set until then.
pub(super) struct Deferred<A, F> {
    answer: Option<A>,
    options: SharedOptions,
    future: Option<Pin<Box<F>>>,
}

impl<A, F> Deferred<A, F> {
    pub(super) fn new(answer: A, options: SharedOptions) -> Self {
        Deferred { answer: Some(answer), options, future: None }
    }
}

// The function is moved out, never pinned; the future has a place of its own.
impl<A, F> Unpin for Deferred<A, F> {}

impl<A: FnOnce(CallOptions) -> F, F: Future> Future for Deferred<A, F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        if let Some(answer) = self.answer.take() {
            let options = take(&self.options).merged();
            self.future = Some(Box::pin(answer(options)));
        }
        match &mut self.future {
            Some(future) => future.as_mut().poll(cx),
            None => Poll::Pending,
        }
    }
}

pub(super) fn take(options: &SharedOptions) -> CallOptions {
    std::mem::take(&mut *options.lock().unwrap_or_else(PoisonError::into_inner))
}
