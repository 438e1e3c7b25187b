//! The mock of the committed example behind a port: the real client receives what rules return, and the journal has its requests.

use std::fmt::Debug;
use std::io::{Read, Write};

use apigen_runtime::{
    FromJson, Value,
    client::DeclaredError,
    codegen::{Serve, ToResponse, literal},
    mock::{Mockable, TransportErrorKind},
    server::{Router, Server},
};
use location::{
    Address, Client, CountryDefaults, MockClient, Place, Precision, Region, Role, SearchTerm, Timezone, User, UserForm,
    UserPatch, Visit, VisitForm, addresses, common, country_defaults, regions, timezones, users, visits,
};
use serde_json::json;

const GUID: &str = "f4ad28e1-05e2-4a8b-9f2f-1a4b2f7c2d11";
const USER: &str = r#"{"guid":"f4ad28e1-05e2-4a8b-9f2f-1a4b2f7c2d11","email":"a@b.c","role":"admin","created_at":"2024-02-29T08:00:00Z","age":7}"#;

struct Pair {
    mock: MockClient,
    server: Server,
    client: Client,
}

fn start() -> Pair {
    let mock = MockClient::new();
    let server = mock.serve("127.0.0.1:0").unwrap();
    let client = Client::builder(server.url()).build().unwrap();
    Pair { mock, server, client }
}

fn user() -> User {
    User::from_json(USER).unwrap()
}

fn guid() -> apigen_runtime::Uuid {
    GUID.parse().unwrap()
}

impl Pair {
    /// Checks that a value and an outage arrive at the client, and the journal has the same input both times.
    async fn round<O>(&self, input: O, output: O::Output)
    where
        O: Serve + Mockable<Client = Client> + PartialEq,
        O::Output: ToResponse + Clone + Sync + PartialEq + Debug,
        O::Error: DeclaredError + ToResponse,
    {
        self.mock.on::<O>().status(500, "down");
        self.mock.on::<O>().once().returns(output.clone());
        assert_eq!(input.call(&self.client).await.unwrap(), output, "{}", O::INFO.id);
        let error = input.call(&self.client).await.unwrap_err();
        // With a declared `default`, every status has a type.
        let declared = O::INFO.responses.iter().any(|response| response.status.is_none());
        assert!(error.is_undeclared_status() != declared && error.status().unwrap() == 500, "{error}");
        assert_eq!(error.body(), Some(&b"down"[..]), "{}", O::INFO.id);
        let calls = self.mock.calls::<O>();
        assert!(calls.len() == 2 && calls.iter().all(|call| **call == input), "{calls:#?}, not {input:#?}");
        self.mock.reset();
    }

    /// Checks that a declared error arrives unchanged.
    async fn refused<O>(&self, input: O, error: O::Error)
    where
        O: Serve + Mockable<Client = Client>,
        O::Output: ToResponse + Debug,
        O::Error: DeclaredError + ToResponse + Clone + Sync + PartialEq,
    {
        self.mock.on::<O>().fails(error.clone());
        assert_eq!(input.call(&self.client).await.unwrap_err().declared(), Some(&error), "{}", O::INFO.id);
        self.mock.reset();
    }

    /// Returns status and body for a request that the client would not send.
    async fn send(&self, method: &str, path: &str, body: &str) -> (u16, Value, Option<String>) {
        let method = reqwest::Method::from_bytes(method.as_bytes()).unwrap();
        let request = reqwest::Client::new().request(method, format!("{}{path}", self.server.url()));
        let response = request.body(body.to_owned()).send().await.unwrap();
        let allow = response.headers().get("allow").map(|allow| allow.to_str().unwrap().to_owned());
        let status = response.status().as_u16();
        (status, serde_json::from_slice(&response.bytes().await.unwrap()).unwrap_or_default(), allow)
    }
}

fn home() -> Address {
    Address {
        text: Some("ü \"quoted\" / & = + %".to_owned()),
        streets: Some(vec!["1, rue A".to_owned(), String::new()]),
        ..Address::default()
    }
}

