use std::any::Any;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use super::error::Error;
use super::failure::{Failure, Kind};
use crate::json::Reader;
use crate::operation::{DeclaredError, FromResponse};
use crate::transport::BoxFuture;

/// The place that a body is decoded into.
pub(crate) trait Read: Any {
    /// Reads a success; returns `false` if nothing was read.
    fn success(&mut self, status: u16, reader: &mut Reader<'_>) -> bool;
    /// Reads a declared error; returns `false` if nothing was read.
    fn declared(&mut self, status: u16, reader: &mut Reader<'_>) -> bool;
    /// Discards a declared error, since the rest of the body is invalid.
    fn clear(&mut self);
    /// Returns a function that reads the same types and discards the value.
    #[cfg(feature = "testing")]
    fn reading(&self) -> super::recorded_input::ReadBody;
}

/// The success and error of an operation. Compiled for each pair of types that a program calls.
pub(crate) struct ResponseSlot<T, E> {
    success: Option<T>,
    declared: Option<Box<E>>,
}

impl<T, E> Default for ResponseSlot<T, E> {
    fn default() -> Self {
        ResponseSlot { success: None, declared: None }
    }
}

impl<T: FromResponse, E: DeclaredError> Read for ResponseSlot<T, E> {
    fn success(&mut self, status: u16, reader: &mut Reader<'_>) -> bool {
        self.success = T::read(status, reader);
        self.success.is_some()
    }

    fn declared(&mut self, status: u16, reader: &mut Reader<'_>) -> bool {
        self.declared = E::read(status, reader).map(Box::new);
        self.declared.is_some()
    }

    fn clear(&mut self) {
        self.declared = None;
    }

    #[cfg(feature = "testing")]
    fn reading(&self) -> super::recorded_input::ReadBody {
        |success, status, reader| match success {
            true => T::read(status, reader).is_some(),
            false => E::read(status, reader).is_some(),
        }
    }
}

impl<T, E> ResponseSlot<T, E> {
    /// Returns the result of a call after its body was decoded.
    pub(crate) fn finish(self, failure: Option<Box<Failure>>) -> Result<T, Error<E>> {
        match failure {
            Some(failure) => Err(Error { failure, declared: self.declared }),
            None => match self.success {
                Some(value) => Ok(value),
                // Unreachable unless a reader reports success without a value.
                None => Err(Error::new(Failure::new(Kind::Other("no value was read".into())))),
            },
        }
    }
}

/// A mock's future without its types: it leaves its result in a slot of the same types.
pub(crate) trait Answering: Send {
    /// Polls the future; once it is ready, fills the slot and returns the failure, if any.
    fn poll(&mut self, cx: &mut Context<'_>, slot: &mut dyn Read) -> Poll<Option<Box<Failure>>>;
}

/// A boxed mock response.
pub(crate) type BoxAnswering<'a> = Box<dyn Answering + 'a>;

/// Boxes a future. Compiled where a mock is created, not where it is called.
pub(crate) fn answering<'a, T: 'static, E: 'static>(
    future: impl Future<Output = Result<T, Error<E>>> + Send + 'a,
) -> BoxAnswering<'a> {
    let future: BoxFuture<'a, Result<T, Error<E>>> = Box::pin(future);
    Box::new(Typed(future))
}

struct Typed<F>(Pin<Box<F>>)
where
    F: ?Sized;

impl<T: 'static, E: 'static, F: Future<Output = Result<T, Error<E>>> + Send + ?Sized> Answering for Typed<F> {
    fn poll(&mut self, cx: &mut Context<'_>, slot: &mut dyn Read) -> Poll<Option<Box<Failure>>> {
        let result = ready!(self.0.as_mut().poll(cx));
        Poll::Ready(settle(result, slot))
    }
}

/// Boxes a known result.
pub(crate) fn answered<'a, T: Send + 'static, E: Send + 'static>(result: Result<T, Error<E>>) -> BoxAnswering<'a> {
    Box::new(Known(Some(result)))
}

struct Known<T, E>(Option<Result<T, Error<E>>>);

impl<T: Send + 'static, E: Send + 'static> Answering for Known<T, E> {
    fn poll(&mut self, _: &mut Context<'_>, slot: &mut dyn Read) -> Poll<Option<Box<Failure>>> {
        match self.0.take() {
            Some(result) => Poll::Ready(settle(result, slot)),
            None => Poll::Ready(Some(Failure::new(Kind::Other("the response was taken before".into())))),
        }
    }
}

fn settle<T: 'static, E: 'static>(result: Result<T, Error<E>>, slot: &mut dyn Read) -> Option<Box<Failure>> {
    let slot: &mut dyn Any = slot;
    let Some(slot) = slot.downcast_mut::<ResponseSlot<T, E>>() else {
        return Some(Failure::new(Kind::Other("a response of another operation".into())));
    };
    match result {
        Ok(value) => {
            slot.success = Some(value);
            None
        }
        Err(error) => {
            slot.declared = error.declared;
            Some(error.failure)
        }
    }
}
