//! Answers the requests for one service: by rules, state, examples and samples, first that fits.

use std::collections::HashMap;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use apigen_model::api;
use apigen_runtime::codegen::state::{StateRequest, Store};
use apigen_runtime::server::{Router, SchemaRequest};
use apigen_runtime::testing::{Decision, Fault, FaultPlan};
use apigen_runtime::validate::schema::SchemaInput;
use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderName};
use http::{HeaderValue, Method, Request, Response, StatusCode};
use http_body::Body;
use tower_service::Service;

use super::decision::AnsweredBy;
use super::examples::Examples;
use super::lifecycle::{Lifecycle, lifecycle};
use super::prefer::Preferences;
use super::query_defaults::QueryDefaults;
use super::settings::Settings;
use super::traffic::{Recorder, Traffic};
use crate::lower;
use crate::rules::{MatchedRule, RuleInput, RuleSet};
use crate::sample::{KnownValue, Options, Profile, Sampling};
use crate::service::LoadedService;

/// A service with everything that can answer its requests.
#[derive(Clone)]
pub(super) struct Engine {
    router: Router,
    pub(super) answers: Arc<Answers>,
}

/// What can answer the requests for a service.
pub(super) struct Answers {
    pub(super) service: Arc<LoadedService>,
    pub(super) sampling: Arc<Sampling>,
    pub(super) rules: Arc<RuleSet>,
    pub(super) store: Option<Store>,
    examples: Examples,
    lifecycles: Vec<Lifecycle>,
    query_defaults: Vec<QueryDefaults>,
    faults: Vec<FaultPlan>,
    /// The number of requests for each operation, which decides about faults.
    calls: Mutex<HashMap<&'static str, u64>>,
    seed: u64,
    profile: Profile,
}

type BoxError = Box<dyn std::error::Error + Send + Sync>;

impl Engine {
    pub(super) fn new(
        service: Arc<LoadedService>,
        settings: &Settings,
        rules: Arc<RuleSet>,
        traffic: &Arc<Traffic>,
    ) -> Result<Engine, String> {
        let sampling = Arc::new(Sampling::new(service.api(), Arc::clone(service.schema())));
        let profile = if settings.minimal { Profile::Minimal } else { Profile::Full };
        let answers = Arc::new(Answers {
            store: settings.state.then(|| store(&service, &sampling, settings, profile)),
            examples: Examples::load(&service, settings.examples.as_deref())?,
            lifecycles: lifecycles(&service),
            query_defaults: query_defaults(&service),
            faults: settings.faults.clone(),
            calls: Mutex::default(),
            seed: settings.seed,
            profile,
            sampling,
            rules,
            service,
        });
        let recorder = Recorder::new(&answers.service);
        let (handler, traffic) = (Arc::clone(&answers), Arc::clone(traffic));
        let router = Router::from_schema(answers.service.schema(), move |request| {
            let answers = Arc::clone(&handler);
            Box::pin(async move { answers.respond(&request).await })
        });
        let router = router.body_limit(settings.body_limit).limits(settings.limits);
        let router = router.observe(move |served| traffic.note(&recorder, served));
        Ok(Engine { router, answers })
    }

    /// Returns the methods of a path, separated by commas; nothing for an unknown path.
    pub(super) fn methods(&self, path: &str) -> String {
        self.answers.service.schema().methods(path).join(", ")
    }

    pub(super) async fn call<B>(&self, request: Request<B>) -> Response<Bytes>
    where
        B: Body<Data: Send, Error: Into<BoxError>> + Send + 'static,
    {
        let Ok(response) = self.router.clone().call(request).await;
        let (head, mut body) = response.into_parts();
        // The body is complete: one frame, or none.
        let frame = poll_fn(|cx| Pin::new(&mut body).poll_frame(cx)).await;
        let whole = frame.and_then(Result::ok).and_then(|frame| frame.into_data().ok());
        Response::from_parts(head, whole.unwrap_or_default())
    }
}

