//! How the rules of a mock answer calls.

use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use http::Response;

use super::book::{Book, Decision};
use super::input::SharedInput;
use super::journal::AnsweredBy;
use super::play::Play;
use crate::call::{Answer, Attempts, Exchange, Failure, Interceptor, Kind, SentRequest, Turn};
use crate::operation::OperationInfo;
use crate::transport::{Sleep, timer};

/// A call that rules look at before anything else answers it.
struct Intercept {
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
    inner: Option<Box<dyn Interceptor>>,
}

enum Stage {
    New,
    Delayed(Option<Sleep>, Option<Play>),
    Rule,
    Next,
    #[cfg(feature = "testing")]
    Hang,
}

/// Lets the rules of a mock look at a call before anything else answers it. `by` is what answers if no rule does.
pub(super) fn intercept(
    exchange: &mut Exchange,
    book: &Arc<Book>,
    info: &'static OperationInfo,
    input: SharedInput,
    by: AnsweredBy,
) {
    let (attempts, inner) = (Attempts::new(exchange.options()), exchange.take_interceptor());
    let book = Arc::clone(book);
    exchange.set_interceptor(Box::new(Intercept {
        book,
        info,
        input,
        by,
        attempts,
        number: 0,
        size: None,
        stage: Stage::New,
        inner,
    }));
}

impl Interceptor for Intercept {
    fn taking(&mut self, bytes: usize) {
        self.size = Some(bytes);
        self.inner.iter_mut().for_each(|inner| inner.taking(bytes));
    }

    fn info(&self) -> &'static OperationInfo {
        self.info
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Turn> {
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

    fn again(&mut self, failure: Option<&Failure>) -> bool {
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

impl Intercept {
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
}

fn wait(delay: Duration) -> Option<Sleep> {
    (!delay.is_zero()).then(|| timer::sleep(delay))
}
