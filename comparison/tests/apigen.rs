//! The five tests with apigen's mock client.

use apigen_runtime::{Uuid, client::RetryPolicy, mock::TransportErrorKind};
use comparison::with_apigen::{city, email};
use location::{Address, MockClient, User, addresses, users};

fn in_city(city: &str) -> Vec<Address> {
    vec![Address { city: Some(city.to_owned()), ..Address::default() }]
}

#[tokio::test]
async fn one_answer() {
    let mock = MockClient::new();
    mock.on::<addresses::Get>().returns(in_city("Paris"));
    assert_eq!(city(&mock, "5.10.147.255").await.as_deref(), Some("Paris"));
}

#[tokio::test]
async fn a_declared_error() {
    let mock = MockClient::new();
    mock.on::<users::GetByGuid>().fails(users::GetByGuidError::NotFound);
    assert_eq!(email(&mock, Uuid::nil()).await, Err("nobody"));
}

#[tokio::test]
async fn answers_by_input() {
    let mock = MockClient::new();
    mock.on::<addresses::Get>()
        .answers(|call| Ok(if call.params.ip.as_deref() == Some("1.1.1.1") { in_city("Paris") } else { vec![] }));
    assert_eq!(city(&mock, "1.1.1.1").await.as_deref(), Some("Paris"));
    assert_eq!(city(&mock, "2.2.2.2").await, None);
}

#[tokio::test]
async fn what_was_called() {
    let mock = MockClient::new();
    city(&mock, "1.1.1.1").await;
    mock.assert_calls(&[addresses::Get { params: addresses::GetParams::new().ip("1.1.1.1") }]);
}

#[tokio::test]
async fn a_timeout_and_a_retry() {
    let mock = MockClient::new();
    mock.on::<users::GetByGuid>().returns(User::factory().email("ada@example.com").build());
    mock.on::<users::GetByGuid>().once().transport_error(TransportErrorKind::Timeout);
    let user = mock.users().get_by_guid(Uuid::nil()).retry(RetryPolicy::standard()).await.unwrap();
    assert_eq!(user.email, "ada@example.com");
}
