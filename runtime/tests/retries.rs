//! When a call is retried, and when it is not. The clock is paused: waits take no time.
#![cfg(feature = "reqwest")]

use std::time::Duration;

use crate::support::script::*;
use crate::support::*;
use apigen_runtime::{
    Call, Operation,
    client::{HttpClient, RetryPolicy, Timeout, Transport, TransportError},
    codegen::Request,
    http::StatusCode,
};
use tokio::time::Instant;

fn client(steps: &[Step]) -> (HttpClient, Log) {
    let (transport, log) = script(steps);
    (build(transport), log)
}

fn build(transport: impl Transport) -> HttpClient {
    builder("http://x.org").transport(transport).build().unwrap()
}

fn get(client: &HttpClient) -> Call<'_, String, std::convert::Infallible> {
    client.call::<Get>(Request::new(Get::INFO).path("id", &"1"))
}

fn post(client: &HttpClient) -> Call<'_, String, PostError> {
    client.call::<Post>(Request::new(Post::INFO).body(&"Ada"))
}

const SECOND: Duration = Duration::from_secs(1);

fn broken() -> TransportError {
    TransportError::broken("reset")
}

fn late() -> TransportError {
    TransportError::timeout("late")
}

fn large() -> TransportError {
    TransportError::other("too large")
}

#[tokio::test(start_paused = true)]
async fn by_default_only_what_the_server_has_not_begun() {
    for step in [Step::Fail(connect), BUSY, Step::Answer(429, &[], "")] {
        let (client, log) = client(&[step, step, OK]);
        assert_eq!(get(&client).await.unwrap(), "x");
        assert_eq!(log.count(), 3);
        let waits = log.waits();
        assert!(waits[0] <= SECOND / 10 && waits[1] <= SECOND / 5, "{waits:?}");
    }
    for step in [Step::Fail(broken), Step::Fail(late), Step::Fail(large), Step::Answer(500, &[], "")] {
        let (client, log) = client(&[step, OK]);
        let error = get(&client).await.unwrap_err();
        assert_eq!((log.count(), error.request().unwrap().attempts()), (1, 1));
    }
}

#[tokio::test(start_paused = true)]
async fn at_most_three_attempts() {
    let (client, log) = client(&[BUSY]);
    let error = get(&client).await.unwrap_err();
    assert_eq!((log.count(), error.status(), error.is_retryable()), (3, Some(StatusCode::SERVICE_UNAVAILABLE), true));
    assert_eq!(error.request().unwrap().attempts(), 3);
}

