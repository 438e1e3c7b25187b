//! API Builder's generator protocol: a server that is asked for code answers with files.
//!
//! [`protocol`] is generated from `specs/generator.json` by this crate; [`router`] puts an implementation of its server traits
//! behind HTTP.

mod generator;
mod invocation;
/// What `specs/generator.json` describes: types, traits, and a client.
pub mod protocol;

use crate::diagnostic::count;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use apigen_runtime::{Answer, Bytes, Context, MessageViolations, OperationInfo, Router, ServerLimits, ToJson, Writer};
use tokio::sync::Semaphore;

use generator::GENERATORS;
use protocol::server::{Generators, Healthchecks, Invocations};
use protocol::{Error, Generator, Healthcheck, Invocation, InvocationForm, generators, healthchecks, invocations};

/// A service with all that it imports takes some ten times its text, and an API Builder server asks for all code of a new version at
/// once: whoever waits takes no memory meanwhile.
const LIMITS: ServerLimits = ServerLimits::new().memory(256 << 20).wait(Duration::from_secs(30));

/// Says what was done, a line at a time.
pub type Log = fn(&str);

/// The whole protocol. Invocations run beside the executor, as many at a time as there are processors; whatever is wrong with
/// one is answered with status 409 and a list of errors, which API Builder shows to its users.
pub fn router(log: Log) -> Router {
    let slots = thread::available_parallelism().map_or(1, usize::from);
    let service = Service { slots: Arc::new(Semaphore::new(slots)), log };
    protocol::server::router(service)
        .limits(LIMITS)
        .invalid(conflict)
        .on_failure(move |failure| log(&failure.to_string()))
}

struct Service {
    slots: Arc<Semaphore>,
    log: Log,
}

impl Healthchecks for Service {
    async fn get(&self, _: Context) -> Answer<healthchecks::Get> {
        Ok(Healthcheck { status: "healthy".to_owned() }.into())
    }
}

impl Generators for Service {
    async fn get(&self, _: Context, params: generators::GetParams) -> Answer<generators::Get> {
        let wanted = |generator: &Generator| params.key.as_ref().is_none_or(|key| *key == generator.key);
        let number = |number: i32| usize::try_from(number).unwrap_or_default();
        let page = generator::all().filter(wanted).skip(number(params.offset)).take(number(params.limit));
        Ok(page.collect::<Vec<_>>().into())
    }

    async fn get_by_key(&self, _: Context, key: String) -> Answer<generators::GetByKey> {
        let found = generator::all().find(|generator| generator.key == key);
        Ok(found.ok_or(generators::GetByKeyError::NotFound)?.into())
    }
}

impl Invocations for Service {
    async fn post_by_key(&self, _: Context, key: String, form: InvocationForm) -> Answer<invocations::PostByKey> {
        // The semaphore is never closed.
        let slot = Arc::clone(&self.slots).acquire_owned().await.ok();
        let log = self.log;
        let work = tokio::task::spawn_blocking(move || {
            let _slot = slot;
            logged(log, &key, &form)
        });
        let files = work.await.unwrap_or_else(|_| Err(vec![error("internal", "apigen failed; please report this")]));
        #[expect(deprecated, reason = "clients of old expect the field")]
        let invocation = |files| Invocation { source: String::new(), files };
        Ok(files.map(invocation).map_err(invocations::PostByKeyError::Conflict)?.into())
    }
}

fn logged(log: Log, key: &str, form: &InvocationForm) -> Result<Vec<protocol::File>, Vec<Error>> {
    let begin = Instant::now();
    let result = match GENERATORS.iter().find(|generator| generator.key == key) {
        Some(generator) => invocation::invoke(generator, form),
        None => {
            let known: Vec<&str> = GENERATORS.iter().map(|generator| generator.key).collect();
            Err(vec![error("unknown_generator", format!("generator[{key}] not found; there are {}", known.join(", ")))])
        }
    };
    let outcome = match &result {
        Ok((files, _)) => count(files.len(), "file"),
        Err(errors) => format!("refused, {}", count(errors.len(), "error")),
    };
    log(&format!("{key} of {}: {outcome} in {:.0?}", invocation::name(form), begin.elapsed()));
    let (files, warnings) = result?;
    if !warnings.is_empty() {
        log(warnings.trim_end());
    }
    Ok(files)
}

fn error(code: &str, message: impl Into<String>) -> Error {
    Error { code: code.to_owned(), message: message.into() }
}

/// What the operations declare for requests that cannot be served, in place of a router's usual 422.
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
