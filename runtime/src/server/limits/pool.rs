//! Memory that all messages of a server share.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::transport::timer;

/// Memory is counted in such pieces.
const UNIT: usize = 1 << 10;

/// Answers up to this size are not counted: a socket takes as much at once.
const SMALL: usize = 16 << 10;

/// A number of bytes, of which every message has a share.
pub(crate) struct Pool {
    free: Arc<Semaphore>,
    units: u32,
}

/// What a message has of a [`Pool`], until it is dropped.
#[derive(Default)]
pub(crate) struct Share {
    permit: Option<OwnedSemaphorePermit>,
    units: u32,
}

/// A share could not grow.
#[derive(Debug)]
pub(crate) struct Full;

impl Pool {
    pub(crate) fn new(bytes: usize) -> Pool {
        let units = units(bytes).clamp(1, Semaphore::MAX_PERMITS.try_into().unwrap_or(u32::MAX));
        Pool { free: Arc::new(Semaphore::new(units as usize)), units }
    }

    /// Makes a share as large as this, at once or not at all. No share is larger than the pool.
    pub(crate) fn try_grow(&self, share: &mut Share, bytes: usize) -> Result<(), Full> {
        let Some(more) = self.missing(share, bytes) else { return Ok(()) };
        share.add(Arc::clone(&self.free).try_acquire_many_owned(more).map_err(|_| Full)?, more);
        Ok(())
    }

    /// The same, as soon as others give back enough.
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

    /// Makes a share as large as this, or as far as that is possible: for what is in memory already. Others wait then.
    pub(crate) fn note(&self, share: &mut Share, bytes: usize) {
        if self.try_grow(share, bytes).is_err() {
            let rest = u32::try_from(self.free.available_permits()).unwrap_or(u32::MAX);
            let rest = rest.min(self.missing(share, bytes).unwrap_or_default());
            if let Ok(permit) = Arc::clone(&self.free).try_acquire_many_owned(rest) {
                share.add(permit, rest);
            }
        }
    }

    /// A body that has a share until it is sent.
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
    /// A body that has this share as long as there is any part of it.
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

/// A body with the share that it has.
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

impl fmt::Debug for Pool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pool").field("units", &self.units).field("free", &self.free.available_permits()).finish()
    }
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
