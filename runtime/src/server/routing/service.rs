//! The router as a tower service.

use std::convert::Infallible;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Instant;

use bytes::Bytes;
use http::header::{CONTENT_LENGTH, RETRY_AFTER, TRANSFER_ENCODING};
use http::request::Parts;
use http::{HeaderValue, Request, Response};
use http_body::Body;
use http_body_util::Full;
use tokio::runtime::Handle;
use tower_service::Service;

use super::blocking::{Abandoned, Workers};
use super::settings::Settings;
use super::{ENVIRONMENT_HEADER, Router, ServedExchange, Shared, Step};
use crate::server::limits::{Refused, Share};
use crate::server::response::{BoxError, RawResponse, completed, guarded};
use crate::transport::BoxFuture;

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
            // Handlers on blocking threads do not delay requests without a body: these need no memory.
            let received = match &workers {
                Some(_) if body.is_end_stream() => Ok((Bytes::new(), Share::default())),
                _ => shared.intake.receive(body, limit).await,
            };
            Ok(match (received, workers) {
                (Ok((body, share)), Some(workers)) if !body.is_empty() => {
                    answer_beside(&workers, shared, head, body, share).await
                }
                (received, _) => answer(shared, head, received).await,
            })
        })
    }
}

/// Converts to an axum router, for functions that take one; our router is its fallback.
#[cfg(feature = "axum")]
impl<S: Clone + Send + Sync + 'static> From<Router> for axum::Router<S> {
    fn from(router: Router) -> Self {
        axum::Router::new().fallback_service(router)
    }
}

/// Responds to a request on a blocking thread, if there is a runtime.
async fn answer_beside(
    workers: &Workers,
    shared: Arc<Shared>,
    mut head: Parts,
    body: Bytes,
    share: Share,
) -> Response<Full<Bytes>> {
    let Ok(runtime) = Handle::try_current() else { return answer(shared, head, Ok((body, share))).await };
    let Some(place) = workers.admit().await else {
        let busy = RawResponse::error(503, "too many requests wait to be worked on; try again later");
        let mut written = shared.refuse(&head, busy);
        written.headers.insert(RETRY_AFTER, HeaderValue::from_static("1"));
        written.headers.extend(shared.settings.environment.clone().map(|name| (ENVIRONMENT_HEADER, name)));
        return written.into_response().map(Full::new);
    };
    let waiting = Arc::new(());
    head.extensions.insert(Abandoned::by(&waiting));
    let work = answer(shared, head, Ok((body, share)));
    let response = tokio::task::spawn_blocking(move || {
        let _place = place;
        runtime.block_on(work)
    });
    // Panics of handlers are caught within the work.
    response
        .await
        .unwrap_or_else(|_| RawResponse::error(500, "the request was not worked on").into_response().map(Full::new))
}

/// Responds to a request; independent of the type of the body.
async fn answer(shared: Arc<Shared>, head: Parts, received: Result<(Bytes, Share), Refused>) -> Response<Full<Bytes>> {
    let headless = head.method.as_str().eq_ignore_ascii_case("HEAD");
    let observed = shared.settings.observer.as_ref().map(|observer| (observer, head.clone(), Instant::now()));
    let (step, mut share, body) = match received {
        Ok((body, share)) => {
            let Settings { version, environment, .. } = &shared.settings;
            let version = version.as_ref().and_then(|endpoint| endpoint.response(&head, environment.as_ref()));
            let step = version.map_or_else(|| shared.read(head, &body), Step::Reply);
            (step, share, observed.as_ref().map(|_| body))
        }
        Err(refused) => (Step::Reply(shared.refuse(&head, refused.written())), Share::default(), None),
    };
    let written = match step {
        Step::Reply(written) => written,
        Step::Call { index, taken, future } => {
            shared.intake.memory.pool().note(&mut share, taken);
            shared.finish(index, completed(future).await)
        }
    };
    drop(share);
    let mut response = written.into_response();
    if let Some(environment) = &shared.settings.environment {
        response.headers_mut().insert(ENVIRONMENT_HEADER, environment.clone());
    }
    if let Some((observer, request, begun)) = &observed {
        let operation = shared.operation(request);
        let body = body.unwrap_or_default();
        let seen = ServedExchange { operation, request, body: &body, response: &response, begun: *begun };
        // A panic of the observer must not affect the response.
        drop(guarded(|| observer(&seen)));
    }
    // Message framing is up to the connection, except that a handler of HEAD knows the content length of GET.
    response.headers_mut().remove(TRANSFER_ENCODING);
    if !headless {
        response.headers_mut().remove(CONTENT_LENGTH);
    } else {
        let body = std::mem::take(response.body_mut());
        if !body.is_empty() {
            // The length of the body for GET: axum would otherwise count the bytes of the empty one.
            response.headers_mut().entry(CONTENT_LENGTH).or_insert(body.len().into());
        }
    }
    response.map(|body| Full::new(shared.intake.memory.pool().sending(body)))
}