#[tokio::test]
async fn users_go_around() {
    let pair = start();
    let params = users::GetParams {
        guid: vec![guid(), apigen_runtime::Uuid::nil()],
        email: Some("a+b%&=/ü@x.y".to_owned()),
        role: Some(Role::Admin),
        created_after: Some(literal::date_time("2024-02-29T08:00:00.5Z")),
        limit: 100,
        offset: -1,
        sort: String::new(),
    };
    pair.round(users::Get { params }, vec![user(), user()]).await;
    pair.round(users::Get { params: users::GetParams::new() }, Vec::new()).await;
    pair.refused(users::Get { params: users::GetParams::new() }, users::GetError::Unauthorized).await;
    pair.round(users::GetByGuid { guid: guid() }, user()).await;
    pair.refused(users::GetByGuid { guid: guid() }, users::GetByGuidError::NotFound).await;
    let form = UserForm { home: Some(home()), role: Role::Reader, ..UserForm::new("ü@x.y") };
    let post = |id: Option<&str>| {
        let params = users::PostParams { x_request_id: id.map(str::to_owned) };
        users::Post { user_form: form.clone(), params }
    };
    pair.round(post(Some("a, b")), user()).await;
    pair.round(post(None), user()).await;
    let error = common::Error::from_json(r#"{"code":"taken","message":"taken"}"#).unwrap();
    pair.refused(post(None), users::PostError::Conflict(vec![error.clone()])).await;
    pair.refused(post(None), users::PostError::UnprocessableEntity(vec![error])).await;
    pair.round(users::PutByGuid { guid: guid(), user_form: form.clone() }, user()).await;
    let patch = UserPatch { name: Some("N".to_owned()), ..UserPatch::default() };
    pair.round(users::PatchByGuid { guid: guid(), user_patch: patch }, user()).await;
    pair.round(users::DeleteByGuid { guid: guid() }, ()).await;
    for scopes in [vec![], vec!["a b".to_owned(), "c&d=[0]".to_owned(), String::new()]] {
        let params = users::PostAuthenticateParams { scopes };
        let input = users::PostAuthenticate { email: "true".to_owned(), password: "007 +%".to_owned(), params };
        pair.round(input, user()).await;
    }
}

#[tokio::test]
async fn what_never_ends_goes_around() {
    let pair = start();
    let never = User { created_at: literal::date_time("9999-12-31T23:59:59Z"), ..user() };
    assert!(never.created_at > literal::date_time("9999-12-30T21:59:59Z"));
    let params = users::GetParams { created_after: Some(never.created_at), ..users::GetParams::new() };
    pair.round(users::Get { params }, vec![never]).await;
    let path = "/users?created_after=9999-12-31T23:59:59.999Z";
    assert_eq!(pair.send("GET", path, "").await.0, 200);
}

#[tokio::test]
async fn what_json_cannot_express_is_not_sent() {
    let pair = start();
    let nowhere = Address { latitude: Some(f64::NAN), ..Address::default() };
    pair.mock.on::<addresses::Get>().returns(vec![Address::default(), nowhere.clone()]);
    let error = pair.client.addresses().get(addresses::GetParams::new()).await.unwrap_err();
    assert_eq!(error.status().unwrap(), 500);
    let body = String::from_utf8_lossy(error.body().unwrap()).into_owned();
    assert!(body.contains("[1].latitude: expected a double (a number), found NaN"), "{body}");

    let user_form = UserForm { home: Some(nowhere), ..UserForm::new("ü@x.y") };
    let post = users::Post { user_form, params: users::PostParams { x_request_id: None } };
    let error = post.call(&pair.client).await.unwrap_err();
    assert!(error.is_invalid_request() && error.to_string().contains("home.latitude: "), "{error}");
    assert!(pair.mock.calls::<users::Post>().is_empty());
}

#[tokio::test]
async fn all_other_operations_go_around() {
    let pair = start();
    let params = addresses::GetParams::new().ip("::1").precision([Precision::City, Precision::Street]);
    pair.round(addresses::Get { params }, vec![home()]).await;
    let items = vec![SearchTerm::from(guid()), SearchTerm::from(Role::Admin)];
    pair.round(addresses::PostSearch { items }, [("k".to_owned(), home())].into()).await;
    pair.round(addresses::PostSearch { items: Vec::new() }, [].into()).await;
    let params = country_defaults::GetParams::new().country(["FRA", "DEU"]).limit(1).offset(7);
    pair.round(country_defaults::Get { params }, Vec::<CountryDefaults>::new()).await;
    pair.round(country_defaults::GetByCountryCsv { country: "a/b.csv".to_owned() }, "a;b\n".to_owned()).await;
    let gone = country_defaults::GetByCountryCsvError::NotFound;
    pair.refused(country_defaults::GetByCountryCsv { country: "FRA".to_owned() }, gone).await;
    let region = Region::new("1", "R", vec![Region::new("2", "S", Vec::new())]);
    pair.round(regions::GetById { id: "ü?#".to_owned() }, region).await;
    let error = common::Error::from_json(r#"{"code":"no","message":"no"}"#).unwrap();
    pair.refused(regions::GetById { id: "x".to_owned() }, regions::GetByIdError::Default(418, error)).await;
    let zone = Timezone::from_json(r#"{"name":"Europe/Paris","description":"P","offset":60}"#).unwrap();
    pair.round(timezones::Get, vec![zone.clone()]).await;
    pair.round(timezones::GetByName { name: "Europe/Paris".to_owned() }, zone).await;
    let params = visits::GetByYearAndUserGuidParams { from: Some(literal::date("2024-02-29")), far: true };
    let visit = Visit::new(1, literal::date_time("2024-02-29T08:00:00Z"), Place::String("here".to_owned()));
    pair.round(visits::GetByYearAndUserGuid { year: -5, user_guid: guid(), params }, vec![visit.clone()]).await;
    pair.round(visits::Post { visit_form: VisitForm { place: Place::String("there".to_owned()) } }, visit).await;
}

/// All violations of a request at once, in every part of it.
#[tokio::test]
async fn invalid_requests_list_every_violation() {
    let pair = start();
    let (status, body, _) = pair.send("GET", "/users?limit=101&guid=x&guid=y&role=king&offset=1.5&email=%zz", "").await;
    assert_eq!((status, &body["code"]), (422, &json!("generic_error")), "{body}");
    let places: Vec<(&str, &str, &str)> = body["violations"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| {
            assert_eq!(one["in"], "query");
            (one["name"].as_str().unwrap(), one["pointer"].as_str().unwrap(), one["code"].as_str().unwrap())
        })
        .collect();
    assert_eq!(
        places,
        [
            ("guid", "/guid/0", "format"),
            ("guid", "/guid/1", "format"),
            ("email", "/email", "format"),
            ("role", "/role", "enum"),
            ("limit", "/limit", "maximum"),
            ("offset", "/offset", "format"),
        ]
    );
    assert_eq!(
        body["violations"][4],
        json!({
            "in": "query", "name": "limit", "pointer": "/limit", "code": "maximum", "expected": "at most 100", "found": "101",
            "message": "query parameter limit: expected at most 100, found 101",
        })
    );
    assert_eq!(body["messages"][4], body["violations"][4]["message"]);

    // The declared response: a list of errors.
    let (status, body, _) = pair.send("PUT", "/users/7", r#"{"email":"x","home":{"streets":[1]}}"#).await;
    assert_eq!(
        (status, body),
        (
            422,
            json!([
                { "code": "format", "message": "path parameter guid: expected a uuid such as 5ecf6502-e532-4738-aad5-7ac9701251dd, found \"7\"" },
                { "code": "minimum", "message": "body: email: expected at least 3 characters, found a sensitive value (withheld) (line 1, column 10)" },
                { "code": "type", "message": "body: home.streets[0]: expected a string, found a sensitive value (withheld) (line 1, column 33)" },
            ])
        )
    );
    // Without a declared response, each violation has its line and column.
    let (status, body, _) = pair.send("PATCH", "/users/7", "{\n \"name\": 7 }").await;
    let places = [0, 1].map(|at| (body["violations"][at]["line"].as_u64(), body["violations"][at]["column"].as_u64()));
    assert_eq!((status, places), (422, [(None, None), (Some(2), Some(10))]), "{body}");
    assert!(body["messages"][1].as_str().unwrap().ends_with(" (line 2, column 10)"), "{body}");

    for (body, code) in [("", "missing"), ("{", "syntax"), ("[]", "type"), ("\u{0}", "syntax")] {
        let (status, answer, _) = pair.send("POST", "/users", body).await;
        assert_eq!((status, &answer[0]["code"]), (422, &json!(code)), "{body:?}: {answer}");
    }
    let (status, answer, _) = pair.send("GET", "/addresses?ip=1&precision=x", "").await;
    assert_eq!((status, &answer["code"], answer.as_object().unwrap().len()), (422, &json!("enum"), 2), "{answer}");
    let (status, answer, _) = pair.send("POST", "/users/authenticate", "email=&scopes[9999]=x&x=%").await;
    let found: Vec<&str> = answer["messages"].as_array().unwrap().iter().map(|text| text.as_str().unwrap()).collect();
    assert_eq!(status, 422);
    assert_eq!(
        found,
        ["form parameter password is missing", "form parameter scopes: expected an index of at most 1000, found more"]
    );
    pair.mock.assert_no_calls();
}

#[tokio::test]
async fn empty_and_nested_values_mean_what_the_schema_says() {
    let pair = start();
    let (status, body, _) = pair.send("GET", "/users?limit=&guid=&created_after=&email=&sort", "").await;
    assert_eq!(status, 200, "{body}");
    let expected = users::GetParams { email: Some(String::new()), sort: String::new(), ..users::GetParams::new() };
    pair.mock.assert_calls(&[users::Get { params: expected }]);
    for query in
        ["country=A&country=B", "country[]=A&country[]=B", "country[1]=B&country[0]=A", "country%5B0%5D=A&country[1]=B"]
    {
        let (status, body, _) = pair.send("GET", &format!("/country_defaults?{query}"), "").await;
        assert_eq!(status, 200, "{query}: {body}");
    }
    let asked = country_defaults::Get { params: country_defaults::GetParams::new().country(["A", "B"]) };
    pair.mock.assert_calls(&[asked.clone(), asked.clone(), asked.clone(), asked]);
}

#[tokio::test]
async fn what_is_not_there_says_so() {
    let pair = start();
    let (status, body, allow) = pair.send("GET", "/nowhere/1", "").await;
    assert_eq!((status, allow, &body["messages"]), (404, None, &json!(["no operation has the path /nowhere/1"])));
    let (status, body, allow) = pair.send("POST", &format!("/users/{GUID}"), "").await;
    assert_eq!((status, allow.as_deref()), (405, Some("GET, HEAD, PUT, PATCH, DELETE")), "{body}");
    let (status, _, allow) = pair.send("OPTIONS", "/users", "").await;
    assert_eq!((status, allow.as_deref()), (204, Some("GET, HEAD, POST, OPTIONS")));
    let (status, body, _) = pair.send("HEAD", "/visits", "").await;
    assert_eq!((status, body), (405, Value::Null));
    let large = "x".repeat(apigen_runtime::server::MAX_REQUEST_BYTES + 1);
    assert_eq!(pair.send("POST", "/users", &large).await.0, 413);
    pair.mock.assert_no_calls();
}

/// Limits, axum, and a user's own API.
#[tokio::test]
async fn a_router_mounts_into_axum() {
    let mock = MockClient::new();
    mock.on::<timezones::Get>().returns(Vec::new());
    let small = Router::from_client(Client::from(mock.clone())).body_limit(10);
    let app = axum::Router::new().nest_service("/small", small).fallback_service(mock.router());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, app).await });
    let status = async |request: reqwest::RequestBuilder| request.send().await.unwrap().status().as_u16();
    let http = reqwest::Client::new();
    assert_eq!(status(http.get(format!("{url}/timezones"))).await, 200);
    assert_eq!(status(http.get(format!("{url}/small/timezones"))).await, 200);
    assert_eq!(status(http.post(format!("{url}/small/visits")).body("12345678901")).await, 413);
    let chunks = reqwest::Body::from("12345678901");
    assert_eq!(status(http.post(format!("{url}/visits")).body(chunks)).await, 422);
    for path in ["/timezones", "/small/timezones"] {
        let head = http.head(format!("{url}{path}")).send().await.unwrap();
        let header = |name: &str| head.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
        assert_eq!((head.status().as_u16(), header("content-length").as_deref()), (200, Some("2")));
        assert_eq!(header("content-type").as_deref(), Some("application/json"));
    }
    let client = Client::builder(format!("{url}/small")).build().unwrap();
    assert!(client.timezones().get().await.unwrap().is_empty());
    mock.assert_called::<timezones::Get>(5);
}

#[tokio::test]
async fn failures_of_the_api_are_gateway_errors() {
    let pair = start();
    let status = async |kind: TransportErrorKind| {
        pair.mock.on::<timezones::Get>().transport_error(kind);
        pair.send("GET", "/timezones", "").await.0
    };
    assert_eq!(status(TransportErrorKind::Timeout).await, 504);
    assert_eq!(status(TransportErrorKind::Connect).await, 502);
    pair.mock.reset();
    pair.mock.be_strict();
    let (status, body, _) = pair.send("GET", "/timezones", "").await;
    assert_eq!(status, 500);
    assert!(body["messages"][0].as_str().unwrap().contains("no rule matches"), "{body}");
    // The refused call would fail the test.
    pair.mock.reset();
    pair.mock.on::<timezones::Get>().answers(|_| panic!("a rule of the test breaks"));
    let (status, body, _) = pair.send("GET", "/timezones", "").await;
    assert_eq!((status, &body["messages"]), (500, &json!(["the server failed to respond"])), "a panic");
    pair.mock.on::<timezones::Get>().returns(Vec::new());
    assert_eq!(pair.send("GET", "/timezones", "").await.0, 200, "others are served on");
    pair.mock.on::<timezones::Get>().once().answers(|_| panic!("once"));
    let mut stream = std::net::TcpStream::connect(pair.server.addr()).unwrap();
    let last = "GET /timezones HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    write!(stream, "GET /timezones HTTP/1.1\r\nHost: a\r\n\r\n{last}").unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    assert!(text.starts_with("HTTP/1.1 500") && text.contains("HTTP/1.1 200"), "one connection: {text}");
}

#[tokio::test]
async fn requests_are_answered_side_by_side() {
    let pair = start();
    let zone = |name: &str| Timezone::from_json(format!(r#"{{"name":"{name}","description":"","offset":0}}"#)).unwrap();
    let hour = std::time::Duration::from_secs(3_600);
    pair.mock.on::<timezones::GetByName>().when(|call| call.name == "slow").delay(hour).returns(zone("slow"));
    pair.mock.on::<timezones::GetByName>().when(|call| call.name != "slow").answers(move |call| Ok(zone(&call.name)));
    let call = |name: String| {
        let client = pair.client.clone();
        tokio::spawn(async move { client.timezones().get_by_name(&name).await.map(|zone| zone.name) })
    };
    // The slow calls get no response while the test runs; the others do.
    let slow: Vec<_> = (0..50).map(|_| call("slow".to_owned())).collect();
    for name in (0..50).map(|index| format!("z{index}")) {
        assert_eq!(call(name.clone()).await.unwrap().unwrap(), name);
    }
    assert!(slow.iter().all(|call| !call.is_finished()));
    slow.iter().for_each(tokio::task::JoinHandle::abort);
}

#[test]
fn a_server_ends_when_it_is_dropped() {
    let mock = MockClient::new();
    let server = mock.serve(("127.0.0.1", 0)).unwrap();
    let (addr, url) = (server.addr(), server.url());
    assert_eq!(url, format!("http://{addr}"));
    assert!(mock.serve(addr).is_err(), "the port is taken");
    server.shutdown();
    assert!(std::net::TcpStream::connect(addr).is_err());
    drop(mock.serve(addr).unwrap());
}

#[test]
#[should_panic(expected = "expects 1 call")]
fn unmet_expectations_are_a_panic_where_the_server_is_dropped() {
    let mock = MockClient::new();
    mock.on::<timezones::Get>().expect(1).returns(Vec::new());
    let server = mock.serve("127.0.0.1:0").unwrap();
    drop(mock);
    drop(server);
}
