//! Mock clients: rules, journal and assertions.

mod assertion;
mod check;
mod diff;
#[cfg(feature = "testing")]
mod fault_injector;
mod interceptor;
mod journal;
mod matcher;
pub(crate) mod response;
mod rule;
mod rule_builder;
mod shown;
mod state;

use std::fmt;
use std::marker::PhantomData;
use std::panic::Location;
use std::sync::Arc;

pub use journal::{AnsweredBy, JournalEntry, RecordedCall};
pub use matcher::Mockable;
pub use response::TransportErrorKind;
pub use rule_builder::On;

pub use crate::values::{Empty, Factory, Sample, Sampler};

use interceptor::intercept;
use state::MockState;

use crate::call::{Call, CallHeaders};
use crate::client::HttpClient;
use crate::encoding::ToParam;
use crate::state::{StateTable, Store};

/// The rules and the journal of a mock client, which dereferences to it. `C` is the real client that it replaces.
///
/// The most recent rule that matches a call responds to it. If no rule matches, the first of these responds:
///
/// * the implementation passed to `with_…` for the resource,
/// * the state of a stateful mock, if it supports the operation,
/// * the client passed to `fall_through`,
/// * the mock itself, with an empty result, or, if it is [strict](Self::be_strict), with an error that names the call.
///
/// Clones share everything.
///
/// Dropping the last clone panics as [`verify`](Self::verify) does: on unmet [expectations](On::expect), calls that a
/// [strict](Self::be_strict) mock refused, and responses that violate the spec (see
/// [`check_answers`](Self::check_answers)).
pub struct Mock<C> {
    state: Arc<MockState>,
    /// Headers added to all calls through this clone.
    headers: Option<Arc<CallHeaders>>,
    client: PhantomData<fn() -> C>,
}

impl<C> Mock<C> {
    /// Creates a mock without rules.
    pub fn new() -> Self {
        Mock { state: Arc::default(), headers: None, client: PhantomData }
    }

    /// Adds a rule for the calls of an operation: `mock.on::<users::GetByGuid>().returns(user)`.
    ///
    /// It takes effect at once and precedes all earlier rules. Until it has a response it passes calls on.
    #[track_caller]
    pub fn on<O: Mockable<Client = C>>(&self) -> On<O> {
        On::new(Arc::clone(&self.state), Location::caller())
    }

    /// Returns the calls of an operation, oldest first, within the limits of the journal ([calls](Self::journal_limit),
    /// [bytes](Self::journal_bytes)).
    pub fn calls<O: Mockable<Client = C>>(&self) -> Vec<RecordedCall<O>> {
        self.journal().into_iter().filter_map(JournalEntry::typed).collect()
    }

    /// Returns all calls, oldest first, within the limits of the journal ([calls](Self::journal_limit),
    /// [bytes](Self::journal_bytes)).
    pub fn journal(&self) -> Vec<JournalEntry> {
        self.state.journal().entries()
    }

    /// Limits the journal to the latest `calls` calls, 10 000 by default. Counts and expectations are not affected.
    pub fn journal_limit(&self, calls: usize) {
        self.state.journal().set_limit(calls);
    }

    /// Limits the journal to the latest calls that fit into `bytes` of memory, 32 MiB by default. Counts and
    /// expectations are not affected.
    ///
    /// The size of a call to a served mock is measured while its request is read; for other calls it is estimated from
    /// the length of their `Debug` text.
    pub fn journal_bytes(&self, bytes: usize) {
        self.state.journal().set_bytes(bytes);
    }

    /// Limits the memory of a stateful mock's state to `bytes`, 128 MiB by default. A call that would exceed it fails.
    /// Has no effect on other mocks.
    pub fn state_bytes(&self, bytes: usize) {
        self.state.set_state_bytes(bytes);
    }

    /// Makes calls fail for which nothing was set up; the error names operation and input, and how they differ from the
    /// nearest rule. Such a call also fails [`verify`](Self::verify) and the drop of the mock, even if the caller
    /// handles the error.
    pub fn be_strict(&self) {
        self.state.be_strict();
    }

    /// Checks the responses of rules against the spec: limits, and the statuses that the operation declares. A
    /// violation becomes an error of the call, and fails [`verify`](Self::verify) even if the caller handles that
    /// error.
    pub fn check_answers(&self) {
        self.state.check_answers();
    }

    /// Delays calls or makes them fail by a plan, identically in every run. Other calls are not affected. Faults in the
    /// bytes of a body become a body that cannot be decoded.
    #[cfg(feature = "testing")]
    pub fn faults(&self, plan: crate::testing::FaultPlan) {
        self.state.set_faults(plan);
    }

    /// Removes all rules, faults and recorded calls, and the state of a stateful mock.
    pub fn reset(&self) {
        self.state.reset();
    }

    /// Verifies what rules [expect](On::expect), and that a strict or checking mock has seen no failures.
    ///
    /// # Panics
    /// Panics if a rule has matched more or fewer calls than it expects, if a [strict](Self::be_strict) mock has
    /// refused a call, or if a [checked](Self::check_answers) response violates the spec.
    #[track_caller]
    #[expect(clippy::panic, reason = "an assertion of a test")]
    pub fn verify(&self) {
        if let Some(message) = self.state.failure_report() {
            panic!("{message}");
        }
    }

    /// Creates a client that serves the operations of `table` from memory. Generated stateful mocks call it after rules
    /// and overrides.
    pub fn keep(&self, table: &'static StateTable) -> C
    where
        C: From<HttpClient>,
    {
        let store = Arc::new(Store::new(table));
        self.state.keep(Arc::clone(&store));
        store.client()
    }

    /// Wraps a call, for generated mock clients. `next` is the call if no rule matches; `by` is its source for the
    /// journal.
    pub fn call<'a, O: Mockable<Client = C>>(
        &self,
        input: O,
        by: AnsweredBy,
        next: Call<'a, O::Output, O::Error>,
    ) -> Call<'a, O::Output, O::Error> {
        let mut next = match &self.headers {
            Some(headers) => next.carrying(headers),
            None => next,
        };
        intercept(next.exchange(), &self.state, O::INFO, Arc::new(input), by);
        next
    }

    /// Returns a clone that adds this header to all of its calls: `with_header` of generated mock clients. The journal
    /// records it, and a client to fall through to sends it.
    #[must_use]
    pub fn carrying(&self, name: &str, value: impl ToParam) -> Self {
        let headers = self.headers.as_deref().cloned().unwrap_or_default().with(name, &value);
        Mock { headers: Some(Arc::new(headers)), ..self.clone() }
    }
}

impl<C> Clone for Mock<C> {
    fn clone(&self) -> Self {
        Mock { state: Arc::clone(&self.state), headers: self.headers.clone(), client: PhantomData }
    }
}

impl<C> Default for Mock<C> {
    fn default() -> Self {
        Mock::new()
    }
}

impl<C> fmt::Debug for Mock<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.state, f)
    }
}
