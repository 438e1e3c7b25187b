use std::fmt;
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use super::error::Error;
use super::exchange::Exchange;
use super::failure::Failure;
use super::options::ValidationPolicy;
use super::response::Response;
use super::response_slot::{BoxAnswering, ResponseSlot, answered, answering};
use super::retry::RetryPolicy;
use crate::encoding::ToParam;
use crate::operation::{DeclaredError, FromResponse, Operation, OperationInfo};

/// A call: a future of `Result<T, Error<E>>` that can be configured before it is awaited.
///
/// It sends nothing until it is polled; options that are set afterwards have no effect. It borrows the client and the
/// arguments of the method, so a spawned task needs a clone of the client:
/// `tokio::spawn(async move { client.users().get_by_guid(guid).await })`.
#[must_use = "a call sends nothing until it is awaited"]
pub struct Call<'a, T, E> {
    pub(crate) exchange: Box<Exchange>,
    /// Responds in place of HTTP.
    mock: Option<BoxAnswering<'a>>,
    types: PhantomData<fn() -> (T, E)>,
}

/// The call of an operation, with the operation's types.
pub type CallOf<'a, O> = Call<'a, <O as Operation>::Output, <O as Operation>::Error>;

impl<'a, T: 'static, E: 'static> Call<'a, T, E> {
    pub(crate) fn http(exchange: Box<Exchange>) -> Self {
        Call { exchange, mock: None, types: PhantomData }
    }

    /// Creates a call from a future, for hand-written implementations of client traits. Headers set on the call are
    /// ignored.
    pub fn from_future(future: impl Future<Output = Result<T, Error<E>>> + Send + 'a) -> Self {
        Call { exchange: Exchange::new(None), mock: Some(answering(future)), types: PhantomData }
    }

    /// Creates a call with a known result.
    pub fn ready(result: Result<T, Error<E>>) -> Self
    where
        T: Send + 'a,
        E: Send + 'a,
    {
        Call { exchange: Exchange::new(None), mock: Some(answered(result)), types: PhantomData }
    }

    /// Sets a header of this call; it replaces one from the client or a parameter. A list sends the header once per
    /// element; an absent value changes nothing.
    pub fn header(self, name: &str, value: impl ToParam) -> Self {
        self.exchange.set(&mut |options| options.headers.set(name, &value));
        self
    }

    /// Limits the total time of this call: credentials, attempts, the waits between them, and the body.
    pub fn timeout(self, timeout: Duration) -> Self {
        self.exchange.set(&mut |options| options.timeout = Some(timeout));
        self
    }

    /// Sets when this call is retried, in place of the client's policy and for every method: the server may perform the
    /// operation twice.
    ///
    /// A call to a mock is retried only after the response of a rule or a fault, and after an attempt that took too long.
    pub fn retry(self, policy: RetryPolicy) -> Self {
        self.exchange.set(&mut |options| options.retry = Some(policy));
        self
    }

    /// Sends the header `Idempotency-Key`, by which the server recognizes a repeated request. The client's retry policy
    /// then applies to this call for every method; all attempts send the same key.
    pub fn idempotency_key(self, key: impl ToParam) -> Self {
        self.exchange.set(&mut |options| {
            options.headers.set("Idempotency-Key", &key);
            options.idempotent = true;
        });
        self
    }

    /// Sets how to handle a response that decodes but violates the spec, in place of the client's policy. `true` is
    /// [`ValidationPolicy::Reject`].
    pub fn validate(self, validation: impl Into<ValidationPolicy>) -> Self {
        let validation = validation.into();
        self.exchange.set(&mut |options| options.validation = Some(validation));
        self
    }

    /// Allows this call to have side effects in production where the client
    /// [guards](crate::client::ClientBuilder::guard_side_effects) them. The reason appears in spans and reports; a
    /// blank one allows nothing. Calls to mocks need none.
    pub fn allow_side_effects(self, reason: impl Into<Arc<str>>) -> Self {
        let reason = reason.into();
        self.exchange.set(&mut |options| options.side_effects = Some(Arc::clone(&reason)));
        self
    }

    /// Names the example that a [`Recorder`](crate::testing::Recorder) records of this call, or replays for it.
    /// Servers, other transports and mocks ignore it.
    #[cfg(feature = "testing")]
    pub fn example(self, name: &str) -> Self {
        self.exchange.set(&mut |options| options.example = Some(name.to_owned()));
        self
    }

    pub(crate) fn info(&self) -> Option<&'static OperationInfo> {
        self.exchange.info()
    }

    /// Keeps status and headers of a success: awaiting returns `Result<Response<T>, Error<E>>`.
    pub fn with_response(self) -> ResponseFuture<'a, T, E> {
        ResponseFuture(self)
    }
}

impl<T, E> fmt::Debug for Call<'_, T, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Call").field(&self.exchange).finish()
    }
}

/// The future of a [`Call`] that also returns status and headers.
#[must_use = "futures do nothing until they are awaited"]
pub struct ResponseFuture<'a, T, E>(Call<'a, T, E>);

// The following is compiled once for each pair of types that a program calls. It is polled by hand, without closures
// and with few values that must be dropped: an `async` block costs several times as much.
impl<T: FromResponse, E: DeclaredError> Future for Call<'_, T, E> {
    type Output = Result<T, Error<E>>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let call = self.get_mut();
        let mut slot = ResponseSlot { success: None, declared: None };
        Poll::Ready(match ready!(call.exchange.answer(&mut call.mock, cx, &mut slot)) {
            Some(failure) => Err(Error { failure, declared: slot.declared }),
            None => match slot.success {
                Some(success) => Ok(success),
                None => Err(Error { failure: Failure::unread(), declared: None }),
            },
        })
    }
}

impl<T: FromResponse, E: DeclaredError> Future for ResponseFuture<'_, T, E> {
    type Output = Result<Response<T>, Error<E>>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let result = ready!(Pin::new(&mut self.0).poll(cx));
        Poll::Ready(result.map(|body| Response { head: self.0.exchange.take_head(), body }))
    }
}
