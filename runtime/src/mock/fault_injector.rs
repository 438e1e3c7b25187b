//! Applies a fault plan to the calls of a mock.

use std::collections::BTreeMap;
use std::time::Duration;

use bytes::Bytes;

use super::response::{MockResponse, with_status};
use crate::call::Kind;
use crate::operation::OperationInfo;
use crate::testing::{Fault, FaultPlan};
use crate::transport::TransportError;

/// A fault plan, and the number of calls of each operation so far.
pub(super) struct FaultInjector {
    plan: FaultPlan,
    calls: BTreeMap<&'static str, u64>,
}

impl FaultInjector {
    pub(super) fn new(plan: FaultPlan) -> Self {
        FaultInjector { plan, calls: BTreeMap::new() }
    }

    /// Returns the delay of the next call of an operation, and the response that replaces its own, if any.
    pub(super) fn next(&mut self, info: &'static OperationInfo) -> (Duration, Option<MockResponse>) {
        let call = self.calls.entry(info.id).or_default();
        let decision = self.plan.decide(info.id, *call);
        *call += 1;
        (decision.delay, decision.fault.map(|fault| response(&fault, info)))
    }
}

fn response(fault: &Fault, info: &'static OperationInfo) -> MockResponse {
    match (fault.instead(), fault) {
        (Some(Ok(response)), _) => MockResponse::Respond(response),
        (Some(Err(error)), _) => MockResponse::Fail(Kind::Transport(error)),
        (None, Fault::Hang) => MockResponse::Hang,
        (None, Fault::Cut(_)) => {
            let error = TransportError::broken("a fault for tests: the connection broke");
            MockResponse::Fail(Kind::Transport(error))
        }
        (None, Fault::Content(body)) => MockResponse::Respond(with_status(info.success_status(), body.clone())),
        // A mock has no bytes to corrupt; no reader accepts this body.
        (None, _) => MockResponse::Respond(with_status(info.success_status(), Bytes::from_static(b"{"))),
    }
}
