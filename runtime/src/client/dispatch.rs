//! Sends a call of a client once it is polled, and decodes the response.

use std::fmt;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use super::http_client::HttpClient;
use super::instrument::Instrument;
use super::request::Request;
use super::send::send;
use crate::call::{
    Answer, Call, CallOf, Dispatch, Exchange, Failure, Head, Mockable, Read, Seen, SharedInput, SharedOptions,
    ValidationPolicy,
};
use crate::lock;
use crate::operation::{DeclaredError, FromResponse, Operation, OperationInfo};
use crate::transport::BoxFuture;

impl HttpClient {
    /// Creates a call that sends `request` when it is awaited.
    pub fn call<'a, O: Operation>(&'a self, request: Request) -> Call<'a, O::Output, O::Error> {
        self.send(request)
    }

    /// Creates a call as [`call`](Self::call) does, with the types inferred from the signature of the generated method.
    pub fn send<'a, T: FromResponse, E: DeclaredError>(&'a self, request: Request) -> Call<'a, T, E> {
        Call::http(self.dispatch(request))
    }

    /// Creates a call as [`send`](Self::send) does, for an operation that can be mocked. `input` returns what the
    /// request was made of, and runs only where the client belongs to a mock.
    pub fn send_as<'a, O: Mockable>(&'a self, request: Request, input: impl FnOnce() -> O) -> CallOf<'a, O> {
        // Compiled for each operation, so it only erases the type of the input.
        let input: Option<SharedInput> = if self.engine.is_some() { Some(Arc::new(input())) } else { None };
        Call::http(self.exchange(request, input))
    }

    /// Begins a call, with its input if the client belongs to a mock.
    pub(crate) fn exchange(&self, request: Request, input: Option<SharedInput>) -> Box<Exchange> {
        match (&self.engine, input) {
            (Some(engine), Some(input)) => Arc::clone(engine).begin(self, request, input),
            _ => self.dispatch(request),
        }
    }

    pub(crate) fn dispatch(&self, request: Request) -> Box<Exchange> {
        Exchange::new(Some(Box::new(HttpCall::Planned(self.clone(), request))))
    }
}

enum HttpCall {
    Planned(HttpClient, Request),
    Sent { watch: Instrument, validation: ValidationPolicy, future: BoxFuture<'static, Result<Answer, Box<Failure>>> },
    Done,
}

impl Dispatch for HttpCall {
    fn info(&self) -> Option<&'static OperationInfo> {
        match self {
            HttpCall::Planned(_, request) => Some(request.info()),
            HttpCall::Sent { .. } | HttpCall::Done => None,
        }
    }

    fn poll(
        &mut self,
        cx: &mut Context<'_>,
        options: &SharedOptions,
        head: &mut Head,
        slot: &mut dyn Read,
    ) -> Poll<Option<Box<Failure>>> {
        *self = match std::mem::replace(self, HttpCall::Done) {
            #[cfg_attr(not(feature = "testing"), expect(unused_mut, reason = "only recorders ask how it is read"))]
            HttpCall::Planned(client, mut request) => {
                let options = std::mem::take(&mut *lock(options));
                #[cfg(feature = "testing")]
                request.read_by(slot.reading(), options.example.clone());
                let watch = Instrument::new(&client, &request, client.side_effects_reason(request.info(), &options));
                let validation = options.validation.unwrap_or(client.shared.settings.validation);
                HttpCall::Sent { watch, validation, future: send(client, request, options) }
            }
            state => state,
        };
        let HttpCall::Sent { watch, validation, future } = self else { return Poll::Pending };
        let mut seen = Seen::default();
        let failure = ready!(watch.within(|| {
            future.as_mut().poll(cx).map(|outcome| match outcome {
                Ok(answer) => answer.judge(*validation, slot, head, &mut seen),
                Err(failure) => Some(failure),
            })
        }));
        watch.end(&seen, failure.as_deref());
        *self = HttpCall::Done;
        Poll::Ready(failure)
    }
}

impl fmt::Debug for HttpCall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            HttpCall::Planned(_, request) => request.fmt(f),
            HttpCall::Sent { .. } | HttpCall::Done => f.write_str("sent"),
        }
    }
}
