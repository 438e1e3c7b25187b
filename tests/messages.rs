//! Whole messages: the validator of the committed example, and the layers for servers and clients.

use crate::common::Describe;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use apigen_runtime::codegen::Served as _;
use apigen_runtime::{
    FromJson, Mode, OperationInfo, Reader, ToJson, Value,
    client::{TowerTransport, ValidationPolicy},
    server::{ServerLimits, ValidJson, ValidQuery, ValidationLayer},
    validate::{MessageLocation, RequestError, Validator},
};
use axum::body::Body;
use axum::routing::{get, post};
use http::{Request, Response, StatusCode};
use location::{Client, MockClient, UserForm, users, validator, visits};
use serde_json::json;
use tower::ServiceExt as _;

const GUID: &str = "f4ad28e1-05e2-4a8b-9f2f-1a4b2f7c2d11";

fn request(method: &str, uri: &str, body: &str) -> Request<String> {
    Request::builder().method(method).uri(uri).body(body.to_owned()).unwrap()
}

fn refused(request: &Request<String>) -> Vec<String> {
    match validator().request(request) {
        Err(RequestError::Invalid(violations)) => violations.iter().map(describe).collect(),
        other => panic!("{other:?}"),
    }
}

fn describe(one: &apigen_runtime::validate::MessageViolation) -> String {
    format!("{} {} {}", one.location, one.violation.pointer, one.violation.code)
}

