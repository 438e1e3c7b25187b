//! Bodies that are forwarded and copied.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::{Buf, Bytes};
use http_body::{Body, Frame, SizeHint};

use crate::server::limits::{BodyMemory, Share, Whole};

/// A body that is passed on and copied, as those of messages that pass a
/// [`ValidationLayer`](crate::server::ValidationLayer). Yields the frames of the inner body.
pub struct TapBody<B> {
    kind: Kind<B>,
}

enum Kind<B> {
    Plain(B),
    /// A body that was read completely.
    Whole(Option<Bytes>),
    Copied(B, Copy),
}

type End = Box<dyn FnOnce(Result<Bytes, &'static str>) + Send>;

struct Copy {
    whole: Whole,
    limit: usize,
    memory: BodyMemory,
    share: Share,
    /// Taken when the body has ended or cannot be copied.
    end: Option<End>,
}

impl<B> TapBody<B> {
    /// Returns a body that is passed on, and not copied.
    pub fn plain(body: B) -> Self {
        TapBody { kind: Kind::Plain(body) }
    }

    pub(crate) fn full_of(whole: Bytes) -> Self {
        TapBody { kind: Kind::Whole(Some(whole).filter(|whole| !whole.is_empty())) }
    }

    /// Returns a body that is passed on frame by frame, and copied as long as it has at most `limit` bytes.
    ///
    /// `end` is called once: with the copy before the last frame is passed on, or with the reason why there is none: the
    /// body is too large, `memory` is used up, or the body was dropped or failed before its end. A body that is
    /// [at its end](Body::is_end_stream) already is often never read; handle it before.
    pub fn copied(
        body: B,
        limit: usize,
        memory: &BodyMemory,
        end: impl FnOnce(Result<Bytes, &'static str>) + Send + 'static,
    ) -> Self {
        let (whole, share, memory) = (Whole::default(), Share::default(), memory.clone());
        TapBody { kind: Kind::Copied(body, Copy { whole, limit, memory, share, end: Some(Box::new(end)) }) }
    }
}

impl Copy {
    fn add(&mut self, piece: &Bytes) {
        if self.end.is_none() {
            return;
        }
        let Some(held) = self.whole.held_with(piece.len(), self.limit) else {
            return self.give_up("the body is larger than the limit");
        };
        if self.memory.pool().try_grow(&mut self.share, held).is_err() {
            return self.give_up("other messages use all the memory for bodies");
        }
        self.whole.add(piece.clone(), held);
    }

    fn give_up(&mut self, why: &'static str) {
        (self.whole, self.share) = (Whole::default(), Share::default());
        if let Some(end) = self.end.take() {
            end(Err(why));
        }
    }

    fn end(&mut self) {
        if let Some(end) = self.end.take() {
            let share = std::mem::take(&mut self.share);
            end(Ok(share.with(std::mem::take(&mut self.whole).into_bytes())));
        }
    }
}

impl Drop for Copy {
    fn drop(&mut self) {
        self.give_up("the body was not read to its end");
    }
}

impl<B: Body + Unpin> Body for TapBody<B> {
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
            // Many readers do not poll again.
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

impl<B> fmt::Debug for TapBody<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TapBody").finish_non_exhaustive()
    }
}
