//! Memory shared by all messages of a server.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::transport::timer;

/// The unit in which memory is counted.
const UNIT: usize = 1 << 10;

/// Bodies of responses up to this size are not counted: a socket takes them at once.
const SMALL: usize = 16 << 10;

/// A number of bytes that the bodies of all messages may occupy together. Cheap to clone; clones share it.
#[derive(Debug, Clone)]
pub struct BodyMemory(Arc<Pool>);

impl BodyMemory {
    /// Creates a memory of this many bytes, counted in KiB.
    pub fn new(bytes: usize) -> BodyMemory {
        BodyMemory(Arc::new(Pool::new(bytes)))
    }

    pub(crate) fn pool(&self) -> &Pool {
        &self.0
    }

    /// Grows a share to this many bytes; returns false, and changes nothing, if others use too much.
    pub fn grow(&self, share: &mut BodyShare, bytes: usize) -> bool {
        self.0.try_grow(&mut share.0, bytes).is_ok()
    }
}

/// A part of a [`BodyMemory`], which is free again when it is dropped.
#[derive(Debug, Default)]
pub struct BodyShare(Share);

/// A number of bytes, of which every message takes a share.
#[derive(Debug)]
pub(crate) struct Pool {
    free: Arc<Semaphore>,
    units: u32,
}

/// The share of a message in a [`Pool`], released on drop.
#[derive(Debug, Default)]
pub(crate) struct Share {
    permit: Option<OwnedSemaphorePermit>,
    units: u32,
}

#[derive(Debug)]
pub(crate) struct Full;

impl Pool {
    pub(crate) fn new(bytes: usize) -> Pool {
        let units = units(bytes).clamp(1, Semaphore::MAX_PERMITS.try_into().unwrap_or(u32::MAX));
        Pool { free: Arc::new(Semaphore::new(units as usize)), units }
    }

    /// Grows a share to `bytes`, at once or not at all. A share never exceeds the pool.
    pub(crate) fn try_grow(&self, share: &mut Share, bytes: usize) -> Result<(), Full> {
        let Some(more) = self.missing(share, bytes) else { return Ok(()) };
        share.add(Arc::clone(&self.free).try_acquire_many_owned(more).map_err(|_| Full)?, more);
        Ok(())
    }

    /// Grows a share to `bytes`, waiting for others to release enough.
    pub(crate) async fn grow(&self, share: &mut Share, bytes: usize, wait: Duration) -> Result<(), Full> {
        if self.try_grow(share, bytes).is_ok() {
            return Ok(());
        }
        let Some(more) = self.missing(share, bytes) else { return Ok(()) };
        let deadline = timer::now().checked_add(wait);
        let permit = timer::within(deadline, Arc::clone(&self.free).acquire_many_owned(more)).await;
        share.add(permit.and_then(Result::ok).ok_or(Full)?, more);
        Ok(())
    }

    /// Grows a share to `bytes` or as far as possible, for data that is already in memory. Later requests then wait.
    pub(crate) fn note(&self, share: &mut Share, bytes: usize) {
        if self.try_grow(share, bytes).is_err() {
            let rest = u32::try_from(self.free.available_permits()).unwrap_or(u32::MAX);
            let rest = rest.min(self.missing(share, bytes).unwrap_or_default());
            if let Ok(permit) = Arc::clone(&self.free).try_acquire_many_owned(rest) {
                share.add(permit, rest);
            }
        }
    }

    /// Attaches a share to a body, held until the body is sent.
    pub(crate) fn sending(&self, body: Bytes) -> Bytes {
        if body.len() <= SMALL {
            return body;
        }
        let mut share = Share::default();
        self.note(&mut share, body.len());
        share.with(body)
    }

    fn missing(&self, share: &Share, bytes: usize) -> Option<u32> {
        units(bytes).min(self.units).checked_sub(share.units).filter(|more| *more > 0)
    }
}

impl Share {
    /// Attaches this share to a body, held while any part of it exists.
    pub(crate) fn with(self, body: Bytes) -> Bytes {
        if body.is_empty() { body } else { Bytes::from_owner(Counted { body, _share: self }) }
    }

    fn add(&mut self, permit: OwnedSemaphorePermit, units: u32) {
        self.units += units;
        match &mut self.permit {
            Some(own) => own.merge(permit),
            None => self.permit = Some(permit),
        }
    }
}

struct Counted {
    body: Bytes,
    _share: Share,
}

impl AsRef<[u8]> for Counted {
    fn as_ref(&self) -> &[u8] {
        &self.body
    }
}

fn units(bytes: usize) -> u32 {
    bytes.div_ceil(UNIT).try_into().unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_end_with_their_messages() {
        let pool = Pool::new(10 * UNIT);
        let (mut first, mut second) = (Share::default(), Share::default());
        assert!(pool.try_grow(&mut first, 6 * UNIT).is_ok() && pool.try_grow(&mut first, 5).is_ok());
        assert!(pool.try_grow(&mut second, 5 * UNIT).is_err() && pool.try_grow(&mut second, 4 * UNIT).is_ok());
        drop(first);
        assert!(pool.try_grow(&mut second, usize::MAX).is_ok(), "as large as the pool");
        drop(second);
        let body = pool.sending(Bytes::from(vec![0; 100 * UNIT]));
        assert_eq!((body.len(), pool.free.available_permits()), (100 * UNIT, 0));
        let part = body.slice(5..);
        drop(body);
        assert_eq!(pool.free.available_permits(), 0);
        drop(part);
        assert_eq!(pool.free.available_permits(), 10);
    }
}
