//! The validator as middleware for any server.

mod stats;
mod tap_body;

pub use stats::{ValidationEvent, ValidationStats};
pub use tap_body::TapBody;

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use http::header::CONTENT_TYPE;
use http::{Request, Response};
use http_body::Body;
use pin_project_lite::pin_project;
use tower_layer::Layer;
use tower_service::Service;

use crate::operation::OperationInfo;
use crate::server::limits::{Intake, Refused, ServerLimits};
use crate::server::response::{BoxError, RawResponse, fit, guarded};
use crate::transport::BoxFuture;
use crate::validate::{MAX_REQUEST_BYTES, RequestError, Target, Validator};

/// A tower layer that validates requests, and a sample of responses, of any server.
///
/// ```
/// # fn layer(validator: &apigen_runtime::validate::Validator) {
/// use apigen_runtime::server::{ValidationLayer, ValidationEvent};
/// let layer = ValidationLayer::observe(validator).responses(0.1).report(|event: &ValidationEvent| eprintln!("{event}"));
/// # }
/// ```
///
/// * [`observe`](Self::observe) counts and reports, and changes nothing: bodies are passed on as they arrive, and
///   copied for validation. A body that exceeds the limit or is not read to its end is not checked.
/// * [`enforce`](Self::enforce) reads a request before the server does, and refuses it as a
///   [`Router`](crate::server::Router) would: with 422 and every violation, 415 if the operation does not accept the
///   content type of the body, 400 if the body cannot be read, or 413 if it exceeds the limit. Responses are only
///   observed: by the time that one is known to be invalid, the client has received half of it.
///
/// Requests for which the spec has no operation are passed on: servers often have routes beyond their specs.
#[derive(Clone)]
pub struct ValidationLayer {
    pub(crate) shared: Arc<Settings>,
}

#[derive(Clone)]
pub(crate) struct Settings {
    pub(crate) validator: Validator,
    enforce: bool,
    pub(crate) limit: usize,
    pub(crate) intake: Intake,
    pub(crate) stats: Arc<ValidationStats>,
    share: f64,
}

impl ValidationLayer {
    /// Creates a layer that counts and reports.
    pub fn observe(validator: &Validator) -> ValidationLayer {
        let (limit, intake) = (MAX_REQUEST_BYTES, Intake::new(ServerLimits::new()));
        let validator = validator.clone();
        let settings = Settings { validator, enforce: false, limit, intake, stats: Arc::default(), share: 0.0 };
        ValidationLayer { shared: Arc::new(settings) }
    }

    /// Creates a layer that refuses requests that violate the spec.
    pub fn enforce(validator: &Validator) -> ValidationLayer {
        ValidationLayer::observe(validator).with(|settings| settings.enforce = true)
    }

    /// Sets the fraction of responses to check, from 0 (none, the default) to 1 (all).
    #[must_use]
    pub fn responses(self, share: f64) -> ValidationLayer {
        self.with(|settings| settings.share = share)
    }

    /// Limits the size of bodies to check; [`MAX_REQUEST_BYTES`] by default.
    #[must_use]
    pub fn body_limit(self, bytes: usize) -> ValidationLayer {
        self.with(|settings| settings.limit = bytes)
    }

    /// Sets how many bytes all bodies that the layer holds may occupy ([`ServerLimits::memory`]), and, when enforcing,
    /// how long a request may take; [`ServerLimits::new`] by default. Beyond the limits, messages are not checked, or,
    /// when enforcing, refused with 503 or 408.
    #[must_use]
    pub fn limits(self, limits: ServerLimits) -> ValidationLayer {
        self.with(|settings| settings.intake = Intake::new(limits))
    }

    /// Calls `report` for every message that violates the spec, and for those that could not be checked. Runs where the
    /// last byte of the message is passed on, so it should be quick. If it panics, the message is passed on anyway.
    #[must_use]
    pub fn report(self, report: impl Fn(&ValidationEvent) + Send + Sync + 'static) -> ValidationLayer {
        self.with(|settings| settings.stats = Arc::new(ValidationStats::new(report)))
    }

