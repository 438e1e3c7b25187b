//! Bodies that are passed on as they come, and copied on the way.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::{Buf, Bytes, BytesMut};
use http_body::{Body, Frame, SizeHint};

use super::layer::Settings;
use super::tally::Tally;

/// The body of a message that a [`Validate`](crate::Validate) layer has seen: what it gives is what the body within gives.
pub struct Watched<B> {
    kind: Kind<B>,
}

enum Kind<B> {
    Plain(B),
    /// Read already.
    Whole(Option<Bytes>),
    Copied(B, Copy),
}

/// What is to be done with a whole body.
type Check = Box<dyn FnOnce(&[u8]) + Send>;

struct Copy {
    /// Most bodies are one piece, which is shared and not copied.
    first: Bytes,
    rest: BytesMut,
    limit: usize,
    tally: Arc<Tally>,
    /// Taken when it is done, or when there is too much.
    check: Option<Check>,
}

impl<B> Watched<B> {
    pub(super) fn plain(body: B) -> Self {
        Watched { kind: Kind::Plain(body) }
    }

    pub(super) fn full_of(whole: Bytes) -> Self {
        Watched { kind: Kind::Whole(Some(whole).filter(|whole| !whole.is_empty())) }
    }

    pub(super) fn copied(body: B, settings: &Settings, check: Check) -> Self {
        let (first, rest, tally) = (Bytes::new(), BytesMut::new(), Arc::clone(&settings.tally));
        Watched { kind: Kind::Copied(body, Copy { first, rest, limit: settings.limit, tally, check: Some(check) }) }
    }
}

impl Copy {
    fn add(&mut self, piece: &Bytes) {
        if self.check.is_none() {
            return;
        }
        if self.first.len() + self.rest.len() + piece.len() > self.limit {
            (self.check, self.first, self.rest) = (None, Bytes::new(), BytesMut::new());
            return self.tally.unchecked("the body is larger than the limit");
        }
        if self.first.is_empty() {
            self.first = piece.clone();
        } else {
            self.rest.extend_from_slice(piece);
        }
    }

    fn end(&mut self) {
        let Some(check) = self.check.take() else { return };
        if self.rest.is_empty() {
            return check(&self.first);
        }
        let whole = [&self.first[..], &self.rest[..]].concat();
        check(&whole);
    }
}

impl Drop for Copy {
    fn drop(&mut self) {
        if self.check.is_some() {
            self.tally.unchecked("the body was not read to its end");
        }
    }
}

impl<B: Body + Unpin> Body for Watched<B> {
    type Data = Bytes;
    type Error = B::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, B::Error>>> {
        let (body, mut copy) = match &mut self.kind {
            Kind::Whole(whole) => return Poll::Ready(whole.take().map(|whole| Ok(Frame::data(whole)))),
            Kind::Plain(body) => (body, None),
            Kind::Copied(body, copy) => (body, Some(copy)),
        };
        let frame = match ready!(Pin::new(&mut *body).poll_frame(cx)) {
            Some(Ok(frame)) => frame.map_data(|mut data| data.copy_to_bytes(data.remaining())),
            Some(Err(error)) => return Poll::Ready(Some(Err(error))),
            None => {
                copy.iter_mut().for_each(|copy| copy.end());
                return Poll::Ready(None);
            }
        };
        if let Some(copy) = copy {
            frame.data_ref().into_iter().for_each(|piece| copy.add(piece));
            // Many readers do not ask again.
            if body.is_end_stream() {
                copy.end();
            }
        }
        Poll::Ready(Some(Ok(frame)))
    }

    fn is_end_stream(&self) -> bool {
        match &self.kind {
            Kind::Plain(body) | Kind::Copied(body, _) => body.is_end_stream(),
            Kind::Whole(whole) => whole.is_none(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.kind {
            Kind::Plain(body) | Kind::Copied(body, _) => body.size_hint(),
            Kind::Whole(whole) => SizeHint::with_exact(whole.as_ref().map_or(0, |whole| whole.len() as u64)),
        }
    }
}

impl<B> fmt::Debug for Watched<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Watched").finish_non_exhaustive()
    }
}
