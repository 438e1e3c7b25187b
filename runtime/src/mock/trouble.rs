//! Faults of a mock: what goes wrong with its calls by a plan.

use std::collections::BTreeMap;
use std::time::Duration;

use bytes::Bytes;
use http::{Response, StatusCode};

use super::play::Play;
use crate::operation::OperationInfo;
use crate::testing::{Fault, FaultPlan};
use crate::transport::TransportError;

/// A plan, and how many calls of each operation there were.
pub(super) struct Trouble {
    plan: FaultPlan,
    calls: BTreeMap<&'static str, u64>,
}

impl Trouble {
    pub(super) fn new(plan: FaultPlan) -> Self {
        Trouble { plan, calls: BTreeMap::new() }
    }

    /// How long the next call of an operation waits, and what comes in place of its answer.
    pub(super) fn next(&mut self, info: &'static OperationInfo) -> (Duration, Option<Play>) {
        let call = self.calls.entry(info.id).or_default();
        let decision = self.plan.decide(info.id, *call);
        *call += 1;
        (decision.delay, decision.fault.map(|fault| play(&fault, info)))
    }
}

fn play(fault: &Fault, info: &'static OperationInfo) -> Play {
    match (fault.instead(), fault) {
        (Some(Ok(response)), _) => Play::Respond(response),
        (Some(Err(error)), _) => Play::Fail(error),
        (None, Fault::Hang) => Play::Hang,
        (None, Fault::Cut(_)) => Play::Fail(TransportError::broken("a fault for tests: the connection broke")),
        (None, Fault::Content(body)) => Play::Respond(body_of(info, body.clone())),
        // A mock has no bytes that could be wrong: this is what no reader takes.
        (None, _) => Play::Respond(body_of(info, Bytes::from_static(b"{"))),
    }
}

fn body_of(info: &'static OperationInfo, body: Bytes) -> Response<Bytes> {
    let mut response = Response::new(body);
    let status = info.success_status().and_then(|status| StatusCode::from_u16(status).ok());
    *response.status_mut() = status.unwrap_or_default();
    response
}