#[tokio::test(start_paused = true)]
async fn standard_covers_what_may_pass() {
    let passing = [
        Step::Fail(connect),
        Step::Fail(broken),
        Step::Fail(late),
        Step::Answer(408, &[], ""),
        Step::Answer(425, &[], ""),
        Step::Answer(502, &[], ""),
        Step::Answer(504, &[], ""),
    ];
    for step in passing {
        let (client, log) = client(&[step, OK]);
        assert_eq!(get(&client).retry(RetryPolicy::standard()).await.unwrap(), "x");
        assert_eq!(log.count(), 2);
    }
    for step in [Step::Fail(large), Step::Answer(500, &[], ""), Step::Answer(200, &[], "not json")] {
        let (client, log) = client(&[step, OK]);
        let error = get(&client).retry(RetryPolicy::standard()).await.unwrap_err();
        assert!(!error.is_retryable(), "{error}");
        assert_eq!(log.count(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn can_be_turned_off() {
    let (transport, log) = script(&[BUSY, OK]);
    let client = builder("http://x.org").transport(transport).retry(RetryPolicy::never()).build().unwrap();
    assert!(get(&client).await.is_err());
    assert_eq!(log.count(), 1);
    let (client, log) = self::client(&[BUSY, OK]);
    assert!(get(&client).retry(RetryPolicy::never()).await.is_err());
    assert_eq!(log.count(), 1);
}

#[tokio::test(start_paused = true)]
async fn which_methods() {
    let (client, log) = client(&[Step::Fail(connect)]);
    assert!(post(&client).await.unwrap_err().is_connect());
    assert!(client.call::<Patch>(Request::new(Patch::INFO)).await.unwrap_err().is_connect());
    assert_eq!(log.count(), 2);
    assert!(client.call::<Put>(Request::new(Put::INFO).path("id", &1)).await.is_err());
    assert!(client.call::<Delete>(Request::new(Delete::INFO)).await.is_err());
    assert_eq!(log.count(), 8);
}

#[tokio::test(start_paused = true)]
async fn others_when_asked() {
    let created = Step::Answer(201, &[], "\"made\"");
    let (client, log) = client(&[BUSY, created]);
    assert_eq!(post(&client).retry(RetryPolicy::careful()).await.unwrap(), "made");
    let requests = log.requests();
    assert_eq!((requests.len(), &requests[0].body()[..]), (2, &b"\"Ada\""[..]));
    assert_eq!(requests[0].body(), requests[1].body());
    assert_eq!(requests[0].headers(), requests[1].headers());
}

#[tokio::test(start_paused = true)]
async fn idempotency_key() {
    let created = Step::Answer(201, &[], "\"made\"");
    let (client, log) = client(&[Step::Fail(connect), BUSY, created]);
    assert_eq!(post(&client).idempotency_key("k1").await.unwrap(), "made");
    assert_eq!(log.headers("idempotency-key"), ["k1", "k1", "k1"]);
    let (transport, log) = script(&[BUSY, created]);
    let off = builder("http://x.org").transport(transport).retry(RetryPolicy::never()).build().unwrap();
    assert!(post(&off).idempotency_key(uuid::Uuid::nil()).await.is_err());
    assert_eq!(log.count(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_declared_status_is_retried_and_stays_typed() {
    let (client, log) = client(&[Step::Answer(503, &[], "\"busy\"")]);
    let error = client.call::<Any>(Request::new(Any::INFO)).await.unwrap_err();
    assert_eq!(error.declared(), Some(&PostError::Default(503, Some("busy".into()))));
    assert_eq!(log.count(), 3);
    let (client, log) = self::client(&[OK]);
    assert!(client.call::<Any>(Request::new(Any::INFO)).retry(RetryPolicy::careful().statuses(&[200])).await.is_ok());
    assert_eq!(log.count(), 1, "a declared success");
}

#[tokio::test(start_paused = true)]
async fn retry_after() {
    let cases: [&'static [(&str, &str)]; 2] = [
        &[("retry-after", "7")],
        &[("retry-after", "Sun, 06 Nov 1994 08:49:44 GMT"), ("date", "Sun, 06 Nov 1994 08:49:37 GMT")],
    ];
    for headers in cases {
        let (client, log) = client(&[Step::Answer(429, headers, ""), OK]);
        get(&client).await.unwrap();
        let wait = log.waits()[0];
        assert!(wait >= 7 * SECOND && wait < 7 * SECOND + SECOND / 5, "{wait:?}");

        let (client, _) = self::client(&[Step::Answer(429, headers, "")]);
        let error = get(&client).retry(RetryPolicy::never()).await.unwrap_err();
        assert_eq!((error.retry_after(), error.is_retryable()), (Some(7 * SECOND), true));
    }
}

#[tokio::test(start_paused = true)]
async fn a_long_retry_after_is_for_the_caller() {
    let (client, log) = client(&[Step::Answer(503, &[("retry-after", "90")], "")]);
    let start = Instant::now();
    let error = get(&client).timeout(1000 * SECOND).await.unwrap_err();
    assert_eq!((log.count(), error.retry_after(), start.elapsed()), (1, Some(90 * SECOND), Duration::ZERO));
    let patient = RetryPolicy::careful().max_retry_after(100 * SECOND);
    assert!(get(&client).timeout(1000 * SECOND).retry(patient).await.is_err());
    assert_eq!(log.count(), 4);
}

#[tokio::test(start_paused = true)]
async fn nothing_starts_after_the_time_limit() {
    let (client, log) = client(&[Step::Answer(503, &[("retry-after", "4")], "")]);
    let start = Instant::now();
    let error = get(&client).timeout(6 * SECOND).await.unwrap_err();
    assert_eq!(error.status(), Some(StatusCode::SERVICE_UNAVAILABLE));
    assert_eq!(log.count(), 2);
    assert!(start.elapsed() < 5 * SECOND, "{:?}", start.elapsed());
    let requests = log.requests();
    let limits: Vec<Duration> = requests.iter().map(|r| r.extensions().get::<Timeout>().unwrap().0).collect();
    assert_eq!(limits[0], 6 * SECOND);
    assert!(limits[1] <= 2 * SECOND, "{limits:?}");
}

#[tokio::test(start_paused = true)]
async fn a_transport_that_keeps_no_time() {
    let (client, log) = client(&[BUSY, Step::Hang]);
    let start = Instant::now();
    let error = get(&client).timeout(3 * SECOND).await.unwrap_err();
    assert!(error.is_timeout());
    // tokio's timers have a resolution of a millisecond.
    assert!(start.elapsed() < 3 * SECOND + SECOND / 100 && log.count() == 2);
}

#[tokio::test(start_paused = true)]
async fn attempts_with_a_time_limit_of_their_own() {
    let (client, log) = client(&[Step::Hang, OK]);
    let policy = RetryPolicy::standard().attempt_timeout(2 * SECOND);
    assert_eq!(get(&client).retry(policy).await.unwrap(), "x");
    assert!(log.waits()[0] >= 2 * SECOND);
    assert_eq!(log.requests()[0].extensions().get(), Some(&Timeout(2 * SECOND)));
    let (client, _) = self::client(&[Step::Hang, OK]);
    assert!(get(&client).retry(policy.timeouts(false)).await.unwrap_err().is_timeout());
}

#[tokio::test(start_paused = true)]
async fn clones_share_a_budget() {
    let (transport, log) = script(&[BUSY]);
    let client = builder("http://x.org").transport(transport).retry_budget(3).build().unwrap();
    for sent in [3, 5, 6, 7] {
        assert!(get(&client.clone()).await.is_err());
        assert_eq!(log.count(), sent);
    }
}

#[tokio::test(start_paused = true)]
async fn successes_refill_the_budget() {
    let steps = [&[BUSY, BUSY][..], &[OK; 10], &[BUSY]].concat();
    let (transport, log) = script(&steps);
    let client = builder("http://x.org").transport(transport).retry_budget(1).build().unwrap();
    assert!(get(&client).await.is_err());
    assert_eq!(log.count(), 2);
    for _ in 0..10 {
        get(&client).await.unwrap();
    }
    assert!(get(&client).await.is_err());
    assert_eq!(log.count(), 14);
}

#[tokio::test(start_paused = true)]
async fn invalid_requests_are_not_retried() {
    let (client, log) = client(&[OK]);
    let error = get(&client).idempotency_key("\n").await.unwrap_err();
    assert!(error.is_invalid_request() && !error.is_retryable() && error.request().is_none());
    assert_eq!(log.count(), 0);
}
