//! Whose turn it is to answer a call that a mock's rules may answer.

use std::any::Any;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use http::{HeaderMap, StatusCode};

use super::answer::Answer;
use super::failure::{Failure, Kind, SentRequest};
use super::operation::OperationInfo;
use super::repeat::Attempts;
use super::timer::{self, Sleep};
use crate::mock::{AnsweredBy, Book, Decision, Play, SharedInput};

/// Who answers.
pub(super) enum Turn {
    /// What stands behind the rules, if there are any.
    Next,
    /// The future that was made last.
    Rule,
    /// This future.
    Future(Box<dyn Any + Send>),
    /// This response.
    Respond(Box<Answer>),
    /// Nobody.
    Fail(Box<Failure>),
}

/// A call that rules look at before anything else answers it.
pub(super) struct Intercept {
    book: Arc<Book>,
    info: &'static OperationInfo,
    input: SharedInput,
    by: AnsweredBy,
    attempts: Attempts,
    number: usize,
    stage: Stage,
    /// Of a mock behind this one.
    inner: Option<Box<Intercept>>,
}

enum Stage {
    New,
    Delayed(Option<Sleep>, Option<Play>),
    Rule,
    Next,
}

impl Intercept {
    pub(super) fn new(
        book: Arc<Book>,
        info: &'static OperationInfo,
        input: SharedInput,
        by: AnsweredBy,
        attempts: Attempts,
        inner: Option<Box<Intercept>>,
    ) -> Intercept {
        Intercept { book, info, input, by, attempts, number: 0, stage: Stage::New, inner }
    }

    pub(super) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Turn> {
        ready!(self.attempts.poll_wait(cx));
        if let Stage::New = self.stage {
            let options = self.attempts.options();
            let (number, decision) = self.book.decide(self.info, &self.input, self.by, &options);
            self.number = number;
            self.stage = match decision {
                Decision::Rule(delay, play) => Stage::Delayed(wait(delay), Some(play)),
                Decision::Next => Stage::Next,
                Decision::Refused(words) => {
                    self.stage = Stage::Next;
                    return Poll::Ready(Turn::Fail(self.failure(Kind::Other(words))));
                }
            };
        }
        match &mut self.stage {
            Stage::New | Stage::Next => self.inner.as_mut().map_or(Poll::Ready(Turn::Next), |inner| inner.poll(cx)),
            Stage::Rule => Poll::Ready(Turn::Rule),
            Stage::Delayed(sleep, play) => {
                if let Some(sleep) = sleep {
                    ready!(sleep.as_mut().poll(cx));
                }
                let play = play.take();
                self.stage = Stage::Rule;
                Poll::Ready(play.map_or(Turn::Rule, |play| self.turn(play)))
            }
        }
    }

    fn turn(&self, play: Play) -> Turn {
        match play {
            Play::Future(future) => Turn::Future(future),
            Play::Fail(kind) => Turn::Fail(self.failure(Kind::Transport(kind.error()))),
            Play::Respond(status, body) => match self.info.response(status.as_u16()) {
                Some((response, success)) => Turn::Respond(Box::new(Answer {
                    info: self.info,
                    request: SentRequest::of_mock(self.info),
                    status,
                    headers: HeaderMap::new(),
                    body,
                    success,
                    unit: response.unit,
                })),
                None => Turn::Fail(self.undeclared(status, body)),
            },
        }
    }

    fn undeclared(&self, status: StatusCode, body: bytes::Bytes) -> Box<Failure> {
        let mut failure = self.failure(Kind::Status);
        failure.set_response(status, HeaderMap::new(), body);
        failure
    }

    fn failure(&self, kind: Kind) -> Box<Failure> {
        let mut failure = Failure::new(kind);
        failure.operation = Some(self.info);
        failure
    }

    /// Notes how an attempt has ended; says whether there is to be another one.
    pub(super) fn again(&mut self, failure: Option<&Failure>) -> bool {
        self.book.journal().end(self.number, failure);
        let again = match (failure, &self.stage) {
            (Some(failure), Stage::Rule) => self.attempts.again(failure),
            (_, Stage::Next) => return self.inner.as_mut().is_some_and(|inner| inner.again(failure)),
            _ => false,
        };
        if again {
            self.stage = Stage::New;
        }
        again
    }
}

fn wait(delay: Duration) -> Option<Sleep> {
    (!delay.is_zero()).then(|| timer::sleep(delay))
}
