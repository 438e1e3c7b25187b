//! NaN and infinities, which only code can create: they are reported, and nothing is sent.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::support::*;
use crate::types::*;
use apigen_runtime::codegen::SensitiveField;
use apigen_runtime::{
    FromJson, Operation, OperationInfo, ToJson,
    bytes::Bytes,
    client::{ToParam, transport_fn},
    codegen::Request,
    validate::Code,
};

const NONE: [f64; 3] = [f64::NAN, f64::INFINITY, f64::NEG_INFINITY];

fn pointers<T: FromJson + ToJson>(value: &T) -> Vec<String> {
    let violations = value.validate().expect_err("it is valid");
    assert!(violations.iter().all(|one| one.code == Code::Range && one.expected == "double"), "{violations}");
    violations.into_iter().map(|violation| violation.pointer).collect()
}

#[test]
fn validation_finds_each() {
    assert_eq!(pointers(&f64::NAN), [""]);
    assert_eq!(pointers(&vec![1.0, f64::NAN, 2.0, f64::NEG_INFINITY]), ["/1", "/3"]);
    let map = BTreeMap::from([("a/b".to_owned(), vec![Some(f64::INFINITY)]), ("c".to_owned(), vec![])]);
    assert_eq!(pointers(&map), ["/a~1b/0"]);
    for (value, word) in NONE.into_iter().zip(["NaN", "Infinity", "-Infinity"]) {
        let everything = Everything { double: Some(value), small: Some(11), ..Everything::default() };
        let violations = everything.validate().unwrap_err();
        let told: Vec<_> = violations.iter().map(|one| (one.pointer.as_str(), one.code, one.found.as_str())).collect();
        assert_eq!(told, [("/small", Code::Maximum, "11"), ("/double", Code::Range, word)]);
    }
    assert!(Everything { double: Some(-0.0), ..Everything::default() }.validate().is_ok());
}

/// JSON from elsewhere has no such words, and neither does ours.
#[test]
fn they_are_no_json() {
    assert_eq!(vec![1.5, f64::NAN, f64::NEG_INFINITY, 2.0].to_json(), "[1.5,null,null,2.0]");
    for text in ["NaN", "Infinity", "-Infinity", "[NaN]", "-NaN"] {
        let violations = Vec::<f64>::from_json(text).unwrap_err();
        assert!(violations.iter().any(|violation| violation.code == Code::Syntax), "{violations}");
        assert!(f64::from_json(text).is_err());
    }
}

#[cfg(feature = "serde")]
#[test]
fn serde_refuses_them() {
    struct Numbers(Vec<f64>);
    impl ToJson for Numbers {
        fn write(&self, w: &mut apigen_runtime::Writer) {
            self.0.write(w);
        }
    }
    impl FromJson for Numbers {
        fn read(r: &mut apigen_runtime::Reader<'_>) -> Option<Self> {
            r.get().map(Numbers)
        }
    }
    apigen_runtime::codegen::serde_bridge!(Numbers);
    assert_eq!(serde_json::to_string(&Numbers(vec![1.0])).unwrap(), "[1.0]");
    for error in [
        serde_json::to_string(&Numbers(vec![1.0, f64::NAN])).unwrap_err(),
        serde_json::to_value(Numbers(vec![1.0, f64::NAN])).unwrap_err(),
    ] {
        assert!(error.to_string().contains("[1]: expected a double (a number), found NaN"), "{error}");
    }
}

async fn refused(request: impl Fn(f64) -> Request, expected: &str) {
    let sent = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&sent);
    let transport = transport_fn(move |_| {
        count.fetch_add(1, Ordering::Relaxed);
        let mut response = http::Response::new(Bytes::new());
        *response.status_mut() = http::StatusCode::NO_CONTENT;
        std::future::ready(Ok(response))
    });
    let client = builder("http://localhost").transport(transport).build().unwrap();
    for value in NONE {
        let error = client.call::<Delete>(request(value)).await.unwrap_err();
        assert!(error.is_invalid_request(), "{error:?}");
        assert!(error.to_string().contains(expected), "{error}");
    }
    assert_eq!(sent.load(Ordering::Relaxed), 0);
    client.call::<Delete>(request(1.5)).await.unwrap();
    assert_eq!(sent.load(Ordering::Relaxed), 1);
}

#[tokio::test]
async fn nothing_is_sent() {
    const INFO: &OperationInfo = &OperationInfo::new("x", "PUT", "/x/:id", Delete::INFO.responses);
    let new = || Request::new(Delete::INFO);
    refused(|value| Request::new(INFO).path("id", &value), "path parameter `id` is NaN or infinite").await;
    refused(|value| new().query("rate", &value), "query parameter `rate` is NaN or infinite").await;
    refused(|value| new().query("rate", &vec![Some(1.0), Some(value)]), "query parameter `rate`").await;
    refused(|value| new().query("rate", &Box::new(&value)), "query parameter `rate`").await;
    refused(|value| new().header("X-Rate", &&[1.0, value][..]), "header `X-Rate` is NaN or infinite").await;
    refused(|value| new().form("rates", &vec![1.0, value]), "form parameter `rates` cannot be encoded: [1]: ").await;
    refused(|value| new().body(&BTreeMap::from([("rate".to_owned(), value)])), "body cannot be encoded: rate: ").await;
    let body = |value| Everything { double: Some(value), ..Everything::default() };
    refused(|value| new().body(&body(value)), "double: expected a double (a number), found ").await;
}

/// The keys of a sensitive value are sensitive too.
#[tokio::test]
async fn sensitive_values_are_not_located() {
    let map = |value| BTreeMap::from([("of jo@example.com".to_owned(), value)]);
    let request =
        |value| Request::new(Delete::INFO).body(&Everything::default()).body(&SensitiveField::new(&map(value)));
    refused(request, "body cannot be encoded: a sensitive number is NaN or infinite").await;
}

/// Text that looks like one stays text.
#[test]
fn only_numbers_are_asked() {
    assert!("NaN".is_finite() && vec!["inf".to_owned()].is_finite() && Option::<f64>::None.is_finite());
    assert!(!Some(f64::NAN).is_finite() && !(&&f64::INFINITY).is_finite());
}
