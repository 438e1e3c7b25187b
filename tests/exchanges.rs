//! Records of the exchanges of the generated client of `specs/location.json`.

#[path = "exchanges/values.rs"]
mod values;

use std::collections::BTreeSet;
use std::fs;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use apigen_model::{Inputs, Source, load};
use apigen_runtime::Mode;
use apigen_runtime::bytes::Bytes;
use apigen_runtime::client::transport_fn;
use apigen_runtime::testing::{RecordMode, Recorder, Redactor};
use apigen_runtime::validate::schema::{Operation, Schema};
use apigen_testing::exchange::{Body, Capture, Exchange, Seen};
use http::{Request, Response};
use location::{Client, UserForm, users::PostParams};
use serde_json::Value;
use values::Values;

use crate::documents::{Documents, ours, real};

const USER: &str = r#"{"guid":"6513270e-269e-4d37-b2a7-4de452e6b438","email":"jo@example.com","name":"Josephine Doe","role":"editor","created_at":"2026-03-04T05:06:07Z","settings":{"owner":"Josephine Doe <jo@example.com>"},"home":{"streets":["1 Hidden Lane"],"city":"Paris","latitude":48.850,"precision":"CI"}}"#;

fn capture() -> (Capture, Arc<Schema>) {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/specs/location.json");
    let source = Source { name: path.to_owned(), text: fs::read_to_string(path).unwrap(), path: Some(path.into()) };
    let loaded = load(Inputs { specs: vec![source], ..Inputs::default() }).unwrap();
    let schema = Arc::new(apigen_testing::schema(&loaded.api, &Default::default()).unwrap());
    (Capture::new("location", "1", Arc::clone(&schema)), schema)
}

fn seen<'s, B, C>(
    operation: Option<&'s Operation>,
    request: &'s Request<B>,
    response: &'s Response<C>,
) -> Seen<'s, B, C> {
    Seen {
        at: SystemTime::UNIX_EPOCH,
        duration: Duration::ZERO,
        operation,
        request,
        response: Some(response),
        request_violations: &[],
        response_violations: &[],
        truncated: false,
    }
}

/// A recorder and a log of the same traffic can be compared, and one replays what the other has seen.
#[tokio::test]
async fn records_and_recorded_examples_have_the_same_pseudonyms() {
    let folder = std::env::temp_dir().join(format!("apigen-exchanges-{}", std::process::id()));
    let _ = fs::remove_dir_all(&folder);
    let sent: Arc<Mutex<Option<Request<Bytes>>>> = Arc::default();
    let taken = Arc::clone(&sent);
    let server = transport_fn(move |request| {
        *taken.lock().unwrap() = Some(request);
        async { Ok(Response::builder().status(201).body(Bytes::from_static(USER.as_bytes())).unwrap()) }
    });
    let recorder = Recorder::new(&folder, RecordMode::Record, server).named("simple");
    let client = Client::builder(Client::BASE_URL).api_key("secret-key").transport(recorder).build().unwrap();
    let form = UserForm { name: Some("Josephine Doe".to_owned()), ..UserForm::new("jo@example.com") };
    location::Api::users(&client).post(&form, PostParams::default()).await.unwrap();
    let read = |name: &str| -> Value {
        serde_json::from_str(&fs::read_to_string(folder.join("post/users").join(name)).unwrap()).unwrap()
    };
    let examples = [read("simple.request.json"), read("simple.response.json")];
    let _ = fs::remove_dir_all(&folder);

    let request = sent.lock().unwrap().take().unwrap();
    let response = Response::builder().status(201).body(USER).unwrap();
    let (capture, schema) = capture();
    let seen = seen(schema.operation("POST", "/users"), &request, &response);
    let exchange = capture.capture(&seen).exchange;
    let json = |body: &Body| -> Value {
        let Body::Json(json) = body else { panic!("{body:?}") };
        serde_json::from_str(json).unwrap()
    };
    let records = [json(&exchange.request.body), json(&exchange.response.as_ref().unwrap().message.body)];
    assert_eq!(records[1], examples[1]);
    assert_eq!(records[0]["email"], examples[0]["email"]);
    // Only the response declares the name as sensitive, so the recorder has kept that of the request.
    assert_eq!(records[0]["name"], records[1]["name"]);
    assert!(records[1]["email"].as_str().unwrap().starts_with("redacted-"), "{}", records[1]);
    let text = exchange.to_json();
    assert!(!["secret-key", "jo@example.com", "Josephine"].iter().any(|secret| text.contains(secret)), "{text}");
}

/// Captures valid bodies of every operation, with every third field hidden; returns the number of bodies with hidden
/// texts.
fn captured(documents: &Documents) -> usize {
    let mut count = 0;
    for path in &documents.paths {
        let config = documents.config(path);
        let Ok(loaded) = config.load() else { continue };
        let schema = Arc::new(apigen_testing::schema(&loaded.api, config.sensitive_annotations()).unwrap());
        let hidden = |name: &str| name.bytes().map(usize::from).sum::<usize>() % 3 == 0;
        let fields = loaded.api.models.iter().flat_map(|(_, model)| &model.fields);
        let names: BTreeSet<&str> = fields.map(|field| field.name.as_str()).filter(|name| hidden(name)).collect();
        let hide = |redactor| names.iter().fold(redactor, |redactor: Redactor, name| redactor.hide(name));
        let capture = Capture::new("service", "1", Arc::clone(&schema)).redaction(hide);
        let declared = loaded.api.services.iter().flat_map(|(_, service)| &service.resources);
        let declared = declared.flat_map(|resource| &resource.operations);
        let mut values = Values { api: &loaded.api, hidden: &hidden, random: 1 };
        for (operation, own) in schema.operations().iter().zip(declared) {
            for response in &own.responses {
                let Some(json) = values.json(&response.ty, (None, None), false, 7) else { continue };
                let status = response.code.status().filter(|status| *status >= 200).unwrap_or(599);
                let Some(ty) = operation.response(status) else { continue };
                if operation.info().method == "HEAD" || schema.validate(ty, &json, &Mode::strict()).is_err() {
                    continue;
                }
                let request = Request::builder().method(operation.info().method).uri("/").body("").unwrap();
                let response = Response::builder().status(status).body(&json).unwrap();
                let exchange = capture.capture(&seen(Some(operation), &request, &response)).exchange;
                let Body::Json(redacted) = &exchange.response.as_ref().unwrap().message.body else { continue };
                let place = format!("{} {}", path.display(), operation.info().id);
                let valid = schema.validate(ty, redacted, &Mode::strict());
                assert!(valid.is_ok(), "{place}: {valid:?}\n{json}\n{redacted}");
                assert!(!exchange.to_json().contains("canary"), "{place}: {json}\n{redacted}");
                assert_eq!(Exchange::from_json(&exchange.to_json()).as_ref(), Ok(&exchange), "{place}");
                count += usize::from(json.contains("canary"));
            }
        }
    }
    count
}

#[test]
fn redacted_bodies_of_our_documents_are_valid() {
    let count = captured(&ours());
    assert!(count >= 100, "{count} bodies");
}

#[test]
#[cfg_attr(not(corpus), ignore = "reads the folder of API Builder documents that APIGEN_CORPUS names")]
fn redacted_bodies_of_real_documents_are_valid() {
    let count = captured(&real());
    assert!(count >= 1500, "{count} bodies");
}
