use std::any::Any;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;

use super::error::Error;
use super::failure::{Failure, Kind};
use crate::json::Reader;
use crate::operation::{DeclaredError, FromResponse, Operation, OperationInfo, ResponseBody, ToResponse};
use crate::transport::BoxFuture;

/// The place that a body is decoded into.
pub(crate) trait Read: Any {
    /// Reads a success, else a declared error; returns `false` if nothing was read.
    fn read(&mut self, success: bool, status: u16, reader: &mut Reader<'_>) -> bool;
    /// Receives the body that was read; without one, discards what was read, since the rest of the body is invalid.
    fn received(&mut self, body: Option<&Bytes>);
    /// Returns a function that reads the same types and discards the value.
    #[cfg(feature = "testing")]
    fn reading(&self) -> ReadBody;
}

/// The success and error of an operation. Compiled for each pair of types that a program calls.
pub(crate) struct ResponseSlot<T, E> {
    pub(super) success: Option<T>,
    pub(super) declared: Option<Box<E>>,
}

impl<T: FromResponse, E: DeclaredError> Read for ResponseSlot<T, E> {
    fn read(&mut self, success: bool, status: u16, reader: &mut Reader<'_>) -> bool {
        if success {
            let Some(success) = T::read(status, reader) else { return false };
            self.success = Some(success);
        } else {
            let Some(declared) = E::read(status, reader) else { return false };
            self.declared = Some(Box::new(declared));
        }
        true
    }

    fn received(&mut self, body: Option<&Bytes>) {
        if body.is_none() {
            self.declared = None;
        }
    }

    #[cfg(feature = "testing")]
    fn reading(&self) -> ReadBody {
        read_and_drop::<T, E>
    }
}

/// Reads a success, else a declared error, and discards the value; returns `false` if nothing was read.
pub(crate) fn read_and_drop<T: FromResponse, E: DeclaredError>(
    success: bool,
    status: u16,
    reader: &mut Reader<'_>,
) -> bool {
    if success { T::read(status, reader).is_some() } else { E::read(status, reader).is_some() }
}

/// A response that is passed on in the form in which it came, as servers of a client need it.
pub(crate) struct RawSlot {
    read: ReadBody,
    info: &'static OperationInfo,
    pub(crate) body: Option<RawBody>,
}

pub(crate) enum RawBody {
    Received(Bytes),
    /// Status and body of a typed result; `None` if the operation declares no status for it.
    Written(Option<(u16, Option<ResponseBody>)>),
}

/// Reads the body of a response with this status, as a success or not; returns `false` if nothing was read.
pub(crate) type ReadBody = fn(bool, u16, &mut Reader<'_>) -> bool;

impl RawSlot {
    pub(crate) fn new(info: &'static OperationInfo, read: ReadBody) -> RawSlot {
        RawSlot { read, info, body: None }
    }
}

impl Read for RawSlot {
    fn read(&mut self, success: bool, status: u16, reader: &mut Reader<'_>) -> bool {
        (self.read)(success, status, reader)
    }

    fn received(&mut self, body: Option<&Bytes>) {
        self.body = body.cloned().map(RawBody::Received);
    }

    #[cfg(feature = "testing")]
    fn reading(&self) -> ReadBody {
        self.read
    }
}

/// Polls a mock's future without its types; once it is ready, fills a slot of the same types and returns the failure, if
/// any.
pub(crate) type BoxAnswering<'a> =
    Box<dyn FnMut(&mut Context<'_>, &mut dyn Read) -> Poll<Option<Box<Failure>>> + Send + 'a>;

/// Boxes a future. Compiled where a mock is created, not where it is called.
pub(crate) fn answering<'a, T: 'static, E: 'static>(
    future: impl Future<Output = Result<T, Error<E>>> + Send + 'a,
) -> BoxAnswering<'a> {
    typed(Box::pin(future) as BoxFuture<'a, _>, None)
}

/// Boxes a future of an operation's result, which a server can also write.
pub(crate) fn answering_for<O: Operation<Output: ToResponse, Error: ToResponse>>(
    future: impl Future<Output = Result<O::Output, Error<O::Error>>> + Send + 'static,
) -> BoxAnswering<'static> {
    typed(Box::pin(future) as BoxFuture<'static, _>, Some(write))
}

type Write<T, E> = fn(&Result<T, Error<E>>, &OperationInfo) -> Option<(u16, Option<ResponseBody>)>;

fn write<T: ToResponse, E: ToResponse>(
    result: &Result<T, Error<E>>,
    info: &OperationInfo,
) -> Option<(u16, Option<ResponseBody>)> {
    match result {
        Ok(value) => value.to_response(info),
        Err(error) => error.declared()?.to_response(info),
    }
}

fn typed<'a, T: 'static, E: 'static>(
    mut future: impl Future<Output = Result<T, Error<E>>> + Send + Unpin + 'a,
    write: Option<Write<T, E>>,
) -> BoxAnswering<'a> {
    Box::new(move |cx, slot| {
        let result = ready!(Pin::new(&mut future).poll(cx));
        let any: &mut dyn Any = slot;
        if let (Some(write), Some(raw)) = (write, any.downcast_mut::<RawSlot>()) {
            raw.body = Some(RawBody::Written(write(&result, raw.info)));
            return Poll::Ready(result.err().map(|error| error.failure));
        }
        Poll::Ready(settle(result, slot))
    })
}

pub(crate) fn answered<'a, T: Send + 'static, E: Send + 'static>(result: Result<T, Error<E>>) -> BoxAnswering<'a> {
    typed(std::future::ready(result), None)
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
