use std::collections::VecDeque;
use std::marker::PhantomData;
use std::panic::Location;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, Weak};
use std::time::Duration;

use bytes::Bytes;
use http::StatusCode;

use super::check;
use super::matcher::Matcher;
use super::response::{MockResponse, TransportErrorKind};
use super::rule::{Rule, RuleConfig, Script};
use super::state::MockState;
use crate::call::{Error, Kind, Mockable, SharedInput, answering_for, typed};
use crate::lock;
use crate::operation::{Operation, ToResponse};
use crate::transport::response;

type Answer<O> = Result<<O as Operation>::Output, Error<<O as Operation>::Error>>;

/// A rule of a mock, under construction; see [`Mock::on`](super::Mock::on). Each method takes effect at once.
pub struct On<O> {
    rule: Arc<Rule>,
    state: Arc<MockState>,
    operation: PhantomData<fn() -> O>,
}

impl<O: Mockable> On<O> {
    pub(super) fn new(state: Arc<MockState>, place: &'static Location<'static>) -> Self {
        let rule = Arc::new(Rule::new(O::INFO, place));
        state.add(Arc::clone(&rule));
        On { rule, state, operation: PhantomData }
    }

    /// Matches only calls for which `condition` returns true. Several conditions must all hold.
    pub fn when(self, condition: impl Fn(&O) -> bool + Send + Sync + 'static) -> Self {
        let condition = move |input: &SharedInput| typed(input).is_some_and(&condition);
        self.set(|config| config.matchers.push(Matcher::When(Arc::new(condition))))
    }

    /// Matches only calls with exactly this input. A strict mock reports how other inputs differ.
    pub fn with(self, input: O) -> Self
    where
        O: PartialEq,
    {
        let same = |a: &SharedInput, b: &SharedInput| typed::<O>(a).is_some() && typed::<O>(a) == typed::<O>(b);
        self.set(|config| config.matchers.push(Matcher::With(Arc::new(input), same)))
    }

    /// Limits the rule to `calls` calls; after these it no longer matches. Use [`expect`](Self::expect) to verify a
    /// number.
    pub fn up_to_n_times(self, calls: usize) -> Self {
        self.set(|config| config.limit = Some(calls))
    }

    /// Limits the rule to one call, as [`up_to_n_times(1)`](Self::up_to_n_times) does.
    pub fn once(self) -> Self {
        self.up_to_n_times(1)
    }

    /// Sets the number of calls that the rule must match: on any other number, [`verify`](super::Mock::verify) and
    /// dropping the mock panic.
    pub fn expect(self, calls: usize) -> Self {
        self.set(|config| config.expected = Some(calls))
    }

    /// Delays the response.
    pub fn delay(self, delay: Duration) -> Self {
        self.set(|config| config.delay = delay)
    }

    /// Responds with a transport error.
    pub fn transport_error(self, kind: TransportErrorKind) -> Self {
        self.script(Arc::new(move |_| MockResponse::Fail(Kind::Transport(kind.error()))))
    }

    /// Responds with a status and a body, which are decoded as if they had arrived over HTTP: a declared status yields
    /// its type, if the body is valid; any other status is an error.
    ///
    /// # Panics
    /// Panics if `status` is not a valid HTTP status.
    #[track_caller]
    #[expect(clippy::panic, reason = "a mistake in a test")]
    pub fn status(self, status: u16, body: impl Into<Bytes>) -> Self {
        let Ok(status) = StatusCode::from_u16(status) else { panic!("{status} is not a status of HTTP") };
        let (body, state, place) = (body.into(), Arc::downgrade(&self.state), self.rule.place);
        self.script(Arc::new(move |_| {
            if let Some(state) = checked(&state)
                && let Err(message) = check::read::<O>(status.as_u16(), &body)
            {
                let message = spec_violation::<O>(place, &message);
                state.record_failure(message.clone());
                return MockResponse::Fail(Kind::Other(message));
            }
            MockResponse::Respond(response(status.as_u16(), body.clone()))
        }))
    }

    fn set(self, change: impl FnOnce(&mut RuleConfig)) -> Self {
        change(&mut self.rule.config());
        self
    }

    fn script(self, script: Script) -> Self {
        self.set(|config| config.script = Some(script))
    }
}

impl<O: Mockable> On<O>
where
    O::Output: ToResponse,
    O::Error: ToResponse,
{
    /// Responds with this value.
    pub fn returns(self, value: O::Output) -> Self
    where
        O::Output: Clone + Sync,
    {
        self.answers(move |_| Ok(value.clone()))
    }

    /// Responds with this declared error.
    pub fn fails(self, error: O::Error) -> Self
    where
        O::Error: Clone + Sync,
    {
        self.answers(move |_| Err(error.clone().into()))
    }

    /// Responds with the result of calling `function` with the input.
    pub fn answers(self, function: impl Fn(&O) -> Answer<O> + Send + Sync + 'static) -> Self {
        let judge = self.judge();
        self.script(Arc::new(move |input| {
            let result = typed(input).map_or_else(|| Err(Error::other("another operation")), &function);
            ready::<O>(judge(result))
        }))
    }

    /// Responds with the result of an asynchronous `function` of the input.
    pub fn answers_async<F>(self, function: impl Fn(O) -> F + Send + Sync + 'static) -> Self
    where
        O: Clone,
        F: Future<Output = Answer<O>> + Send + 'static,
    {
        let judge = Arc::new(self.judge());
        self.script(Arc::new(move |input| {
            let Some(input) = typed::<O>(input) else { return ready::<O>(Err(Error::other("another operation"))) };
            let (future, judge) = (function(input.clone()), Arc::clone(&judge));
            MockResponse::Future(answering_for::<O>(async move { judge(future.await) }))
        }))
    }

    /// Responds to successive calls with these results; after the last one the rule no longer matches.
    pub fn sequence(self, answers: impl IntoIterator<Item = Answer<O>>) -> Self {
        let answers: VecDeque<Answer<O>> = answers.into_iter().collect();
        let (count, judge) = (answers.len(), self.judge());
        let answers = Mutex::new(answers);
        self.up_to_n_times(count).script(Arc::new(move |_| {
            let next = lock(&answers).pop_front();
            ready::<O>(judge(next.unwrap_or_else(|| Err(Error::other("the sequence of responses has ended")))))
        }))
    }

    /// Returns a function that passes a result through, or replaces it by its spec violation if responses are checked.
    fn judge(&self) -> impl Fn(Answer<O>) -> Answer<O> + Send + Sync + use<O> {
        let (state, place) = (Arc::downgrade(&self.state), self.rule.place);
        move |answer| {
            let Some(state) = checked(&state) else { return answer };
            match check::answer::<O>(&answer) {
                Ok(()) => answer,
                Err(message) => {
                    let message = spec_violation::<O>(place, &message);
                    state.record_failure(message.clone());
                    Err(Error::other(message))
                }
            }
        }
    }
}

/// Returns the state of the mock if it checks responses. The reference is weak since the state owns the rules.
fn checked(state: &Weak<MockState>) -> Option<Arc<MockState>> {
    state.upgrade().filter(|state| state.checked.load(Ordering::Relaxed))
}

fn spec_violation<O: Operation>(place: &Location<'_>, message: &str) -> String {
    format!("the rule for {} set at {place} violates the spec: {message}", O::INFO.id)
}

fn ready<O: Operation<Output: ToResponse, Error: ToResponse>>(answer: Answer<O>) -> MockResponse {
    MockResponse::Future(answering_for::<O>(std::future::ready(answer)))
}

impl<O> std::fmt::Debug for On<O> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "On({})", self.rule.info.id)
    }
}
