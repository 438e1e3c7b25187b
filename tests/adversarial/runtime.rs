//! Tests that the time for messages grows linearly with their size and their number.

use apigen_build::Config;
use apigen_runtime::Mode;
use apigen_runtime::validate::RequestError;
use apigen_runtime::validate::schema::Schema;
use http::Request;
use location::{MockClient, UserForm, UserPatch, users};

use super::config;
use super::growth::slow_steps;
use super::shapes::{document, half, list, models, sizes, union_of_models as union};
use crate::common::Describe;
use crate::shop::Case;

fn assert_none(slow: &[String]) {
    assert!(slow.is_empty(), "{}", slow.join("\n"));
}

/// The tables of services, and a request for each operation.
#[test]
fn tables_and_routes() {
    let described = [
        "fields",
        "values of an enum",
        "members of a union with a discriminator",
        "parameters of the query",
        "headers of a response",
        "responses",
        "operations",
        "operations by HEAD",
        "operations that overlap",
        "operations whose paths have one shape",
        "resources",
    ];
    for shape in half(false).chain(half(true)).filter(|(name, _)| described.contains(name)) {
        assert_none(&slow_steps(shape.0, sizes(shape), |size, steps| {
            let loaded = config((shape.1)(size)).load().unwrap();
            let schema = steps.time("lower", || apigen_testing::schema(&loaded.api, &Default::default())).unwrap();
            let requests: Vec<Request<&str>> = schema.operations().iter().map(request_of).collect();
            steps.time("request", || {
                for request in &requests {
                    let answer = schema.request(request, &Mode::strict());
                    assert!(!matches!(answer, Err(RequestError::NotFound { .. })), "{}", request.uri());
                }
            });
        }));
    }
}

fn request_of(operation: &apigen_runtime::validate::schema::Operation) -> Request<&'static str> {
    let info = operation.info();
    let path: Vec<&str> = info.path.split('/').map(|part| if part.starts_with(':') { "1" } else { part }).collect();
    Request::builder().method(info.method).uri(path.join("/")).body("").unwrap()
}

/// A name, and a function that returns a spec of a size, a type of it, and a value of the type as JSON.
type Value = (&'static str, fn(usize) -> (String, &'static str, String));

const ITEM: &str = r#""item": {"fields": [{"name": "list", "type": "[string]", "required": false},
    {"name": "map", "type": "map[long]", "required": false}, {"name": "item", "type": "item", "required": false}]}"#;

const VALUES: &[Value] = &[
    ("texts", |n| (models(ITEM), "[string]", format!("[{}]", list(n, |i| format!("\"text {i}\""))))),
    ("a long text", |n| (models(ITEM), "string", format!("\"{}\"", "ä\\u00e4\\n".repeat(n)))),
    ("digits", |n| (models(ITEM), "decimal", "1".repeat(n))),
    ("entries", |n| (models(ITEM), "map[long]", format!("{{{}}}", list(n, |i| format!("\"k{i}\": {i}"))))),
    ("the same entry", |n| (models(ITEM), "map[long]", format!("{{{}}}", list(n, |_| "\"k\": 1".to_owned())))),
    ("unknown fields", |n| (models(ITEM), "item", format!("{{{}}}", list(n, |i| format!("\"k{i}\": {i}"))))),
    ("the same field", |n| (models(ITEM), "item", format!("{{{}}}", list(n, |_| "\"map\": {}".to_owned())))),
    ("models", |n| (models(ITEM), "[item]", format!("[{}]", list(n, |_| "{\"item\": {\"list\": []}}".to_owned())))),
    ("wrong values", |n| (models(ITEM), "[long]", format!("[{}]", list(n, |_| "\"a\"".to_owned())))),
    ("any JSON", |n| (models(ITEM), "json", format!("[{}]", list(n, |i| format!("{{\"k{i}\": [{{}}, {i}]}}"))))),
    ("levels", |n| (models(ITEM), "json", "[".repeat(n))),
    ("fields", |n| {
        let fields = list(n, |i| format!("{{\"name\": \"f{i}\", \"type\": \"long\"}}"));
        let value = list(n, |i| format!("\"f{}\": {i}", n - 1 - i));
        (models(&format!("\"m\": {{\"fields\": [{fields}]}}")), "m", format!("{{{value}}}"))
    }),
    ("missing fields", |n| {
        let fields = list(n, |i| format!("{{\"name\": \"f{i}\", \"type\": \"long\"}}"));
        (models(&format!("\"m\": {{\"fields\": [{fields}]}}")), "m", "{}".to_owned())
    }),
    ("values of an enum", |n| {
        let values = list(n, |i| format!("{{\"name\": \"v{i}\"}}"));
        let spec = document(&format!("\"enums\": {{\"e\": {{\"values\": [{values}]}}}}"));
        (spec, "[e]", format!("[{}]", list(n, |i| format!("\"v{}\"", n - 1 - i))))
    }),
    ("members of a union", |n| {
        let value = |i| format!("{{\"id\": \"a\", \"kind\": \"m{}\"}}", n - 1 - i);
        (union(n, "\"discriminator\": \"kind\", ", ""), "[all]", format!("[{}]", list(n, value)))
    }),
    ("members of a union without a discriminator", |n| {
        let value = |i| format!("{{\"m{}\": {{\"id\": \"a\"}}}}", n - 1 - i);
        (union(n, "", ""), "[all]", format!("[{}]", list(n, value)))
    }),
];

