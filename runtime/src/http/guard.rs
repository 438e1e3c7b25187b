//! Nothing happens in production by accident.

use std::sync::Arc;

use super::client::HttpClient;
use super::failure::{Failure, Kind};
use super::operation::OperationInfo;
use super::options::CallOptions;

/// Why a call may have side effects that the client guards, if it does and somebody said so. The call counts for more than
/// the client.
pub(super) fn reason(client: &HttpClient, info: &OperationInfo, options: &CallOptions) -> Option<Arc<str>> {
    if !guards(client, info) {
        return None;
    }
    let reasons = [options.side_effects.as_ref(), client.side_effects()];
    reasons.into_iter().flatten().find(|reason| !reason.trim().is_empty()).cloned()
}

/// The error of a call that nobody has allowed.
pub(super) fn refusal(
    client: &HttpClient,
    info: &'static OperationInfo,
    options: &CallOptions,
) -> Option<Box<Failure>> {
    if !guards(client, info) || reason(client, info, options).is_some() {
        return None;
    }
    let mut failure = Failure::new(Kind::Guarded);
    failure.operation = Some(info);
    Some(failure)
}

fn guards(client: &HttpClient, info: &OperationInfo) -> bool {
    client.guards() && info.side_effects
}
