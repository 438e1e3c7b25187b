//! Servers' own responses conform to the spec: for every form of error body, and every operation of every real document.

use std::fs;

use apigen_build::{Config, Emit};
use apigen_runtime::validate::schema::{Operation, Schema};
use apigen_runtime::{
    Mode,
    validate::{MessageViolations, RequestError},
};
use bytes::Bytes;
use http::{HeaderValue, Request, Response};
use serde_json::{Map, Value};

use crate::common::{Describe, cargo, manifest, put, root, scratch};
use crate::documents::{Documents, ours, real};

/// The statuses of a server's own responses to valid requests.
const FAILURES: [u16; 6] = [413, 415, 500, 502, 503, 504];

fn spec() -> Config {
    Config::new().spec(root().join("tests/answers/spec.json"))
}

#[test]
fn the_dynamic_validator_fills_every_form() {
    let schema = spec().schema().unwrap();
    let text = fs::read_to_string(root().join("tests/answers/expected.json")).unwrap();
    let expected: Map<String, Value> = serde_json::from_str(&text).unwrap();
    assert_eq!(expected.len(), schema.operations().len());
    for (path, expected) in &expected {
        let request = Request::get(format!("{path}?n=x")).body("").unwrap();
        let Err(RequestError::Invalid(violations)) = schema.request(&request, &Mode::strict()) else {
            panic!("{path}")
        };
        let operation = schema.operation("GET", path).unwrap();
        let response = schema.refusal(operation, &violations);
        let status = response.status().as_u16();
        let body: Value = serde_json::from_slice(response.body()).unwrap();
        assert_eq!(u64::from(status), expected[0], "{path}: {body}");
        if !expected[1].is_null() {
            assert_eq!(body, expected[1], "{path}");
        }
        assert!(is_kept(&schema, operation, &response), "{path}: {status} {body}");
    }
}

/// In one program, as users have it.
#[test]
fn generated_routers_fill_every_form() {
    let folder = scratch("answers");
    spec().out(folder.join("src/api")).mocks(Emit::Always).server(Emit::Always).generate_to_folder().unwrap();
    for file in ["lib.rs", "expected.json"] {
        put(&folder.join("src").join(file), &fs::read_to_string(root().join("tests/answers").join(file)).unwrap());
    }
    let more = "http = \"1\"\nhttp-body = \"1\"\nserde_json = \"1\"\ntower-service = \"0.3\"\n";
    let manifest = manifest("answers", more).replace("[\"jiff\", \"serde\"]", "[\"jiff\", \"serde\", \"server\"]");
    put(&folder.join("Cargo.toml"), &format!("{manifest}\n[workspace]\n"));
    cargo(&folder, &["test"]);
}

#[test]
fn no_operation_of_our_documents_is_answered_against_its_spec() {
    let mut documents = ours();
    // These have bodies that cannot be filled. `expected.json` has the results for the first ones.
    documents.paths.retain(|path| !path.ends_with("answers/spec.json") && !path.ends_with("wire/spec.json"));
    answers_keep_to(&documents, 10);
}

#[test]
#[cfg_attr(not(corpus), ignore = "APIGEN_CORPUS names no folder of API Builder documents")]
fn no_operation_of_a_real_document_is_answered_against_its_spec() {
    answers_keep_to(&real(), 400);
}

/// Checks that more than `least` operations of the documents refuse an entirely invalid request as they declare.
fn answers_keep_to(documents: &Documents, least: usize) {
    let (mut refused, mut told, mut failed, mut unfit) = (0, 0, 0, Vec::new());
    for document in &documents.paths {
        let name = document.file_name().unwrap().to_string_lossy().into_owned();
        let config = documents.config(document);
        let schema = config.schema().unwrap();
        let service: Value = serde_json::from_str(&config.normalize().unwrap().0).unwrap();
        let operations = service["resources"].as_array().unwrap().iter();
        for written in operations.flat_map(|resource| resource["operations"].as_array().unwrap()) {
            let (method, path) = (written["method"].as_str().unwrap(), written["path"].as_str().unwrap());
            let Some(operation) = schema.operation(method, path) else { continue };
            for status in FAILURES.into_iter().filter(|status| is_declared(operation, *status)) {
                let response = schema.failure(operation, status, "the server failed to respond");
                match is_kept(&schema, operation, &response) {
                    true => failed += 1,
                    false => unfit.push(format!("{name}: {method} {path}: {status}")),
                }
            }
            let Some(violations) = broken(&schema, written) else { continue };
            let response = schema.refusal(operation, &violations);
            let status = response.status().as_u16();
            if !is_declared(operation, status) {
                continue;
            }
            let text = String::from_utf8_lossy(response.body());
            match is_kept(&schema, operation, &response) {
                true => refused += 1,
                false => unfit.push(format!("{name}: {method} {path}: {status} {text}")),
            }
            told += usize::from(
                text.contains(&violations.as_slice()[0].violation.code.to_string()) || text.contains("UTF-8"),
            );
        }
    }
    eprintln!("{refused} refusals as declared, {told} that say why, {failed} failures; not so:\n{}", unfit.join("\n"));
    assert!(refused > least && told > least, "{refused} {told}");
    assert_eq!(unfit.len(), 0);
}

/// Returns a request for an operation in which everything possible is wrong, with its violations; `None` if nothing can
/// be wrong.
fn broken(schema: &Schema, written: &Value) -> Option<MessageViolations> {
    let parameters = || written["parameters"].as_array().into_iter().flatten();
    let names = |location: &str| -> Vec<&str> {
        let own =
            parameters().filter(|parameter| parameter["location"].as_str().unwrap().eq_ignore_ascii_case(location));
        own.map(|parameter| parameter["name"].as_str().unwrap()).collect()
    };
    let pairs = |names: Vec<&str>| names.iter().map(|name| format!("{name}=%zz")).collect::<Vec<_>>().join("&");
    let path = written["path"].as_str().unwrap().split('/').map(|segment| match segment.strip_prefix(':') {
        Some(variable) => format!("%zz{}", variable.find('.').map_or("", |dot| &variable[dot..])),
        None => segment.to_owned(),
    });
    let uri = format!("{}?{}", path.collect::<Vec<_>>().join("/"), pairs(names("Query")));
    let mut request = Request::builder().method(written["method"].as_str().unwrap()).uri(uri);
    for name in names("Header") {
        request = request.header(name, HeaderValue::from_bytes(b"\xff").unwrap());
    }
    let body = if written["body"].is_null() { pairs(names("Form")) } else { "{".to_owned() };
    if !written["body"].is_null() {
        request = request.header("content-type", "application/json");
    }
    match schema.request(&request.body(body).unwrap(), &Mode::strict()) {
        Err(RequestError::Invalid(violations)) => Some(violations),
        Ok(_) => {
            assert!(parameters().next().is_none() && written["body"].is_null(), "{written}");
            None
        }
        Err(error) => panic!("{written}: {error}"),
    }
}

fn is_declared(operation: &Operation, status: u16) -> bool {
    operation.info().responses.iter().any(|response| response.status.is_none_or(|one| one == status))
}

/// Returns true if a response conforms to the declaration of its status, if there is one.
fn is_kept(schema: &Schema, operation: &Operation, response: &Response<Bytes>) -> bool {
    !is_declared(operation, response.status().as_u16()) || schema.response(operation, response, &Mode::strict()).is_ok()
}