fn lifecycles(service: &LoadedService) -> Vec<Lifecycle> {
    (0..service.schema().operations().len()).map(|index| lifecycle(service.operation(index))).collect()
}

fn query_defaults(service: &LoadedService) -> Vec<QueryDefaults> {
    let operations = 0..service.schema().operations().len();
    operations.map(|index| QueryDefaults::new(service.api(), service.operation(index).1)).collect()
}

/// Creates the state, whose collections begin with samples.
fn store(service: &Arc<LoadedService>, sampling: &Arc<Sampling>, settings: &Settings, profile: Profile) -> Store {
    let (service, sampling, seed, items) = (Arc::clone(service), Arc::clone(sampling), settings.seed, settings.items);
    let store = Store::new(service.state());
    store.set_limit(settings.state_bytes);
    store.seeded(move |stored, parents: &[(&str, &str)]| {
        let Some(ty) = service.item_type(stored.collection) else { return Vec::new() };
        let ty = lower::ty(ty);
        let seed = mixed(seed, parents.iter().flat_map(|(name, value)| [*name, *value]));
        let seeds = (0..items as u64).map(|item| Options { seed: seed.wrapping_add(item), profile, known: &[] });
        seeds.filter_map(|options| sampling.value(&ty, &options)).collect()
    })
}

impl Answers {
    async fn respond(&self, request: &SchemaRequest) -> Response<Bytes> {
        let operation = request.operation();
        let Decision { delay, fault, draw } = self.decide(operation.info().id);
        if !delay.is_zero() {
            tokio::time::sleep(delay).await;
        }
        let preferences = Preferences::read(request.context().headers());
        let mut response = match (fault.as_ref().and_then(Fault::instead), &fault) {
            // The request never arrives.
            (Some(instead), _) => instead.unwrap_or_default(),
            (None, Some(Fault::Hang)) => Response::default(),
            (None, _) => self.answer(request, &preferences).await,
        };
        if let Some(fault) = fault {
            response = self.faulty(fault, draw, response).await;
        }
        self.add_headers(request, &preferences, &mut response);
        response
    }

    /// Decides whether a request has a fault, and how long it waits.
    fn decide(&self, operation: &'static str) -> Decision {
        if self.faults.is_empty() {
            return Decision { delay: Duration::ZERO, fault: None, draw: 0 };
        }
        let mut calls = self.calls.lock().unwrap_or_else(PoisonError::into_inner);
        let call = calls.entry(operation).or_default();
        let number = std::mem::replace(call, *call + 1);
        // Plans with the same seed would all decide alike: the first one would always be first.
        let numbers = (0_u64..).map(|plan| number.wrapping_add(plan << 48));
        let decisions = self.faults.iter().zip(numbers).map(|(plan, number)| plan.decide(operation, number));
        decisions.fold(Decision { delay: Duration::ZERO, fault: None, draw: 0 }, |first, next| Decision {
            delay: first.delay + next.delay,
            draw: if first.fault.is_some() { first.draw } else { next.draw },
            fault: first.fault.or(next.fault),
        })
    }

    /// Applies a fault that needs a response; the service closes or cuts the connection by the extension.
    async fn faulty(&self, fault: Fault, draw: u64, response: Response<Bytes>) -> Response<Bytes> {
        let name = match &fault {
            Fault::Hang | Fault::Timeout => std::future::pending().await,
            Fault::Answer(_) => response.status().as_u16().to_string(),
            other => format!("{other:?}").to_lowercase(),
        };
        let breaks = matches!(fault, Fault::Refused | Fault::Broken | Fault::Cut(_));
        let mut response = if breaks { response } else { fault.spoil(draw, response).unwrap_or_default() };
        response.extensions_mut().insert(AnsweredBy::Fault(name));
        if breaks {
            response.extensions_mut().insert(fault);
        }
        response
    }

