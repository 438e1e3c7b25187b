//! The router: finds the operation of a request, decodes it, and calls the handler.

#[cfg(feature = "server")]
mod blocking;
mod context;
#[cfg(feature = "server")]
mod identity;
#[cfg(feature = "server")]
mod observer;
#[cfg(feature = "server")]
mod service;
mod settings;

#[cfg(feature = "server")]
pub use blocking::Abandoned;
pub use context::{Context, Peer};
#[cfg(feature = "server")]
pub use identity::ENVIRONMENT_HEADER;
#[cfg(feature = "server")]
pub(crate) use observer::Observer;
#[cfg(feature = "server")]
pub use observer::ServedExchange;

use std::any::Any;
use std::fmt;
use std::future::ready;
use std::sync::{Arc, OnceLock};

use bytes::Bytes;
use http::header::ALLOW;
use http::request::Parts;
use http::{HeaderValue, Method, Response};

use crate::json::Mode;
use crate::operation::OperationInfo;
#[cfg(feature = "server")]
use crate::server::limits::{Intake, ServerLimits};
use crate::server::response::{HandlerFailure, HandlerResult, RawResponse, guarded};
use crate::transport::BoxFuture;
use crate::validate::schema::{Operation, RequestParts, Schema, SchemaInput};
use crate::validate::{Called, Endpoint, MessageViolations, OperationReader, RequestReader, Serve, Served, Table};
#[cfg(feature = "server")]
use blocking::Workers;
use settings::Settings;

/// Serves an API over HTTP: a tower service that finds the operation of a request, decodes and validates its input,
/// calls it, and encodes the result. Cheap to clone.
///
/// Use it where axum takes a service (`Router::fallback_service`, `nest_service`), or let it [serve](Self::serve)
/// itself.
///
/// | response | when |
/// |---|---|
/// | as declared | the operation returns a result, or an error that the spec declares |
/// | as the handler chose | a [`HandlerError`](crate::server::HandlerError) has a status or a response of its own |
/// | 404 | no path of the spec matches |
/// | 405 with `Allow` | a path matches, with other methods; `HEAD` is available wherever `GET` is |
/// | 204 with `Allow` | `OPTIONS` on a path of the spec, unless it declares that itself |
/// | 408 | the body arrives [too slowly](ServerLimits::body_time) |
/// | 413 | the body is [too large](Self::body_limit) |
/// | 415 | the operation does not accept the content type of the body |
/// | 422, or 400 | the request violates the spec; the body lists every violation in path, query, headers, form and body |
/// | as received | the API failed with a status or a body that the spec does not declare |
/// | 503 with `Retry-After` | other requests use all the [memory](ServerLimits::memory) |
/// | 502, 504 | the API has no response: a failed connection; a timeout |
/// | 500 | any other failure, including a panic (unless the program is compiled with `panic = "abort"`) |
///
/// If the operation declares one of these statuses with a body that can hold the message, that body is used: a model
/// with a code and messages, for example, or a list of models with one element per violation. For an invalid request
/// the status is 422 if its body can hold the violations, else 400. All other responses of the router are `{"code":
/// "generic_error", "messages": ["…"]}`; those of 415 and of invalid requests also have a list `violations` with `in`,
/// `name`, `pointer`, `code`, `message`, `expected` and `found`. For invalid requests, a status whose declared body
/// cannot be built (for example because it requires an `order_id`) is avoided if only one of the two has such a body.
///
/// Failures are reported to [`on_failure`](Self::on_failure), and logged with the feature `tracing`.
#[derive(Clone)]
pub struct Router {
    pub(crate) shared: Arc<Shared>,
}

pub(crate) struct Shared {
    routes: Vec<Route>,
    /// Built from the routes at the first request, with the settings of each operation.
    table: OnceLock<(Table<usize>, Vec<Settings>)>,
    pub(crate) settings: Settings,
    #[cfg(feature = "server")]
    pub(crate) intake: Intake,
}

#[derive(Clone)]
struct Route {
    reader: OperationReader,
    handler: Handler,
    /// The settings of the router that it was merged from.
    own: Settings,
}

