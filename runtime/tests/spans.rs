//! Spans of calls. They are a separate program, since tracing caches for all threads whether there is a subscriber.
#![cfg(all(feature = "reqwest", feature = "tracing"))]
#![allow(missing_docs, clippy::unwrap_used)]

#[macro_use]
mod support;
mod types;

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::fmt::{Debug, Write as _};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

use apigen_runtime::{
    Operation, OperationInfo,
    client::{Auth, ValidationPolicy},
    codegen::Request,
};
use support::script::*;
use support::*;
use types::Color;

operation!(Colors, "colors.get", "GET", "/colors/:kind", [success(200)], Vec<Color>, Infallible);

type Recorded = BTreeMap<&'static str, String>;

/// Records the fields of every span, and all events as text.
#[derive(Clone, Default)]
struct Seen(Arc<Mutex<(Vec<Recorded>, String)>>);

struct Fields<'a>(&'a mut Recorded);

impl Visit for Fields<'_> {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.insert(field.name(), value.to_owned());
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0.insert(field.name(), format!("{value:?}"));
    }
}

impl Subscriber for Seen {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == "apigen_runtime"
    }

    fn new_span(&self, attributes: &Attributes<'_>) -> Id {
        let spans = &mut self.0.lock().unwrap().0;
        let mut fields = BTreeMap::new();
        attributes.record(&mut Fields(&mut fields));
        spans.push(fields);
        Id::from_u64(spans.len() as u64)
    }

    fn record(&self, span: &Id, values: &Record<'_>) {
        values.record(&mut Fields(&mut self.0.lock().unwrap().0[span.into_u64() as usize - 1]));
    }

    fn event(&self, event: &Event<'_>) {
        let mut fields = BTreeMap::new();
        event.record(&mut Fields(&mut fields));
        writeln!(self.0.lock().unwrap().1, "{fields:?}").unwrap();
    }

    fn record_follows_from(&self, _span: &Id, _follows: &Id) {}
    fn enter(&self, _span: &Id) {}
    fn exit(&self, _span: &Id) {}
}

async fn traced(steps: &[Step], validation: ValidationPolicy) -> (Recorded, String) {
    let seen = Seen::default();
    let _guard = tracing::subscriber::set_default(seen.clone());
    let (transport, _) = script(steps);
    let builder = builder("https://api.example.org:8443/v1").transport(transport);
    let client = builder.auth(Auth::header("X-Key", "hunter2")).build().unwrap();
    let request = Request::new(Colors::INFO).path("kind", &"warm").query("token", &"hunter2");
    let call = client.call::<Colors>(request).header("X-A", "hunter2").validate(validation);
    let _ = tokio::time::timeout(Duration::from_secs(20), call.into_future()).await;
    let (mut spans, events) = seen.0.lock().unwrap().clone();
    assert_eq!(spans.len(), 1);
    assert!(!format!("{spans:?} {events}").contains("hunter2"));
    (spans.remove(0), events)
}

#[tokio::test(start_paused = true)]
async fn a_success_after_a_retry() {
    let (span, events) = traced(&[BUSY, Step::Answer(200, &[], r#"["red"]"#)], ValidationPolicy::Off).await;
    let expected = [
        ("api.operation.id", "colors.get"),
        ("api.service.name", "users"),
        ("api.service.version", "2.1.0"),
        ("http.request.method", "GET"),
        ("http.request.resend_count", "1"),
        ("http.response.status_code", "200"),
        ("otel.kind", "client"),
        ("otel.name", "GET /colors/:kind"),
        ("server.address", "api.example.org"),
        ("server.port", "8443"),
        ("url.template", "/colors/:kind"),
    ];
    let span: Vec<_> = span.iter().map(|(name, value)| (*name, value.as_str())).collect();
    assert_eq!(span, expected);
    assert!(events.contains("trying again") && events.lines().count() == 1, "{events}");
}

#[tokio::test(start_paused = true)]
async fn errors() {
    let cases = [
        (Step::Answer(418, &[], ""), "418"),
        (Step::Answer(302, &[], ""), "undeclared_status"),
        (Step::Answer(200, &[], "hunter2"), "decode"),
        (Step::Fail(connect), "connect"),
    ];
    for (step, error) in cases {
        let (span, _) = traced(&[step], ValidationPolicy::Off).await;
        assert_eq!((span["error.type"].as_str(), span["otel.status_code"].as_str()), (error, "ERROR"));
    }
    let (span, _) = traced(&[Step::Hang], ValidationPolicy::Off).await;
    assert_eq!(span["error.type"], "cancelled");
}

#[tokio::test]
async fn violations_are_logged_without_values() {
    let secret = Step::Answer(200, &[], r#"["hunter2"]"#);
    let (span, events) = traced(&[secret], ValidationPolicy::Report).await;
    assert!(!span.contains_key("error.type"));
    assert!(events.contains("\"/0\"") && events.contains("\"enum\""), "{events}");
}

#[tokio::test]
async fn the_reason_for_side_effects() {
    let seen = Seen::default();
    let _guard = tracing::subscriber::set_default(seen.clone());
    let (transport, _) = script(&[Step::Answer(201, &[], "\"x\"")]);
    let builder = builder("http://x.org").transport(transport).environment("production");
    let client = builder.guard_side_effects().build().unwrap();
    client.call::<Post>(Request::new(Post::INFO)).allow_side_effects("order 17").await.unwrap();
    client.call::<Post>(Request::new(Post::INFO)).await.unwrap_err();
    let spans = &seen.0.lock().unwrap().0;
    assert_eq!((spans[0]["api.side_effects.reason"].as_str(), spans[0].get("error.type")), ("order 17", None));
    assert_eq!((spans[1].get("api.side_effects.reason"), spans[1]["error.type"].as_str()), (None, "guarded"));
}

#[cfg(feature = "blocking")]
#[tokio::test]
async fn a_call_that_is_waited_for_in_a_runtime_has_a_span() {
    let seen = Seen::default();
    let _guard = tracing::subscriber::set_default(seen.clone());
    let (transport, _) = script(&[Step::Answer(200, &[], r#"["red"]"#)]);
    let client = builder("https://api.example.org").transport(transport).build().unwrap();
    client.call::<Colors>(Request::new(Colors::INFO).path("kind", &"warm")).wait().unwrap();
    assert_eq!(seen.0.lock().unwrap().0.len(), 1);
}
