//! The five tests with mockall, on a trait written by hand.

use comparison::with_trait::{Address, Failure, Location, city, email};
use mockall::predicate::eq;
use mockall::{Sequence, mock};
use uuid::Uuid;

mock! {
    Service {}
    impl Location for Service {
        async fn addresses(&self, ip: &str) -> Result<Vec<Address>, Failure>;
        async fn user_email(&self, guid: Uuid) -> Result<String, Failure>;
    }
}

fn in_city(city: &str) -> Vec<Address> {
    vec![Address { city: Some(city.to_owned()) }]
}

#[tokio::test]
async fn one_answer() {
    let mut mock = MockService::new();
    mock.expect_addresses().returning(|_| Ok(in_city("Paris")));
    assert_eq!(city(&mock, "5.10.147.255").await.as_deref(), Some("Paris"));
}

#[tokio::test]
async fn a_declared_error() {
    let mut mock = MockService::new();
    mock.expect_user_email().returning(|_| Err(Failure::NotFound));
    assert_eq!(email(&mock, Uuid::nil()).await, Err("nobody"));
}

#[tokio::test]
async fn answers_by_input() {
    let mut mock = MockService::new();
    mock.expect_addresses().returning(|ip| Ok(if ip == "1.1.1.1" { in_city("Paris") } else { vec![] }));
    assert_eq!(city(&mock, "1.1.1.1").await.as_deref(), Some("Paris"));
    assert_eq!(city(&mock, "2.2.2.2").await, None);
}

#[tokio::test]
async fn what_was_called() {
    let mut mock = MockService::new();
    mock.expect_addresses().with(eq("1.1.1.1")).times(1).returning(|_| Ok(vec![]));
    city(&mock, "1.1.1.1").await;
}

#[tokio::test]
async fn a_timeout_and_a_retry() {
    let mut mock = MockService::new();
    let mut order = Sequence::new();
    mock.expect_user_email().times(1).in_sequence(&mut order).returning(|_| Err(Failure::Timeout));
    mock.expect_user_email().times(1).in_sequence(&mut order).returning(|_| Ok("ada@example.com".to_owned()));
    assert_eq!(email(&mock, Uuid::nil()).await.as_deref(), Ok("ada@example.com"));
}