    /// Returns the counts so far.
    pub fn stats(&self) -> &ValidationStats {
        &self.shared.stats
    }

    fn with(self, change: impl FnOnce(&mut Settings)) -> ValidationLayer {
        let mut settings = Arc::unwrap_or_clone(self.shared);
        change(&mut settings);
        ValidationLayer { shared: Arc::new(settings) }
    }
}

impl Settings {
    /// Checks a request with its whole body. If the validator panics, the message counts as unchecked, not invalid.
    fn request(&self, found: Target, request: &Request<()>, body: &[u8]) -> Result<(), RequestError> {
        let Some(outcome) = self.checked(|| self.validator.judge_found(found, request, body)) else { return Ok(()) };
        self.stats.request(&self.validator, request, &outcome);
        outcome
    }

    fn response(&self, info: &'static OperationInfo, response: &Response<()>, body: &[u8]) {
        let outcome = self.checked(|| self.validator.check(info, response, body));
        outcome.iter().for_each(|outcome| self.stats.response(info, outcome));
    }

    fn checked<T>(&self, check: impl FnOnce() -> T) -> Option<T> {
        guarded(check).map_err(|_| self.stats.unchecked("the validator has panicked")).ok()
    }

    /// Returns a body that is passed on, and checked at its end.
    fn copied<B>(&self, body: B, check: impl FnOnce(&[u8]) + Send + 'static) -> TapBody<B> {
        let stats = Arc::clone(&self.stats);
        TapBody::copied(body, self.limit, &self.intake.memory, move |copy| match copy {
            Ok(body) => check(&body),
            Err(why) => stats.unchecked(why),
        })
    }
}

impl<S> Layer<S> for ValidationLayer {
    type Service = ValidationService<S>;

    fn layer(&self, inner: S) -> ValidationService<S> {
        ValidationService { inner, settings: Arc::clone(&self.shared) }
    }
}

/// A service whose requests and responses are validated; see [`ValidationLayer`].
#[derive(Clone)]
pub struct ValidationService<S> {
    inner: S,
    settings: Arc<Settings>,
}

impl<S, B, R> Service<Request<B>> for ValidationService<S>
where
    S: Service<Request<TapBody<B>>, Response = Response<R>, Future: Send> + Clone + Send + 'static,
    B: Body<Data: Send, Error: Into<BoxError>> + Send + Unpin + 'static,
    R: Body + Send + Unpin + 'static,
{
    type Response = Response<TapBody<R>>;
    type Error = S::Error;
    type Future = ValidatedFuture<S::Future, Self::Response, S::Error>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let found = self.settings.validator.find(request.method().as_str(), request.uri().path());
        let Some(found) = found else {
            return ValidatedFuture::Passed { future: self.inner.call(request.map(TapBody::plain)), sample: None };
        };
        let (settings, info) = (Arc::clone(&self.settings), found.info);
        if !settings.enforce {
            let future = self.inner.call(observed(&settings, found, request));
            return ValidatedFuture::Passed { future, sample: Some((settings, info)) };
        }
        // The service that is ready must be the one to call; its clone gets ready for the next request.
        let next = self.inner.clone();
        let mut inner = std::mem::replace(&mut self.inner, next);
        let future = Box::pin(async move {
            match enforced(&settings, found, request).await {
                Ok(request) => Ok(sampled(&settings, info, inner.call(request).await?)),
                Err(refusal) => Ok(refusal.into_response().map(TapBody::full_of)),
            }
        });
        ValidatedFuture::Enforced { future }
    }
}