    /// Answers a valid request: what the client prefers, a rule, the state, an example, or a sample.
    async fn answer(&self, request: &SchemaRequest, preferences: &Preferences) -> Response<Bytes> {
        let id = request.operation().info().id;
        let mut input = None;
        let preferred = preferences.code.is_some() || preferences.example.is_some();
        if !preferred
            && let Some(matched) = self.rules.find(id, || rule_input(input.get_or_insert_with(|| request.input())))
        {
            return self.by_rule(request, &matched).await;
        }
        if let Some(name) = &preferences.example {
            return match self.examples.named(request.index(), name) {
                Some(example) => example.response(),
                None => failure(request, 404, &format!("{id} has no example {name:?}")),
            };
        }
        if let Some(code) = preferences.code {
            return self.preferred(request, code, preferences);
        }
        if !preferences.dynamic {
            if let Some(response) = self.by_state(request) {
                return response;
            }
            if self.examples.any(request.index()) {
                let input = input.get_or_insert_with(|| request.input());
                if let Some(example) = self.examples.of(request.index(), input) {
                    return example.response();
                }
            }
        }
        let status = request.operation().success();
        self.sample(request, status, preferences)
    }

    async fn by_rule(&self, request: &SchemaRequest, matched: &MatchedRule) -> Response<Bytes> {
        let given = matched.response();
        if !given.delay.is_zero() {
            tokio::time::sleep(given.delay).await;
        }
        let head = request.context().method() == Method::HEAD;
        let body = matched.body(&self.fill()).filter(|_| !head).map(std::borrow::Cow::into_owned);
        let mut response = content(given.status, Bytes::from(body.unwrap_or_default()));
        for (name, value) in &given.headers {
            response.headers_mut().insert(name, value.clone());
        }
        if let Some(fault) = given.fault.clone() {
            response = self.faulty(fault, 0, response).await;
        }
        response.extensions_mut().insert(AnsweredBy::Rule(matched.to_string()));
        response
    }

    /// Returns what fills the parts of bodies that rules leave out.
    pub(super) fn fill(&self) -> impl Fn(&api::Type, usize) -> Option<String> {
        |ty, number| {
            let seed = self.seed.wrapping_add(number as u64);
            self.sampling.value(&lower::ty(ty), &Options { seed, profile: self.profile, known: &[] })
        }
    }

    /// Responds with what was created through the server; `None` if the state does not know the operation, or has only
    /// a status for it that the spec does not declare.
    fn by_state(&self, request: &SchemaRequest) -> Option<Response<Bytes>> {
        let (store, stored) = (self.store.as_ref()?, self.service.stored(request.index())?);
        let uri = request.context().uri();
        let info = request.operation().info();
        let (path, body) = (uri.path(), request.body());
        let query = &self.query_defaults[request.index()].complete(uri.query().unwrap_or_default());
        let response = match store.respond(StateRequest { info, stored, path, query, body }) {
            Ok(answer) if answer.declared => answer.response,
            Ok(_) => return None,
            Err(error) => return Some(failure(request, 503, &error.to_string())),
        };
        let mut response = content(response.status().as_u16(), response.into_body());
        response.extensions_mut().insert(AnsweredBy::State);
        Some(response)
    }

    /// Responds with the status that the client prefers, if it is declared.
    fn preferred(&self, request: &SchemaRequest, code: u16, preferences: &Preferences) -> Response<Bytes> {
        let operation = request.operation();
        if operation.response(code).is_none() {
            let declared = operation
                .info()
                .responses
                .iter()
                .map(|own| own.status.map_or("default".to_owned(), |code| code.to_string()));
            let declared = declared.collect::<Vec<_>>().join(", ");
            return failure(
                request,
                501,
                &format!("{} declares no {code}; it declares {declared}", operation.info().id),
            );
        }
        match self.examples.with_status(request.index(), code).filter(|_| !preferences.dynamic) {
            Some(example) => example.response(),
            None => self.sample(request, Some(code), preferences),
        }
    }

