//! Mock clients: rules, journal and assertions.

mod assertion;
mod check;
mod diff;
mod engine;
#[cfg(feature = "testing")]
mod fault_injector;
mod interceptor;
mod journal;
mod matcher;
pub(crate) mod overrides;
pub(crate) mod response;
mod rule;
mod rule_builder;
mod shown;
mod state;

use std::fmt;
use std::panic::Location;
use std::sync::Arc;
use std::sync::atomic::Ordering;

pub use journal::{AnsweredBy, JournalEntry, RecordedCall};
pub use response::TransportErrorKind;
pub use rule_builder::On;

pub use crate::call::Mockable;
pub use crate::values::{Empty, Factory, Sample, Sampler};

use engine::MockEngine;
use overrides::Overrides;
use response::EmptyResponse;
use state::MockState;

use crate::client::HttpClient;
use crate::operation::ServiceInfo;
use crate::state::{StateTable, Store};
use crate::transport::{TransportError, transport_fn};

/// The service of the clients of mocks.
static SERVICE: ServiceInfo =
    ServiceInfo { name: "mock", namespace: "", version: "", user_agent: "", headers: &[], overlapping: &[] };

/// The rules and the journal of a mock client, which dereferences to it. `C` is the real client that it replaces.
///
/// The first of these responds to a call:
///
/// * a fault of the plan, if there is one,
/// * the most recent rule that matches,
/// * the implementation passed to `with_…` for the resource,
/// * the state of a stateful mock, if it supports the operation,
/// * the client passed to `fall_through`,
/// * the mock itself, with an empty result, or, if it is [strict](Self::be_strict), with an error that names the call.
///
/// Clones share rules, journal and state.
///
/// Dropping the last clone panics as [`verify`](Self::verify) does: on unmet [expectations](On::expect), calls that a
/// [strict](Self::be_strict) mock refused, and responses that violate the spec (see
/// [`check_answers`](Self::check_answers)).
#[derive(Clone)]
pub struct Mock<C> {
    engine: Arc<MockEngine>,
    http: HttpClient,
    client: C,
}

impl<C> Mock<C>
where
    C: From<HttpClient>,
{
    /// Creates a mock without rules. `empty` has the responses of operations for which nothing is set up, sorted by
    /// operation.
    pub fn new(empty: &'static [EmptyResponse]) -> Self {
        let unused = transport_fn(|_| async { Err(TransportError::other("a mock sends nothing")) });
        let engine = MockEngine::new(MockState::default(), None, empty);
        mock(engine, &HttpClient::bare(&SERVICE, Arc::new(unused)))
    }

    /// Creates a mock that responds to the operations of `table` from memory.
    pub fn stateful(empty: &'static [EmptyResponse], table: &'static StateTable) -> Self {
        let (store, mut state) = (Arc::new(Store::new(table)), MockState::default());
        state.store = Some(Arc::clone(&store));
        mock(MockEngine::new(state, Some(table), empty), &HttpClient::bare(&SERVICE, store))
    }

    /// Returns a mock that also has these overrides.
    #[must_use]
    pub fn overriding(&self, overrides: Overrides) -> Self {
        let mut engine = MockEngine::clone(&self.engine);
        engine.overrides.extend(overrides);
        mock(engine, &self.http)
    }

    /// Returns a mock that falls through to this client.
    #[must_use]
    pub fn falling_through(&self, client: &HttpClient) -> Self {
        let engine = MockEngine { fall_through: Some(client.clone()), ..MockEngine::clone(&self.engine) };
        mock(engine, &self.http)
    }
}

fn mock<C: From<HttpClient>>(engine: MockEngine, http: &HttpClient) -> Mock<C> {
    let engine = Arc::new(engine);
    let http = http.with_engine(Arc::clone(&engine) as Arc<_>);
    Mock { engine, client: C::from(http.clone()), http }
}

impl<C> Mock<C> {
    /// Returns the client whose calls the mock responds to.
    pub fn client(&self) -> &C {
        &self.client
    }

    /// Adds a rule for the calls of an operation: `mock.on::<users::GetByGuid>().returns(user)`.
    ///
    /// It takes effect at once and precedes all earlier rules. Until it has a response it passes calls on.
    #[track_caller]
    pub fn on<O: Mockable<Client = C>>(&self) -> On<O> {
        On::new(Arc::clone(&self.engine.state), Location::caller())
    }

    /// Returns the calls of an operation, oldest first, within the limits of the journal ([calls](Self::journal_limit),
    /// [bytes](Self::journal_bytes)).
    pub fn calls<O: Mockable<Client = C>>(&self) -> Vec<RecordedCall<O>> {
        self.journal().into_iter().filter_map(JournalEntry::typed).collect()
    }

    /// Returns all calls, oldest first, within the limits of the journal ([calls](Self::journal_limit),
    /// [bytes](Self::journal_bytes)).
    pub fn journal(&self) -> Vec<JournalEntry> {
        self.engine.state.journal().entries()
    }

    /// Limits the journal to the latest `calls` calls, 10 000 by default. Counts and expectations are not affected.
    pub fn journal_limit(&self, calls: usize) {
        self.engine.state.journal().set_limit(calls);
    }

    /// Limits the journal to the latest calls that fit into `bytes` of memory, 32 MiB by default. Counts and
    /// expectations are not affected.
    ///
    /// The size of a call to a served mock is measured while its request is read; for other calls it is estimated from
    /// the length of their `Debug` text.
    pub fn journal_bytes(&self, bytes: usize) {
        self.engine.state.journal().set_bytes(bytes);
    }

    /// Limits the memory of a stateful mock's state to `bytes`, 128 MiB by default. A call that would exceed it fails.
    /// Has no effect on other mocks.
    pub fn state_bytes(&self, bytes: usize) {
        self.engine.state.store.iter().for_each(|store| store.set_limit(bytes));
    }

    /// Makes calls fail for which nothing was set up; the error names operation and input, and how they differ from the
    /// nearest rule. Such a call also fails [`verify`](Self::verify) and the drop of the mock, even if the caller
    /// handles the error.
    pub fn be_strict(&self) {
        self.engine.state.strict.store(true, Ordering::Relaxed);
    }

    /// Checks the responses of rules against the spec: limits, and the statuses that the operation declares. A
    /// violation becomes an error of the call, and fails [`verify`](Self::verify) even if the caller handles that
    /// error.
    pub fn check_answers(&self) {
        self.engine.state.checked.store(true, Ordering::Relaxed);
    }

    /// Delays calls or makes them fail by a plan, identically in every run. Other calls are not affected. Faults in the
    /// bytes of a body become a body that cannot be decoded.
    #[cfg(feature = "testing")]
    pub fn faults(&self, plan: crate::testing::FaultPlan) {
        *crate::lock(&self.engine.state.fault_injector) = Some(fault_injector::injector(plan));
    }

    /// Removes all rules, faults and recorded calls, and the state of a stateful mock.
    pub fn reset(&self) {
        self.engine.state.reset();
    }

    /// Verifies what rules [expect](On::expect), and that a strict or checking mock has seen no failures.
    ///
    /// # Panics
    /// Panics if a rule has matched more or fewer calls than it expects, if a [strict](Self::be_strict) mock has
    /// refused a call, or if a [checked](Self::check_answers) response violates the spec.
    #[track_caller]
    #[expect(clippy::panic, reason = "an assertion of a test")]
    pub fn verify(&self) {
        if let Some(message) = self.engine.state.failure_report() {
            panic!("{message}");
        }
    }
}

impl<C> fmt::Debug for Mock<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.engine.state, f)
    }
}
