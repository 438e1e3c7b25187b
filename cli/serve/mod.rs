//! API Builder's generator protocol: a server that generates code on request.
//!
//! [`protocol`] is generated from `specs/generator.json` by this crate; [`router`] serves an implementation of its
//! server traits.

mod generator_specs;
mod invocation;
/// The contents of `specs/generator.json`: types, traits, and a client.
pub mod protocol;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread;
use std::time::Duration;

use apigen_runtime::{
    OperationInfo, ToJson, Writer,
    bytes::Bytes,
    server::{Abandoned, Context, HandlerResult, Router, ServerLimits},
    validate::MessageViolations,
};

use apigen_model::checkpoint::{Limit, Stopped, within};
use apigen_model::diagnostic::count;
use generator_specs::GENERATORS;
use invocation::error;
use protocol::server::{Generators, Healthchecks, Invocations};
use protocol::{Error, Generator, Healthcheck, Invocation, InvocationForm, generators, healthchecks, invocations};

/// API Builder's server requests all code of a new version at once, so requests wait for memory instead of failing.
const LIMITS: ServerLimits = ServerLimits::new().wait(Duration::from_secs(30));

/// Logs one line.
pub type Log = fn(&str);

/// Limits on the work that clients can cause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Time limit of one invocation, from when its form is read; 30 seconds by default. An invocation that exceeds it
    /// ends with status 409.
    pub time: Duration,
    /// Maximum memory of all concurrent invocations, in bytes; 512 MiB by default. A quarter is for forms that wait,
    /// the rest is divided equally among running invocations. One that needs more than its share gets status 409.
    pub memory: usize,
    /// Maximum number of invocations that run at once, each with the same share of the memory; by default two, or one
    /// on a single processor.
    pub running: usize,
    /// Maximum number of waiting invocations; 64 by default. Further ones get status 503.
    pub waiting: usize,
}

impl Default for Limits {
    fn default() -> Self {
        let running = thread::available_parallelism().map_or(1, usize::from).min(2);
        Self { time: Duration::from_secs(30), memory: 512 << 20, running, waiting: 64 }
    }
}

impl Limits {
    /// Returns the memory of one invocation. A fifth is left to the allocator, which keeps freed memory in pieces: the
    /// busier the machine, the more threads have some.
    fn share(&self) -> usize {
        (self.memory - self.waiting_memory()) / 5 * 4 / self.running.max(1)
    }

    fn waiting_memory(&self) -> usize {
        self.memory / 4
    }

    /// Returns the maximum size of a request body, at least 1 MiB. Its form, and then the documents in it, should fit
    /// into the memory of one invocation: values take up to 32 times the size of their text, a document up to 40 times,
    /// one after the other.
    pub fn body(&self) -> usize {
        (self.share() / 50).max(1 << 20)
    }
}

/// Returns a router for the whole protocol with the default [`Limits`]. Invocations run outside the executor; a failed
/// one gets status 409 and a list of errors, which API Builder shows to its users.
pub fn router(log: Log) -> Router {
    router_with(log, &Limits::default())
}

/// Returns the same router with these limits. An invocation also ends when its client disconnects.
pub fn router_with(log: Log, limits: &Limits) -> Router {
    let router = protocol::server::router(Service { time: limits.time, memory: limits.share(), log });
    let router = router.blocking(limits.running, limits.waiting).body_limit(limits.body());
    router
        .limits(LIMITS.memory(limits.waiting_memory()))
        .invalid(conflict)
        .on_failure(move |failure| log(&failure.to_string()))
}

struct Service {
    time: Duration,
    /// The memory of one invocation, in bytes.
    memory: usize,
    log: Log,
}

impl Healthchecks for Service {
    async fn get(&self, _: Context) -> HandlerResult<healthchecks::Get> {
        Ok(Healthcheck { status: "healthy".to_owned() }.into())
    }
}

