use std::any::{Any, TypeId};
use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;
use std::panic::Location;
use std::time::{Duration, Instant};

use http::HeaderMap;

use super::matcher::{SharedInput, typed};
use super::shown::Length;
use crate::call::Failure;
use crate::operation::OperationInfo;

/// What answered a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum AnsweredBy {
    /// The rule that was set at this place.
    Rule(&'static Location<'static>),
    /// Nothing: a fault came first.
    Fault,
    /// What `with_…` gave for the resource.
    Override,
    /// What a stateful mock keeps.
    State,
    /// The client given to `fall_through`.
    FallThrough,
    /// Nothing was set up: the answer is empty.
    Empty,
    /// Nothing was set up, which the mock makes an error.
    Nothing,
}

/// A call that a mock was asked to answer.
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

    /// About how many bytes it takes in memory, if the values of its input take so many.
    pub(super) fn size(&self, values: Option<usize>) -> usize {
        let values =
            values.unwrap_or_else(|| Length::of(&self.input, MOST_GUESSED).saturating_mul(BYTES_PER_CHARACTER));
        let headers = self.headers.iter().map(|(name, value)| name.as_str().len() + value.len() + HEADER);
        size_of::<JournalEntry>() + size_of_val(&*self.input) + values.saturating_add(headers.sum())
    }

    /// The operation.
    pub fn operation(&self) -> &'static OperationInfo {
        self.info
    }

    /// What it was called with; its `Debug` shows it.
    pub fn input(&self) -> &dyn fmt::Debug {
        &self.input
    }

    /// The headers that were set on the call, or by `with_header` on the client.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// What answered.
    pub fn answered_by(&self) -> AnsweredBy {
        self.by
    }

    /// When it was awaited.
    pub fn started(&self) -> Instant {
        self.started
    }

    /// How long the answer took; `None` as long as there is none, or if nobody waited for it.
    pub fn duration(&self) -> Option<Duration> {
        self.duration
    }

    /// Why it failed, if it did: status, or what went wrong, in one word.
    pub fn failure(&self) -> Option<&str> {
        self.failure.as_deref()
    }

    /// The same for a known operation; `None` if it is another one.
    pub fn typed<O: 'static>(self) -> Option<RecordedCall<O>> {
        typed::<O>(&self.input)?;
        Some(RecordedCall { entry: self, operation: PhantomData })
    }
}

impl fmt::Debug for JournalEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Values of headers may be secrets.
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

/// A call of the operation `O`: dereferences to what it was called with.
pub struct RecordedCall<O> {
    entry: JournalEntry,
    operation: PhantomData<fn() -> O>,
}

impl<O> RecordedCall<O> {
    /// Headers, timing, and what answered.
    pub fn entry(&self) -> &JournalEntry {
        &self.entry
    }
}

impl<O: 'static> Deref for RecordedCall<O> {
    type Target = O;

    #[expect(clippy::expect_used, reason = "the one constructor has looked at the type")]
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

/// Memory for each character of the `Debug` text of an input: a value of 24 bytes is `None, ` there.
const BYTES_PER_CHARACTER: usize = 4;

/// Longer texts are not looked at to their end: one that is so long outgrows every journal.
const MOST_GUESSED: usize = 1 << 30;

/// What a header takes beside its name and value.
const HEADER: usize = 128;

/// The most bytes of memory that calls are kept in, unless somebody says otherwise.
const BYTES: usize = 32 << 20;

/// Calls in the order in which they were awaited. Only the latest are kept, but all are counted.
pub(crate) struct Journal {
    /// Each with its size in bytes.
    entries: VecDeque<(JournalEntry, usize)>,
    /// The sum of the sizes.
    size: usize,
    /// How many calls came before the first that is kept, those before a reset included: numbers of calls stay unique.
    forgotten: usize,
    /// How many calls are kept at most.
    most_entries: usize,
    /// How many bytes they may take.
    most_bytes: usize,
    /// How many calls of each operation there were since the last reset, by the type of its input.
    counts: BTreeMap<TypeId, usize>,
}

impl Default for Journal {
    fn default() -> Self {
        let (entries, counts) = (VecDeque::new(), BTreeMap::new());
        Journal { entries, size: 0, forgotten: 0, most_entries: 10_000, most_bytes: BYTES, counts }
    }
}

impl Journal {
    /// Notes a call that takes so many bytes; gives its number.
    pub(super) fn begin(&mut self, entry: JournalEntry, size: usize) -> usize {
        let any: &dyn Any = &*entry.input;
        *self.counts.entry(any.type_id()).or_default() += 1;
        self.entries.push_back((entry, size));
        self.size = self.size.saturating_add(size);
        let number = self.forgotten + self.entries.len() - 1;
        self.shrink();
        number
    }

    /// Notes the end of the call of this number.
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

    /// How many calls there were since the last reset, whether they are kept or not.
    pub(super) fn count(&self) -> usize {
        self.counts.values().sum()
    }

    /// The same for the operation whose input has this type.
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
