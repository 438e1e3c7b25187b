//! Output of servers: to callers, in reports and in the log.

use std::sync::Arc;

use apigen_runtime::{ToJson, client::TowerTransport, server::{Context, HandlerError, HandlerFailure, HandlerResult, Reply, Router, ValidationEvent, ValidationLayer}};
use bytes::Bytes;
use http::{Request, Response, StatusCode};
use tower::ServiceExt;

use super::canary::server::{Accounts, accounts as serve_accounts, validator};
use super::canary::{MockClient, Problem};
use super::*;

/// Fails differently in each operation.
struct Failing(Heard);

impl Accounts for Failing {
    async fn get_by_email(&self, context: Context, email: String, params: accounts::GetByEmailParams) -> HandlerResult<accounts::GetByEmail> {
        self.0.debug(&context);
        self.0.debug(&params);
        match email.as_str() {
            "canary-panic" => panic!("no account with {email}"),
            "canary-undeclared" => {
                let body = Bytes::from("canary-body");
                let response = Response::builder().status(429).header("x-more", "canary").body(body).unwrap();
                let error = HandlerError::response(response);
                self.0.debug(&error);
                Err(error)
            }
            "canary-declared" => Err(accounts::GetByEmailError::NotFound(Problem::new("marker-problem")).into()),
            "canary-wrong" => {
                let mut wrong = account();
                wrong.vault.text = "canary-".repeat(20);
                let reply = Reply::new(wrong).header("X-Session-Token", "canary-session").header("X-Plain", "p");
                self.0.debug(&reply);
                Ok(reply)
            }
            _ => Err(format!("duplicate key value: {email}"))?,
        }
    }

    async fn post(&self, _: Context, account: Account) -> HandlerResult<accounts::Post> {
        Err(std::io::Error::other(format!("insert into accounts values ('{}')", account.email)))?
    }

    async fn put_cards_by_email(&self, _: Context, email: String, _: BTreeMap<String, Card>) -> HandlerResult<accounts::PutCardsByEmail> {
        panic!("{email}")
    }

    async fn delete_by_email(&self, _: Context, email: String) -> HandlerResult<accounts::DeleteByEmail> {
        Err(HandlerError::status(StatusCode::CONFLICT).because(email))
    }

    async fn post_login(&self, _: Context, _: String, password: String, _: accounts::PostLoginParams) -> HandlerResult<accounts::PostLogin> {
        Err(HandlerError::new(password).message("marker-message"))
    }
}

fn request(method: &str, uri: &str, kind: &str, body: String) -> Request<String> {
    Request::builder().method(method).uri(uri).header("content-type", kind).header("x-api-key", "canary").body(body).unwrap()
}

/// Returns valid and invalid requests.
fn requests() -> Vec<Request<String>> {
    const FORM: &str = "application/x-www-form-urlencoded";
    let json = |method, uri: &str, body: String| request(method, uri, "application/json", body);
    let paths = ["canary-error", "canary-panic", "canary-undeclared", "canary-declared", "canary-wrong", "%zz-canary"];
    let mut all: Vec<_> = paths.map(|email| json("GET", &format!("/accounts/{email}?page=marker"), String::new())).into();
    all.extend([
        json("POST", "/accounts", account().to_json().replace("canary-level", "low")),
        json("POST", "/accounts", account().to_json()),
        json("POST", "/accounts", account().to_json().replace("77001", "\"canary\"")),
        json("POST", "/accounts", format!("{:?}", account().to_json())),
        json("PUT", "/accounts/canary/cards", "{}".to_owned()),
        json("DELETE", "/accounts/canary", String::new()),
        json("PATCH", "/accounts/canary", String::new()),
        json("GET", "/accounts/canary/nowhere", String::new()),
        request("POST", "/accounts/login", FORM, "user=marker&password=canary".to_owned()),
        request("POST", "/accounts/login", FORM, "user=u&credentials[canary-key]=canary".to_owned()),
        request("POST", "/accounts/login", FORM, format!("user=u&password={}", "canary".repeat(20))),
    ]);
    all
}

/// Bodies of successes and those chosen by handlers are not the server's own output.
async fn answers(heard: &Heard, router: &Router) {
    for request in requests() {
        let chosen = request.uri().path().ends_with("undeclared") || request.uri().path().ends_with("wrong");
        let response = router.clone().oneshot(request).await.unwrap();
        let (head, body) = response.into_parts();
        let body = http_body_util::BodyExt::collect(body).await.unwrap().to_bytes();
        if !chosen && !head.status.is_success() {
            heard.say(&format!("{} {}", head.status, String::from_utf8_lossy(&body)));
        }
    }
}

fn reporting(heard: &Heard, router: Router) -> Router {
    let heard = heard.clone();
    router.on_failure(move |failure: &HandlerFailure<'_>| heard.say(&super::heard::both(failure)))
}

#[tokio::test]
async fn handlers_and_refusals() {
    let heard = Heard::default();
    let _listening = heard.listen();
    let router = reporting(&heard, serve_accounts(Arc::new(Failing(heard.clone()))));
    answers(&heard, &router).await;
    heard.silent(&["marker-problem", "marker-message", "std::io::error::Error", "the handler panicked", "/accounts/...", "429"]);
}

#[tokio::test]
async fn proxies() {
    let heard = Heard::default();
    let _listening = heard.listen();
    let failing = TowerTransport::new(serve_accounts(Arc::new(Failing(heard.clone()))));
    let client = Client::builder("http://inner.org").transport(failing).build().unwrap();
    answers(&heard, &reporting(&heard, Router::from_client(client))).await;
    let down = Client::builder("http://127.0.0.1:1").transport(apigen_runtime::client::transport_fn(async |_| {
        Err(apigen_runtime::client::TransportError::connect("refused"))
    }));
    answers(&heard, &reporting(&heard, Router::from_client(down.build().unwrap()))).await;
    heard.silent(&["accounts.get_by_email", "could not connect", "marker-problem"]);
}

#[tokio::test]
async fn layers() {
    use tower::Layer as _;
    let heard = Heard::default();
    let _listening = heard.listen();
    let mock = MockClient::new();
    mock.on::<accounts::GetByEmail>().status(200, account().to_json().replace("\"marker-name\"", "8"));
    for layer in [ValidationLayer::observe(validator()), ValidationLayer::enforce(validator())] {
        let told = heard.clone();
        let layer = layer.responses(1.0).report(move |event: &ValidationEvent| told.say(&super::heard::both(event)));
        let service = layer.layer(mock.router());
        for request in requests() {
            let response = service.clone().oneshot(request).await.unwrap();
            drop(http_body_util::BodyExt::collect(response.into_body()).await);
        }
    }
    heard.silent(&["/accounts/... violates the spec", "POST /accounts violates the spec", "a response of accounts.get_by_email"]);
}
