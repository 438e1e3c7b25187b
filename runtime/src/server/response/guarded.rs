//! Catches panics of futures and functions.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{Context, Poll};

use http::HeaderMap;

use super::failure::Cause;
use super::raw_response::RawResponse;
use crate::json::Mode;
use crate::transport::BoxFuture;
use crate::validate::{Declared, Endpoint};

/// Resolves to a 500 if the future panics, so that its connection survives.
pub(crate) struct Guarded(Option<BoxFuture<'static, RawResponse>>);

impl Guarded {
    pub(crate) fn new(future: BoxFuture<'static, RawResponse>) -> Guarded {
        Guarded(Some(future))
    }
}

impl Future for Guarded {
    type Output = RawResponse;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<RawResponse> {
        // The future is removed before it is polled, so its state after a panic is never observed.
        let Some(mut future) = self.0.take() else { return Poll::Pending };
        let written = match guarded(|| future.as_mut().poll(cx)) {
            Ok(Poll::Ready(written)) => written,
            Ok(Poll::Pending) => {
                self.0 = Some(future);
                return Poll::Pending;
            }
            Err(cause) => RawResponse::failed(cause),
        };
        drop(guarded(|| drop(future)));
        Poll::Ready(written)
    }
}

/// Runs a function and returns its result, or the cause if it panics.
pub(crate) fn guarded<T>(run: impl FnOnce() -> T) -> Result<T, Cause> {
    catch_unwind(AssertUnwindSafe(run)).map_err(|thrown: Box<dyn Any + Send>| Cause::panic(&*thrown))
}

/// Converts the server's own message to the body that the operation declares for it.
pub(crate) fn fit(endpoint: &Endpoint, written: RawResponse) -> RawResponse {
    let accepts = |status: u16, body: &[u8]| {
        let violations = || endpoint.body(status, (&HeaderMap::new(), body), &Mode::strict());
        // User-defined types may panic.
        guarded(violations).is_ok_and(|violations| violations.is_empty())
    };
    written.fit(&Declared { info: endpoint.info, refusals: endpoint.refusals, accepts: &accepts })
}
