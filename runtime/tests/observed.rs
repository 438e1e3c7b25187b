//! Reports to observers, and stricter checks of responses.
#![cfg(feature = "reqwest")]

use std::convert::Infallible;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::support::script::*;
use crate::support::*;
use crate::types::{Color, Keyed};
use apigen_runtime::{
    Operation, OperationInfo,
    client::{Auth, CallError, CallReport, HttpClient, RetryPolicy, ValidationPolicy},
    codegen::Request,
};

operation!(Colors, "colors.get", "GET", "/colors/:kind", [success(200)], Vec<Color>, Infallible);
operation!(Pets, "pets.get", "GET", "/pets", [success(200)], Vec<Keyed>, Infallible);

fn colors() -> Request {
    Request::new(Colors::INFO).path("kind", &"warm").query("token", &"hunter2")
}

/// The recorded parts of a report.
#[derive(Debug)]
struct Report {
    operation: &'static OperationInfo,
    version: &'static str,
    status: Option<u16>,
    status_class: &'static str,
    error: Option<&'static str>,
    duration: Duration,
    retries: u32,
    unknown_values: u32,
    violations: usize,
    deprecated: bool,
    shown: String,
}

impl Report {
    fn new(call: &CallReport<'_>) -> Report {
        let failed = call.error.and_then(CallError::failure);
        assert_eq!(failed.is_some(), call.error.is_some_and(|error| error.name() != "cancelled"));
        Report {
            operation: call.operation,
            version: call.service.version,
            status: call.status.map(|status| status.as_u16()),
            status_class: call.status_class(),
            error: call.error.map(CallError::name),
            duration: call.duration,
            retries: call.retries,
            unknown_values: call.unknown_values,
            violations: call.violations,
            deprecated: call.deprecated,
            shown: format!("{call:?}"),
        }
    }
}

type Reports = Arc<Mutex<Vec<Report>>>;

fn client(steps: &[Step]) -> (HttpClient, Reports) {
    let (transport, _) = script(steps);
    let reports = Reports::default();
    let seen = Arc::clone(&reports);
    let observer = move |call: &CallReport<'_>| seen.lock().unwrap().push(Report::new(call));
    let auth = Auth::header("X-Key", "hunter2");
    let builder = builder("https://api.example.org:8443/v1").transport(transport).observer(observer);
    (builder.auth(auth).build().unwrap(), reports)
}

fn last(reports: &Reports) -> Report {
    reports.lock().unwrap().pop().unwrap()
}

const RED: Step = Step::Answer(200, &[], r#"["red"]"#);
const GREEN: Step = Step::Answer(200, &[], r#"["red", "green", "grey"]"#);

#[tokio::test(start_paused = true)]
async fn a_success() {
    let (client, reports) = client(&[Step::Answer(503, &[("retry-after", "2")], ""), GREEN]);
    let answer = client.call::<Colors>(colors().deprecated()).header("X-A", "hunter2").await.unwrap();
    assert_eq!(answer[1], Color::Unknown("green".into()));
    let report = last(&reports);
    assert_eq!((report.operation.id, report.version), ("colors.get", "2.1.0"));
    assert_eq!((report.status.unwrap(), report.status_class, report.error), (200, "2xx", None));
    assert_eq!((report.retries, report.unknown_values, report.violations), (1, 2, 0));
    assert!(report.deprecated && report.duration >= Duration::from_secs(2), "{report:?}");
    assert!(!report.shown.contains("hunter2"));
    assert!(reports.lock().unwrap().is_empty(), "one report for each call");
}

#[tokio::test]
async fn unknown_members_of_unions() {
    let json = r#"[{"string": {"value": "a"}}, {"new": {}}, {"keyed_inner": {"newer": {}}}]"#;
    let (client, reports) = client(&[Step::Answer(200, &[], json)]);
    let pets = client.call::<Pets>(Request::new(Pets::INFO)).await.unwrap();
    assert!(matches!(pets[1], Keyed::Unknown(_)), "{pets:?}");
    assert_eq!(last(&reports).unknown_values, 2);
}

#[tokio::test(start_paused = true)]
async fn each_kind_of_error() {
    let cases = [
        (Step::Fail(connect), "none", "connect"),
        (Step::Hang, "none", "timeout"),
        (Step::Answer(418, &[], ""), "4xx", "undeclared_status"),
        (Step::Answer(999, &[], ""), "other", "undeclared_status"),
        (Step::Answer(200, &[], "[1]"), "2xx", "decode"),
    ];
    for (step, class, error) in cases {
        let (client, reports) = client(&[step]);
        assert!(client.call::<Colors>(colors()).retry(RetryPolicy::never()).await.is_err());
        let report = last(&reports);
        assert_eq!((report.status_class, report.error, report.retries), (class, Some(error), 0));
        assert!(!report.deprecated);
    }
    let (client, reports) = client(&[Step::Answer(409, &[], "\"taken\"")]);
    assert!(client.call::<Post>(Request::new(Post::INFO)).await.is_err());
    assert_eq!(
        (last(&reports).error, client.call::<Colors>(colors()).header("", 1).await.is_err()),
        (Some("declared"), true)
    );
    assert_eq!(last(&reports).error, Some("invalid_request"));
}

#[tokio::test(start_paused = true)]
async fn a_call_that_is_dropped() {
    let (client, reports) = client(&[Step::Hang]);
    let call = client.call::<Colors>(colors());
    assert!(tokio::time::timeout(Duration::from_secs(3), call.into_future()).await.is_err());
    let report = last(&reports);
    assert_eq!((report.error, report.duration.as_secs()), (Some("cancelled"), 3));
    drop(client.call::<Colors>(colors()));
    assert!(reports.lock().unwrap().is_empty(), "never begun");
}

#[tokio::test]
async fn stricter_looks() {
    let (client, reports) = client(&[GREEN]);
    let call = || client.call::<Colors>(colors());
    assert_eq!(call().await.unwrap().len(), 3);
    assert_eq!(call().validate(false).await.unwrap().len(), 3);
    reports.lock().unwrap().clear();

    let error = call().validate(true).await.unwrap_err();
    let pointers: Vec<&str> = error.violations().unwrap().iter().map(|v| v.pointer.as_str()).collect();
    assert_eq!((error.is_decode(), pointers), (true, vec!["/1", "/2"]));
    assert_eq!(last(&reports).error, Some("decode"));

    assert_eq!(call().validate(ValidationPolicy::Report).await.unwrap().len(), 3);
    let report = last(&reports);
    assert_eq!((report.error, report.violations, report.unknown_values), (None, 2, 2));
}

#[tokio::test]
async fn a_strict_client() {
    let (transport, _) = script(&[GREEN, RED, GREEN]);
    let client = builder("http://x.org").transport(transport).validate(true).build().unwrap();
    assert!(client.call::<Colors>(colors()).await.unwrap_err().is_decode());
    assert_eq!(client.call::<Colors>(colors()).await.unwrap(), [Color::Red]);
    assert_eq!(client.call::<Colors>(colors()).validate(false).await.unwrap().len(), 3);
}
