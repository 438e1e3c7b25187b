use std::any::Any;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use super::error::Error;
use super::failure::{Failure, Kind};
use crate::json::Reader;
use crate::operation::{DeclaredError, FromResponse};
use crate::transport::BoxFuture;

/// Where a body is read to.
pub(crate) trait Read: Any {
    /// Reads a success; `false` if there is none.
    fn success(&mut self, status: u16, reader: &mut Reader<'_>) -> bool;
    /// Reads a declared error; `false` if there is none.
    fn declared(&mut self, status: u16, reader: &mut Reader<'_>) -> bool;
    /// Lets go of a declared error: something was wrong behind it.
    fn clear(&mut self);
    /// The same without a place to keep what was read.
    #[cfg(feature = "testing")]
    fn reading(&self) -> super::recorded_input::ReadBody;
}

/// The two types of an operation, in one place. Compiled for each pair that a program calls.
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
    /// The result of a call, once its body is read.
    pub(crate) fn finish(self, failure: Option<Box<Failure>>) -> Result<T, Error<E>> {
        match failure {
            Some(failure) => Err(Error { failure, declared: self.declared }),
            None => match self.success {
                Some(value) => Ok(value),
                // Only a reader that has said that there is a value leads here.
                None => Err(Error::new(Failure::new(Kind::Other("no value was read".into())))),
            },
        }
    }
}

/// A future of a mock without its types: it leaves its result in a slot of the same types.
pub(crate) trait Answering: Send {
    /// Why the call fails, if it does, once that is known.
    fn poll(&mut self, cx: &mut Context<'_>, slot: &mut dyn Read) -> Poll<Option<Box<Failure>>>;
}

/// An answer of a mock.
pub(crate) type BoxAnswering<'a> = Box<dyn Answering + 'a>;

/// The future of an answer. Compiled where a mock is made, not where it is called.
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

/// An answer that is known already.
pub(crate) fn answered<'a, T: Send + 'static, E: Send + 'static>(result: Result<T, Error<E>>) -> BoxAnswering<'a> {
    Box::new(Known(Some(result)))
}

struct Known<T, E>(Option<Result<T, Error<E>>>);

impl<T: Send + 'static, E: Send + 'static> Answering for Known<T, E> {
    fn poll(&mut self, _: &mut Context<'_>, slot: &mut dyn Read) -> Poll<Option<Box<Failure>>> {
        match self.0.take() {
            Some(result) => Poll::Ready(settle(result, slot)),
            None => Poll::Ready(Some(Failure::new(Kind::Other("the answer was taken before".into())))),
        }
    }
}

fn settle<T: 'static, E: 'static>(result: Result<T, Error<E>>, slot: &mut dyn Read) -> Option<Box<Failure>> {
    let slot: &mut dyn Any = slot;
    let Some(slot) = slot.downcast_mut::<ResponseSlot<T, E>>() else {
        return Some(Failure::new(Kind::Other("an answer of another operation".into())));
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
