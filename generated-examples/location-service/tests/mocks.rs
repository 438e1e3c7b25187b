//! The service against mocks: only what a test needs is implemented.
#![allow(clippy::unwrap_used, reason = "a failure ends the test")]

use std::collections::HashMap;
use std::sync::Arc;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use http_body_util::BodyExt;
use location_service::location::common::Error;
use location_service::location::{Address, MockAddresses, MockClient, MockUsers, User, UserForm, addresses, users};
use location_service::{location, router};
use tower::ServiceExt;

/// Answers by IP address.
struct Ips(HashMap<String, Address>);

impl MockAddresses for Ips {
    async fn get(&self, params: addresses::GetParams) -> addresses::GetResult {
        Ok(params.ip.and_then(|ip| self.0.get(&ip).cloned()).into_iter().collect())
    }
}

/// Refuses everybody.
struct Taken;

impl MockUsers for Taken {
    async fn post(&self, _: &UserForm, _: users::PostParams) -> users::PostResult {
        let error = Error { code: "taken".to_owned(), message: "taken".to_owned(), fields: None };
        Err(users::PostError::Conflict(vec![error]).into())
    }
}

async fn ask(api: impl location::Api + 'static, request: Request<Body>) -> (StatusCode, String) {
    let response = router(Arc::new(api)).oneshot(request).await.unwrap();
    let status = response.status();
    let body = response.into_body().collect().await.unwrap().to_bytes();
    (status, String::from_utf8(body.to_vec()).unwrap())
}

fn get(path: &str) -> Request<Body> {
    Request::get(path).body(Body::empty()).unwrap()
}

fn post(path: &str, body: &'static str) -> Request<Body> {
    Request::post(path).body(Body::from(body)).unwrap()
}

#[tokio::test]
async fn one_method_is_overridden() {
    let paris = Address { city: Some("Paris".to_owned()), ..Address::default() };
    let mock = MockClient::new().with_addresses(Ips(HashMap::from([("5.10.147.255".to_owned(), paris)])));
    let (status, body) = ask(mock.clone(), get("/where/5.10.147.255")).await;
    assert_eq!((status, body.contains("Paris")), (StatusCode::OK, true), "{body}");
    assert_eq!(ask(mock.clone(), get("/where/127.0.0.1")).await.0, StatusCode::NOT_FOUND);
    assert_eq!(ask(mock, get("/cities")).await, (StatusCode::OK, "[]".to_owned()));
}

/// Answers with these addresses, whatever is asked.
struct Somewhere(Vec<Address>);

impl MockAddresses for Somewhere {
    async fn get(&self, _: addresses::GetParams) -> addresses::GetResult {
        Ok(self.0.clone())
    }
}

#[tokio::test]
async fn factories_make_up_what_a_test_does_not_care_about() {
    let found = [Address::factory().full().city("Rome").many(3), Address::factory().city("Paris").many(2)].concat();
    assert_ne!(found[0].text, found[1].text);
    assert_eq!(found[0].country.as_deref(), Some("FRA"), "the example of the spec");
    let mock = MockClient::new().with_addresses(Somewhere(found));
    assert_eq!(ask(mock, get("/cities")).await, (StatusCode::OK, r#"["Paris","Rome"]"#.to_owned()));
}

#[tokio::test]
async fn what_is_not_overridden_answers_an_empty_result() {
    let mock = MockClient::new();
    assert_eq!(ask(mock.clone(), get("/cities?text=Rome")).await, (StatusCode::OK, "[]".to_owned()));
    let (status, body) = ask(mock, post("/users", r#"{"email": "a@b.c"}"#)).await;
    assert_eq!(status, StatusCode::CREATED);
    // Even an invented answer is one that the spec allows.
    let user = <User as apigen_runtime::FromJson>::from_json(body).unwrap();
    assert_eq!(user.email.len(), 3);
}

#[tokio::test]
async fn declared_errors_are_typed() {
    let mock = MockClient::new().with_users(Taken);
    let (status, body) = ask(mock, post("/users", r#"{"email": "a@b.c"}"#)).await;
    assert_eq!((status, body.as_str()), (StatusCode::CONFLICT, "a@b.c is registered already"));
}

#[tokio::test]
async fn bad_bodies_are_refused_with_every_violation() {
    let (status, body) = ask(MockClient::new(), post("/users", r#"{"email": "a", "role": 7}"#)).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(body.contains("email:") && body.contains("role:"), "{body}");
}
