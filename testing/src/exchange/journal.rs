//! The latest exchanges, in memory.

use std::collections::VecDeque;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::Exchange;

/// The default number of exchanges.
const ENTRIES: usize = 1000;
/// The default memory in bytes.
const BYTES: usize = 16 << 20;

/// A ring of the latest exchanges, bounded by their number and by the memory that they take.
#[derive(Debug)]
pub struct Journal<E = Exchange> {
    most_entries: usize,
    most_bytes: usize,
    ring: Mutex<Ring<E>>,
}

/// What a [`Journal`] keeps: a record, or what a record can be made of.
pub trait JournalEntry {
    /// Returns its memory in bytes.
    fn size(&self) -> usize;
    /// Returns the ID of its operation, if it has one.
    fn operation(&self) -> Option<&str>;
    /// Returns the status of its response, if there is one.
    fn status(&self) -> Option<u16>;
    /// Returns the record.
    fn record(self: Arc<Self>) -> Arc<Exchange>;
}

impl JournalEntry for Exchange {
    fn size(&self) -> usize {
        Exchange::size(self)
    }

    fn operation(&self) -> Option<&str> {
        self.operation.as_deref()
    }

    fn status(&self) -> Option<u16> {
        Exchange::status(self)
    }

    fn record(self: Arc<Self>) -> Arc<Exchange> {
        self
    }
}

#[derive(Debug)]
struct Ring<E> {
    /// The newest is last; each with its size.
    entries: VecDeque<(Arc<E>, usize)>,
    bytes: usize,
    seen: u64,
    dropped: u64,
}

/// Which exchanges of a [`Journal`] to return.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct JournalFilter {
    /// The ID of the operation; `Some(None)` selects exchanges that fit none.
    pub operation: Option<Option<String>>,
    /// The status of the response.
    pub status: Option<u16>,
    /// The maximum number.
    pub limit: Option<usize>,
}

impl<E> Default for Ring<E> {
    fn default() -> Self {
        Ring { entries: VecDeque::new(), bytes: 0, seen: 0, dropped: 0 }
    }
}

impl<E: JournalEntry> Default for Journal<E> {
    /// Creates a journal of at most 1000 exchanges and 16 MiB.
    fn default() -> Self {
        Journal::new(ENTRIES, BYTES)
    }
}

impl<E: JournalEntry> Journal<E> {
    /// Creates a journal with these limits: the number of exchanges, and their memory in bytes.
    pub fn new(entries: usize, bytes: usize) -> Journal<E> {
        Journal { most_entries: entries, most_bytes: bytes, ring: Mutex::default() }
    }

    /// Adds an exchange. The oldest are dropped until both limits are met; an exchange that exceeds the memory on its own is
    /// dropped itself.
    pub fn push(&self, exchange: Arc<E>) {
        // The counters of the `Arc` and the slot in the ring are memory too.
        let slot = 2 * size_of::<usize>() + size_of::<(Arc<E>, usize)>();
        let size = exchange.size() + slot;
        let mut ring = self.ring();
        ring.seen += 1;
        if size > self.most_bytes || self.most_entries == 0 {
            ring.dropped += 1;
            return;
        }
        while ring.entries.len() >= self.most_entries || ring.bytes + size > self.most_bytes {
            let Some((_, oldest)) = ring.entries.pop_front() else { break };
            ring.bytes -= oldest;
            ring.dropped += 1;
        }
        ring.bytes += size;
        ring.entries.push_back((exchange, size));
    }

    /// Returns exchanges, the newest first.
    pub fn exchanges(&self, filter: &JournalFilter) -> Vec<Arc<Exchange>> {
        let ring = self.ring();
        let matching = ring.entries.iter().rev().map(|(entry, _)| entry).filter(|entry| filter.is_met(&***entry));
        let found: Vec<Arc<E>> = matching.take(filter.limit.unwrap_or(usize::MAX)).cloned().collect();
        // Records are made without the lock.
        drop(ring);
        found.into_iter().map(E::record).collect()
    }

    /// Returns `{"exchanges": […], "seen": 12, "dropped": 2}`, the newest exchange first.
    pub fn to_json(&self, filter: &JournalFilter) -> String {
        let exchanges = self.exchanges(filter);
        let mut out = r#"{"exchanges":["#.to_owned();
        for (index, exchange) in exchanges.iter().enumerate() {
            out.push_str(if index > 0 { "," } else { "" });
            exchange.write(&mut out);
        }
        // Writing to a text cannot fail.
        let _ = write!(out, r#"],"seen":{},"dropped":{}}}"#, self.seen(), self.dropped());
        out
    }

    /// Returns the number of exchanges since the journal was created or cleared.
    pub fn seen(&self) -> u64 {
        self.ring().seen
    }

    /// Returns the number of exchanges that are no longer kept.
    pub fn dropped(&self) -> u64 {
        self.ring().dropped
    }

    /// Returns the memory of the kept exchanges in bytes.
    pub fn size(&self) -> usize {
        self.ring().bytes
    }

    /// Removes all exchanges and sets the counts to zero.
    pub fn clear(&self) {
        *self.ring() = Ring::default();
    }

    /// That another thread has panicked does not matter: the ring is valid at all times.
    fn ring(&self) -> MutexGuard<'_, Ring<E>> {
        self.ring.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl JournalFilter {
    fn is_met(&self, exchange: &impl JournalEntry) -> bool {
        let operation = self.operation.as_ref().is_none_or(|wanted| wanted.as_deref() == exchange.operation());
        operation && self.status.is_none_or(|status| exchange.status() == Some(status))
    }
}
