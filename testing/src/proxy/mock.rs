//! What answers in place of a server that does not have an operation yet.

use std::convert::Infallible;
use std::fmt;
use std::sync::Arc;

use apigen_runtime::client::BoxFuture;
use bytes::Bytes;
use http::{Request, Response};
use http_body::Body;
use http_body_util::{BodyExt as _, Full};
use tower_service::Service;

/// A service that answers what the server does not have.
#[derive(Clone)]
pub(super) struct Mock(Arc<Answer>);

type Answer = dyn Fn(Request<Bytes>) -> BoxFuture<'static, Option<Response<Bytes>>> + Send + Sync;

impl Mock {
    pub fn new<S, B>(service: S) -> Mock
    where
        S: Service<Request<Full<Bytes>>, Response = Response<B>, Error = Infallible, Future: Send>,
        S: Clone + Send + Sync + 'static,
        B: Body<Data: Send> + Send + 'static,
    {
        Mock(Arc::new(move |request| {
            let mut service = service.clone();
            Box::pin(async move {
                std::future::poll_fn(|cx| service.poll_ready(cx)).await.ok()?;
                let response = service.call(request.map(Full::new)).await.ok()?;
                let (head, body) = response.into_parts();
                let body = body.collect().await.ok()?.to_bytes();
                Some(Response::from_parts(head, body))
            })
        }))
    }

    /// Returns the response to a request; `None` if the service fails.
    pub async fn answer(&self, request: Request<Bytes>) -> Option<Response<Bytes>> {
        (self.0)(request).await
    }
}

impl fmt::Debug for Mock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Mock")
    }
}
