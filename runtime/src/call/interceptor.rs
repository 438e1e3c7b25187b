//! Who may answer a call in place of a server: the rules of a mock, which are above this layer.

use std::task::{Context, Poll};

use super::answer::Answer;
use super::failure::Failure;
use super::response_slot::BoxAnswering;
use crate::operation::OperationInfo;

/// Who answers.
pub(crate) enum Interception {
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

/// What looks at a call before anything else answers it.
pub(crate) trait Interceptor: Send {
    /// The operation of the call.
    fn info(&self) -> &'static OperationInfo;

    /// Is told how many bytes the input of the call takes in memory.
    fn taking(&mut self, bytes: usize);

    /// Decides who answers the next attempt.
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Interception>;

    /// Is told how an attempt has ended; returns whether there is to be another one.
    fn again(&mut self, failure: Option<&Failure>) -> bool;
}
