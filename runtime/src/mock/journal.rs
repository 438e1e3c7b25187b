use std::any::{Any, TypeId};
use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;
use std::panic::Location;
use std::time::{Duration, Instant};

use http::HeaderMap;

use super::shown::Length;
use crate::call::{Failure, SharedInput, typed};
use crate::operation::OperationInfo;

/// The source of a response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum AnsweredBy {
    /// The rule that was set up at this location.
    Rule(&'static Location<'static>),
    /// A fault of the plan.
    Fault,
    /// The implementation passed to `with_…` for the resource.
    Override,
    /// The state of a stateful mock.
    State,
    /// The client passed to `fall_through`.
    FallThrough,
    /// Nothing was set up, so the result is empty.
    Empty,
    /// Nothing was set up, so the strict mock returned an error.
    Nothing,
}

/// A call that a mock has received.
#[derive(Clone)]
pub struct JournalEntry {
    info: &'static OperationInfo,
    input: SharedInput,
    headers: HeaderMap,
    by: AnsweredBy,
    started: Instant,
    duration: Option<Duration>,
    failure: Option<String>,
}

impl JournalEntry {
    pub(super) fn new(
        info: &'static OperationInfo,
        input: SharedInput,
        by: AnsweredBy,
        headers: HeaderMap,
    ) -> JournalEntry {
        JournalEntry { info, input, headers, by, started: Instant::now(), duration: None, failure: None }
    }

    /// Returns the approximate size of the entry in memory in bytes. `values` is the size of the input, if known.
    pub(super) fn size(&self, values: Option<usize>) -> usize {
        let values = values.unwrap_or_else(|| Length::of(&self.input, MAX_GUESSED).saturating_mul(BYTES_PER_CHARACTER));
        let headers = self.headers.iter().map(|(name, value)| name.as_str().len() + value.len() + HEADER);
        size_of::<JournalEntry>() + size_of_val(&*self.input) + values.saturating_add(headers.sum())
    }

    /// Returns the operation.
    pub fn operation(&self) -> &'static OperationInfo {
        self.info
    }

    /// Returns the input of the call; print it by its `Debug`.
    pub fn input(&self) -> &dyn fmt::Debug {
        &self.input
    }

    /// Returns the headers set on the call, or on the client by `with_header`.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// Returns the source of the response.
    pub fn answered_by(&self) -> AnsweredBy {
        self.by
    }

    /// Returns when the call, or this retry of it, was first polled.
    pub fn started(&self) -> Instant {
        self.started
    }

    /// Returns how long the response took; `None` while the call is pending, and if it was dropped.
    pub fn duration(&self) -> Option<Duration> {
        self.duration
    }

    /// Returns why the call failed, if it did: the status, or the kind of failure in one word.
    pub fn failure(&self) -> Option<&str> {
        self.failure.as_deref()
    }

    /// Returns the entry with its typed input, or `None` if it is a call of another operation.
    pub fn typed<O: 'static>(self) -> Option<RecordedCall<O>> {
        typed::<O>(&self.input)?;
        Some(RecordedCall { entry: self, operation: PhantomData })
    }
}

impl fmt::Debug for JournalEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Header values may be sensitive.
        let headers: Vec<_> = self.headers.keys().collect();
        f.debug_struct("JournalEntry")
            .field("operation", &self.info.id)
            .field("input", &self.input)
            .field("headers", &headers)
            .field("answered_by", &self.by)
            .field("failure", &self.failure)
            .finish_non_exhaustive()
    }
}

/// A recorded call of the operation `O`. Dereferences to its input.
pub struct RecordedCall<O> {
    entry: JournalEntry,
    operation: PhantomData<fn() -> O>,
}

impl<O> RecordedCall<O> {
    /// Returns the journal entry: headers, timing, and the source of the response.
    pub fn entry(&self) -> &JournalEntry {
        &self.entry
    }
}

