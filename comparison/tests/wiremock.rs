//! The five tests with wiremock: the real client, and a server that is told what to answer.

use std::time::Duration;

use apigen_runtime::{Uuid, client::RetryPolicy};
use comparison::with_apigen::{city, email};
use location::Client;
use serde_json::json;
use wiremock::matchers::{method, path, query_param};
use wiremock::{Mock, MockServer, ResponseTemplate};

async fn start() -> (MockServer, Client) {
    let server = MockServer::start().await;
    let client = Client::builder(server.uri()).timeout(Duration::from_secs(5)).build().unwrap();
    (server, client)
}

fn user_path() -> String {
    format!("/users/{}", Uuid::nil())
}

#[tokio::test]
async fn one_answer() {
    let (server, client) = start().await;
    let answer = ResponseTemplate::new(200).set_body_json(json!([{ "city": "Paris" }]));
    Mock::given(method("GET")).and(path("/addresses")).respond_with(answer).mount(&server).await;
    assert_eq!(city(&client, "5.10.147.255").await.as_deref(), Some("Paris"));
}

#[tokio::test]
async fn a_declared_error() {
    let (server, client) = start().await;
    Mock::given(method("GET")).and(path(user_path())).respond_with(ResponseTemplate::new(404)).mount(&server).await;
    assert_eq!(email(&client, Uuid::nil()).await, Err("nobody"));
}

#[tokio::test]
async fn answers_by_input() {
    let (server, client) = start().await;
    let answer = ResponseTemplate::new(200).set_body_json(json!([{ "city": "Paris" }]));
    Mock::given(path("/addresses")).and(query_param("ip", "1.1.1.1")).respond_with(answer).mount(&server).await;
    let nothing = ResponseTemplate::new(200).set_body_json(json!([]));
    Mock::given(path("/addresses")).respond_with(nothing).with_priority(9).mount(&server).await;
    assert_eq!(city(&client, "1.1.1.1").await.as_deref(), Some("Paris"));
    assert_eq!(city(&client, "2.2.2.2").await, None);
}

#[tokio::test]
async fn what_was_called() {
    let (server, client) = start().await;
    let nothing = ResponseTemplate::new(200).set_body_json(json!([]));
    Mock::given(path("/addresses"))
        .and(query_param("ip", "1.1.1.1"))
        .respond_with(nothing)
        .expect(1)
        .mount(&server)
        .await;
    city(&client, "1.1.1.1").await;
}

#[tokio::test]
async fn a_timeout_and_a_retry() {
    let (server, client) = start().await;
    let user = json!({ "guid": Uuid::nil(), "email": "ada@example.com", "role": "reader", "created_at": "2026-01-01T00:00:00Z" });
    let answer = ResponseTemplate::new(200).set_body_json(user);
    Mock::given(path(user_path())).respond_with(answer.clone()).with_priority(9).mount(&server).await;
    let late = answer.set_delay(Duration::from_secs(30));
    Mock::given(path(user_path())).respond_with(late).up_to_n_times(1).mount(&server).await;
    let policy = RetryPolicy::standard().attempt_timeout(Duration::from_millis(100));
    let user = client.users().get_by_guid(Uuid::nil()).retry(policy).await.unwrap();
    assert_eq!(user.email, "ada@example.com");
}