type Handler = Arc<dyn Fn(Box<dyn Called>, Context, &Bytes) -> BoxFuture<'static, RawResponse> + Send + Sync>;

pub(crate) enum Step {
    Reply(RawResponse),
    Call {
        index: usize,
        /// The approximate memory of the decoded values in bytes.
        taken: usize,
        future: BoxFuture<'static, RawResponse>,
    },
}

impl Router {
    /// Creates a router without operations.
    pub fn new() -> Router {
        Router::of(Vec::new(), Settings::default())
    }

    /// Creates a router for a client: that of a mock, or that of a real service, which makes it a proxy.
    pub fn from_client<C: Served>(client: C) -> Router {
        let client = Arc::new(client);
        let handler: Handler =
            Arc::new(move |operation, context, _| Box::pin(respond(operation, Arc::clone(&client), context)));
        let route = |endpoint: &Endpoint| Route::new(OperationReader::Generated(*endpoint), Arc::clone(&handler));
        let routes = C::ENDPOINTS.iter().map(route);
        Router::of(routes.collect(), Settings::default())
    }

    /// Creates a router for a service that is known at run time only. The handler receives every valid request; its
    /// responses are sent as they are.
    pub fn from_schema<F>(schema: &Arc<Schema>, handler: F) -> Router
    where
        F: Fn(SchemaRequest) -> BoxFuture<'static, Response<Bytes>> + Send + Sync + 'static,
    {
        let handler = Arc::new(handler);
        let route = |(index, reader)| {
            let (schema, handler) = (Arc::clone(schema), Arc::clone(&handler));
            let handler: Handler = Arc::new(move |_, context, body| {
                let request = SchemaRequest { schema: Arc::clone(&schema), index, context, body: body.clone() };
                let response = handler(request);
                Box::pin(async move { RawResponse::from(response.await) })
            });
            Route::new(reader, handler)
        };
        let routes = OperationReader::of_schema(schema).enumerate().map(route);
        Router::of(routes.collect(), Settings::default())
    }