#[test]
fn requests_give_typed_access_to_everything() {
    let mut post = request("POST", "https://api.example.com/users", r#"{"email":"ada@example.com","role":"admin"}"#);
    post.headers_mut().insert("x-request-id", "r-1".parse().unwrap());
    let call = validator().request(&post).unwrap();
    assert_eq!(call.id, "users.post");
    assert!(call.get::<users::PutByGuid>().is_none());
    let users::Post { user_form, params } = call.take::<users::Post>().unwrap();
    assert_eq!((user_form.email.as_str(), params.x_request_id.as_deref()), ("ada@example.com", Some("r-1")));

    let login = request("POST", "/users/authenticate", "email=a%40b.c&password=x+y&scopes[1]=b&scopes[0]=a");
    let login = validator().request(&login).unwrap().take::<users::PostAuthenticate>().unwrap();
    assert_eq!((login.email.as_str(), login.password.as_str()), ("a@b.c", "x y"));
    assert_eq!(login.params.scopes, ["a", "b"]);

    let path = format!("/visits/2024/{GUID}?far=true");
    let visits = validator().request(&request("get", &path, "").map(String::into_bytes)).unwrap();
    assert!(
        visits.get::<visits::GetByYearAndUserGuid>().is_some_and(|visits| visits.year == 2024 && visits.params.far)
    );
}

#[test]
fn everything_that_is_wrong_with_a_request_is_told() {
    let violations = refused(&request("PUT", "/users/7", r#"{"email":"x","home":{"streets":[1]}}"#));
    assert_eq!(violations, ["path /guid format", "body /email minimum", "body /home/streets/0 type"]);
    assert!(matches!(validator().request(&request("GET", "/nowhere", "")), Err(RequestError::NotFound { .. })));
    let wrong = validator().request(&request("DELETE", "/users", "")).unwrap_err();
    assert_eq!(wrong.to_string(), "/users has no DELETE, but GET, HEAD, POST");
    let strange = validator().request(&request("BREW", "/users", "")).unwrap_err().to_string();
    assert!(strange.starts_with("/users has no BREW, but GET, HEAD, POST; methods are GET, POST, PUT"), "{strange}");
    let lenient = Validator::new::<Client>().mode(Mode::strict().limits(false));
    let short = request("PUT", &format!("/users/{GUID}"), r#"{"email":"x"}"#);
    assert_eq!(refused(&short), ["body /email minimum"]);
    assert!(lenient.request(&short).is_ok());
}

/// By generated code and by the spec alone, in requests and responses, with positions as in `apigen validate`. Only
/// bodies have lines.
#[test]
fn violations_of_bodies_say_where() {
    let spec = concat!(env!("CARGO_MANIFEST_DIR"), "/specs/location.json");
    let schema = apigen_build::Config::new().spec(spec).schema().unwrap();
    let body = "{\n  \"email\": \"ada@example.com\",\n  \"name\": \"ä\", \"role\": 7\n}";
    let put = request("PUT", "/users/7", body);
    let text = concat!(
        r#"path parameter guid: expected a uuid such as 5ecf6502-e532-4738-aad5-7ac9701251dd, found "7"; "#,
        r#"body: role: expected a string (role: one of "reader", "editor", "admin"), found a number (7) (line 3, column 24)"#
    );
    let told = |error: RequestError| {
        let RequestError::Invalid(violations) = error else { panic!("{error}") };
        let places: Vec<_> = violations.iter().map(|one| one.place()).collect();
        assert_eq!(places, [None, Some((3, 24))]);
        let json: serde_json::Value = serde_json::from_str(&violations.to_problem(422, "")).unwrap();
        let [parameter, body] = [0, 1].map(|at| &json["violations"][at]);
        assert_eq!((parameter.get("line"), parameter.get("column")), (None, None), "{json}");
        assert_eq!((&body["line"], &body["column"]), (&3.into(), &24.into()), "{json}");
        violations.to_string()
    };
    assert_eq!(told(validator().request(&put).unwrap_err()), text);
    assert_eq!(told(schema.request(&put, &Mode::strict()).unwrap_err()), text);
    let empty = validator().request(&request("POST", "/users", "")).unwrap_err();
    assert_eq!(empty.to_string(), "body: is missing");

    let get = request("GET", "/users", "");
    let response =
        Response::builder().header("X-Total-Count", "many").header("X-Roles", "").body("[\n{\"guid\": 7}]".to_owned());
    let response = response.unwrap();
    let typed = validator().response(&validator().request(&get).unwrap(), &response).unwrap_err().to_string();
    assert!(typed.contains("(7) (line 2, column 10)"), "{typed}");
    let call = schema.request(&get, &Mode::strict()).unwrap();
    assert_eq!(schema.response(call, &response, &Mode::strict()).unwrap_err().to_string(), typed);
}

#[test]
fn secrets_are_not_shown() {
    let login = request("POST", "/users/authenticate", "email=a%40b.c&password=%zz");
    let Err(RequestError::Invalid(violations)) = validator().request(&login) else { panic!("it is malformed") };
    assert!(!violations.to_json().contains("%zz"), "{violations}");
}

#[test]
fn responses_are_checked_in_status_headers_and_body() {
    let call = validator().request(&request("GET", "/users", "")).unwrap();
    let response = |status: u16, roles: &str, body: &str| {
        let response = Response::builder().status(status).header("X-Total-Count", "1").header("X-Roles", roles);
        response.body(body.to_owned()).unwrap()
    };
    validator().response(&call, &response(200, "admin, reader", "[]")).unwrap();
    validator().response(&call, &response(401, "", "whatever")).unwrap();
    let broken = |response: &Response<String>| {
        let violations = validator().response(&call, response).unwrap_err();
        violations.iter().map(describe).collect::<Vec<_>>()
    };
    assert_eq!(broken(&response(204, "", "")), ["status  status"]);
    assert_eq!(broken(&response(200, "", r#"[{"guid":7}]"#))[0], "body /0/guid type");
    let bare = Response::new("{}".to_owned());
    assert_eq!(broken(&bare), ["header /X-Total-Count missing", "body  type"]);
    let undeclared = validator().response(&call, &response(500, "", "")).unwrap_err();
    assert_eq!(undeclared.as_slice()[0].location, MessageLocation::Status);
    assert_eq!(undeclared.to_string(), "status 500 is not declared by users.get (GET /users), which has 200, 401");
}

/// Formats the facts about an operation, without the types of response headers, which a schema checks as text.
fn facts(info: &OperationInfo) -> String {
    let OperationInfo { id, method, path, side_effects, sensitive, sensitive_parameters, responses } = info;
    let responses = responses.iter().map(|r| {
        let headers = r.headers.iter().map(|h| format!("{} {} {}", h.name, h.required, h.sensitive));
        let headers = headers.collect::<Vec<_>>();
        format!("{:?} {} {} {} {} {headers:?}", r.status, r.success, r.unit, r.text, r.sensitive)
    });
    let responses = responses.collect::<Vec<_>>();
    format!("{id} {method} {path} {side_effects} {sensitive} {sensitive_parameters:?} {responses:#?}")
}

#[test]
fn schemas_describe_operations_as_generated_code_does() {
    for (spec, endpoints) in [("location", Client::ENDPOINTS), ("order", order::Client::ENDPOINTS)] {
        let spec = crate::common::root().join(format!("specs/{spec}.json"));
        let schema = apigen_build::Config::new().spec(spec).schema().unwrap();
        let dynamic: Vec<String> = schema.operations().iter().map(|operation| facts(operation.info())).collect();
        let generated: Vec<String> = endpoints.iter().map(|endpoint| facts(endpoint.info())).collect();
        assert_eq!(dynamic, generated);
    }
}

/// Typed and dynamic: the same result for every message, with the same messages.
#[test]
fn the_dynamic_validator_says_the_same_of_whole_messages() {
    let spec = concat!(env!("CARGO_MANIFEST_DIR"), "/specs/location.json");
    let schema = apigen_build::Config::new().spec(spec).schema().unwrap();
    let visits = format!("/visits/2024/{GUID}");
    let user = format!("/users/{GUID}");
    let requests = [
        ("GET", "/nowhere", ""),
        ("DELETE", "/users", ""),
        ("GET", "/timezones/Europe%2FParis", ""),
        ("GET", "/timezones/%zz", ""),
        ("GET", "/timezones/%ff", ""),
        ("GET", "/country_defaults/FRA.csv", ""),
        ("GET", "/addresses?precision=CI&precision=country&ip=1", ""),
        ("GET", "/addresses?precision[1]=CI&precision[0]=nowhere", ""),
        ("GET", "/addresses?precision[5000]=CI", ""),
        ("GET", "/addresses?ip=1&ip=2", ""),
        ("GET", "/country_defaults?limit=0&offset=x", ""),
        ("GET", "/country_defaults?limit=&offset=", ""),
        ("GET", "/users?created_after=2024-02-30T00:00:00Z&role=boss&guid=1&guid=2", ""),
        ("GET", "/users?email=%zz&%zz=1", ""),
        ("POST", "/users", ""),
        ("POST", "/users", "null"),
        ("POST", "/users", "{"),
        ("POST", "/users", r#"{"email":"a","home":{"latitude":91,"precision":"X"},"email":"b"}"#),
        ("POST", "/users", r#"{"email":"ada@example.com","role":"admin"}"#),
        ("PATCH", &user, "{}"),
        ("PATCH", "/users/7", "[]"),
        ("POST", "/users/authenticate", ""),
        ("POST", "/users/authenticate", "email=a%40b.c&password=x&password=y&scopes[1]=b&scopes[0]=a"),
        ("POST", "/users/authenticate", "email=a%40b.c&password=%zz"),
        (
            "POST",
            "/addresses/search",
            r#"[{"point":{"latitude":1}},{"role":"admin"},{"boat":1},{"uuid":{"value":"x"}}]"#,
        ),
        ("GET", &visits, ""),
        ("GET", "/visits/twenty/7?far=maybe&from=2024-1-1", ""),
        ("POST", "/visits", r#"{"place":{"kind":"sea","name":"North"}}"#),
        ("POST", "/visits", r#"{"place":{"kind":"remark","value":1}}"#),
        ("POST", "/visits", r#"{"place":{"kind":"lake"}}"#),
    ];
    let mut accepted = 0;
    for (method, uri, body) in requests {
        let request = request(method, uri, body);
        let told = |error: RequestError| match error {
            RequestError::Invalid(violations) => violations.to_json(),
            other => other.to_string(),
        };
        let typed = validator().request(&request).map(|call| call.id.to_owned()).map_err(told);
        let dynamic = schema.request(&request, &Mode::strict()).map(|o| o.info().id.to_owned()).map_err(told);
        accepted += usize::from(typed.is_ok());
        assert_eq!(typed, dynamic, "{method} {uri} {body}");
    }
    assert_eq!(accepted, 8);

    let get = request("GET", "/users", "");
    let (call, operation) = (validator().request(&get).unwrap(), schema.request(&get, &Mode::strict()).unwrap());
    for (status, total, body) in [
        (200, Some("1"), "[]"),
        (200, None, "[]"),
        (200, None, "{}"),
        (200, Some("1"), ""),
        (200, Some("1"), "[{\"guid\":7,\"email\":\"a\"}]"),
        (200, Some("\u{e9}"), "[]"),
        (401, None, "whatever"),
        (204, None, ""),
        (500, None, "{}"),
    ] {
        let mut response = Response::builder().status(status);
        if let Some(total) = total {
            response = response.header("X-Total-Count", http::HeaderValue::from_bytes(total.as_bytes()).unwrap());
        }
        let response = response.body(body.to_owned()).unwrap();
        let typed = validator().response(&call, &response).map_err(|violations| violations.to_json());
        let dynamic = schema.response(operation, &response, &Mode::strict()).map_err(|v| v.to_json());
        assert_eq!(typed, dynamic, "{status} {total:?} {body}");
    }
}

/// Returns an application with one route that is in the spec.
fn application() -> axum::Router {
    let echo = post(async |body: String| body).get(async || "[{}]");
    axum::Router::new().route("/users", echo).route("/health", get(async || "fine"))
}

async fn answer(app: &axum::Router, request: Request<String>) -> (u16, String) {
    let response = app.clone().oneshot(request.map(Body::from)).await.unwrap();
    let status = response.status().as_u16();
    let body = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
    (status, String::from_utf8(body.to_vec()).unwrap())
}

#[tokio::test]
async fn observing_changes_nothing() {
    let told = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&told);
    let layer = ValidationLayer::observe(validator())
        .responses(1.0)
        .report(move |verdict| log.lock().unwrap().push(verdict.to_string()));
    let tally = layer.clone();
    let app = application().layer(layer);
    for body in ["{", r#"{"email":"ada@example.com"}"#, "", "\u{0}\u{1}"] {
        assert_eq!(answer(&app, request("POST", "/users", body)).await, (200, body.to_owned()));
    }
    assert_eq!(answer(&app, request("GET", "/users?limit=x", "")).await, (200, "[{}]".to_owned()));
    assert_eq!(answer(&app, request("GET", "/health", "")).await, (200, "fine".to_owned()));
    let large = "x".repeat(3 << 20);
    assert_eq!(answer(&app, request("POST", "/users", &large)).await.0, 413, "axum's own limit");

    let tally = tally.stats();
    assert_eq!((tally.requests(), tally.invalid_requests()), (5, 4), "{told:?}");
    assert_eq!((tally.unchecked_messages(), tally.invalid_responses()), (1, 6), "{told:?}");
    let told = told.lock().unwrap();
    assert!(told[0].starts_with("POST /users violates the spec: body: invalid JSON"), "{told:?}");
    assert!(
        told.iter().any(|text| text.starts_with("a response of users.get violates the spec: header X-Total-Count")),
        "{told:?}"
    );
}

#[tokio::test]
async fn chunks_and_trailers_pass_as_they_come() {
    use http_body_util::BodyExt as _;
    let frames = || {
        let mut trailers = http::HeaderMap::new();
        trailers.insert("x-end", "1".parse().unwrap());
        let frames = [
            http_body::Frame::data("{\"email\":".into()),
            http_body::Frame::data("\"a@b\"}".into()),
            http_body::Frame::trailers(trailers),
        ];
        let frames: Vec<http_body::Frame<bytes::Bytes>> = frames.into();
        frames
    };
    let seen = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&seen);
    let server = tower::service_fn(move |request: Request<apigen_runtime::server::TapBody<_>>| {
        let log = Arc::clone(&log);
        async move {
            let mut body = request.into_body();
            while let Some(frame) = body.frame().await {
                let frame: http_body::Frame<bytes::Bytes> = frame.unwrap();
                log.lock().unwrap().push(frame.into_data().map_err(|frame| frame.is_trailers()));
            }
            Ok::<_, std::convert::Infallible>(Response::new(String::new()))
        }
    });
    let layer = ValidationLayer::observe(validator());
    let service = tower_layer::Layer::layer(&layer, server);
    let frames = futures_util::stream::iter(frames().into_iter().map(Ok::<_, std::convert::Infallible>));
    let body = http_body_util::StreamBody::new(frames);
    service.oneshot(Request::post("/users").body(body).unwrap()).await.unwrap();
    let seen = seen.lock().unwrap();
    assert_eq!(*seen, [Ok("{\"email\":".into()), Ok("\"a@b\"}".into()), Err(true)]);
    assert_eq!((layer.stats().requests(), layer.stats().invalid_requests()), (1, 0));
}

#[tokio::test]
async fn enforcing_answers_in_place_of_the_server() {
    let app = application().layer(ValidationLayer::enforce(validator()).body_limit(100));
    let body = r#"{"email":"ada@example.com"}"#;
    assert_eq!(answer(&app, request("POST", "/users", body)).await, (200, body.to_owned()));
    let (status, text) = answer(&app, request("POST", "/users", r#"{"email":1}"#)).await;
    let told: Value = serde_json::from_str(&text).unwrap();
    // As declared.
    assert_eq!((status, &told[0]["code"], told.as_array().unwrap().len()), (422, &json!("type"), 1), "{text}");
    assert_eq!(answer(&app, request("POST", "/users", &"x".repeat(101))).await.0, 413);
    assert_eq!(answer(&app, request("GET", "/health", "")).await.0, 200);
}

#[tokio::test]
async fn a_share_of_the_responses_is_checked() {
    let layer = ValidationLayer::observe(validator()).responses(0.25);
    let app = application().layer(layer.clone());
    for _ in 0..100 {
        answer(&app, request("GET", "/users", "")).await;
    }
    assert_eq!((layer.stats().responses(), layer.stats().requests()), (25, 100));
}

#[tokio::test]
async fn extractors_refuse_with_every_violation() {
    let create = async |ValidJson(form): ValidJson<UserForm>| form.email;
    let find = async |ValidQuery(form): ValidQuery<location::Point>| format!("{} {}", form.latitude, form.longitude);
    let app = axum::Router::new().route("/a", post(create)).route("/b", get(find));
    assert_eq!(answer(&app, request("POST", "/a", r#"{"email":"a@b"}"#)).await, (200, "a@b".to_owned()));
    assert_eq!(answer(&app, request("GET", "/b?latitude=1.5&longitude=-2", "")).await, (200, "1.5 -2".to_owned()));
    for (request, places) in [
        (request("POST", "/a", ""), "body missing"),
        (request("POST", "/a", r#"{"email":"a","name":1}"#), "body minimum, body type"),
        (request("GET", "/b?latitude=x", ""), "query missing, query format"),
        (request("GET", "/b?latitude=%zz", ""), "query format"),
        (request("GET", "/b?latitude[2000]=1", ""), "query format"),
    ] {
        let (status, text) = answer(&app, request).await;
        let told: Value = serde_json::from_str(&text).unwrap();
        let told = told["violations"].as_array().unwrap().iter();
        let mut told: Vec<String> = told.map(|one| format!("{} {}", one["in"], one["code"]).replace('"', "")).collect();
        told.sort_unstable();
        let mut places: Vec<&str> = places.split(", ").collect();
        places.sort_unstable();
        assert_eq!((status, told), (422, places.into_iter().map(str::to_owned).collect()), "{text}");
    }
}

/// A user's type whose reader has a bug.
#[derive(Debug)]
struct Fragile;

impl FromJson for Fragile {
    fn read(_: &mut Reader<'_>) -> Option<Self> {
        panic!("hunter2")
    }
}

#[tokio::test]
async fn extractors_of_types_that_panic_answer_500() {
    let app = axum::Router::new()
        .route("/a", post(async |ValidJson(Fragile): ValidJson<Fragile>| ()))
        .route("/b", get(async |ValidQuery(Fragile): ValidQuery<Fragile>| ()));
    for request in [request("POST", "/a", "{}"), request("GET", "/b?x=1", "")] {
        let (status, text) = answer(&app, request).await;
        assert!(status == 500 && text.contains("the server failed to respond") && !text.contains("hunter2"), "{text}");
    }
    // Requests that are refused before the type is read stay refused.
    assert_eq!(answer(&app, request("POST", "/a", "")).await.0, 422);
}

/// A panicking observer must not break the exchange: for requests, responses, and unchecked messages.
#[tokio::test]
async fn a_report_that_panics_changes_nothing() {
    for layer in [ValidationLayer::observe(validator()).body_limit(20), ValidationLayer::enforce(validator())] {
        let layer = layer.responses(1.0).report(|verdict| panic!("{verdict}"));
        let app = application().layer(layer.clone());
        let (status, text) = answer(&app, request("GET", "/users?limit=x", "")).await;
        let tally = layer.stats();
        assert!(
            tally.invalid_requests() == 1 && (status, text.as_str()) == (200, "[{}]") || status == 422,
            "{status} {text}"
        );
        assert_eq!(answer(&app, request("GET", "/users", "")).await, (200, "[{}]".to_owned()));
        assert!(tally.invalid_responses() >= 1, "{tally:?}");
        let body = r#"{"email":"ada@example.com"}"#;
        assert_eq!(answer(&app, request("POST", "/users", body)).await, (200, body.to_owned()));
    }
}

/// The field of a value that cannot be decoded is unknown, so it could be sensitive.
#[tokio::test]
async fn extractors_do_not_repeat_what_they_cannot_decode() {
    let find = async |ValidQuery(form): ValidQuery<UserForm>| form.email;
    let app = axum::Router::new().route("/", get(find));
    for uri in ["/?email=hunter2%zz", "/?hunter2%zz=1", "/?email[hunter2]=1"] {
        let (status, text) = answer(&app, request("GET", uri, "")).await;
        assert!(status == 422 && !text.contains("hunter2"), "{uri}: {text}");
    }
}

/// A limit, which the types of arguments do not express.
#[tokio::test]
async fn clients_check_what_they_send() {
    let mock = MockClient::new();
    let reports = Arc::new(Mutex::new(Vec::new()));
    let client = |validation: ValidationPolicy| {
        let reports = Arc::clone(&reports);
        let client = Client::builder("http://localhost/base/v1")
            .transport(TowerTransport::<_>::new(axum::Router::new().nest_service("/base/v1", mock.router())));
        let client = client
            .observer(move |call: &apigen_runtime::client::CallReport| reports.lock().unwrap().push(call.violations));
        client.validate_requests(validator(), validation).build().unwrap()
    };
    let many = users::GetParams::new().limit(1000);
    let error = client(ValidationPolicy::Reject).users().get(many.clone()).await.unwrap_err();
    assert!(error.to_string().contains("query parameter limit: expected at most 100, found 1000"), "{error}");
    mock.assert_no_calls();
    let error = client(ValidationPolicy::Report).users().get(many.clone()).await.unwrap_err();
    assert_eq!(error.status().unwrap().as_u16(), 422, "the server refuses it");
    assert_eq!(client(ValidationPolicy::Off).users().get(many).await.unwrap_err().status().unwrap().as_u16(), 422);
    assert!(client(ValidationPolicy::Reject).users().get(users::GetParams::new()).await.unwrap().is_empty());
    assert_eq!(*reports.lock().unwrap(), [0, 1, 0, 0]);
}

const CONTENT_TYPES: [&str; 8] = [
    "",
    "application/json; charset=utf-8",
    "text/json",
    "application/octet-stream",
    "application/x-www-form-urlencoded",
    "text/plain",
    "multipart/form-data; boundary=x",
    "json",
];

fn typed(content_type: &str, uri: &str, body: &str) -> Request<String> {
    let mut request = request("POST", uri, body);
    if !content_type.is_empty() {
        request.headers_mut().insert("content-type", content_type.parse().unwrap());
    }
    request
}

/// Typed and dynamic validators, the layer, extractors, and the messages.
#[tokio::test]
async fn content_types_are_judged_alike_everywhere() {
    let spec = concat!(env!("CARGO_MANIFEST_DIR"), "/specs/location.json");
    let schema = apigen_build::Config::new().spec(spec).schema().unwrap();
    let layer = ValidationLayer::observe(validator());
    let observed = application().route("/users/authenticate", post(async |body: String| body)).layer(layer.clone());
    let enforced = application()
        .route("/users/authenticate", post(async |body: String| body))
        .layer(ValidationLayer::enforce(validator()));
    let extracted = axum::Router::new().route("/users", post(async |ValidJson(form): ValidJson<UserForm>| form.email));
    let (user, login, form) = (
        r#"{"email":"ada@example.com"}"#,
        r#"{"email":"a@b.c","password":"x","scopes":["a"]}"#,
        "email=a%40b.c&password=x",
    );
    for content_type in CONTENT_TYPES {
        for (uri, body, wanted) in [
            ("/users", user, !["application/x-www-form-urlencoded"].contains(&content_type)),
            ("/users/authenticate", login, !["application/x-www-form-urlencoded"].contains(&content_type)),
            ("/users/authenticate", form, !["application/json; charset=utf-8", "text/json"].contains(&content_type)),
        ] {
            let valid = wanted && !["text/plain", "multipart/form-data; boundary=x", "json"].contains(&content_type);
            let request = || typed(content_type, uri, body);
            let invalid_before = layer.stats().invalid_requests();
            let words = validator().request(&request()).map(drop).map_err(|error| error.to_string());
            assert_eq!(words.is_ok(), valid, "{content_type} {uri} {body}: {words:?}");
            let dynamic = schema.request(&request(), &Mode::strict()).map(drop).map_err(|error| error.to_string());
            assert_eq!(words, dynamic, "{content_type} {uri} {body}");
            assert_eq!(answer(&observed, request()).await.0, 200);
            assert_eq!(layer.stats().invalid_requests() - invalid_before, u64::from(!valid), "{content_type} {uri}");
            let status = answer(&enforced, request()).await.0;
            // A form that claims to be JSON is invalid JSON.
            let refused = if body == form && content_type.contains("/json") { 422 } else { 415 };
            assert_eq!(status, if valid { 200 } else { refused }, "{content_type} {uri} {body}");
            if uri == "/users" {
                assert_eq!(answer(&extracted, request()).await.0, if valid { 200 } else { 415 }, "{content_type}");
            }
        }
    }
}

/// `HEAD` is handled by `GET`: the same parameters, no body.
#[tokio::test]
async fn head_is_judged_as_get_without_a_body() {
    let spec = concat!(env!("CARGO_MANIFEST_DIR"), "/specs/location.json");
    let schema = apigen_build::Config::new().spec(spec).schema().unwrap();
    assert_eq!(refused(&request("HEAD", "/users?limit=x", "")), ["query /limit format"]);
    let head = request("HEAD", "/users", "");
    let (call, operation) = (validator().request(&head).unwrap(), schema.request(&head, &Mode::strict()).unwrap());
    assert_eq!((call.id, call.method, operation.info().method), ("users.get", "HEAD", "HEAD"));
    for (status, total, valid) in [(200, Some("1"), true), (200, None, false), (401, None, true), (500, None, false)] {
        let response = total.into_iter().fold(Response::builder().status(status), |b, t| b.header("X-Total-Count", t));
        let response = response.body("").unwrap();
        let typed = validator().response(&call, &response).map_err(|violations| violations.to_json());
        let dynamic = schema.response(operation, &response, &Mode::strict()).map_err(|v| v.to_json());
        assert_eq!(typed, dynamic, "{status} {total:?}");
        assert_eq!(typed.is_ok(), valid, "{status} {total:?}");
    }
    let layer = ValidationLayer::observe(validator()).responses(1.0);
    let users = get(async || ([("X-Total-Count", "0")], "[]"));
    let app = axum::Router::new().route("/users", users).layer(layer.clone());
    assert_eq!(answer(&app, head).await, (200, String::new()));
    let tally = layer.stats();
    assert_eq!((tally.requests(), tally.responses(), tally.invalid_responses()), (1, 1, 0));
}

/// Returns a body of this size that never ends.
fn unfinished(size: usize) -> Body {
    let piece = futures_util::stream::iter([Ok::<_, std::io::Error>(vec![b' '; size])]);
    Body::from_stream(futures_util::StreamExt::chain(piece, futures_util::stream::pending()))
}

#[tokio::test]
async fn layers_keep_no_more_bodies_than_they_may() {
    let post_of = |body: Body| Request::post("/users").body(body).unwrap();
    let app = || axum::Router::new().route("/users", post(|body: String| async move { body.len().to_string() }));
    let limits = ServerLimits::new().memory(64 << 10).wait(Duration::from_millis(20));

    let layer = ValidationLayer::observe(validator()).limits(limits);
    let observed = app().layer(layer.clone());
    let held = tokio::spawn(observed.clone().oneshot(post_of(unfinished(60 << 10))));
    tokio::time::sleep(Duration::from_millis(50)).await;
    // There is no room to check it, but it is passed on.
    let passed = observed.clone().oneshot(post_of(Body::from(vec![b' '; 8 << 10]))).await.unwrap();
    assert_eq!((passed.status(), layer.stats().unchecked_messages(), layer.stats().requests()), (StatusCode::OK, 1, 0));
    held.abort();
    assert!(held.await.is_err());
    observed.oneshot(post_of(Body::from("{}"))).await.unwrap();
    assert_eq!((layer.stats().unchecked_messages(), layer.stats().requests()), (2, 1));

    let limits = limits.body_time(Duration::from_millis(300)).slowest(1 << 30);
    let enforced = app().layer(ValidationLayer::enforce(validator()).limits(limits));
    let held = tokio::spawn(enforced.clone().oneshot(post_of(unfinished(64 << 10))));
    tokio::time::sleep(Duration::from_millis(50)).await;
    let busy = enforced.clone().oneshot(post_of(Body::from("{}"))).await.unwrap();
    assert_eq!(
        (busy.status(), &busy.headers()["retry-after"]),
        (StatusCode::SERVICE_UNAVAILABLE, &"1".parse().unwrap())
    );
    assert_eq!(held.await.unwrap().unwrap().status(), StatusCode::REQUEST_TIMEOUT);
    let valid = Body::from(r#"{"email":"ada@example.com"}"#);
    assert_eq!(enforced.oneshot(post_of(valid)).await.unwrap().status(), StatusCode::OK);
}

/// Each part of a value counts: a small text can exceed the limit.
#[test]
fn values_of_a_request_have_a_limit_of_memory() {
    let form = format!("email=a%40b.c&password=x&scopes{0}=1&scopes[a]{0}=1", "[1000]".repeat(63));
    let request = request("POST", "/users/authenticate", &form);
    let error = validator().request(&request).unwrap_err().to_string();
    assert!(error.contains("at most 100000 values, those that indexes leave out included"), "{error}");
    let spec = concat!(env!("CARGO_MANIFEST_DIR"), "/specs/location.json");
    let schema = apigen_build::Config::new().spec(spec).schema().unwrap();
    assert_eq!(schema.request(&request, &Mode::strict()).unwrap_err().to_string(), error);
}
