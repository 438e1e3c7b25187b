//! A tower service as a transport.

use std::convert::Infallible;
use std::fmt;
use std::future::poll_fn;
use std::marker::PhantomData;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::header::{CONTENT_LENGTH, HOST};
use http::{HeaderMap, HeaderValue, Method, Request, Response, Uri};
use http_body::Body;
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use tower_service::Service;

use super::{BoxError, BoxFuture, MAX_RESPONSE_BYTES, ResponseLimit, Transport, TransportError, TransportFuture};

/// Sends requests to a tower service: an axum `Router` in the same process, or a `ServiceBuilder` stack.
///
/// The service receives what a server would: the absolute URL (routers use its path), every header of the call, and
/// `Host` and `Content-Length`, which a client adds on the wire. Each request uses its own clone of the service, once
/// that is ready. The body of the response is read up to the [`ResponseLimit`], or [`MAX_RESPONSE_BYTES`].
///
/// A [`TransportError`] becomes the error of the call; an error caused by one, or by an error of a socket, is of the
/// same kind; any other counts as [`TransportError::other`], which is not retried. So a stack with a timeout should end
/// with `map_err`, to convert its error to [`TransportError::timeout`]. A layer that follows redirects must itself
/// remove credentials in headers other than `Authorization` and `Cookie`, which generic layers do not know.
pub struct TowerTransport<S, B = Full<Bytes>> {
    service: S,
    body: PhantomData<fn() -> B>,
}

impl<S> TowerTransport<S> {
    /// Creates a transport for a service that accepts every type of body, as an axum `Router` does.
    pub fn new(service: S) -> TowerTransport<S> {
        TowerTransport::with_body(service)
    }
}

impl<S, B> TowerTransport<S, B> {
    /// Creates a transport for a service that accepts only bodies of the type `B`: `TowerTransport::<_,
    /// axum::body::Body>::with_body(…)`.
    pub fn with_body(service: S) -> TowerTransport<S, B> {
        TowerTransport { service, body: PhantomData }
    }
}

impl<S: Clone, B> Clone for TowerTransport<S, B> {
    fn clone(&self) -> Self {
        TowerTransport::with_body(self.service.clone())
    }
}

impl<S, B> fmt::Debug for TowerTransport<S, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TowerTransport").finish_non_exhaustive()
    }
}

impl<S, B, R> Transport for TowerTransport<S, B>
where
    S: Service<Request<B>, Response = Response<R>, Error: Into<BoxError>, Future: Send>,
    S: Clone + Send + Sync + 'static,
    B: From<Bytes> + Send + 'static,
    R: Body<Data: Send, Error: Into<BoxError>> + Send + 'static,
{
    fn send(&self, request: Request<Bytes>) -> TransportFuture<'_> {
        Box::pin(exchange(self.service.clone(), request))
    }
}

async fn exchange<S, B, R>(mut service: S, request: Request<Bytes>) -> Result<Response<Bytes>, TransportError>
where
    S: Service<Request<B>, Response = Response<R>, Error: Into<BoxError>>,
    B: From<Bytes>,
    R: Body<Error: Into<BoxError>>,
{
    let limit = request.extensions().get().copied().unwrap_or(ResponseLimit(MAX_RESPONSE_BYTES));
    let headless = request.method() == Method::HEAD;
    let request = as_received(request).map(B::from);
    let error = |error: S::Error| TransportError::from_error(error.into(), TransportError::other);
    poll_fn(|cx| service.poll_ready(cx)).await.map_err(error)?;
    let (parts, body) = service.call(request).await.map_err(error)?.into_parts();
    if headless {
        return Ok(Response::from_parts(parts, Bytes::new()));
    }
    match Limited::new(body, limit.0).collect().await {
        Ok(whole) => Ok(Response::from_parts(parts, whole.to_bytes())),
        Err(error) if error.is::<LengthLimitError>() => Err(limit.exceeded()),
        Err(error) => {
            let mut error = TransportError::from_error(error, TransportError::broken);
            // A part of the response had arrived.
            error.kinds.closed = false;
            Err(error)
        }
    }
}

/// Adds the headers that a client adds on the wire and a server receives.
fn as_received(mut request: Request<Bytes>) -> Request<Bytes> {
    let length = request.body().len();
    let host = host(request.uri());
    let headers: &mut HeaderMap = request.headers_mut();
    if let Some(host) = host {
        headers.entry(HOST).or_insert(host);
    }
    if length > 0 {
        headers.entry(CONTENT_LENGTH).or_insert(length.into());
    }
    request
}

/// Returns host and port, without the default port of the scheme.
fn host(uri: &Uri) -> Option<HeaderValue> {
    let authority = uri.authority()?;
    let text = match (uri.scheme_str(), authority.port_u16()) {
        (Some("http"), Some(80)) | (Some("https"), Some(443)) => authority.host(),
        _ => authority.as_str(),
    };
    HeaderValue::from_str(text).ok()
}

/// A transport as a tower service, to wrap it in tower's layers.
///
/// ```
/// use std::time::Duration;
/// use apigen_runtime::client::{ClientBuilder, HttpClient, TowerTransport, TransportError, TransportService};
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
    /// Creates a service that sends requests by this transport.
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
