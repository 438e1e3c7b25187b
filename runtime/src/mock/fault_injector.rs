//! Applies a fault plan to the calls of a mock.

use std::collections::BTreeMap;

use super::response::MockResponse;
use super::state::FaultInjector;
use crate::call::Kind;
use crate::operation::OperationInfo;
use crate::testing::{Fault, FaultPlan};
use crate::transport::{TransportError, response};

/// Returns a function that decides by a plan, and counts the calls of each operation.
pub(super) fn injector(plan: FaultPlan) -> FaultInjector {
    let mut calls: BTreeMap<&'static str, u64> = BTreeMap::new();
    Box::new(move |info| {
        let call = calls.entry(info.id).or_default();
        let decision = plan.decide(info.id, *call);
        *call += 1;
        (decision.delay, decision.fault.map(|fault| responding(&fault, info)))
    })
}

fn responding(fault: &Fault, info: &'static OperationInfo) -> MockResponse {
    let success = info.success_status().unwrap_or(200);
    match (fault.instead(), fault) {
        (Some(Ok(response)), _) => MockResponse::Respond(response),
        (Some(Err(error)), _) => MockResponse::Fail(Kind::Transport(error)),
        (None, Fault::Hang) => MockResponse::Hang,
        (None, Fault::Cut(_)) => {
            let error = TransportError::broken("a fault for tests: the connection broke");
            MockResponse::Fail(Kind::Transport(error))
        }
        (None, Fault::Content(body)) => MockResponse::Respond(response(success, body.clone())),
        // A mock has no bytes to corrupt; no reader accepts this body.
        (None, _) => MockResponse::Respond(response(success, "{")),
    }
}
