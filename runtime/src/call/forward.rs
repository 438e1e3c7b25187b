use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use http::HeaderMap;

use super::error::Error;
use super::exchange::Exchange;
use super::failure::Failure;
use super::response_slot::{RawBody, RawSlot, ReadBody};
use crate::operation::OperationInfo;

/// A call whose response is passed on without being decoded into its types: a server in front of a client.
pub(crate) struct Forward {
    exchange: Box<Exchange>,
    slot: RawSlot,
}

/// A success or a declared error.
pub(crate) struct Forwarded {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: RawBody,
}

impl Forward {
    /// Creates the future of a call of a client. `size` is the memory of its input in bytes; `read` knows its types.
    pub(crate) fn new(
        mut exchange: Box<Exchange>,
        info: &'static OperationInfo,
        read: ReadBody,
        size: usize,
    ) -> Forward {
        exchange.taking(size);
        Forward { exchange, slot: RawSlot::new(info, read) }
    }
}

impl Future for Forward {
    type Output = Result<Forwarded, Error<Infallible>>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let Forward { exchange, slot } = &mut *self;
        let failure = ready!(exchange.answer(&mut None, cx, slot));
        Poll::Ready(match (failure, slot.body.take()) {
            (None, Some(body)) => {
                let head = exchange.take_head();
                Ok(Forwarded { status: head.status.as_u16(), headers: head.headers, body })
            }
            (Some(failure), Some(body)) if failure.is_declared() => {
                let status = failure.status().map_or(500, |status| status.as_u16());
                Ok(Forwarded { status, headers: failure.headers().clone(), body })
            }
            (Some(failure), _) => Err(Error::new(failure)),
            (None, None) => Err(Error::new(Failure::unread())),
        })
    }
}
