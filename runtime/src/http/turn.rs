//! Whose turn it is to answer a call that a mock's rules may answer.

use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use http::Response;

use super::answer::Answer;
use super::failure::{Failure, Kind, SentRequest};
use super::operation::OperationInfo;
use super::repeat::Attempts;
use super::slot::BoxAnswering;
use super::timer::{self, Sleep};
use crate::mock::{AnsweredBy, Book, Decision, Play, SharedInput};

/// Who answers.
pub(super) enum Turn {
    /// What stands behind the rules, if there are any.
    Next,
    /// The future that was made last.
    Rule,
    /// This future.
    Future(BoxAnswering<'static>),
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
    /// How many bytes the input takes in memory, if somebody has said so.
    size: Option<usize>,
    stage: Stage,
    /// Of a mock behind this one.
    inner: Option<Box<Intercept>>,
}

enum Stage {
    New,
    Delayed(Option<Sleep>, Option<Play>),
    Rule,
    Next,
    #[cfg(feature = "testing")]
    Hang,
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
        Intercept { book, info, input, by, attempts, number: 0, size: None, stage: Stage::New, inner }
    }

    pub(super) fn taking(&mut self, bytes: usize) {
        self.size = Some(bytes);
        self.inner.iter_mut().for_each(|inner| inner.taking(bytes));
    }

    pub(super) fn info(&self) -> &'static OperationInfo {
        self.info
    }

    pub(super) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Turn> {
        ready!(self.attempts.poll_wait(cx));
        if let Stage::New = self.stage {
            let options = self.attempts.options();
            let (number, decision) = self.book.decide(self.info, &self.input, self.size, self.by, &options);
            self.number = number;
            self.stage = match decision {
                Decision::Play(delay, play) => Stage::Delayed(wait(delay), Some(play)),
                Decision::Next(delay) => Stage::Delayed(wait(delay), None),
                Decision::Refused(words) => {
                    self.stage = Stage::Next;
                    return Poll::Ready(Turn::Fail(self.failure(Kind::Other(words))));
                }
            };
        }
        if let Stage::Delayed(sleep, play) = &mut self.stage {
            if let Some(sleep) = sleep {
                ready!(sleep.as_mut().poll(cx));
            }
            let play = play.take();
            self.stage = match play {
                // Its time limit, which is looked at before, is all that ends it.
                #[cfg(feature = "testing")]
                Some(Play::Hang) => Stage::Hang,
                Some(_) => Stage::Rule,
                None => Stage::Next,
            };
            if let Some(play) = play {
                return self.turn(play);
            }
        }
        match &mut self.stage {
            Stage::New | Stage::Delayed(..) | Stage::Next => {
                self.inner.as_mut().map_or(Poll::Ready(Turn::Next), |inner| inner.poll(cx))
            }
            Stage::Rule => Poll::Ready(Turn::Rule),
            #[cfg(feature = "testing")]
            Stage::Hang => Poll::Pending,
        }
    }

    fn turn(&self, play: Play) -> Poll<Turn> {
        Poll::Ready(match play {
            Play::Future(future) => Turn::Future(future),
            Play::Fail(error) => Turn::Fail(self.failure(Kind::Transport(error))),
            #[cfg(feature = "testing")]
            Play::Hang => return Poll::Pending,
            Play::Respond(response) => self.respond(response),
        })
    }

    fn respond(&self, response: Response<Bytes>) -> Turn {
        let (http::response::Parts { status, headers, .. }, body) = response.into_parts();
        let Some((declared, success)) = self.info.response(status.as_u16()) else {
            let mut failure = self.failure(Kind::Status);
            failure.set_response(status, headers, body);
            return Turn::Fail(failure);
        };
        let (info, request) = (self.info, SentRequest::of_mock(self.info));
        Turn::Respond(Box::new(Answer { info, request, status, headers, body, success, declared }))
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