#[test]
fn values() {
    for (name, make) in VALUES {
        assert_none(&slow_steps(name, 16..=16_384, |size, steps| {
            let (spec, ty, json) = make(size);
            let schema = Config::new().source("api.json", spec).types_only(true).schema().unwrap();
            let ty = schema.find(ty).unwrap();
            for (step, mode) in [("strict", Mode::strict()), ("lenient", Mode::default()), ("coerce", Mode::coerce())] {
                let result = steps.time(step, || schema.accept(&ty, &json, &mode));
                steps.time("report", || result.map_err(|violations| violations.to_string().len()).is_ok());
            }
        }));
    }
}

/// A name, and a function that returns the pair with a number.
type Pair = (&'static str, fn(usize) -> String);

/// Pairs that a form or query can have many of.
const PAIRS: &[Pair] = &[
    ("list", |i| format!("list=a{i}")),
    ("list by brackets", |i| format!("list[]=a{i}")),
    ("list by indexes", |i| format!("list[{}]=a", i % 1000)),
    ("entries of a map", |i| format!("map[k{i}]={i}")),
    ("parts of a model", |i| format!("item[map][k{i}]={i}")),
    ("models by indexes", |i| format!("items[{}][list][]={i}", i % 1000)),
    ("levels", |i| format!("item{}[list][]=a", "[item]".repeat(i % 40))),
    ("unknown", |i| format!("other{i}=a")),
    ("the same", |_| "text=a".to_owned()),
    ("escapes", |_| "text=%41+%C3%A4".to_owned()),
    ("wrong escapes", |_| "text=%zz".to_owned()),
    ("nothing", |_| String::new()),
];

fn pairs_schema() -> Schema {
    let parameters = r#"{"name": "list", "type": "[string]", "required": false}, {"name": "text", "type": "string", "required": false}"#;
    let more = r#"{"name": "map", "type": "map[long]", "required": false}, {"name": "item", "type": "item", "required": false},
        {"name": "items", "type": "[item]", "required": false}"#;
    let spec = document(&format!(
        r#""models": {{{ITEM}}}, "resources": {{"item": {{"operations": [
            {{"method": "GET", "parameters": [{parameters}]}}, {{"method": "POST", "parameters": [{parameters}, {more}]}}]}}}}"#
    ));
    config(spec).schema().unwrap()
}

#[test]
fn forms_and_queries() {
    let schema = pairs_schema();
    for (name, pair) in PAIRS {
        // A form has at most 10 000 pairs, and a URI 64 KiB.
        assert_none(&slow_steps(name, 16..=8_192, |size, steps| {
            let pairs = (0..size).map(pair).collect::<Vec<_>>().join("&");
            let query: String = pairs.chars().take(60_000).collect();
            let get = Request::get(format!("/items?{}", query.replace("%z", "%4"))).body(String::new()).unwrap();
            let form = "application/x-www-form-urlencoded";
            let post = Request::post("/items").header("content-type", form).body(pairs).unwrap();
            for (step, mode) in [("strict", Mode::strict()), ("coerce", Mode::coerce())] {
                steps.time(step, || schema.request(&post, &mode).map_err(|error| error.to_string().len()).is_ok());
            }
            steps.time("query", || {
                schema.request(&get, &Mode::strict()).map_err(|error| error.to_string().len()).is_ok()
            });
        }));
    }
}

/// The state of a stateful mock, and the journal of any mock.
#[test]
fn state() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    assert_none(&slow_steps("state", 16..=8_192, |size, steps| {
        let mock = MockClient::stateful();
        steps.time("create", || {
            runtime.block_on(async {
                for i in 0..size {
                    mock.users().post(&UserForm::new(format!("{i}@example.com")), Default::default()).await.unwrap();
                }
            })
        });
        let all = users::GetParams::new().limit(1_000_000);
        let all = steps.time("list", || runtime.block_on(async { mock.users().get(all).await.unwrap() }));
        let guids: Vec<_> = all.iter().rev().map(|user| user.guid).collect();
        assert_eq!(guids.len(), size);
        let patch = UserPatch { name: Some("Ada".to_owned()), ..UserPatch::default() };
        steps.time("read and change", || {
            runtime.block_on(async {
                for guid in &guids {
                    mock.users().get_by_guid(*guid).await.unwrap();
                    mock.users().patch_by_guid(*guid, &patch).await.unwrap();
                }
            })
        });
        steps.time("delete", || {
            runtime.block_on(async {
                for guid in &guids {
                    mock.users().delete_by_guid(*guid).await.unwrap();
                }
            })
        });
        steps.time("journal", || mock.journal().len());
    }));
}

/// Fetched documents: a chain in which each imports the next one.
#[test]
fn update() {
    assert_none(&slow_steps("update", 16..=512, |size, steps| {
        let case = Case::new(&format!("growth{size}"));
        let places: Vec<String> = (0..size).map(|i| format!("acme/s{i}/1.0.0")).collect();
        for (i, place) in places.iter().enumerate() {
            let next: Vec<&str> = places.get(i + 1).map(String::as_str).into_iter().collect();
            case.publish(place, place, &next);
        }
        case.spec(&[&places[0]]);
        let update = case.update();
        steps.time("fetch", || update.run().unwrap());
        steps.time("keep", || update.run().unwrap());
    }));
}
