use std::fmt;
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use super::error::Error;
use super::exchange::Exchange;
use super::options::{CallHeaders, ValidationPolicy};
use super::response::Response;
use super::response_slot::{BoxAnswering, ResponseSlot, answered, answering};
use super::retry::RetryPolicy;
use crate::encoding::ToParam;
use crate::operation::{DeclaredError, FromResponse, Operation, OperationInfo};

/// A call that can be awaited; before that, it takes what concerns this one call only.
///
/// It sends nothing until awaited. Awaiting gives `Result<T, Error<E>>`. Where a future is asked for, [`send`](Self::send) makes
/// it one.
#[must_use = "a call sends nothing until it is awaited"]
pub struct Call<'a, T, E> {
    exchange: Box<Exchange>,
    /// Answers in place of HTTP.
    mock: Option<BoxAnswering<'a>>,
    types: PhantomData<fn() -> (T, E)>,
}

/// The call of an operation, whose types are named by it.
pub type CallOf<'a, O> = Call<'a, <O as Operation>::Output, <O as Operation>::Error>;

impl<'a, T: 'static, E: 'static> Call<'a, T, E> {
    pub(crate) fn http(exchange: Box<Exchange>) -> Self {
        Call { exchange, mock: None, types: PhantomData }
    }

    /// A call that a future answers, for client traits implemented by hand. Headers set on it are not seen.
    pub fn from_future(future: impl Future<Output = Result<T, Error<E>>> + Send + 'a) -> Self {
        Call { exchange: Exchange::mock(None), mock: Some(answering(future)), types: PhantomData }
    }

    /// As [`from_future`](Self::from_future), for a known operation. A success has its first declared success status.
    pub fn mocked(info: &'static OperationInfo, future: impl Future<Output = Result<T, Error<E>>> + Send + 'a) -> Self {
        Call { exchange: Exchange::mock(Some(info)), mock: Some(answering(future)), types: PhantomData }
    }

    /// A call that is answered already.
    pub fn ready(result: Result<T, Error<E>>) -> Self
    where
        T: Send + 'a,
        E: Send + 'a,
    {
        Call { exchange: Exchange::mock(None), mock: Some(answered(result)), types: PhantomData }
    }

    /// Sets a header of this call, in place of one that the client or a parameter would send. A list sends the header
    /// once per element; an absent value changes nothing.
    pub fn header(self, name: &str, value: impl ToParam) -> Self {
        self.exchange.set(&mut |options| options.header(name, &value));
        self
    }

    /// Sets the time that this call may take in all: credentials, attempts, the waits between them, and the body.
    pub fn timeout(self, timeout: Duration) -> Self {
        self.exchange.set(&mut |options| options.timeout = Some(timeout));
        self
    }

    /// Sets when this call is tried again, in place of the client's policy and whatever the method: who sets it knows
    /// that the server may do twice what is asked.
    ///
    /// Of calls to mocks, only those that a rule answers can be tried again.
    pub fn retry(self, policy: RetryPolicy) -> Self {
        self.exchange.set(&mut |options| options.retry = Some(policy));
        self
    }

    /// Sends the header `Idempotency-Key`, by which the server knows a request that it has seen. The client's retry policy
    /// holds then for this call whatever its method; all attempts send the same key.
    pub fn idempotency_key(self, key: impl ToParam) -> Self {
        self.exchange.set(&mut |options| options.idempotency_key(&key));
        self
    }

    /// Sets what happens when the response breaks a rule that does not hinder decoding, in place of what the client says.
    /// `true` is [`ValidationPolicy::Reject`].
    pub fn validate(self, validation: impl Into<ValidationPolicy>) -> Self {
        let validation = validation.into();
        self.exchange.set(&mut |options| options.validation = Some(validation));
        self
    }

    /// Lets this call have side effects in production where the client
    /// [guards](crate::client::ClientBuilder::guard_side_effects) them. The reason is for whoever reads spans and reports later; a
    /// blank one allows nothing. Calls to mocks need none.
    pub fn allow_side_effects(self, reason: impl Into<Arc<str>>) -> Self {
        let reason = reason.into();
        self.exchange.set(&mut |options| options.side_effects = Some(Arc::clone(&reason)));
        self
    }

