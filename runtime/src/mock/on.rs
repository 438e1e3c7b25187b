use std::collections::VecDeque;
use std::marker::PhantomData;
use std::panic::Location;
use std::sync::{Arc, Mutex, Weak};
use std::time::Duration;

use bytes::Bytes;
use http::{Response, StatusCode};

use super::book::Book;
use super::check;
use super::condition::Condition;
use super::input::{Mockable, SharedInput, lock, typed};
use super::play::{Play, TransportErrorKind};
use super::rule::{Rule, Script, Terms};
use crate::call::{Error, answering};
use crate::operation::{Operation, ToResponse};

type Answer<O> = Result<<O as Operation>::Output, Error<<O as Operation>::Error>>;

/// A rule of a mock, being set up; see [`Mock::on`](super::Mock::on). Each method takes effect at once.
pub struct On<O> {
    rule: Arc<Rule>,
    book: Arc<Book>,
    operation: PhantomData<fn() -> O>,
}

impl<O: Mockable> On<O> {
    pub(super) fn new(book: Arc<Book>, place: &'static Location<'static>) -> Self {
        let rule = Arc::new(Rule::new(O::INFO, place));
        book.add(Arc::clone(&rule));
        On { rule, book, operation: PhantomData }
    }

    /// Only for calls of which this holds. Several conditions must all hold.
    pub fn when(self, condition: impl Fn(&O) -> bool + Send + Sync + 'static) -> Self {
        let condition = move |input: &SharedInput| typed(input).is_some_and(&condition);
        self.set(|terms| terms.conditions.push(Condition::When(Arc::new(condition))))
    }

    /// Only for calls with exactly this input. Where it differs, a strict mock can say in what.
    pub fn with(self, input: O) -> Self
    where
        O: PartialEq,
    {
        let same = |a: &SharedInput, b: &SharedInput| typed::<O>(a).is_some() && typed::<O>(a) == typed::<O>(b);
        self.set(|terms| terms.conditions.push(Condition::With(Arc::new(input), same)))
    }

    /// Answers so many calls; the rule does not match after that.
    pub fn times(self, times: usize) -> Self {
        self.set(|terms| terms.times = Some(times))
    }

    /// Answers one call; the rule does not match after that.
    pub fn once(self) -> Self {
        self.times(1)
    }

    /// Says how many calls there will be: any other number is a panic in [`verify`](super::Mock::verify), and when the mock is
    /// dropped.
    pub fn expect(self, calls: usize) -> Self {
        self.set(|terms| terms.expected = Some(calls))
    }

    /// Answers later.
    pub fn delay(self, delay: Duration) -> Self {
        self.set(|terms| terms.delay = delay)
    }

    /// Answers with the failure of a transport.
    pub fn transport_error(self, kind: TransportErrorKind) -> Self {
        self.script(Arc::new(move |_| Play::Fail(kind.error())))
    }

    /// Answers with a response, which the call reads as if it had come over HTTP: a declared status gives its type, if the
    /// body is one; any other status is an error.
    ///
    /// # Panics
    /// If `status` is none.
    #[track_caller]
    #[expect(clippy::panic, reason = "a mistake in a test")]
    pub fn status(self, status: u16, body: impl Into<Bytes>) -> Self {
        let Ok(status) = StatusCode::from_u16(status) else { panic!("{status} is not a status of HTTP") };
        let (body, book, place) = (body.into(), Arc::downgrade(&self.book), self.rule.place());
        self.script(Arc::new(move |_| {
            if let Some(book) = checked(&book)
                && let Err(words) = check::response::<O>(status, &body)
            {
                book.complain(lie::<O>(place, &words));
            }
            let mut response = Response::new(body.clone());
            *response.status_mut() = status;
            Play::Respond(response)
        }))
    }

    fn set(self, change: impl FnOnce(&mut Terms)) -> Self {
        change(&mut self.rule.terms());
        self
    }

    fn script(self, script: Script) -> Self {
        self.set(|terms| terms.script = Some(script))
    }
}

impl<O: Mockable> On<O>
where
    O::Output: ToResponse,
    O::Error: ToResponse,
{
    /// Answers with this value.
    pub fn returns(self, value: O::Output) -> Self
    where
        O::Output: Clone + Sync,
    {
        self.answers(move |_| Ok(value.clone()))
    }

    /// Answers with this declared error.
    pub fn fails(self, error: O::Error) -> Self
    where
        O::Error: Clone + Sync,
    {
        self.answers(move |_| Err(error.clone().into()))
    }

    /// Answers with what the function makes of the input.
    pub fn answers(self, function: impl Fn(&O) -> Answer<O> + Send + Sync + 'static) -> Self {
        let judge = self.judge();
        self.script(Arc::new(move |input| {
            let result = typed(input).map_or_else(|| Err(Error::other("another operation")), &function);
            ready::<O>(judge(result))
        }))
    }

    /// Answers with what the function makes of the input, once that is there.
    pub fn answers_async<F>(self, function: impl Fn(O) -> F + Send + Sync + 'static) -> Self
    where
        O: Clone,
        F: Future<Output = Answer<O>> + Send + 'static,
    {
        let judge = Arc::new(self.judge());
        self.script(Arc::new(move |input| {
            let Some(input) = typed::<O>(input) else { return ready::<O>(Err(Error::other("another operation"))) };
            let (future, judge) = (function(input.clone()), Arc::clone(&judge));
            Play::Future(answering(async move { judge(future.await) }))
        }))
    }

    /// Answers one call after the other; after the last one the rule does not match any more.
    pub fn sequence(self, answers: impl IntoIterator<Item = Answer<O>>) -> Self {
        let answers: VecDeque<Answer<O>> = answers.into_iter().collect();
        let (count, judge) = (answers.len(), self.judge());
        let answers = Mutex::new(answers);
        self.times(count).script(Arc::new(move |_| {
            let next = lock(&answers).pop_front();
            ready::<O>(judge(next.unwrap_or_else(|| Err(Error::other("the sequence is over")))))
        }))
    }

    /// Gives back an answer, or what it breaks of the spec if answers are checked.
    fn judge(&self) -> impl Fn(Answer<O>) -> Answer<O> + Send + Sync + use<O> {
        let (book, place) = (Arc::downgrade(&self.book), self.rule.place());
        move |answer| {
            let Some(book) = checked(&book) else { return answer };
            match check::answer::<O>(&answer) {
                Ok(()) => answer,
                Err(words) => {
                    let words = lie::<O>(place, &words);
                    book.complain(words.clone());
                    Err(Error::other(words))
                }
            }
        }
    }
}

/// The book, if it wants answers to be checked. Rules do not keep it: it keeps them.
fn checked(book: &Weak<Book>) -> Option<Arc<Book>> {
    book.upgrade().filter(|book| book.is_checked())
}

fn lie<O: Operation>(place: &Location<'_>, words: &str) -> String {
    format!("the rule for {} set at {place} violates the spec: {words}", O::INFO.id)
}

fn ready<O: Operation>(answer: Answer<O>) -> Play {
    Play::Future(answering(std::future::ready(answer)))
}

impl<O> std::fmt::Debug for On<O> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "On({})", self.rule.info().id)
    }
}
