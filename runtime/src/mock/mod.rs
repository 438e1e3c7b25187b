//! Rules, journal and assertions of mock clients.

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

/// The rules and the journal of a mock client, to which it dereferences. `C` is the real client that it stands in for.
///
/// For each call the latest rule that matches answers; what no rule matches goes to what `with_…` gave for the resource,
/// then, for operations that a stateful mock understands, to what it keeps, then to the client given to `fall_through`, and is else answered with an empty result, or, in a [strict](Self::be_strict) mock,
/// with an error that names the call. Clones share everything.
///
/// When the last clone is dropped, unmet [expectations](On::expect), calls that a [strict](Self::be_strict) mock refused, and
/// answers that break the spec (see [`check_answers`](Self::check_answers)) are a panic, as with [`verify`](Self::verify).
pub struct Mock<C> {
    state: Arc<MockState>,
    /// Of all calls through this clone.
    headers: Option<Arc<CallHeaders>>,
    client: PhantomData<fn() -> C>,
}

impl<C> Mock<C> {
    /// Without rules.
    pub fn new() -> Self {
        Mock { state: Arc::default(), headers: None, client: PhantomData }
    }

    /// A new rule for the calls of an operation: `mock.on::<users::GetByGuid>().returns(user)`.
    ///
    /// It counts from here on, over all rules before it; until it is told what to answer it passes calls on.
    #[track_caller]
    pub fn on<O: Mockable<Client = C>>(&self) -> On<O> {
        On::new(Arc::clone(&self.state), Location::caller())
    }

    /// The calls of an operation, oldest first, as far as the limits of the journal go ([calls](Self::journal_limit),
    /// [bytes](Self::journal_bytes)).
    pub fn calls<O: Mockable<Client = C>>(&self) -> Vec<RecordedCall<O>> {
        self.journal().into_iter().filter_map(JournalEntry::typed).collect()
    }

    /// All calls, oldest first, as far as the limits of the journal go ([calls](Self::journal_limit),
    /// [bytes](Self::journal_bytes)).
    pub fn journal(&self) -> Vec<JournalEntry> {
        self.state.journal().entries()
    }

    /// Keeps the latest `calls` calls; 10 000 unless this is called. Counts and expectations do not depend on it.
    pub fn journal_limit(&self, calls: usize) {
        self.state.journal().set_limit(calls);
    }

    /// Keeps the latest calls that take at most so many bytes of memory together; 32 MiB unless this is called. Counts and
    /// expectations do not depend on it.
    ///
    /// Of a call to a served mock the size is counted while its request is read; of others it is estimated from the length of its
    /// `Debug` text.
    pub fn journal_bytes(&self, bytes: usize) {
        self.state.journal().set_bytes(bytes);
    }

    /// Keeps at most so many bytes of memory in the state of a stateful mock; 128 MiB unless this is called. What would be more is an
    /// error of the call that creates or changes it. Means nothing to other mocks.
    pub fn state_bytes(&self, bytes: usize) {
        self.state.set_state_bytes(bytes);
    }

    /// Makes calls that nothing was set up for an error that names operation and input, and the nearest rule with what
    /// differed. Such a call also fails [`verify`](Self::verify) and the end of the mock, whatever the caller did with that
    /// error.
    pub fn be_strict(&self) {
        self.state.be_strict();
    }

    /// Checks what rules answer against the spec: limits, and the statuses that the operation declares. An answer that
    /// breaks it becomes an error, and fails [`verify`](Self::verify) whatever the caller did with that error.
    pub fn check_answers(&self) {
        self.state.check_answers();
    }

    /// Makes calls slow or lets them fail, by a plan: the same ones in every run. What is not concerned is answered as before.
    /// Faults in the bytes of a body come as a body that cannot be read.
    #[cfg(feature = "testing")]
    pub fn faults(&self, plan: crate::testing::FaultPlan) {
        self.state.set_faults(plan);
    }

    /// Forgets all rules, faults and calls, and what a stateful mock keeps.
    pub fn reset(&self) {
        self.state.reset();
    }

    /// Checks what rules [expect](On::expect), and that nothing happened which a strict or checking mock does not allow.
    ///
    /// # Panics
    /// If a rule has answered more or fewer calls than it expects, a [strict](Self::be_strict) mock has refused a call, or a
    /// [checked](Self::check_answers) answer breaks the spec.
    #[track_caller]
    #[expect(clippy::panic, reason = "an assertion of a test")]
    pub fn verify(&self) {
        if let Some(message) = self.state.failure_report() {
            panic!("{message}");
        }
    }

    /// A client that keeps in memory what it is sent, for the operations of this table: what generated stateful mocks ask behind
    /// rules and overrides.
    pub fn keep(&self, table: &'static StateTable) -> C
    where
        C: From<HttpClient>,
    {
        let store = Arc::new(Store::new(table));
        self.state.keep(Arc::clone(&store));
        store.client()
    }

    /// A call of an operation: what generated mock clients do. `next` answers if no rule does; `by` says what that is.
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

    /// A clone whose calls all carry this header: what `with_header` of generated mock clients does. The journal shows it,
    /// and a client to fall through to sends it.
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