pin_project! {
    /// The response future of a [`ValidationService`].
    #[project = Projected]
    pub enum ValidatedFuture<F, R, E> {
        /// The request was passed on; the response may be sampled. Not boxed, since this is the most common case.
        #[doc(hidden)]
        Passed { #[pin] future: F, sample: Option<Sample> },
        /// The request is read first.
        #[doc(hidden)]
        Enforced { future: BoxFuture<'static, Result<R, E>> },
    }
}

type Sample = (Arc<Settings>, &'static OperationInfo);

impl<F, R: Body, E> Future for ValidatedFuture<F, Response<TapBody<R>>, E>
where
    F: Future<Output = Result<Response<R>, E>>,
{
    type Output = Result<Response<TapBody<R>>, E>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        match self.project() {
            Projected::Enforced { future } => future.as_mut().poll(cx),
            Projected::Passed { future, sample } => {
                let response = ready!(future.poll(cx));
                Poll::Ready(response.map(|response| match sample {
                    Some((settings, info)) => sampled(settings, info, response),
                    None => response.map(TapBody::plain),
                }))
            }
        }
    }
}

/// Returns the request with a body that is passed on, and checked at its end.
fn observed<B: Body>(settings: &Arc<Settings>, found: Target, request: Request<B>) -> Request<TapBody<B>> {
    let (parts, body) = request.into_parts();
    let mut head = Request::new(());
    *head.method_mut() = parts.method.clone();
    *head.uri_mut() = parts.uri.clone();
    if settings.validator.operation(found).reads_headers() {
        *head.headers_mut() = parts.headers.clone();
    }
    if body.is_end_stream() {
        drop(settings.request(found, &head, b""));
        return Request::from_parts(parts, TapBody::plain(body));
    }
    if let Some(content_type) = parts.headers.get(CONTENT_TYPE) {
        head.headers_mut().insert(CONTENT_TYPE, content_type.clone());
    }
    let own = Arc::clone(settings);
    let body = settings.copied(body, move |body| drop(own.request(found, &head, body)));
    Request::from_parts(parts, body)
}

async fn enforced<B>(
    settings: &Settings,
    found: Target,
    request: Request<B>,
) -> Result<Request<TapBody<B>>, RawResponse>
where
    B: Body<Error: Into<BoxError>>,
{
    let (parts, body) = request.into_parts();
    let operation = settings.validator.operation(found);
    let refused = |refused: Refused| fit(operation, refused.written());
    let (whole, share) = settings.intake.receive(body, settings.limit).await.map_err(refused)?;
    let head = Request::from_parts(parts, ());
    match settings.request(found, &head, &whole) {
        Err(RequestError::Invalid(violations)) => Err(fit(operation, RawResponse::invalid(violations.as_slice()))),
        Ok(()) | Err(_) => Ok(head.map(|()| TapBody::full_of(share.with(whole)))),
    }
}

/// Returns the response with a body that is passed on, and checked if it is sampled.
fn sampled<R: Body>(
    settings: &Arc<Settings>,
    info: &'static OperationInfo,
    response: Response<R>,
) -> Response<TapBody<R>> {
    if !settings.stats.is_sampled(settings.share) {
        return response.map(TapBody::plain);
    }
    let (parts, body) = response.into_parts();
    let mut head = Response::new(());
    *head.status_mut() = parts.status;
    *head.headers_mut() = parts.headers.clone();
    // The body of a response to `HEAD` is never read.
    if body.is_end_stream() || info.is_head() {
        settings.response(info, &head, b"");
        return Response::from_parts(parts, TapBody::plain(body));
    }
    let own = Arc::clone(settings);
    let body = settings.copied(body, move |body| own.response(info, &head, body));
    Response::from_parts(parts, body)
}

impl fmt::Debug for ValidationLayer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Settings { enforce, limit, share, .. } = &*self.shared;
        f.debug_struct("ValidationLayer")
            .field("enforce", enforce)
            .field("body_limit", limit)
            .field("responses", share)
            .finish_non_exhaustive()
    }
}

impl<S: fmt::Debug> fmt::Debug for ValidationService<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ValidationService").field(&self.inner).finish()
    }
}
