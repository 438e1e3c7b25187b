//! Futures that may panic.

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

/// Ends with a fault of the server when the future panics: the connection, and what else is on it, lives on.
pub(crate) struct Guarded(Option<BoxFuture<'static, RawResponse>>);

impl Guarded {
    pub(crate) fn new(future: BoxFuture<'static, RawResponse>) -> Guarded {
        Guarded(Some(future))
    }
}

impl Future for Guarded {
    type Output = RawResponse;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<RawResponse> {
        // A future that has ended is gone, so nobody sees what a panic has left of it.
        let Some(mut future) = self.0.take() else { return Poll::Pending };
        match guarded(|| future.as_mut().poll(cx)) {
            Ok(Poll::Ready(written)) => {
                drop(guarded(|| drop(future)));
                Poll::Ready(written)
            }
            Ok(Poll::Pending) => {
                self.0 = Some(future);
                Poll::Pending
            }
            Err(cause) => {
                drop(guarded(|| drop(future)));
                Poll::Ready(RawResponse::failed(cause))
            }
        }
    }
}

/// What it gives, unless it panics.
pub(crate) fn guarded<T>(run: impl FnOnce() -> T) -> Result<T, Cause> {
    catch_unwind(AssertUnwindSafe(run)).map_err(|thrown: Box<dyn Any + Send>| Cause::panic(&*thrown))
}

/// Puts what a server says itself into the body that the operation declares for it.
pub(crate) fn fit(endpoint: &Endpoint, written: RawResponse) -> RawResponse {
    let accepts = |status: u16, body: &[u8]| {
        let violations = || endpoint.body(status, (&HeaderMap::new(), body), &Mode::strict());
        // Types of users' own may panic.
        guarded(violations).is_ok_and(|violations| violations.is_empty())
    };
    written.fit(&Declared { info: endpoint.info, refusals: endpoint.refusals, accepts: &accepts })
}
