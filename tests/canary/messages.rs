//! Output of clients and validators about requests and responses.

use apigen_runtime::{ToJson, bytes::Bytes, client::{Transport, TransportError, ValidationPolicy, transport_fn}, http::{HeaderValue, StatusCode}};
use http::{Request, Response};

use super::canary::{Note, accounts, server::validator};
use super::heard::both;
use super::*;

/// Responds to each request with this status and body, and a canary in each header.
fn answering(status: u16, body: &str) -> impl Transport + use<> {
    let body = Bytes::from(body.to_owned());
    transport_fn(move |_| {
        let mut response = Response::new(body.clone());
        *response.status_mut() = StatusCode::from_u16(status).unwrap();
        for name in ["x-session-token", "location", "set-cookie", "x-undeclared", "www-authenticate"] {
            response.headers_mut().insert(name, HeaderValue::from_static("canary-header"));
        }
        response.headers_mut().insert("x-request-id", HeaderValue::from_static("marker-request"));
        async { Ok(response) }
    })
}

fn client(transport: impl Transport) -> Client {
    Client::builder("http://example.org").api_key("canary-key").transport(transport).build().unwrap()
}

/// Makes each call once.
async fn call_all(heard: &Heard, client: &Client, validation: ValidationPolicy) {
    let api = client.accounts();
    let login = login();
    heard.failed(api.get_by_email(EMAIL, params()).validate(validation).await);
    heard.failed(api.get_by_email(EMAIL, params()).validate(validation).with_response().await);
    heard.failed(api.post(&account()).validate(validation).await);
    heard.failed(api.put_cards_by_email(EMAIL, &account().by_name).validate(validation).await);
    heard.failed(api.delete_by_email(EMAIL).validate(validation).await);
    heard.failed(api.post_login(&login.user, &login.password, login.params).validate(validation).await);
}

#[tokio::test]
async fn responses() {
    let heard = Heard::default();
    let _listening = heard.listen();
    let echo = "the password canary-password of canary-email@x.org is wrong";
    let problem = r#"{"code": "marker-code", "given": {"password": "canary-password"}}"#;
    let wrong = account().to_json().replace("\"canary-text\"", "[\"canary-text\"]").replace("77002", "\"canary\"");
    let responses = [
        (200, account().to_json()),
        (200, wrong),
        (200, account().to_json().replace("\"marker-name\"", "[\"marker-name\"]")),
        (200, format!("{:?}", account().to_json())),
        (200, echo.to_owned()),
        (201, problem.to_owned()),
        (403, r#"{"reason": "marker-reason", "challenge": "canary-challenge"}"#.to_owned()),
        (403, r#"{"reason": ["marker-reason"], "challenge": {"canary": 1}}"#.to_owned()),
        (404, problem.to_owned()),
        (404, echo.to_owned()),
        (409, problem.to_owned()),
        (418, echo.to_owned()),
        (500, account().to_json()),
        (302, String::new()),
    ];
    for (status, body) in responses {
        let client = client(answering(status, &body));
        for validation in [ValidationPolicy::Off, ValidationPolicy::Report, ValidationPolicy::Reject] {
            call_all(&heard, &client, validation).await;
        }
        heard.debug(&client.accounts().get_by_email(EMAIL, params()).header("X-A", "canary"));
    }
    let failing = client(transport_fn(async |_| Err(TransportError::broken("marker-socket"))));
    call_all(&heard, &failing, ValidationPolicy::Off).await;
    heard.silent(&["marker-code", "marker-reason", "marker-request", "marker-socket", "marker-page", "GET /accounts/:email"]);

    // An operation that is not sensitive shows as much as possible.
    let heard = Heard::default();
    for (status, body) in [(418, "marker-teapot"), (200, "marker-text")] {
        heard.failed(client(answering(status, body)).notes().get_by_id("marker-id").await);
    }
    heard.silent(&["marker-teapot", "marker-text", "marker-id"]);
}

#[tokio::test]
async fn requests_that_are_not_sent() {
    let heard = Heard::default();
    let _listening = heard.listen();
    let long = "canary-".repeat(20);
    for validation in [ValidationPolicy::Reject, ValidationPolicy::Report] {
        let builder = Client::builder("http://example.org").transport(answering(204, ""));
        let client = builder.validate_requests(validator(), validation).build().unwrap();
        let api = client.accounts();
        heard.failed(api.get_by_email(EMAIL, params().number(770_000_000)).await);
        heard.failed(api.get_by_email(EMAIL, params().x_api_key(&long)).await);
        heard.failed(api.get_by_email(EMAIL, params().x_api_key("canary\n")).await);
        heard.failed(api.get_by_email("..", params()).await);
        heard.failed(api.post(&Account { email: long.clone(), ..account() }).await);
        let wrong = BTreeMap::from([("marker-wrong".to_owned(), Card::new(long.clone(), "b"))]);
        heard.failed(api.put_cards_by_email(EMAIL, &wrong).await);
        heard.failed(api.post_login("u", &long, login().params).await);
        heard.failed(client.notes().post(&Note::new(1, "marker".repeat(20))).await);
    }
    heard.silent(&["marker-wrong", "expected at most 40", "not more than 60 characters".split(' ').next().unwrap()]);
}

#[test]
fn validators() {
    let heard = Heard::default();
    let login = |body: &str| ("POST", "/accounts/login".to_owned(), body.to_owned());
    let requests = [
        ("GET", "/accounts/canary?number=canary&access_token=%zz-canary&page=%zz-marker-page".to_owned(), String::new()),
        ("GET", "/accounts/%zz-canary".to_owned(), String::new()),
        ("PATCH", "/accounts/canary".to_owned(), String::new()),
        ("GET", "/accounts/canary/marker/nothing".to_owned(), String::new()),
        ("POST", "/accounts".to_owned(), account().to_json().replace("77002", "\"canary\"")),
        ("POST", "/accounts".to_owned(), format!("{:?}", account().to_json())),
        ("PUT", "/accounts/canary/cards".to_owned(), r#"{"marker-card": {"number": 7700, "brand": "b"}}"#.to_owned()),
        login("user=u&password=canary-%zz&vault[text]=t&vault[map][canary-key][]=1"),
        login("user=u&password=p&credentials[canary-key]=canary&credentials[canary]=%zz"),
        login(r#"{"user": "u", "password": ["canary"], "credentials": {"canary-key": "canary"}, "vault": "canary"}"#),
    ];
    for (method, uri, body) in requests {
        let request = Request::builder().method(method).uri(&uri).body(body).unwrap();
        match validator().request(&request) {
            Ok(valid) => panic!("{valid:?} is valid"),
            Err(error) => heard.say(&both(&error)),
        }
    }
    let valid = Request::builder().uri("/accounts/canary").body("").unwrap();
    let valid = validator().request(&valid).unwrap();
    heard.debug(&valid);
    heard.debug(&valid.get::<accounts::GetByEmail>());
    for (status, body) in [
        (200, account().to_json().replace("77002", "\"canary\"").replace("canary-key\":77001", "canary-key\":\"x\"")),
        (200, "\"canary\"".to_owned()),
        (403, r#"{"challenge": ["canary"], "reason": "marker"}"#.to_owned()),
        (404, r#"{"code": ["marker"]}"#.to_owned()),
    ] {
        let mut response = Response::new(body);
        *response.status_mut() = StatusCode::from_u16(status).unwrap();
        heard.say(&both(&validator().response(&valid, &response).unwrap_err()));
    }
    heard.silent(&["page: expected percent-encoded UTF-8, found %zz-marker-page", "marker-card", "/vault/number", "/code"]);
}
