//! The generated client of `specs/location.json` against a real HTTP server: every operation, and every kind of failure.

use std::collections::BTreeMap;
use std::time::Duration;

use apigen_runtime::{AnyError, Error, ErrorKind, FromJson, client::FromHeaders, codegen::literal, http::StatusCode};
use location::common::Distance;
use location::{
    Address, Api, Client, OpenPlace, Place, Point, Precision, Role, SearchTerm, Spot, User, UserForm, UserPatch,
    VisitForm, addresses, country_defaults, users, visits,
};

use crate::server::Server;

const USER: &str = r#"{"guid":"6513270e-269e-4d37-b2a7-4de452e6b438","email":"jo@example.com","role":"editor","created_at":"2026-03-04T05:06:07Z"}"#;
const ERROR: &str = r#"{"code":"taken","message":"Somebody has it"}"#;
const GUID: &str = "6513270e-269e-4d37-b2a7-4de452e6b438";

async fn start() -> (Server, Client) {
    let server = Server::start().await;
    let client = Client::builder(&server.url).api_key("secret").build().unwrap();
    (server, client)
}

fn user() -> User {
    User::from_json(USER).unwrap()
}

#[tokio::test]
async fn addresses() {
    let (server, client) = start().await;
    server.on(
        "GET /addresses",
        200,
        r#"[{"city":"Paris","precision":"CI"},{"text":"Rome","precision":"planet","new":1}]"#,
    );
    let params =
        addresses::GetParams::new().ip("5.10.147.255").address("a b&c").precision([Precision::City, Precision::Street]);
    let found = client.addresses().get(params).await.unwrap();
    assert_eq!(found[0], Address { city: Some("Paris".to_owned()), ..Address::default() });
    assert_eq!(found[1].precision, Precision::Unknown("planet".to_owned()));
    let request = server.last();
    assert_eq!(request.line, "GET /addresses?ip=5.10.147.255&address=a%20b%26c&precision=CI&precision=ST");
    assert!(request.headers["user-agent"].to_str().unwrap().starts_with("apigen/"));
    assert!(request.headers.contains_key("x-apidoc-version"));
    assert_eq!(request.headers["x-tenant"], "public");
    assert_eq!(request.headers["authorization"], "Basic c2VjcmV0Og==");

    server.on("POST /addresses/search", 200, r#"{"home":{}}"#);
    let terms = [
        SearchTerm::from(Point { latitude: 1.5, longitude: -2.0 }),
        SearchTerm::Uuid(literal::uuid(GUID)),
        SearchTerm::Role(Role::Admin),
    ];
    let found: BTreeMap<String, Address> = client.addresses().post_search(&terms).await.unwrap();
    assert_eq!(found["home"], Address::default());
    let sent = server.last().body;
    let expected = format!(
        r#"[{{"point":{{"latitude":1.5,"longitude":-2.0}}}},{{"uuid":{{"value":"{GUID}"}}}},{{"role":"admin"}}]"#
    );
    assert_eq!(sent, expected);
}

#[tokio::test]
async fn timezones_regions_and_country_defaults() {
    let (server, client) = start().await;
    server.on(
        "GET /timezones",
        200,
        r#"[{"name":"Europe/Paris","description":"CET","offset":60,"since":"1911-03-11"}]"#,
    );
    let zones = client.timezones().get().await.unwrap();
    assert_eq!(zones[0].since, Some(literal::date("1911-03-11")));

    server.on("GET /timezones/Europe%2FParis", 404, "");
    let error = client.timezones().get_by_name("Europe/Paris").await.unwrap_err();
    assert_eq!(error.declared(), Some(&location::timezones::GetByNameError::NotFound), "{error}");
    assert_eq!(error.status(), Some(StatusCode::NOT_FOUND));

    server.on(
        "GET /regions/eu",
        200,
        r#"{"id":"eu","name":"Europe","children":[{"id":"fr","name":"France","children":[]}]}"#,
    );
    let region = client.regions().get_by_id("eu").await.unwrap();
    assert_eq!((region.children[0].name.as_str(), region.parent), ("France", None));
    server.on("GET /regions/xx", 503, ERROR);
    let error = client.regions().get_by_id("xx").await.unwrap_err();
    assert!(
        matches!(error.declared(), Some(location::regions::GetByIdError::Default(503, body)) if body.code == "taken")
    );

    let defaults = r#"[{"country":"FRA","currency":"EUR","languages":["fr"],"names":{"en":"France"},"vat":20.00,"population":[{"2020":67391582}]}]"#;
    server.on("GET /country_defaults", 422, "");
    assert!(client.country_defaults().get(country_defaults::GetParams::new()).await.is_err());
    server.on(
        "GET /country_defaults",
        200,
        &defaults.replace(r#""names""#, r#""measurement_system":"metric","names""#),
    );
    let params = country_defaults::GetParams::new().country(["FRA", "DEU"]).limit(5);
    let found = client.country_defaults().get(params).await.unwrap();
    assert_eq!(found[0].vat.unwrap().to_string(), "20.00");
    assert_eq!(found[0].population.as_ref().unwrap()[0]["2020"], 67_391_582);
    assert_eq!(server.last().line, "GET /country_defaults?country=FRA&country=DEU&limit=5&offset=0");
    server.on("GET /country_defaults", 200, defaults);
    let error = client.country_defaults().get(country_defaults::GetParams::new()).await.unwrap_err();
    assert!(error.is_decode() && error.to_string().contains("measurement_system"), "{error}");

    server.on("GET /country_defaults/FRA.csv", 200, r#""country;FRA""#);
    #[expect(deprecated, reason = "the spec still has it")]
    let csv = client.country_defaults().get_by_country_csv("FRA").await.unwrap();
    assert_eq!(csv, "country;FRA");
}

#[tokio::test]
async fn users() {
    let (server, client) = start().await;
    server.on("GET /users", 200, &format!("[{USER}]"));
    let params =
        users::GetParams::new().role(Role::Admin).created_after(literal::date_time("2026-01-02T03:04:05Z")).offset(10);
    assert_eq!(client.users().get(params).await.unwrap(), [user()]);
    let line = server.last().line;
    assert!(
        line.starts_with(
            "GET /users?role=admin&created_after=2026-01-02T03%3A04%3A05Z&limit=25&offset=10&sort=-created_at"
        ),
        "{line}"
    );

    let path = format!("GET /users/{GUID}");
    server.on(&path, 200, USER);
    let guid = literal::uuid(GUID);
    assert_eq!(client.users().get_by_guid(guid).await.unwrap(), user());
    let full = client
        .users()
        .get_by_guid(guid)
        .header("X-Tenant", "mine")
        .timeout(Duration::from_secs(5))
        .with_response()
        .await
        .unwrap();
    assert_eq!((full.status(), full.headers()["x-served-by"].to_str().unwrap()), (StatusCode::OK, "loopback"));
    assert_eq!(server.last().headers["x-tenant"], "mine");

    let form = UserForm { name: Some("Jo".to_owned()), ..UserForm::new("jo@example.com") };
    server.on("POST /users", 201, USER);
    client.users().post(&form, users::PostParams::new().x_request_id("r-1")).await.unwrap();
    let request = server.last();
    assert_eq!(request.body, r#"{"email":"jo@example.com","name":"Jo","role":"reader"}"#);
    assert_eq!(request.headers["x-request-id"], "r-1");
    server.on("POST /users", 409, &format!("[{ERROR}]"));
    match client.users().post(&form, users::PostParams::new()).await.map_err(Error::into_kind) {
        Err(ErrorKind::Declared(users::PostError::Conflict(errors))) => assert_eq!(errors[0].code, "taken"),
        other => panic!("{other:?}"),
    }

    server.on(&format!("PUT /users/{GUID}"), 200, USER);
    assert_eq!(client.users().put_by_guid(guid, &form).await.unwrap(), user());
    server.on(&format!("PATCH /users/{GUID}"), 200, USER);
    assert_eq!(client.users().patch_by_guid(guid, &UserPatch::default()).await.unwrap(), user());
    assert_eq!(server.last().body, "{}");
    server.on(&format!("DELETE /users/{GUID}"), 204, "");
    client.users().delete_by_guid(guid).await.unwrap();

    server.on("POST /users/authenticate", 200, USER);
    let params = users::PostAuthenticateParams::new().scopes(["a", "b"]);
    client.users().post_authenticate("jo@example.com", "s&t", params).await.unwrap();
    let request = server.last();
    assert_eq!(request.headers["content-type"], "application/x-www-form-urlencoded");
    assert!(request.body.starts_with("email=jo%40example.com&password=s%26t&scopes"), "{}", request.body);
}

#[tokio::test]
async fn visits() {
    let (server, client) = start().await;
    let visit = |place: &str| {
        format!(r#"{{"id":1,"at":"2026-03-04T05:06:07Z","place":{place},"walked":{{"value":1.50,"unit":"km"}}}}"#)
    };
    let places = [
        r#"{"kind":"spot","latitude":1.0,"longitude":2.0}"#,
        r#"{"kind":"remark","value":"at home"}"#,
        r#"{"city":"Paris"}"#,
        r#"{"kind":"moon","crater":"Tycho"}"#,
    ];
    let body: Vec<String> = places.iter().map(|place| visit(place)).collect();
    let path = format!("GET /visits/2026/{GUID}");
    server.on(&path, 200, &format!("[{}]", body.join(",")));
    let params = visits::GetByYearAndUserGuidParams::new().from(literal::date("2026-02-01"));
    let found = client.visits().get_by_year_and_user_guid(2026, literal::uuid(GUID), params).await.unwrap();
    assert_eq!(server.last().line, format!("{path}?from=2026-02-01&far=false"));
    let spot = Spot { latitude: 1.0, longitude: 2.0 };
    assert_eq!(found[0].place, Place::OpenPlace(OpenPlace::Spot(spot.clone())));
    assert_eq!(found[1].place, Place::String("at home".to_owned()));
    assert!(matches!(&found[2].place, Place::Address(address) if address.city.as_deref() == Some("Paris")));
    let distance: &Distance = found[0].walked.as_ref().unwrap();
    assert_eq!(distance.value.to_string(), "1.50");
    // Values unknown to this version are sent back unchanged.
    server.on("POST /visits", 201, &body[0]);
    let form = VisitForm { place: found[3].place.clone() };
    client.visits().post(&form).await.unwrap();
    assert_eq!(server.last().body, format!(r#"{{"place":{}}}"#, places[3]));
    client.visits().post(&VisitForm { place: Place::OpenPlace(OpenPlace::Spot(spot)) }).await.unwrap();
    assert_eq!(server.last().body, format!(r#"{{"place":{}}}"#, places[0]));
}

#[tokio::test]
async fn failures_keep_what_is_known() {
    let (server, client) = start().await;
    server.on("GET /timezones", 500, "it broke");
    let error = client.timezones().get().await.unwrap_err();
    assert_eq!((error.status(), error.body()), (Some(StatusCode::INTERNAL_SERVER_ERROR), Some(&b"it broke"[..])));
    assert_eq!(error.headers()["x-served-by"], "loopback");
    let text = error.to_string();
    assert!(
        text.contains("GET") && text.contains("/timezones") && text.contains("500") && text.contains("it broke"),
        "{text}"
    );
    assert!(!format!("{text} {error:?} {client:?}").contains("secret"));

    let error = client.timezones().get_by_name("").await.unwrap_err();
    assert!(error.is_invalid_request(), "{error}");

    let nobody = Client::builder("http://127.0.0.1:1").build().unwrap();
    let error = nobody.timezones().get().await.unwrap_err();
    assert!(error.is_connect() && error.status().is_none(), "{error}");

    async fn with_question_mark(api: &dyn Api) -> Result<usize, AnyError> {
        let zones = api.timezones().get().await?.len();
        Ok(zones + api.users().get(users::GetParams::new()).await?.len())
    }
    assert!(with_question_mark(&nobody).await.is_err());
}

/// Bodies and URLs with sensitive values are withheld, too.
#[tokio::test]
async fn errors_show_nothing_sensitive() {
    let (server, client) = start().await;
    let params = || users::GetParams::new().email("jo@example.com").limit(7);
    let shown = |error: &dyn std::fmt::Debug, text: String| format!("{text}\n{error:?}");
    for body in [USER.replace("\"editor\"", "7"), USER.replace('}', ""), format!("[{USER}]")] {
        server.on("GET /users", 200, &format!("[{body}"));
        let error = client.users().get(params()).await.unwrap_err();
        assert!(error.violations().is_some() && error.body().is_some());
        let text = shown(&error, error.to_string());
        assert!(!text.contains("jo@example.com") && !text.contains("jo%40"), "{text}");
        assert!(text.contains("email=...") && text.contains("limit=7"), "{text}");
    }
    server.on("GET /users", 500, "nobody knows jo@example.com");
    let error = client.users().get(params()).await.unwrap_err();
    let text = shown(&error, error.to_string());
    assert!(text.contains("27 bytes withheld") && !text.contains("jo@example.com"), "{text}");
    assert_eq!(error.body(), Some(&b"nobody knows jo@example.com"[..]));
}

/// Fields annotated as personal data are not logged.
#[test]
fn sensitive_fields_are_not_shown() {
    let shown = format!("{:?}", user());
    assert!(shown.contains("email: [REDACTED]") && shown.contains("role: Editor") && !shown.contains("jo@"), "{shown}");
    let broken = USER.replace(r#""jo@example.com""#, r#"["jo@example.com"]"#);
    let violations = User::from_json(&broken).unwrap_err();
    let told = format!("{violations} {violations:?}");
    assert!(told.contains("/email") && told.contains("[REDACTED]") && !told.contains("jo@"), "{told}");
    let short = USER.replace("jo@example.com", "jo");
    let told = User::from_json(&short).unwrap_err().to_string();
    assert!(told.contains("email") && told.contains("at least 3") && !told.contains("\"jo\""), "{told}");
}

/// Pages follow each other by `limit` and `offset`, and a list longer than the spec allows is not sent.
#[tokio::test]
async fn pages_and_limits() {
    let (server, client) = start().await;
    server.on("GET /users", 200, &format!("[{USER}]"));
    let mut users =
        apigen_runtime::client::items(users::GetParams::new().limit(1), |params| client.users().get(params));
    assert_eq!(users.next().await.unwrap().unwrap(), user());
    let error = users.next().await.unwrap().unwrap_err();
    assert!(error.is_repeated_page() && server.last().line.contains("limit=1&offset=1"), "{error}");
    assert!(users.next().await.is_none());

    let countries = std::iter::repeat_n("FRA", 51);
    let error = client.country_defaults().get(country_defaults::GetParams::new().country(countries)).await.unwrap_err();
    assert!(error.to_string().contains("at most 50 values, not 51"), "{error}");
}

/// Declared response headers have types.
#[tokio::test]
async fn declared_response_headers() {
    let answer = || {
        let response = http::Response::builder().header("X-Total-Count", "7").header("x-roles", "admin, reader");
        Ok(response.body(bytes::Bytes::from_static(b"[]")).unwrap())
    };
    let transport = apigen_runtime::client::transport_fn(move |_| async move { answer() });
    let client = Client::builder("http://localhost").transport(transport).build().unwrap();
    let response = client.users().get(users::GetParams::new()).with_response().await.unwrap();
    let headers = users::GetHeaders::from_headers(response.headers()).unwrap();
    let roles = vec![Role::Admin, Role::Reader];
    let wanted = users::GetHeaders { x_total_count: "7".to_owned(), x_roles: roles, x_next: None };
    assert_eq!(headers, wanted);
    let nothing = users::GetHeaders::from_headers(&Default::default()).unwrap_err();
    assert_eq!(nothing.to_string(), "header X-Total-Count is missing");
}
