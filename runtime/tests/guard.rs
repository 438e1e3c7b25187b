//! Side effects in production need a reason.
#![cfg(feature = "reqwest")]

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use crate::support::script::*;
use crate::support::*;
use apigen_runtime::{
    Error, Operation, OperationInfo,
    client::{Auth, CallError, CallReport, ClientBuilder, Credentials, Environment, HttpClient, RetryPolicy},
    codegen::Request,
};

/// A search that is too large for a query, and a `GET` that starts something, both with an attribute in the spec.
struct Search;
struct Start;

impl Operation for Search {
    type Client = ();
    type Output = String;
    type Error = std::convert::Infallible;
    const INFO: &'static OperationInfo =
        &OperationInfo::new("users.search", "POST", "/users/search", &[success(200)]).side_effects(false);
}

impl Operation for Start {
    type Client = ();
    type Output = String;
    type Error = std::convert::Infallible;
    const INFO: &'static OperationInfo =
        &OperationInfo::new("users.start", "GET", "/users/start", &[success(200)]).side_effects(true);
}

fn post() -> Request {
    Request::new(Post::INFO)
}

const CREATED: Step = Step::Answer(201, &[], "\"x\"");

fn guarded(environment: &str, steps: &[Step]) -> (ClientBuilder<HttpClient>, Log) {
    let (transport, log) = script(steps);
    (builder("http://x.org").transport(transport).environment(environment).guard_side_effects(), log)
}

#[tokio::test]
async fn nothing_is_sent_without_a_reason() {
    let fetched = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&fetched);
    let auth = Auth::refreshing(move || {
        counted.fetch_add(1, Ordering::Relaxed);
        std::future::ready(Ok(Credentials::new(Auth::bearer("t"))))
    });
    let (builder, log) = guarded("production", &[CREATED]);
    let client = builder.auth(auth).retry(RetryPolicy::standard()).build().unwrap();
    let error = client.call::<Post>(post()).retry(RetryPolicy::standard()).await.unwrap_err();
    assert!(error.is_guarded() && !error.is_retryable() && !error.is_invalid_request() && !error.is_transport());
    assert_eq!(
        error.to_string(),
        "users.post (POST /users): not sent, since it has side effects and this is production: \
         if it should be, say why by `.allow_side_effects(\"…\")` on the call or the client"
    );
    assert_eq!((error.operation().unwrap().id, error.request(), error.status()), ("users.post", None, None));
    assert_eq!((log.count(), fetched.load(Ordering::Relaxed)), (0, 0));
}

#[tokio::test]
async fn methods_and_attributes_say_what_has_side_effects() {
    let (builder, log) = guarded("prod", &[OK]);
    let client = builder.build().unwrap();
    assert_eq!(client.call::<Get>(Request::new(Get::INFO).path("id", &1)).await.unwrap(), "x");
    assert_eq!(client.call::<Search>(Request::new(Search::INFO)).await.unwrap(), "x");
    assert!(client.call::<Start>(Request::new(Start::INFO)).await.unwrap_err().is_guarded());
    assert!(client.call::<Put>(Request::new(Put::INFO).path("id", &1)).await.unwrap_err().is_guarded());
    assert!(client.call::<Delete>(Request::new(Delete::INFO)).await.unwrap_err().is_guarded());
    assert!(client.call::<Patch>(Request::new(Patch::INFO)).await.unwrap_err().is_guarded());
    assert_eq!(log.count(), 2);
    let effects = |method| OperationInfo::new("a.b", method, "/", &[]).side_effects;
    let all = ["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "CONNECT", "TRACE"].map(effects);
    assert_eq!(all, [false, false, false, true, true, true, true, true, true]);
}

#[tokio::test]
async fn a_reason_lets_calls_through() {
    let (builder, log) = guarded("production", &[CREATED]);
    let client = builder.build().unwrap();
    assert_eq!(client.call::<Post>(post()).allow_side_effects("order 17").await.unwrap(), "x");
    let allowed = client.allow_side_effects(format!("ticket {}", 42));
    assert_eq!(allowed.call::<Post>(post()).await.unwrap(), "x");
    assert_eq!(allowed.clone().call::<Post>(post()).allow_side_effects("").await.unwrap(), "x");
    assert!(client.call::<Post>(post()).await.unwrap_err().is_guarded(), "the clone alone is allowed");
    assert!(client.call::<Post>(post()).allow_side_effects(" ").await.unwrap_err().is_guarded());
    assert_eq!(log.count(), 3);

    let (builder, log) = guarded("production", &[CREATED]);
    let client = builder.allow_side_effects("nightly load").build().unwrap();
    assert_eq!((client.call::<Post>(post()).await.unwrap().as_str(), log.count()), ("x", 1));
}

#[tokio::test]
async fn other_environments_and_clients_without_a_guard_are_free() {
    for environment in ["staging", "development", "sandbox"] {
        let client = guarded(environment, &[CREATED]).0.build().unwrap();
        assert_eq!(client.call::<Post>(post()).await.unwrap(), "x", "{environment}");
        assert_eq!(client.environment(), Some(&Environment::from(environment)));
    }
    let (transport, _) = script(&[CREATED]);
    let client = builder("http://x.org").transport(transport).environment(Environment::Production).build().unwrap();
    assert_eq!(client.call::<Post>(post()).await.unwrap(), "x");
    let lost = builder("http://x.org").guard_side_effects().build().unwrap_err().to_string();
    assert!(lost.contains("the environment is not known") && lost.contains("_ENVIRONMENT"), "{lost}");
}

#[tokio::test]
async fn reports_tell_the_reason() {
    let reports: Arc<Mutex<Vec<_>>> = Arc::default();
    let seen = Arc::clone(&reports);
    let (builder, _) = guarded("production", &[CREATED]);
    let builder = builder.observer(move |call: &CallReport<'_>| {
        let error = call.error.map(CallError::name);
        seen.lock().unwrap().push((call.side_effects.clone(), error, call.status, call.retries, format!("{call:?}")));
    });
    let client = builder.allow_side_effects("nightly load").build().unwrap();
    let last = || reports.lock().unwrap().pop().unwrap();
    client.call::<Post>(post()).await.unwrap();
    let (side_effects, error, .., shown) = last();
    assert_eq!((side_effects.as_deref(), error), (Some("nightly load"), None));
    assert!(shown.contains("nightly load"));
    client.call::<Post>(post()).allow_side_effects("order 17").await.unwrap();
    assert_eq!(last().0.as_deref(), Some("order 17"));
    // Reports list reasons only of calls that needed one.
    client.call::<Get>(Request::new(Get::INFO).path("id", &1)).allow_side_effects("a look").await.unwrap_err();
    assert_eq!(last().0, None);
    client.allow_side_effects("").call::<Post>(post()).await.unwrap_err();
    let (side_effects, error, status, retries, _) = last();
    assert_eq!((side_effects, error, status, retries), (None, Some("guarded"), None, 0));
}

#[tokio::test]
async fn mocks_are_free() {
    let answer = std::future::ready(Ok::<_, Error<PostError>>("mocked".to_owned()));
    let call = apigen_runtime::Call::from_future(answer);
    assert_eq!(call.await.unwrap(), "mocked");
}
