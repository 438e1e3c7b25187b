use std::convert::Infallible;
use std::fmt;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt, Full};
use tower_service::Service;

use super::bounds::BoxFuture;
use super::transport::{Transport, TransportError};

/// A transport as a tower service, so that tower's layers can go around it.
///
/// ```
/// use std::time::Duration;
/// use apigen_runtime::{ClientBuilder, HttpClient, TowerTransport, TransportError, TransportService};
/// use tower::{BoxError, ServiceBuilder, timeout::TimeoutLayer};
///
/// fn impatient(builder: ClientBuilder<HttpClient>) -> ClientBuilder<HttpClient> {
///     builder.layer(|inner| {
///         TowerTransport::new(
///             ServiceBuilder::new()
///                 .map_err(|error: BoxError| TransportError::timeout(error))
///                 .layer(TimeoutLayer::new(Duration::from_secs(1)))
///                 .service(TransportService::new(inner)),
///         )
///     })
/// }
/// ```
#[derive(Clone)]
pub struct TransportService {
    transport: Arc<dyn Transport>,
}

impl TransportService {
    /// A service that sends by this transport.
    pub fn new(transport: Arc<dyn Transport>) -> TransportService {
        TransportService { transport }
    }
}

impl fmt::Debug for TransportService {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TransportService").finish_non_exhaustive()
    }
}

impl Service<Request<Full<Bytes>>> for TransportService {
    type Response = Response<Full<Bytes>>;
    type Error = TransportError;
    type Future = BoxFuture<'static, Result<Self::Response, TransportError>>;

    fn poll_ready(&mut self, _cx: &mut Context<'_>) -> Poll<Result<(), TransportError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Full<Bytes>>) -> Self::Future {
        let transport = Arc::clone(&self.transport);
        Box::pin(async move {
            let (parts, body) = request.into_parts();
            let body = body.collect().await.unwrap_or_else(|never: Infallible| match never {}).to_bytes();
            let response = transport.send(Request::from_parts(parts, body)).await?;
            Ok(response.map(Full::new))
        })
    }
}
