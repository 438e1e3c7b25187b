//! Records of the exchanges of the generated client of `specs/location.json`.

use std::fs;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use apigen_model::{Inputs, Source, load};
use apigen_runtime::bytes::Bytes;
use apigen_runtime::client::transport_fn;
use apigen_runtime::testing::{RecordMode, Recorder};
use apigen_testing::exchange::{Body, Capture, Seen};
use http::{Request, Response};
use location::{Client, UserForm, users::PostParams};
use serde_json::Value;

const USER: &str = r#"{"guid":"6513270e-269e-4d37-b2a7-4de452e6b438","email":"jo@example.com","name":"Josephine Doe","role":"editor","created_at":"2026-03-04T05:06:07Z","settings":{"owner":"Josephine Doe <jo@example.com>"},"home":{"streets":["1 Hidden Lane"],"city":"Paris","latitude":48.850,"precision":"CI"}}"#;

fn capture() -> (Capture, Arc<apigen_runtime::validate::schema::Schema>) {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/specs/location.json");
    let source = Source { name: path.to_owned(), text: fs::read_to_string(path).unwrap(), path: Some(path.into()) };
    let loaded = load(Inputs { specs: vec![source], ..Inputs::default() }).unwrap();
    let schema = Arc::new(apigen_testing::schema(&loaded.api, &Default::default()).unwrap());
    (Capture::new("location", "1", Arc::clone(&schema)), schema)
}

/// A recorder and a log of the same traffic can be compared, and one replays what the other has seen.
#[tokio::test]
async fn records_and_recorded_examples_have_the_same_pseudonyms() {
    let folder = std::env::temp_dir().join(format!("apigen-exchanges-{}", std::process::id()));
    let _ = fs::remove_dir_all(&folder);
    let sent: Arc<Mutex<Option<Request<Bytes>>>> = Arc::default();
    let seen = Arc::clone(&sent);
    let server = transport_fn(move |request| {
        *seen.lock().unwrap() = Some(request);
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
    let seen = Seen {
        at: SystemTime::UNIX_EPOCH,
        duration: Duration::ZERO,
        operation: schema.operation("POST", "/users"),
        request: &request,
        response: Some(&response),
        request_violations: &[],
        response_violations: &[],
        truncated: false,
    };
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