    /// Makes up a response: the same for equal requests.
    fn sample(&self, request: &SchemaRequest, status: Option<u16>, preferences: &Preferences) -> Response<Bytes> {
        let operation = request.operation();
        let first = || operation.info().responses.iter().find_map(|own| own.status);
        let status = status.or_else(first).unwrap_or(200);
        let context = request.context();
        let seed = preferences.seed.unwrap_or(self.seed);
        let query = context.uri().query().unwrap_or_default();
        let body = String::from_utf8_lossy(request.body());
        let seed = mixed(seed, [operation.info().id, context.uri().path(), query, &body]);
        let input = request.input();
        let known = input.parameters.iter();
        let known = known.map(|own| KnownValue { location: own.location, name: own.name, json: &own.json });
        let known: Vec<KnownValue<'_>> = known.collect();
        let id = operation.info().id;
        match self.sampling.response(id, status, &Options { seed, profile: self.profile, known: &known }) {
            Some(mut response) => {
                response.extensions_mut().insert(AnsweredBy::Sample);
                response
            }
            None => failure(
                request,
                501,
                &format!("the response {status} of {id} has no value within the limits of the spec"),
            ),
        }
    }

    /// Adds declared headers that are required, and what the spec and the client say about the exchange.
    fn add_headers(&self, request: &SchemaRequest, preferences: &Preferences, response: &mut Response<Bytes>) {
        let status = response.status().as_u16();
        let operation = request.operation();
        if let Some((declared, _)) = operation.declared(status)
            && declared.headers.iter().any(|header| header.required && !response.headers().contains_key(header.name))
        {
            let options = Options { seed: self.seed, profile: Profile::Minimal, known: &[] };
            let made = self.sampling.response(operation.info().id, status, &options);
            for (name, value) in made.iter().flat_map(|made| made.headers()).filter(|(name, _)| *name != CONTENT_TYPE) {
                if !response.headers().contains_key(name) {
                    response.headers_mut().append(name, value.clone());
                }
            }
        }
        self.lifecycles[request.index()].add(response.headers_mut());
        let applied = response.extensions().get().and_then(|answered| preferences.applied(answered, status));
        if let Some(applied) = applied {
            response.headers_mut().insert(HeaderName::from_static("preference-applied"), applied);
        }
    }

    /// Returns what answers the requests for an operation, for the table that a server prints.
    pub(super) fn answered_by(&self, index: usize) -> &'static str {
        match () {
            () if self.rules.concerns(self.service.schema().operations()[index].info().id) => "rules",
            () if self.store.is_some() && self.service.stored(index).is_some() => "state",
            () if self.examples.any(index) => "examples",
            () => "samples",
        }
    }

    /// Forgets everything that was created, and how often rules have matched.
    pub(super) fn reset(&self) {
        if let Some(store) = &self.store {
            store.clear();
        }
        self.rules.reset_hits();
        self.calls.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

fn rule_input(input: &SchemaInput) -> RuleInput {
    let parameters = input.parameters.iter().map(|own| (own.location, own.name, own.json.clone()));
    RuleInput { parameters: parameters.collect(), body: input.body.clone() }
}

fn content(status: u16, body: Bytes) -> Response<Bytes> {
    let mut response = Response::new(body);
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    if !response.body().is_empty() {
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    }
    response
}

/// Responds with a message of the server's own, in the body that the operation declares for the status.
fn failure(request: &SchemaRequest, status: u16, message: &str) -> Response<Bytes> {
    let mut response = request.schema().failure(request.operation(), status, message);
    response.extensions_mut().insert(AnsweredBy::Refusal(status));
    response
}

/// Mixes texts into a seed: FNV-1a, whose result is the same on every machine.
pub(super) fn mixed<'t>(seed: u64, texts: impl IntoIterator<Item = &'t str>) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325 ^ seed;
    for text in texts {
        for byte in text.bytes().chain([0xff]) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
    hash
}
