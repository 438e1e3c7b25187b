//! Drives a call independently of its types. The layers above implement [`Dispatch`] and [`Interceptor`].

use std::any::Any;
use std::fmt;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use http::StatusCode;

use super::failure::{Failure, Kind, SentRequest};
use super::options::{CallOptions, SharedOptions};
use super::response::Head;
use super::response_slot::{BoxAnswering, Read};
use crate::lock;
use crate::operation::{Operation, OperationInfo};
use crate::transport::{Sleep, TransportError, timer};

/// Sends a call. Implemented by the client, which is in a layer above.
pub(crate) trait Dispatch: Send + fmt::Debug {
    /// Returns the operation of the call, until it is sent.
    fn info(&self) -> Option<&'static OperationInfo>;

    /// Sends the request at the first poll; decodes the response into `slot` and returns the failure, if any.
    fn poll(
        &mut self,
        cx: &mut Context<'_>,
        options: &SharedOptions,
        head: &mut Head,
        slot: &mut dyn Read,
    ) -> Poll<Outcome>;
}

/// The failure of a call; `None` if a response was decoded.
pub(crate) type Outcome = Option<Box<Failure>>;

/// May respond to a call before it is sent.
pub(crate) trait Interceptor: Send {
    fn info(&self) -> &'static OperationInfo;

    /// Returns the request that the call stands for, with the number of attempts so far.
    fn request(&self) -> SentRequest;

    /// Records the size in memory, in bytes, of the input of the call.
    fn taking(&mut self, bytes: usize);

    /// Responds to the next attempt as [`Exchange::answer`] does, or returns `None` to send the call.
    fn poll(&mut self, cx: &mut Context<'_>, head: &mut Head, slot: &mut dyn Read) -> Poll<Option<Outcome>>;

    /// Records how an attempt has ended; returns true if there is to be another one.
    fn again(&mut self, failure: Option<&Failure>) -> bool;
}

/// A call without its types.
pub(crate) struct Exchange {
    options: SharedOptions,
    head: Head,
    /// What sends the call; `None` if a future of a hand-written implementation responds.
    http: Option<Box<dyn Dispatch>>,
    /// The time limit of a call to a mock, once it is known. That of other calls is with what sends them.
    limit: Option<Option<Sleep>>,
    /// The mock that the call is for.
    interceptor: Option<Box<dyn Interceptor>>,
}

impl Exchange {
    pub(crate) fn new(http: Option<Box<dyn Dispatch>>) -> Box<Exchange> {
        let (options, head) = (SharedOptions::default(), Head::default());
        Box::new(Exchange { options, head, http, limit: None, interceptor: None })
    }

    pub(crate) fn take_interceptor(&mut self) -> Option<Box<dyn Interceptor>> {
        self.interceptor.take()
    }

    pub(crate) fn set_interceptor(&mut self, interceptor: Box<dyn Interceptor>) {
        let status = interceptor.info().success_status();
        self.head.status = status.and_then(|status| StatusCode::from_u16(status).ok()).unwrap_or_default();
        self.interceptor = Some(interceptor);
    }

    pub(crate) fn taking(&mut self, bytes: usize) {
        self.interceptor.iter_mut().for_each(|interceptor| interceptor.taking(bytes));
    }

    /// Decodes a response into `slot` and returns the failure, if any: the response of a rule, of `mock`, or of a
    /// server.
    pub(crate) fn answer(
        &mut self,
        mock: &mut Option<BoxAnswering<'_>>,
        cx: &mut Context<'_>,
        slot: &mut dyn Read,
    ) -> Poll<Outcome> {
        loop {
            let answered = match (self.interrupt(cx), &mut self.interceptor) {
                (Some(failure), _) => Some(Some(failure)),
                (None, Some(interceptor)) => ready!(interceptor.poll(cx, &mut self.head, slot)),
                (None, None) => None,
            };
            let mut failure = match answered {
                Some(outcome) => outcome,
                None => match (&mut *mock, &mut self.http) {
                    (Some(mock), _) => ready!(mock(cx, slot)),
                    (None, Some(http)) => ready!(http.poll(cx, &self.options, &mut self.head, slot)),
                    (None, None) => return Poll::Pending,
                },
            };
            if let Some(failure) = &mut failure {
                self.attribute(failure);
            }
            let interceptor = self.interceptor.as_mut();
            if !interceptor.is_some_and(|interceptor| interceptor.again(failure.as_deref())) {
                return Poll::Ready(failure);
            }
            slot.received(None);
        }
    }

    /// Adds the operation to a mock's failure that lacks it, so that its message reads like that of a server.
    fn attribute(&self, failure: &mut Failure) {
        let Some(interceptor) = &self.interceptor else { return };
        failure.operation.get_or_insert(interceptor.info());
        failure.request.get_or_insert_with(|| interceptor.request());
    }

    pub(crate) fn options(&self) -> SharedOptions {
        SharedOptions::clone(&self.options)
    }

    pub(crate) fn set(&self, change: &mut dyn FnMut(&mut CallOptions)) {
        change(&mut lock(&self.options));
    }

    pub(crate) fn take_head(&mut self) -> Head {
        std::mem::take(&mut self.head)
    }

    pub(crate) fn info(&self) -> Option<&'static OperationInfo> {
        self.http.as_ref()?.info()
    }

    /// Returns the failure of a call to a mock whose options are invalid or whose time is up.
    fn interrupt(&mut self, cx: &mut Context<'_>) -> Outcome {
        if self.http.is_some() && self.interceptor.is_none() {
            return None;
        }
        if self.limit.is_none() {
            let options = lock(&self.options);
            if let Some(failure) = options.refusal(self.info()) {
                return Some(failure);
            }
            self.limit = Some(options.timeout.map(timer::sleep));
        }
        let Some(Some(sleep)) = &mut self.limit else { return None };
        if sleep.as_mut().poll(cx).is_pending() {
            return None;
        }
        let error = TransportError::timeout("the time limit of this call has passed");
        Some(Failure::new(Kind::Transport(error)))
    }
}

impl fmt::Debug for Exchange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let options = lock(&self.options);
        f.debug_struct("Exchange").field("request", &self.http).field("options", &*options).finish_non_exhaustive()
    }
}

/// The input of a call of any operation: a value of the operation's type.
pub(crate) trait Input: Any + fmt::Debug + Send + Sync {}

impl<T: Any + fmt::Debug + Send + Sync> Input for T {}

pub(crate) type SharedInput = Arc<dyn Input>;

/// An operation that can be mocked. All generated operations can.
pub trait Mockable: Operation + fmt::Debug + Send + Sync {}

impl<O: Operation + fmt::Debug + Send + Sync> Mockable for O {}

pub(crate) fn typed<O: 'static>(input: &SharedInput) -> Option<&O> {
    let any: &dyn Any = &**input;
    any.downcast_ref()
}
