//! Interception of calls by the rules of a mock, which are in a layer above.

use std::task::{Context, Poll};

use super::answer::Answer;
use super::failure::Failure;
use super::response_slot::BoxAnswering;
use crate::operation::OperationInfo;

/// How to proceed with a call.
pub(crate) enum Interception {
    /// Continue after the rules.
    Next,
    /// Poll the future that the interceptor last returned.
    Rule,
    /// Poll this future.
    Future(BoxAnswering<'static>),
    /// Return this response.
    Respond(Box<Answer>),
    /// Fail.
    Fail(Box<Failure>),
}

/// May respond to a call before it is sent.
pub(crate) trait Interceptor: Send {
    /// Returns the operation of the call.
    fn info(&self) -> &'static OperationInfo;

    /// Records the size in memory, in bytes, of the input of the call.
    fn taking(&mut self, bytes: usize);

    /// Decides how to proceed with the next attempt.
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Interception>;

    /// Records how an attempt has ended; returns true if there is to be another one.
    fn again(&mut self, failure: Option<&Failure>) -> bool;
}
