//! The router as a tower service.

use std::convert::Infallible;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::header::CONTENT_LENGTH;
use http::request::Parts;
use http::{Request, Response};
use http_body::Body;
use http_body_util::Full;
use tower_service::Service;

use super::guarded::Guarded;
use super::router::{Router, Shared, Step};
use super::written::Written;
use crate::BoxFuture;
use crate::http::collect::{collect, discard};

/// So much of a body that is too large is read at least.
const DISCARDED: usize = 16 << 20;

/// A body, or the limit that it is larger than.
type Whole = Result<Bytes, usize>;

type BoxError = Box<dyn std::error::Error + Send + Sync>;

impl<B> Service<Request<B>> for Router
where
    B: Body<Data: Send, Error: Into<BoxError>> + Send + 'static,
{
    type Response = Response<Full<Bytes>>;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Response<Full<Bytes>>, Infallible>>;

    fn poll_ready(&mut self, _cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let shared = Arc::clone(&self.shared);
        Box::pin(async move {
            let (head, body) = request.into_parts();
            let (limit, workers) = shared.before(&head);
            let body = if body.is_end_stream() { Ok(Some(Bytes::new())) } else { whole(body, limit).await };
            Ok(match (body, workers) {
                (Ok(Some(body)), Some(workers)) if !body.is_empty() => workers.answer(shared, head, body).await,
                (body, _) => answer(shared, head, body.map(|body| body.ok_or(limit))).await,
            })
        })
    }
}

/// For whatever takes axum's router: all that it does not find itself, ours answers.
#[cfg(feature = "axum")]
impl<S: Clone + Send + Sync + 'static> From<Router> for axum::Router<S> {
    fn from(router: Router) -> Self {
        axum::Router::new().fallback_service(router)
    }
}

/// The body, unless it is too large. One that is not far too large is read to its end, or many clients would see a broken
/// connection in place of the answer.
async fn whole<B: Body<Error: Into<BoxError>>>(body: B, limit: usize) -> Result<Option<Bytes>, BoxError> {
    let mut body = pin!(body);
    let whole = collect(body.as_mut(), limit).await;
    if let Ok(None) = whole {
        discard(body, DISCARDED.max(limit.saturating_mul(2))).await;
    }
    whole
}

/// All that does not depend on the type of the body.
pub(super) async fn answer(shared: Arc<Shared>, head: Parts, body: Result<Whole, BoxError>) -> Response<Full<Bytes>> {
    let headless = head.method.as_str().eq_ignore_ascii_case("HEAD");
    let step = match body {
        Ok(Ok(body)) => shared.read(head, &body),
        Ok(Err(limit)) => Step::Reply(shared.refuse(&head, Written::too_large(limit))),
        Err(error) => Step::Reply(shared.refuse(&head, Written::unreadable(&error))),
    };
    let written = match step {
        Step::Reply(written) => written,
        Step::Call(index, future) => shared.finish(index, Guarded::new(future).await),
    };
    let mut response = written.into_response();
    if headless {
        let body = std::mem::take(response.body_mut());
        if !body.is_empty() {
            // What GET would say: without this, axum would count the bytes that are left.
            response.headers_mut().entry(CONTENT_LENGTH).or_insert(body.len().into());
        }
    }
    response.map(Full::new)
}
