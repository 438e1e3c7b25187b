//! The phase of a connection, and its time limit.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};

use http_body::{Body, Frame, SizeHint};
use hyper::rt::{Read, ReadBufCursor, Write};
use pin_project_lite::pin_project;

use crate::lock;
use crate::server::limits::ServerLimits;

pub(crate) struct Pulse {
    phase: Mutex<Phase>,
    limits: ServerLimits,
}

#[derive(Debug, Clone, Copy)]
enum Phase {
    /// Between two requests.
    Idle { since: Instant },
    /// Receiving the headers of a request.
    Head { since: Instant },
    /// Handling a request. The time for its body is limited where it is read.
    Busy,
    /// Sending the response; `complete` once its whole body was handed over.
    Answer { since: Instant, sent: usize, complete: bool },
}

impl Pulse {
    pub(crate) fn new(limits: ServerLimits) -> Arc<Pulse> {
        Arc::new(Pulse { phase: Mutex::new(Phase::Head { since: Instant::now() }), limits })
    }

    pub(crate) fn begin(&self) {
        *lock(&self.phase) = Phase::Busy;
    }

    pub(crate) fn answered(&self) {
        *lock(&self.phase) = Phase::Answer { since: Instant::now(), sent: 0, complete: false };
    }

    pub(crate) fn is_idle(&self) -> bool {
        matches!(*lock(&self.phase), Phase::Idle { .. })
    }

    /// Returns true if no complete request head has arrived yet.
    pub(crate) fn is_waiting(&self) -> bool {
        matches!(*lock(&self.phase), Phase::Idle { .. } | Phase::Head { .. })
    }

    /// Returns how long to wait before checking the connection again: zero if it has exceeded its limit, and at most
    /// the shortest of all limits, since another phase may begin at any moment.
    pub(crate) fn left(&self) -> Duration {
        let ServerLimits { head_time, idle_time, body_time, .. } = self.limits;
        let (since, limit) = match *lock(&self.phase) {
            Phase::Idle { since } => (since, idle_time),
            Phase::Head { since } => (since, head_time),
            Phase::Answer { since, sent, .. } => (since, self.limits.time_for(sent)),
            Phase::Busy => (Instant::now(), Duration::MAX),
        };
        let shortest = head_time.min(idle_time).min(body_time).max(Duration::from_millis(1));
        limit.saturating_sub(since.elapsed()).min(shortest)
    }

    fn completed(&self) {
        if let Phase::Answer { complete, .. } = &mut *lock(&self.phase) {
            *complete = true;
        }
    }

    fn read(&self) {
        let mut phase = lock(&self.phase);
        if let Phase::Idle { .. } = *phase {
            *phase = Phase::Head { since: Instant::now() };
        }
    }

    fn wrote(&self, bytes: usize) {
        if let Phase::Answer { sent, .. } = &mut *lock(&self.phase) {
            *sent += bytes;
        }
    }

    /// Records that everything was written. Before the response, that is at most `100 Continue`.
    fn flushed(&self) {
        let mut phase = lock(&self.phase);
        if matches!(*phase, Phase::Answer { sent: 1.., complete: true, .. }) {
            *phase = Phase::Idle { since: Instant::now() };
        }
    }
}

pin_project! {
    /// The body of a response, which reports its end to a [`Pulse`].
    pub(crate) struct FeltBody<B> {
        #[pin]
        body: B,
        end: End,
    }
}

/// Reports the end of a body when it is dropped, at the latest: the body of a response to `HEAD` is never read.
struct End(Arc<Pulse>);

impl Drop for End {
    fn drop(&mut self) {
        self.0.completed();
    }
}

impl<B> FeltBody<B> {
    pub(crate) fn new(body: B, pulse: Arc<Pulse>) -> FeltBody<B> {
        FeltBody { body, end: End(pulse) }
    }
}

impl<B: Body> Body for FeltBody<B> {
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<B::Data>, B::Error>>> {
        let mut this = self.project();
        let frame = ready!(this.body.as_mut().poll_frame(cx));
        if frame.is_none() || this.body.is_end_stream() {
            this.end.0.completed();
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// A stream that reports reads and writes to a [`Pulse`].
pub(crate) struct Felt<I> {
    pub(crate) io: I,
    pub(crate) pulse: Arc<Pulse>,
}

impl<I: Read + Unpin> Read for Felt<I> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: ReadBufCursor<'_>) -> Poll<io::Result<()>> {
        let result = ready!(Pin::new(&mut self.io).poll_read(cx, buffer));
        self.pulse.read();
        Poll::Ready(result)
    }
}

impl<I: Write + Unpin> Write for Felt<I> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let result = ready!(Pin::new(&mut self.io).poll_write(cx, bytes));
        self.pulse.wrote(*result.as_ref().unwrap_or(&0));
        Poll::Ready(result)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let result = ready!(Pin::new(&mut self.io).poll_write_vectored(cx, slices));
        self.pulse.wrote(*result.as_ref().unwrap_or(&0));
        Poll::Ready(result)
    }

    fn is_write_vectored(&self) -> bool {
        self.io.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let result = ready!(Pin::new(&mut self.io).poll_flush(cx));
        self.pulse.flushed();
        Poll::Ready(result)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_shutdown(cx)
    }
}
