//! Mock servers of our documents and the real ones: seeded valid requests for each operation, whose responses must be valid
//! by the validators, mostly successes, and the same for the same seed.

use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;

use apigen_runtime::Mode;
use apigen_runtime::codegen::state::Action;
use apigen_runtime::validate::schema::Operation;
use apigen_testing::sample::Sampling;
use apigen_testing::{LoadedService, MockServer};
use bytes::Bytes;
use http::{Request, Response};
use http_body::Body;
use serde_json::Value;
use tower::ServiceExt;

use crate::documents::{Documents, ours, real};

/// How many there were.
#[derive(Debug, Default, PartialEq, Eq)]
struct Counts {
    operations: usize,
    without_request: usize,
    requests: usize,
    /// Requests for operations that declare a success.
    could_succeed: usize,
    succeeded: usize,
    not_served: usize,
}

/// The number of seeds: a few in every run, 50 with `APIGEN_SEEDS=50`.
fn seeds() -> u64 {
    std::env::var("APIGEN_SEEDS").ok().and_then(|seeds| seeds.parse().ok()).unwrap_or(4)
}

#[tokio::test]
async fn our_documents_are_mocked() {
    check(&ours(), 200).await;
}

#[tokio::test]
#[cfg_attr(not(corpus), ignore = "APIGEN_CORPUS names no folder of API Builder documents")]
async fn real_documents_are_mocked() {
    check(&real(), 1_500).await;
}

#[expect(clippy::print_stdout, reason = "the shares are of interest")]
async fn check(documents: &Documents, operations: usize) {
    let mut counts = Counts::default();
    for path in &documents.paths {
        document(documents, path, &mut counts).await;
    }
    println!("{counts:?}");
    assert!(counts.operations > operations, "{counts:?}");
    assert!(counts.without_request * 100 < counts.operations, "{counts:?}");
    assert!(counts.succeeded * 100 >= counts.could_succeed * 95, "{counts:?}");
}

async fn document(documents: &Documents, path: &Path, counts: &mut Counts) {
    let config = documents.config(path);
    let service = LoadedService::of_loaded(config.load().unwrap(), config.sensitive_annotations().clone());
    let Ok(service) = service.map(Arc::new) else { return };
    // Nothing to serve.
    if service.schema().operations().is_empty() {
        return;
    }
    let first = run(&service, path, counts).await;
    let again = run(&service, path, &mut Counts::default()).await;
    assert!(first == again, "{}: the responses differ for the same seed", path.display());
}

/// Sends the requests to a new server; returns all responses as text.
async fn run(service: &Arc<LoadedService>, path: &Path, counts: &mut Counts) -> Vec<String> {
    let server = MockServer::builder().service(Arc::clone(service)).build().unwrap();
    let sampling = Sampling::new(service.api(), Arc::clone(service.schema()));
    let mut responses = Vec::new();
    for (index, operation) in service.schema().operations().iter().enumerate() {
        counts.operations += 1;
        for seed in 0..seeds() {
            let Some(request) = sampling.request(operation.info().id, seed) else {
                counts.without_request += 1;
                break;
            };
            server.reset();
            let request = with_known_key(&server, service, index, request).await;
            let response = send(&server, &request).await;
            let about = || format!("{}: {} {request:?}: {response:?}", path.display(), operation.info().id);
            counts.requests += 1;
            let status = response.status().as_u16();
            if status == 501 {
                counts.not_served += 1;
            } else if let Err(violations) =
                service.schema().response(asked(service, &request), &response, &Mode::strict())
            {
                panic!("{violations}: {}", about());
            }
            if operation.success().is_some() {
                counts.could_succeed += 1;
                counts.succeeded += usize::from(operation.declared(status).is_some_and(|(_, success)| success));
            }
            responses.push(format!("{response:?}"));
        }
    }
    responses
}

fn asked<'s>(service: &'s LoadedService, request: &Request<Bytes>) -> &'s Operation {
    service.schema().operation(request.method().as_str(), request.uri().path()).unwrap()
}

/// Replaces the key in the path by that of an item: no item has a key by chance.
async fn with_known_key(
    server: &MockServer,
    service: &LoadedService,
    index: usize,
    request: Request<Bytes>,
) -> Request<Bytes> {
    let Some(stored) = service.stored(index) else { return request };
    if matches!(stored.action, Action::List | Action::Create) {
        return request;
    }
    // The first request gives the collection its items.
    send(server, &request).await;
    let state: Value = serde_json::from_str(&server.state()).unwrap();
    let collection = &state["collections"][stored.collection];
    let item = collection["items"].as_array().and_then(|items| items.last());
    let key = collection["key"].as_str().and_then(|key| item?.get(key));
    let Some(key) = key else { return request };
    let key = key.as_str().map_or_else(|| key.to_string(), str::to_owned);
    let (mut head, body) = request.into_parts();
    let target = head.uri.to_string();
    let (path, query) = target.split_once('?').map_or((target.as_str(), None), |(path, query)| (path, Some(query)));
    let (above, _) = path.rsplit_once('/').unwrap();
    let key: String = key.bytes().map(|byte| format!("%{byte:02X}")).collect();
    head.uri = format!("{above}/{key}{}", query.map(|query| format!("?{query}")).unwrap_or_default()).parse().unwrap();
    Request::from_parts(head, body)
}

async fn send(server: &MockServer, request: &Request<Bytes>) -> Response<Bytes> {
    let (head, body) = request.clone().into_parts();
    let request = Request::from_parts(head, http_body_util::Full::new(body));
    let (head, mut body) = server.service().oneshot(request).await.unwrap().into_parts();
    let frame = std::future::poll_fn(|cx| Pin::new(&mut body).poll_frame(cx)).await;
    let bytes = frame.map(|frame| frame.unwrap().into_data().unwrap());
    Response::from_parts(head, bytes.unwrap_or_default())
}
