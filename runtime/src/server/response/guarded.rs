//! Catches panics of futures and functions.

use std::any::Any;
use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::task::Poll;

use http::HeaderMap;

use super::failure::Cause;
use super::raw_response::RawResponse;
use crate::json::Mode;
use crate::transport::BoxFuture;
use crate::validate::{Declared, OperationReader};

/// Resolves to a 500 if the future panics, so that its connection survives. It is not polled after a panic.
pub(crate) async fn completed(mut future: BoxFuture<'static, RawResponse>) -> RawResponse {
    let outcome = poll_fn(|cx| match guarded(|| future.as_mut().poll(cx)) {
        Ok(polled) => polled.map(Ok),
        Err(cause) => Poll::Ready(Err(cause)),
    });
    let outcome = outcome.await;
    drop(guarded(|| drop(future)));
    outcome.unwrap_or_else(RawResponse::failed)
}

/// Runs a function and returns its result, or the cause if it panics.
pub(crate) fn guarded<T>(run: impl FnOnce() -> T) -> Result<T, Cause> {
    catch_unwind(AssertUnwindSafe(run)).map_err(|thrown: Box<dyn Any + Send>| Cause::panic(&*thrown))
}

/// Converts the server's own message to the body that the operation declares for it.
pub(crate) fn fit(operation: &OperationReader, written: RawResponse) -> RawResponse {
    let accepts = |status: u16, body: &[u8]| {
        let violations = || operation.body(status, (&HeaderMap::new(), body), &Mode::strict());
        // User-defined types may panic.
        guarded(violations).is_ok_and(|violations| violations.is_empty())
    };
    written.fit(&Declared { info: operation.info(), refusals: operation.refusals(), accepts: &accepts })
}
