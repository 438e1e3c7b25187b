//! Bodies that are forwarded and copied.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::{Buf, Bytes};
use http_body::{Body, Frame, SizeHint};

use super::stats::ValidationStats;
use crate::server::limits::{Pool, Share, Whole};

/// The body of a message that passes a [`ValidationLayer`](crate::server::ValidationLayer). Yields the frames of the
/// inner body.
pub struct TapBody<B> {
    kind: Kind<B>,
}

enum Kind<B> {
    Plain(B),
    /// A body that was read completely.
    Whole(Option<Bytes>),
    Copied(B, Copy),
}

type Check = Box<dyn FnOnce(&[u8]) + Send>;

struct Copy {
    whole: Whole,
    limit: usize,
    pool: Arc<Pool>,
    share: Share,
    stats: Arc<ValidationStats>,
    /// Taken when the body was checked or is too large.
    check: Option<Check>,
}

impl<B> TapBody<B> {
    pub(crate) fn plain(body: B) -> Self {
        TapBody { kind: Kind::Plain(body) }
    }

    pub(crate) fn full_of(whole: Bytes) -> Self {
        TapBody { kind: Kind::Whole(Some(whole).filter(|whole| !whole.is_empty())) }
    }

    pub(crate) fn copied(body: B, limit: usize, pool: Arc<Pool>, stats: Arc<ValidationStats>, check: Check) -> Self {
        let (whole, share) = (Whole::default(), Share::default());
        TapBody { kind: Kind::Copied(body, Copy { whole, limit, pool, share, stats, check: Some(check) }) }
    }
}

impl Copy {
    fn add(&mut self, piece: &Bytes) {
        if self.check.is_none() {
            return;
        }
        let Some(held) = self.whole.held_with(piece.len(), self.limit) else {
            return self.give_up("the body is larger than the limit");
        };
        if self.pool.try_grow(&mut self.share, held).is_err() {
            return self.give_up("other messages take all the memory of the layer");
        }
        self.whole.add(piece.clone(), held);
    }

    fn give_up(&mut self, why: &'static str) {
        (self.check, self.whole, self.share) = (None, Whole::default(), Share::default());
        self.stats.unchecked(why);
    }

    fn end(&mut self) {
        if let Some(check) = self.check.take() {
            check(&std::mem::take(&mut self.whole).into_bytes());
            self.share = Share::default();
        }
    }
}

impl Drop for Copy {
    fn drop(&mut self) {
        if self.check.is_some() {
            self.stats.unchecked("the body was not read to its end");
        }
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
