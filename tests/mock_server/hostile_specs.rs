//! Specs by somebody who means no good: a located error, or a server that works.

use std::fs;
use std::path::PathBuf;

use apigen_testing::sample::Sampling;
use apigen_testing::{LoadedService, MockError, MockServer};
use serde_json::Value;

use super::client::Client;
use crate::adversarial::shapes::SHAPES;
use crate::common::{corpus, put, root, scratch};
use crate::hostile::{TEXTS, document};

/// Returns what a server says about a document: an error, or its responses to a sample of each operation.
fn served(path: &PathBuf) -> Result<Vec<u16>, String> {
    let server = MockServer::builder().spec(path).start().map_err(|error| error.to_string())?;
    let service = LoadedService::from_path(path).unwrap();
    let sampling = Sampling::new(service.api(), service.schema().clone());
    let mut client = Client::new(server.addr());
    let mut statuses = Vec::new();
    for operation in service.schema().operations().iter().take(20) {
        let Some(request) = sampling.request(operation.info().id, 1) else { continue };
        let headers = request.headers().iter().filter_map(|(name, value)| Some((name.as_str(), value.to_str().ok()?)));
        let headers: Vec<(&str, &str)> =
            headers.filter(|(name, _)| !matches!(*name, "host" | "content-length")).collect();
        let body = String::from_utf8(request.body().to_vec()).unwrap();
        let reply = client.send(request.method().as_str(), &request.uri().to_string(), &headers, &body);
        assert_ne!(reply.status, 500, "{}: {request:?}: {reply:?}", path.display());
        statuses.push(reply.status);
    }
    for path in ["/", "/nothing", "/_apigen/version", "/_apigen/state", "/_apigen/journal", "/_apigen/rules"] {
        client.get(path).json();
    }
    Ok(statuses)
}

/// The documents that the rules of the format refuse.
#[test]
fn refused_documents_are_located_errors() {
    let folders = [Some(root().join("tests/documents")), corpus().map(|folder| folder.join("invalid"))];
    let folder = scratch("mock-server-invalid");
    let (mut refused, mut accepted) = (0, Vec::new());
    for file in folders.iter().flatten() {
        for (name, key) in [("invalid-specs.json", "spec"), ("invalid-services.json", "service")] {
            let cases: Vec<Value> = serde_json::from_str(&fs::read_to_string(file.join(name)).unwrap()).unwrap();
            for case in cases {
                let path = folder.join(format!("{key}.json"));
                let text = case["raw"].as_str().map_or_else(|| case[key].to_string(), str::to_owned);
                fs::write(&path, text).unwrap();
                match MockServer::builder().spec(&path).build() {
                    Ok(_) | Err(MockError::NoSpec) => accepted.push(case["id"].to_string()),
                    Err(error) => {
                        let error = error.to_string();
                        refused += 1;
                        assert!(
                            error.contains(&format!("{key}.json")) && error.contains("error"),
                            "{}: {error}",
                            case["id"]
                        );
                    }
                }
            }
        }
    }
    // Of published documents, some rules are warnings.
    assert!(refused > 8 && accepted.len() * 4 < refused, "{refused} refused; accepted: {accepted:?}");
}

#[test]
fn hostile_texts_are_only_texts() {
    let folder = scratch("mock-server-hostile");
    for (index, text) in TEXTS.iter().enumerate() {
        let path = folder.join(format!("{index}.json"));
        put(&path, &document(text).to_string());
        let statuses = served(&path).unwrap_or_else(|error| panic!("{text:?}: {error}"));
        assert!(!statuses.is_empty(), "{text:?}");
    }
}

#[test]
fn documents_designed_to_be_slow_are_served() {
    let folder = scratch("mock-server-adversarial");
    let mut count = 0;
    for (name, make) in SHAPES {
        let path = folder.join("api.json");
        put(&path, &make(100));
        match served(&path) {
            Ok(statuses) => count += statuses.len(),
            Err(error) => assert!(error.contains("api.json") || error.contains("operation"), "{name}: {error}"),
        }
    }
    assert!(count > 10, "{count}");
}

#[test]
fn missing_files_are_errors() {
    let folder = scratch("mock-server-missing");
    for path in [folder.join("nothing.json"), folder.clone()] {
        let error = MockServer::from_spec(&path).unwrap_err().to_string();
        assert!(error.contains("mock-server-missing"), "{error}");
    }
    assert_eq!(
        MockServer::builder().start().unwrap_err().to_string(),
        "there is nothing to serve: no spec declares an operation"
    );
    let twice = MockServer::builder().spec(root().join("specs/location.json")).spec(root().join("specs/location.json"));
    assert!(twice.start().unwrap_err().to_string().contains("have the base path"), "location twice");
    let missing = MockServer::builder().spec(root().join("specs/location.json")).examples(folder.join("none"));
    assert!(missing.start().unwrap_err().to_string().contains("none"));
}