impl Generators for Service {
    async fn get(&self, _: Context, params: generators::GetParams) -> HandlerResult<generators::Get> {
        let wanted = |generator: &Generator| params.key.as_ref().is_none_or(|key| *key == generator.key);
        let number = |number: i32| usize::try_from(number).unwrap_or_default();
        let page = generator_specs::all().filter(wanted).skip(number(params.offset)).take(number(params.limit));
        Ok(page.collect::<Vec<_>>().into())
    }

    async fn get_by_key(&self, _: Context, key: String) -> HandlerResult<generators::GetByKey> {
        let found = generator_specs::all().find(|generator| generator.key == key);
        Ok(found.ok_or(generators::GetByKeyError::NotFound)?.into())
    }
}

impl Invocations for Service {
    // Computes without waiting for anything: the router calls this outside the executor.
    async fn post_by_key(
        &self,
        context: Context,
        key: String,
        form: InvocationForm,
    ) -> HandlerResult<invocations::PostByKey> {
        let abandoned = context.extension::<Abandoned>().cloned().unwrap_or_default();
        let work = AssertUnwindSafe(|| self.logged(&key, form, abandoned));
        let files =
            catch_unwind(work).unwrap_or_else(|_| Err(vec![error("internal", "apigen failed; please report this")]));
        #[expect(deprecated, reason = "clients of old expect the field")]
        let invocation = |files| Invocation { source: String::new(), files };
        Ok(files.map(invocation).map_err(invocations::PostByKeyError::Conflict)?.into())
    }
}

impl Service {
    /// Generates, and logs the result.
    fn logged(&self, key: &str, form: InvocationForm, abandoned: Abandoned) -> Result<Vec<protocol::File>, Vec<Error>> {
        let begin = abandoned.begun();
        let limit = Limit { until: begin + self.time, is_abandoned: Box::new(move || abandoned.is_abandoned()) };
        let name = invocation::name(&form);
        let result = within(limit, || invoked(key, form, self.memory));
        let outcome = match &result {
            Ok(Ok((files, _))) => count(files.len(), "file"),
            Ok(Err(errors)) => format!("refused, {}", count(errors.len(), "error")),
            Err(Stopped::Late) => "stopped, time limit".to_owned(),
            Err(Stopped::Abandoned) => "stopped, the client disconnected".to_owned(),
        };
        (self.log)(&format!("{key} of {name}: {outcome} in {:.0?}", begin.elapsed()));
        let (files, warnings) = result.unwrap_or_else(|_| Err(vec![self.late()]))?;
        if !warnings.is_empty() {
            (self.log)(warnings.trim_end());
        }
        Ok(files)
    }

    fn late(&self) -> Error {
        let message = format!(
            "generation took longer than {:?} and was stopped; the operator of the generator can raise the limit with `apigen serve \
             --time-limit`",
            self.time
        );
        error("time_limit", message)
    }
}

fn invoked(key: &str, form: InvocationForm, memory: usize) -> Result<invocation::Made, Vec<Error>> {
    match GENERATORS.iter().find(|generator| generator.key == key) {
        Some(generator) => invocation::invoke(generator, form, memory),
        None => {
            let known: Vec<&str> = GENERATORS.iter().map(|generator| generator.key).collect();
            let message = format!("generator[{key}] not found; available: {}", known.join(", "));
            Err(vec![error("unknown_generator", message)])
        }
    }
}

/// Responds to requests that cannot be served with the declared errors, instead of a router's usual 422.
fn conflict(_: &'static OperationInfo, violations: &MessageViolations) -> http::Response<Bytes> {
    let errors: Vec<Error> =
        violations.iter().map(|violation| error(violation.violation.code.as_str(), violation.to_string())).collect();
    let mut writer = Writer::new();
    errors.write(&mut writer);
    let mut response = http::Response::new(Bytes::from(writer.into_string()));
    *response.status_mut() = http::StatusCode::CONFLICT;
    let json = http::HeaderValue::from_static("application/json");
    response.headers_mut().insert(http::header::CONTENT_TYPE, json);
    response
}