    /// Names the example that a [`Recorder`](crate::testing::Recorder) records of this call, or replays for it. Says nothing
    /// to servers, other transports and mocks.
    #[cfg(feature = "testing")]
    pub fn example(self, name: &str) -> Self {
        self.exchange.set(&mut |options| options.example = Some(name.to_owned()));
        self
    }

    /// Puts the headers of the mock client through which the call goes below its own.
    pub(crate) fn carrying(self, headers: &Arc<CallHeaders>) -> Self {
        self.exchange.set(&mut |options| options.carry(headers));
        self
    }

    /// What the call does, apart from its types.
    pub(crate) fn exchange(&mut self) -> &mut Exchange {
        &mut self.exchange
    }

    /// Says how many bytes the values that it is called with take in memory, so that the journal of a mock need not guess.
    pub(crate) fn taking(mut self, bytes: usize) -> Self {
        self.exchange.taking(bytes);
        self
    }

    /// The operation that is called, if that is known.
    pub(crate) fn info(&self) -> Option<&'static OperationInfo> {
        self.exchange.info()
    }

    /// Keeps status and headers of a success: awaiting gives `Result<Response<T>, Error<E>>`.
    pub fn with_response(self) -> ResponseFuture<'a, T, E> {
        ResponseFuture(self)
    }
}

impl<T, E> fmt::Debug for Call<'_, T, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Call").field(&self.exchange).finish()
    }
}

impl<'a, T: FromResponse, E: DeclaredError> Call<'a, T, E> {
    /// Makes the call a future, as awaiting does, for where a future is asked for: `join_all`, `select!`, `block_on`. It is
    /// `Send` and `Unpin`, and sends nothing until it is polled.
    ///
    /// It borrows the client and what was passed to the method. A task of its own, as for `tokio::spawn`, needs a clone of the
    /// client: `tokio::spawn(async move { client.users().get_by_guid(guid).await })`.
    pub fn send(self) -> CallFuture<'a, T, E> {
        CallFuture(self)
    }
}

impl<'a, T: FromResponse, E: DeclaredError> IntoFuture for Call<'a, T, E> {
    type Output = Result<T, Error<E>>;
    type IntoFuture = CallFuture<'a, T, E>;

    fn into_future(self) -> CallFuture<'a, T, E> {
        self.send()
    }
}

/// A [`Call`] under way.
#[must_use = "futures do nothing until they are awaited"]
pub struct CallFuture<'a, T, E>(Call<'a, T, E>);

/// A [`Call`] under way that gives status and headers too.
#[must_use = "futures do nothing until they are awaited"]
pub struct ResponseFuture<'a, T, E>(Call<'a, T, E>);

// All that follows is compiled once for each pair of types that a program calls. So it is polled by hand, without
// closures and with few values that must be dropped: an `async` block costs several times as much.
impl<T: FromResponse, E: DeclaredError> Future for CallFuture<'_, T, E> {
    type Output = Result<T, Error<E>>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        self.0.poll(cx)
    }
}

impl<T: FromResponse, E: DeclaredError> Future for ResponseFuture<'_, T, E> {
    type Output = Result<Response<T>, Error<E>>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        match self.0.poll(cx) {
            Poll::Pending => Poll::Pending,
            Poll::Ready(Ok(body)) => Poll::Ready(Ok(Response { head: self.0.exchange.take_head(), body })),
            Poll::Ready(Err(error)) => Poll::Ready(Err(error)),
        }
    }
}

impl<T: FromResponse, E: DeclaredError> Call<'_, T, E> {
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Result<T, Error<E>>> {
        let mut slot = ResponseSlot::default();
        let failure = ready!(self.exchange.answer(&mut self.mock, cx, &mut slot));
        Poll::Ready(slot.finish(failure))
    }
}
