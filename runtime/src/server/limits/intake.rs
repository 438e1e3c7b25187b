//! Receives request bodies within limits of size, memory and time.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::task::{Poll, ready};
use std::time::Instant;

use bytes::{Buf, Bytes};
use http_body::{Body, Frame};

use super::ServerLimits;
use super::pool::{BodyMemory, Full, Share};
use crate::json::counted;
use crate::server::response::{BoxError, RawResponse};
use crate::transport::{Sleep, timer};

/// The minimum number of bytes to read of a body that is too large.
const DISCARDED: usize = 16 << 20;

#[derive(Clone)]
pub(crate) struct Intake {
    pub(crate) limits: ServerLimits,
    pub(crate) memory: BodyMemory,
}

/// Why a request was refused before it was decoded.
#[derive(Debug)]
pub(crate) enum Refused {
    /// The body is larger than this number of bytes.
    TooLarge(usize),
    /// The body arrived too slowly.
    TooSlow,
    /// Other requests use all the memory.
    Full,
    /// Reading the body failed.
    Broken(BoxError),
}

impl Intake {
    pub(crate) fn new(limits: ServerLimits) -> Intake {
        Intake { limits, memory: BodyMemory::new(limits.memory) }
    }

    /// Receives a body of at most `limit` bytes. A refused body is read further for a while; otherwise many clients
    /// would see a broken connection instead of the response.
    pub(crate) async fn receive<B>(&self, body: B, limit: usize) -> Result<(Bytes, Share), Refused>
    where
        B: Body<Error: Into<BoxError>>,
    {
        let mut share = Share::default();
        let entered = self.memory.pool().grow(&mut share, 1, self.limits.wait).await.map_err(|Full| Refused::Full);
        if body.is_end_stream() {
            return entered.map(|()| (Bytes::new(), share));
        }
        let (mut body, mut pace) = (pin!(body), Pace::new(self.limits));
        let whole = match entered {
            Ok(()) => self.gather(body.as_mut(), limit, &mut share, &mut pace).await,
            Err(refused) => Err(refused),
        };
        match whole {
            Ok(whole) => Ok((whole, share)),
            Err(refused) => {
                drop(share);
                if let Refused::TooLarge(_) | Refused::Full = refused {
                    let most = DISCARDED.max(limit.saturating_mul(2));
                    while pace.received <= most && matches!(pace.next(body.as_mut()).await, Ok(Some(_))) {}
                }
                Err(refused)
            }
        }
    }

    async fn gather<B>(
        &self,
        mut body: Pin<&mut B>,
        limit: usize,
        share: &mut Share,
        pace: &mut Pace,
    ) -> Result<Bytes, Refused>
    where
        B: Body<Error: Into<BoxError>>,
    {
        if body.size_hint().lower() > limit as u64 {
            return Err(Refused::TooLarge(limit));
        }
        let mut whole = Whole::default();
        while let Some(frame) = pace.next(body.as_mut()).await? {
            let Ok(mut data) = frame.into_data() else { continue };
            let size = data.remaining();
            let held = whole.held_with(size, limit).ok_or(Refused::TooLarge(limit))?;
            self.memory.pool().grow(share, held, self.limits.wait).await.map_err(|Full| Refused::Full)?;
            whole.add(data.copy_to_bytes(size), held);
        }
        Ok(whole.into_bytes())
    }
}

impl Refused {
    pub(crate) fn written(&self) -> RawResponse {
        match self {
            Refused::TooLarge(limit) => {
                let limit = counted(limit, "bytes");
                RawResponse::error(413, &format!("the body of the request is larger than {limit}"))
            }
            Refused::TooSlow => RawResponse::error(408, "the body of the request comes too slowly"),
            Refused::Full => RawResponse::busy(),
            Refused::Broken(error) => {
                RawResponse::error(400, &format!("the body of the request cannot be read: {error}"))
            }
        }
    }
}

struct Pace {
    limits: ServerLimits,
    begin: Instant,
    received: usize,
    /// A timer that fires at or before the deadline. Created at the first wait.
    sleep: Option<Sleep>,
}

impl Pace {
    fn new(limits: ServerLimits) -> Pace {
        Pace { limits, begin: timer::now(), received: 0, sleep: None }
    }

    /// Returns the next frame, or an error if it is too late.
    async fn next<B>(&mut self, mut body: Pin<&mut B>) -> Result<Option<Frame<B::Data>>, Refused>
    where
        B: Body<Error: Into<BoxError>>,
    {
        let frame = poll_fn(|cx| {
            if let Poll::Ready(frame) = body.as_mut().poll_frame(cx) {
                return Poll::Ready(frame.transpose().map_err(|error| Refused::Broken(error.into())));
            }
            loop {
                let left = self.limits.time_for(self.received).saturating_sub(timer::now() - self.begin);
                if left.is_zero() {
                    return Poll::Ready(Err(Refused::TooSlow));
                }
                ready!(self.sleep.get_or_insert_with(|| timer::sleep(left)).as_mut().poll(cx));
                self.sleep = None;
            }
        });
        let frame = frame.await?;
        if let Some(frame) = &frame {
            self.received += frame.data_ref().map_or(0, Buf::remaining);
        }
        Ok(frame)
    }
}

/// A body assembled from pieces.
#[derive(Default)]
pub(crate) struct Whole {
    /// Most bodies are one piece, which is shared and not copied.
    first: Bytes,
    rest: Vec<u8>,
}

impl Whole {
    /// Returns the memory in bytes that the body takes with `more` bytes; `None` if it would exceed `limit`.
    pub(crate) fn held_with(&self, more: usize, limit: usize) -> Option<usize> {
        let before = self.first.len() + self.rest.len();
        let size = before.checked_add(more).filter(|size| *size <= limit)?;
        Some(if before == 0 || size <= self.rest.capacity() {
            size.max(self.rest.capacity())
        } else {
            (2 * size).min(limit)
        })
    }

    /// Adds a piece; `held` is the new size in memory.
    pub(crate) fn add(&mut self, piece: Bytes, held: usize) {
        if self.first.is_empty() && self.rest.is_empty() {
            self.first = piece;
            return;
        }
        self.rest.reserve_exact(held.saturating_sub(self.rest.len()));
        self.rest.extend_from_slice(&std::mem::take(&mut self.first));
        self.rest.extend_from_slice(&piece);
    }

    pub(crate) fn into_bytes(self) -> Bytes {
        if self.rest.is_empty() { self.first } else { self.rest.into() }
    }
}
