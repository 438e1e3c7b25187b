//! Bodies of a mock server: complete, or broken by a fault.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};

/// The body of a response.
#[derive(Debug)]
pub struct MockBody {
    bytes: Bytes,
    /// Whether the connection breaks after the bytes.
    breaks: bool,
    /// The length that the head states, if the body breaks.
    stated: u64,
    /// Whether what comes before the break was handed over.
    is_sent: bool,
}

/// The connection breaks on purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Broken;

impl MockBody {
    pub(super) fn new(bytes: Bytes) -> MockBody {
        MockBody { bytes, breaks: false, stated: 0, is_sent: false }
    }

    /// Creates a body of `stated` bytes whose connection breaks after these.
    pub(super) fn breaking(bytes: Bytes, stated: usize) -> MockBody {
        MockBody { bytes, breaks: true, stated: stated as u64, is_sent: false }
    }
}

impl Body for MockBody {
    type Data = Bytes;
    type Error = Broken;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Broken>>> {
        let bytes = std::mem::take(&mut self.bytes);
        match (bytes.is_empty(), self.breaks) {
            (false, _) => Poll::Ready(Some(Ok(Frame::data(bytes)))),
            // An error at once would discard the head and the bytes, which are still in the connection's buffer.
            (true, true) if !self.is_sent => {
                self.is_sent = true;
                cx.waker().wake_by_ref();
                Poll::Pending
            }
            (true, true) => Poll::Ready(Some(Err(Broken))),
            (true, false) => Poll::Ready(None),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.bytes.is_empty() && !self.breaks
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(if self.breaks { self.stated } else { self.bytes.len() as u64 })
    }
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a fault of the mock server: the connection breaks")
    }
}

impl std::error::Error for Broken {}