impl<O: 'static> Deref for RecordedCall<O> {
    type Target = O;

    #[expect(clippy::expect_used, reason = "the only constructor checks the type")]
    fn deref(&self) -> &O {
        typed(&self.entry.input).expect("the type of the operation")
    }
}

impl<O> Clone for RecordedCall<O> {
    fn clone(&self) -> Self {
        RecordedCall { entry: self.entry.clone(), operation: PhantomData }
    }
}

impl<O> fmt::Debug for RecordedCall<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.entry.fmt(f)
    }
}

/// The estimated memory per character of an input's `Debug` text: a value of 24 bytes may print as `None, `.
const BYTES_PER_CHARACTER: usize = 4;

/// Measuring stops at this length, which exceeds the limit of every journal.
const MAX_GUESSED: usize = 1 << 30;

/// The memory of a header in addition to its name and value.
const HEADER: usize = 128;

/// The default limit of the journal in bytes.
const BYTES: usize = 32 << 20;

/// Calls in the order in which they were first polled. Only the latest are kept, but all are counted.
pub(crate) struct Journal {
    /// The entries, each with its size in bytes.
    entries: VecDeque<(JournalEntry, usize)>,
    /// The sum of the sizes.
    size: usize,
    /// The number of calls before the first kept entry, including those before a reset: call numbers stay unique.
    forgotten: usize,
    most_entries: usize,
    most_bytes: usize,
    /// The number of calls of each operation since the last reset, by the type of its input.
    counts: BTreeMap<TypeId, usize>,
}

impl Default for Journal {
    fn default() -> Self {
        let (entries, counts) = (VecDeque::new(), BTreeMap::new());
        Journal { entries, size: 0, forgotten: 0, most_entries: 10_000, most_bytes: BYTES, counts }
    }
}

impl Journal {
    /// Records a call whose entry has `size` bytes; returns its number.
    pub(super) fn begin(&mut self, entry: JournalEntry, size: usize) -> usize {
        let any: &dyn Any = &*entry.input;
        *self.counts.entry(any.type_id()).or_default() += 1;
        self.entries.push_back((entry, size));
        self.size = self.size.saturating_add(size);
        let number = self.forgotten + self.entries.len() - 1;
        self.shrink();
        number
    }

    pub(crate) fn end(&mut self, number: usize, failure: Option<&Failure>) {
        let entry = number.checked_sub(self.forgotten).and_then(|index| self.entries.get_mut(index));
        if let Some((entry, _)) = entry {
            entry.duration = Some(entry.started.elapsed());
            entry.failure = failure.map(|failure| match failure.status() {
                Some(status) => status.as_u16().to_string(),
                None => failure.kind_name().to_owned(),
            });
        }
    }

    /// Returns the number of calls since the last reset, including those no longer kept.
    pub(super) fn count(&self) -> usize {
        self.counts.values().sum()
    }

    pub(super) fn count_of<O: 'static>(&self) -> usize {
        self.counts.get(&TypeId::of::<O>()).copied().unwrap_or_default()
    }

    pub(super) fn entries(&self) -> Vec<JournalEntry> {
        self.entries.iter().map(|(entry, _)| entry.clone()).collect()
    }

    pub(super) fn set_limit(&mut self, limit: usize) {
        self.most_entries = limit;
        self.shrink();
    }

    pub(super) fn set_bytes(&mut self, bytes: usize) {
        self.most_bytes = bytes;
        self.shrink();
    }

    pub(super) fn clear(&mut self) {
        self.forgotten += self.entries.len();
        self.entries.clear();
        self.size = 0;
        self.counts.clear();
    }

    fn shrink(&mut self) {
        while self.entries.len() > self.most_entries || self.size > self.most_bytes {
            let Some((_, size)) = self.entries.pop_front() else { return };
            self.size -= size.min(self.size);
            self.forgotten += 1;
        }
    }
}