    /// Adds an operation; it replaces an earlier one with the same method and path. The handler receives `api`, the
    /// undeclared parts of the request, and the operation with its input.
    pub fn operation<O, A, H>(self, api: &Arc<A>, handler: H) -> Router
    where
        O: Serve,
        A: ?Sized + Send + Sync + 'static,
        H: for<'a> Fn(&'a A, Context, O) -> BoxFuture<'a, HandlerResult<O>> + Send + Sync + 'static,
    {
        let served = Arc::new((Arc::clone(api), handler));
        let handler: Handler = Arc::new(move |operation, context, _| {
            let operation: Box<dyn Any> = operation;
            match operation.downcast::<O>() {
                Ok(operation) => Box::pin(written(Arc::clone(&served), context, *operation)),
                Err(_) => Box::pin(ready(RawResponse::faulty("this operation is another one"))),
            }
        });
        self.merge(Router::of(
            vec![Route::new(OperationReader::Generated(Endpoint::of::<O>()), handler)],
            Settings::default(),
        ))
    }

    /// Adds the operations of another router; they replace earlier ones with the same method and path. They keep the
    /// settings of that router (limit, mode, [`invalid`](Self::invalid), [`on_failure`](Self::on_failure)), regardless
    /// of those made on this one before or after; settings that it lacks come from this router. The `ServerLimits` of
    /// this router apply to all operations, or, if it has none, those of the other.
    pub fn merge(self, other: Router) -> Router {
        #[cfg_attr(not(feature = "server"), expect(unused_mut, reason = "only servers have limits"))]
        let (mut settings, mut routes) = self.into_parts();
        let (theirs, others) = other.into_parts();
        #[cfg(feature = "server")]
        {
            settings.intake = settings.intake.or_else(|| theirs.intake.clone());
            settings.observer = settings.observer.or_else(|| theirs.observer.clone());
            settings.environment = settings.environment.or_else(|| theirs.environment.clone());
            settings.version = settings.version.or_else(|| theirs.version.clone());
        }
        for mut route in others {
            route.own = route.own.or(&theirs);
            let same = |known: &&mut Route| {
                let (a, b) = (known.reader.info(), route.reader.info());
                (a.method, a.path) == (b.method, b.path)
            };
            match routes.iter_mut().find(same) {
                Some(known) => *known = route,
                None => routes.push(route),
            }
        }
        Router::of(routes, settings)
    }

    /// Limits the size of request bodies; [`MAX_REQUEST_BYTES`](crate::server::MAX_REQUEST_BYTES) by default.
    pub fn body_limit(self, bytes: usize) -> Router {
        self.with(|settings| settings.limit = Some(bytes))
    }

    /// Limits the memory and time that clients can occupy; [`ServerLimits::new`] by default.
    #[cfg(feature = "server")]
    pub fn limits(self, limits: ServerLimits) -> Router {
        self.with(|settings| settings.intake = Some(Intake::new(limits)))
    }

    /// Handles requests with a body on tokio's blocking threads: decodes the body, calls the handler and encodes the
    /// response there, so that large bodies and computations do not delay other requests. Up to `running` requests run
    /// at once and up to `waiting` more wait; further ones get 503 with `Retry-After`. The body itself is received
    /// before. Requests without a body are handled at once, even while others use all
    /// [memory](crate::server::ServerLimits::memory).
    ///
    /// Handlers find [`Abandoned`](crate::server::Abandoned) in the extensions of their
    /// [`Context`](crate::server::Context). Without a tokio runtime, this setting has no effect.
    #[cfg(feature = "server")]
    pub fn blocking(self, running: usize, waiting: usize) -> Router {
        self.with(|settings| settings.workers = Some(Workers::new(running, waiting)))
    }

    /// Sets how JSON bodies are decoded; [`Mode::strict`] by default.
    pub fn mode(self, mode: Mode) -> Router {
        self.with(|settings| settings.mode = Some(mode))
    }

    /// Sets the response to requests for an operation that violate the spec, in place of the router's own, for clients
    /// that expect another form.
    ///
    /// ```
    /// # use apigen_runtime::server::Router;
    /// # let router = Router::new();
    /// router.invalid(|_operation, violations| {
    ///     let problem = violations.to_problem(400, "The request breaks the spec.");
    ///     let response = http::Response::builder().status(400).header("Content-Type", "application/problem+json");
    ///     response.body(problem.into()).unwrap()
    /// });
    /// ```
    pub fn invalid(
        self,
        answer: impl Fn(&'static OperationInfo, &MessageViolations) -> Response<Bytes> + Send + Sync + 'static,
    ) -> Router {
        self.with(|settings| settings.invalid = Some(Arc::new(answer)))
    }

    /// Sets the listener for failures: errors and panics of handlers, responses that the spec does not declare, and
    /// clients behind [`from_client`](Self::from_client) that got no response. Runs before the response is sent, so it
    /// should be quick.
    ///
    /// ```
    /// # use apigen_runtime::server::Router;
    /// # let router = Router::new();
    /// router.on_failure(|failure| eprintln!("{failure}"));
    /// ```
    pub fn on_failure(self, listener: impl Fn(&HandlerFailure<'_>) + Send + Sync + 'static) -> Router {
        self.with(|settings| settings.listener = Some(Arc::new(listener)))
    }

    /// Sets the observer of this router: it is called with each request and its response, also with requests that no
    /// operation takes, before the response is sent. For logs and journals; it should be quick.
    ///
    /// ```
    /// # use apigen_runtime::server::Router;
    /// # let router = Router::new();
    /// router.observe(|served| eprintln!("{} {}", served.request.method, served.response.status()));
    /// ```
    #[cfg(feature = "server")]
    pub fn observe(self, observer: impl Fn(&ServedExchange<'_>) + Send + Sync + 'static) -> Router {
        self.with(|settings| settings.observer = Some(Arc::new(observer)))
    }

    /// Adds the header `X-Apigen-Environment` to every response, with the environment that this server runs in, such as
    /// `production`. Tools that send requests believe it over their own configuration.
    ///
    /// Control characters in the name are sent as spaces.
    ///
    /// ```
    /// # use apigen_runtime::server::Router;
    /// # let router = Router::new();
    /// let environment = std::env::var("SHOP_ENVIRONMENT").unwrap_or("local".to_owned());
    /// router.environment(&environment);
    /// ```
    #[cfg(feature = "server")]
    pub fn environment(self, name: &str) -> Router {
        self.with(|settings| settings.environment = identity::environment(name))
    }

    /// Responds to `GET` on this path (usually `/_apigen/version`) with the name and version of a service, and the
    /// [environment](Self::environment) if it is set. Without this setting there is no such endpoint.
    ///
    /// ```
    /// # use apigen_runtime::server::Router;
    /// # let router = Router::new();
    /// router.environment("sandbox").version_endpoint("/_apigen/version", "shop", env!("CARGO_PKG_VERSION"));
    /// ```
    #[cfg(feature = "server")]
    pub fn version_endpoint(self, path: &str, service: &str, version: &str) -> Router {
        let endpoint = identity::VersionEndpoint::new(path, service, version);
        self.with(|settings| settings.version = Some(Arc::new(endpoint)))
    }

    pub(crate) fn with(self, set: impl FnOnce(&mut Settings)) -> Router {
        let (mut settings, routes) = self.into_parts();
        set(&mut settings);
        Router::of(routes, settings)
    }

    fn of(routes: Vec<Route>, settings: Settings) -> Router {
        #[cfg(feature = "server")]
        let intake = settings.intake.clone().unwrap_or_else(|| Intake::new(ServerLimits::new()));
        let shared = Shared {
            routes,
            table: OnceLock::new(),
            settings,
            #[cfg(feature = "server")]
            intake,
        };
        Router { shared: Arc::new(shared) }
    }

    fn into_parts(self) -> (Settings, Vec<Route>) {
        match Arc::try_unwrap(self.shared) {
            Ok(shared) => (shared.settings, shared.routes),
            Err(shared) => (shared.settings.clone(), shared.routes.clone()),
        }
    }
}

impl Default for Router {
    fn default() -> Self {
        Router::new()
    }
}

/// Returns the response to `OPTIONS` on a path with these methods.
fn options(methods: &[&str]) -> RawResponse {
    let methods = format!("{}, OPTIONS", methods.join(", "));
    let allow = HeaderValue::from_str(&methods).ok().map(|methods| (ALLOW, methods));
    RawResponse { status: 204, headers: allow.into_iter().collect(), ..RawResponse::default() }
}

/// A valid request for an operation of a [`Schema`].
#[derive(Debug)]
pub struct SchemaRequest {
    schema: Arc<Schema>,
    index: usize,
    context: Context,
    body: Bytes,
}

impl SchemaRequest {
    /// Returns the position of the operation in [`Schema::operations`].
    pub fn index(&self) -> usize {
        self.index
    }

    /// Returns the operation.
    pub fn operation(&self) -> &Operation {
        &self.schema.operations()[self.index]
    }

    /// Returns the schema.
    pub fn schema(&self) -> &Arc<Schema> {
        &self.schema
    }

    /// Returns method, URI, headers and extensions.
    pub fn context(&self) -> &Context {
        &self.context
    }

    /// Returns the body as received.
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// Returns the parameters and the body as JSON texts that a strict reader accepts.
    pub fn input(&self) -> SchemaInput {
        let Parts { uri, headers, .. } = &self.context.head;
        let (path, query) = (uri.path(), uri.query().unwrap_or_default());
        self.schema.input(self.operation(), RequestParts { path, query, headers, body: &self.body })
    }
}

async fn respond<C: Served>(operation: Box<dyn Called>, client: Arc<C>, context: Context) -> RawResponse {
    match operation.forward(&*client, context.taken) {
        Some(call) => RawResponse::of_call(context.operation(), call.response().await),
        None => RawResponse::faulty("this operation belongs to another API"),
    }
}

async fn written<O, A, H>(served: Arc<(Arc<A>, H)>, context: Context, operation: O) -> RawResponse
where
    O: Serve,
    A: ?Sized + Send + Sync,
    H: for<'a> Fn(&'a A, Context, O) -> BoxFuture<'a, HandlerResult<O>> + Send + Sync,
{
    let (api, handler) = &*served;
    match handler(api, context, operation).await {
        Ok(reply) => reply.write(O::INFO),
        Err(error) => error.write(O::INFO),
    }
}

impl Shared {
    pub(crate) fn read(&self, head: Parts, body: &Bytes) -> Step {
        let path = head.uri.path();
        let (index, captures) = match self.table().find(head.method.as_str(), path) {
            Ok((index, captures)) => (*index, captures),
            Err(others) if others.is_empty() => {
                let message = format!("no operation has the path {}", self.table().shown(path));
                return Step::Reply(RawResponse::error(404, &message));
            }
            Err(others) if head.method == Method::OPTIONS => return Step::Reply(options(&others)),
            Err(others) => {
                let (path, method, methods) = (self.table().shown(path), &head.method, others.join(", "));
                let message = format!("{path} does not support {method}; it supports {methods}");
                let mut written = RawResponse::error(405, &message);
                written.headers.extend(HeaderValue::from_str(&methods).ok().map(|methods| (ALLOW, methods)));
                return Step::Reply(written);
            }
        };
        let (Route { reader: operation, handler, .. }, said) = (&self.routes[index], self.said(index));
        let query = head.uri.query().unwrap_or_default();
        let mut reader = RequestReader::new(&captures, query, &head.headers, body, said.mode.unwrap_or_default());
        // User-defined types may panic.
        let read = guarded(|| (operation.read(&mut reader), reader.taken(), reader.into_violations()));
        match read {
            Ok((Some(input), taken, violations)) if violations.is_empty() => {
                let future = handler(input, Context { head, info: operation.info(), taken }, body);
                Step::Call { index, taken, future }
            }
            Ok((_, _, violations)) => Step::Reply(said.invalid(operation, violations)),
            Err(cause) => Step::Reply(said.finish(operation, RawResponse::failed(cause))),
        }
    }

    /// Returns the response to a request whose body could not be received, in the form that its operation declares.
    pub(crate) fn refuse(&self, head: &Parts, written: RawResponse) -> RawResponse {
        match self.table().target(head.method.as_str(), head.uri.path()) {
            Some(index) => self.finish(*index, written),
            None => written,
        }
    }

    /// Returns the operation of a request.
    #[cfg(feature = "server")]
    pub(crate) fn operation(&self, head: &Parts) -> Option<&'static OperationInfo> {
        let index = self.table().target(head.method.as_str(), head.uri.path())?;
        Some(self.routes[*index].reader.info())
    }

    /// Returns the response of an operation, in the form that it declares.
    pub(crate) fn finish(&self, index: usize, written: RawResponse) -> RawResponse {
        self.said(index).finish(&self.routes[index].reader, written)
    }

    /// Returns the settings needed before a request is decoded: the maximum size of its body, and the workers.
    #[cfg(feature = "server")]
    pub(crate) fn before(&self, head: &Parts) -> (usize, Option<Workers>) {
        let equal = self.routes.iter().all(|route| route.own.limit.is_none() && route.own.workers.is_none());
        let find = || self.table().target(head.method.as_str(), head.uri.path());
        let said = if equal { None } else { find() }.map_or(&self.settings, |index| self.said(*index));
        (said.limit(), said.workers.clone())
    }

    /// Returns the settings of an operation: those of its own router, else those of the router that it was merged into.
    fn said(&self, index: usize) -> &Settings {
        &self.built().1[index]
    }

    fn table(&self) -> &Table<usize> {
        &self.built().0
    }

    fn built(&self) -> &(Table<usize>, Vec<Settings>) {
        self.table.get_or_init(|| {
            let rows = self.routes.iter().enumerate().map(|(index, route)| (route.reader.info(), index));
            (Table::new(rows), self.routes.iter().map(|route| route.own.or(&self.settings)).collect())
        })
    }
}

impl Route {
    fn new(reader: OperationReader, handler: Handler) -> Route {
        Route { reader, handler, own: Settings::default() }
    }
}

impl fmt::Debug for Router {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Router").field("body_limit", &self.shared.settings.limit()).finish_non_exhaustive()
    }
}
