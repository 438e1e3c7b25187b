//! Bodies on their way through: with time limits, and read ahead where a decision needs them.

use std::collections::VecDeque;
use std::error::Error;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::{Arc, Weak};
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};

use apigen_runtime::server::{BodyMemory, BodyShare, TapBody};
use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use hyper::body::Incoming;
use tokio::time::Sleep;

use super::expect::{Gate, GateKeeper};

pub(super) type BodyError = Box<dyn Error + Send + Sync>;

/// A body that is passed on, and copied if somebody judges it.
pub(super) type PassedBody = TapBody<ReadAhead>;

const TOO_LARGE: &str = "the body is larger than the limit";

/// How long a body may take.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pace {
    /// The longest time without a frame.
    pub stall: Duration,
    /// The end of the exchange, if it has a limit.
    pub until: Option<Instant>,
}

/// A received body with time limits.
struct Paced {
    body: Incoming,
    pace: Pace,
    sleep: Option<Pin<Box<Sleep>>>,
    /// Whether `sleep` waits for the frame that is next.
    waits: bool,
    /// Closed while the server has not asked for the body.
    gate: Option<Gate>,
    alive: Arc<()>,
}

impl Paced {
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        if let Some(gate) = &mut self.gate {
            if let Err(error) = ready!(gate.poll(cx)) {
                return Poll::Ready(Some(Err(error.into())));
            }
            self.gate = None;
        }
        if let Poll::Ready(frame) = Pin::new(&mut self.body).poll_frame(cx) {
            self.waits = false;
            return Poll::Ready(frame.map(|frame| frame.map_err(Into::into)));
        }
        if !self.waits {
            let now = Instant::now();
            let end = now.checked_add(self.pace.stall).into_iter().chain(self.pace.until).min();
            let end = tokio::time::Instant::from_std(end.unwrap_or(now));
            match &mut self.sleep {
                Some(sleep) => sleep.as_mut().reset(end),
                None => self.sleep = Some(Box::pin(tokio::time::sleep_until(end))),
            }
            self.waits = true;
        }
        let Some(sleep) = &mut self.sleep else { return Poll::Pending };
        ready!(sleep.as_mut().poll(cx));
        Poll::Ready(Some(Err("the body stalled for longer than the limit".into())))
    }
}

/// A body of which a part may have been read already.
pub(super) struct ReadAhead {
    front: VecDeque<Result<Frame<Bytes>, BodyError>>,
    rest: Option<Paced>,
    /// The memory of `front`.
    share: BodyShare,
    read: usize,
    /// Whether the failure that is next was held back once.
    failing: bool,
    /// Tells the other direction when this body is gone.
    _keeper: Option<GateKeeper>,
}

impl ReadAhead {
    pub fn new(body: Incoming, pace: Pace) -> ReadAhead {
        let rest = Paced { body, pace, sleep: None, waits: false, gate: None, alive: Arc::default() };
        ReadAhead { rest: Some(rest), ..ReadAhead::full(Bytes::new()) }
    }

    /// Returns a body of these bytes.
    pub fn full(bytes: Bytes) -> ReadAhead {
        let front = (!bytes.is_empty()).then(|| Ok(Frame::data(bytes))).into_iter().collect();
        ReadAhead { front, rest: None, share: BodyShare::default(), read: 0, failing: false, _keeper: None }
    }

    /// Makes the body wait until this gate opens.
    pub fn behind(mut self, gate: Gate) -> ReadAhead {
        if let Some(rest) = &mut self.rest {
            rest.gate = Some(gate);
        }
        self
    }

    /// Keeps a gate closed until this body is dropped.
    pub fn keeping(self, keeper: Option<GateKeeper>) -> ReadAhead {
        ReadAhead { _keeper: keeper, ..self }
    }

    /// Reads until the end, and returns the whole body. What was read is passed on in any case.
    ///
    /// # Errors
    /// Returns why the body is not known: it has more than `limit` bytes, takes longer than `patience`, fails, or
    /// exceeds the memory.
    pub async fn whole(
        &mut self,
        limit: usize,
        memory: &BodyMemory,
        patience: Option<Duration>,
    ) -> Result<Bytes, &'static str> {
        if self.rest.as_ref().is_some_and(|rest| rest.body.size_hint().lower() > limit as u64) {
            return Err(TOO_LARGE);
        }
        let reading = self.read(limit, memory);
        match patience {
            Some(patience) => tokio::time::timeout(patience, reading).await.unwrap_or(Err("the body takes time"))?,
            None => reading.await?,
        }
        Ok(self.copy())
    }

    async fn read(&mut self, limit: usize, memory: &BodyMemory) -> Result<(), &'static str> {
        while let Some(rest) = &mut self.rest {
            if rest.body.is_end_stream() {
                self.rest = None;
                break;
            }
            let Some(frame) = poll_fn(|cx| rest.poll(cx)).await else {
                self.rest = None;
                break;
            };
            let failed = frame.is_err();
            self.read += frame.as_ref().ok().and_then(Frame::data_ref).map_or(0, Bytes::len);
            self.front.push_back(frame);
            if failed {
                self.rest = None;
                return Err("the body was not read to its end");
            }
            if self.read > limit {
                return Err(TOO_LARGE);
            }
            if !memory.grow(&mut self.share, self.read) {
                return Err("other messages use all the memory for bodies");
            }
        }
        Ok(())
    }

    /// Returns a reference that is alive as long as something of the received body is to come.
    pub fn alive(&self) -> Weak<()> {
        self.rest.as_ref().map_or_else(Weak::new, |rest| Arc::downgrade(&rest.alive))
    }

    fn copy(&self) -> Bytes {
        let mut pieces = self.front.iter().filter_map(|frame| frame.as_ref().ok()?.data_ref());
        match (pieces.next(), pieces.next()) {
            (None, _) => Bytes::new(),
            (Some(only), None) => only.clone(),
            (Some(first), Some(second)) => {
                let all = [first, second].into_iter().chain(pieces);
                all.fold(Vec::with_capacity(self.read), |mut all, piece| {
                    all.extend_from_slice(piece);
                    all
                })
                .into()
            }
        }
    }
}

impl Body for ReadAhead {
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        let frame = match (self.front.pop_front(), &mut self.rest) {
            (Some(frame), _) => Some(frame),
            (None, Some(rest)) => ready!(rest.poll(cx)),
            (None, None) => None,
        };
        if matches!(frame, Some(Err(_))) && !self.failing {
            // What came before is flushed first: a failure ends the connection at once.
            self.failing = true;
            self.front.extend(frame);
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.front.is_empty() && self.rest.as_ref().is_none_or(|rest| rest.body.is_end_stream())
    }

    fn size_hint(&self) -> SizeHint {
        let front: Option<u64> =
            self.front.iter().map(|frame| Some(frame.as_ref().ok()?.data_ref()?.len() as u64)).sum();
        let rest = self.rest.as_ref().map_or(SizeHint::with_exact(0), |rest| rest.body.size_hint());
        // Trailers and failures need a length that is not known.
        match (front, rest.exact()) {
            (Some(front), Some(rest)) => SizeHint::with_exact(front + rest),
            _ => SizeHint::default(),
        }
    }
}
