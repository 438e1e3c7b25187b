//! The five tests with progenitor's client, and its extension of httpmock.

use comparison::progenitor_client_code::{Client, types};
use comparison::with_progenitor::{city, email};
use httpmock::MockServer;
use mocks::MockServerExt;
use uuid::Uuid;

/// What progenitor generates for tests.
#[allow(clippy::all, missing_docs, dead_code, reason = "not ours")]
mod mocks {
    include!(concat!(env!("OUT_DIR"), "/mocks.rs"));
}

fn start() -> (MockServer, Client) {
    let server = MockServer::start();
    let client = Client::new(&server.base_url());
    (server, client)
}

fn in_city(city: &str) -> Vec<types::Address> {
    vec![types::Address { city: Some(city.to_owned()) }]
}

#[tokio::test]
async fn one_answer() {
    let (server, client) = start();
    server.addresses_get(|_, then| drop(then.ok(&in_city("Paris"))));
    assert_eq!(city(&client, "5.10.147.255").await.as_deref(), Some("Paris"));
}

#[tokio::test]
async fn a_declared_error() {
    let (server, client) = start();
    server.users_get_by_guid(|_, then| drop(then.not_found(&types::Problem { message: "nobody".to_owned() })));
    assert_eq!(email(&client, Uuid::nil()).await, Err("nobody"));
}

#[tokio::test]
async fn answers_by_input() {
    let (server, client) = start();
    server.addresses_get(|when, then| drop((when.ip("1.1.1.1"), then.ok(&in_city("Paris")))));
    server.addresses_get(|when, then| drop((when.ip("2.2.2.2"), then.ok(&vec![]))));
    assert_eq!(city(&client, "1.1.1.1").await.as_deref(), Some("Paris"));
    assert_eq!(city(&client, "2.2.2.2").await, None);
}

#[tokio::test]
async fn what_was_called() {
    let (server, client) = start();
    let mock = server.addresses_get(|when, then| drop((when.ip("1.1.1.1"), then.ok(&vec![]))));
    city(&client, "1.1.1.1").await;
    mock.assert();
}

/// httpmock cannot end a rule after some calls: the test takes the first answer away between two calls.
#[tokio::test]
async fn a_timeout_and_a_retry() {
    let (server, _) = start();
    let user = types::User { guid: Uuid::nil(), email: "ada@example.com".to_owned() };
    let slow = std::time::Duration::from_secs(30);
    let late = server.users_get_by_guid(|_, then| drop(then.ok(&user).into_inner().delay(slow)));
    let http = reqwest::Client::builder().timeout(std::time::Duration::from_millis(100)).build().unwrap();
    let client = Client::new_with_client(&server.base_url(), http);
    assert_eq!(email(&client, Uuid::nil()).await, Err("try later"));
    late.delete_async().await;
    server.users_get_by_guid(|_, then| drop(then.ok(&user)));
    assert_eq!(email(&client, Uuid::nil()).await.as_deref(), Ok("ada@example.com"));
}
