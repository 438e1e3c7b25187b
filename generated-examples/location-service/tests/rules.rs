//! Rules on a mock client: no type to declare, only what a test is about.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, reason = "a failure ends the run")]

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::{Duration, Instant};

use apigen_runtime::testing::{Fault, FaultPlan, Latency};
use apigen_runtime::{
    Error, Uuid,
    client::{Environment, RetryPolicy},
    mock::{AnsweredBy, TransportErrorKind},
};
use location_service::location::{
    Address, Addresses, Api, Client, MockAddresses, MockClient, UserForm, addresses, timezones, users,
};

const GUID: Uuid = Uuid::from_u128(7);

fn paris() -> Address {
    Address { city: Some("Paris".to_owned()), ..Address::default() }
}

fn form(email: &str) -> UserForm {
    UserForm { email: email.to_owned(), ..UserForm::new("x") }
}

/// The message of a panic.
fn panic(action: impl FnOnce()) -> String {
    let payload = catch_unwind(AssertUnwindSafe(action)).expect_err("there is no panic");
    payload.downcast_ref::<String>().cloned().unwrap_or_else(|| payload.downcast_ref::<&str>().unwrap().to_string())
}

#[tokio::test]
async fn a_rule_answers_and_everything_else_is_empty() {
    let mock = MockClient::new();
    mock.on::<addresses::Get>().returns(vec![paris()]);
    assert_eq!(mock.addresses().get(addresses::GetParams::new().ip("5.10.147.255")).await.unwrap(), [paris()]);
    assert_eq!(mock.timezones().get().await.unwrap(), []);
    let single: Arc<dyn Addresses> = Arc::new(mock.client().clone());
    assert_eq!(single.get(addresses::GetParams::new()).await.unwrap(), [paris()]);
    assert_eq!(mock.calls::<addresses::Get>()[0].params.ip.as_deref(), Some("5.10.147.255"));
}

#[tokio::test]
async fn the_latest_matching_rule_wins() {
    let mock = MockClient::new();
    mock.on::<users::GetByGuid>().fails(users::GetByGuidError::NotFound);
    mock.on::<users::GetByGuid>().when(|call| call.guid == GUID).answers(|call| {
        let mut user =
            location_service::location::User::new(call.guid, "a@b.c", "2020-01-01T00:00:00Z".parse().unwrap());
        user.name = Some("known".to_owned());
        Ok(user)
    });
    let api: &dyn Api = &mock;
    assert_eq!(api.users().get_by_guid(GUID).await.unwrap().guid, GUID);
    let error = api.users().get_by_guid(Uuid::nil()).await.unwrap_err();
    assert_eq!(error.declared(), Some(&users::GetByGuidError::NotFound));
    mock.on::<users::GetByGuid>()
        .with(users::GetByGuid { guid: GUID })
        .once()
        .transport_error(TransportErrorKind::Timeout);
    assert!(api.users().get_by_guid(GUID).await.unwrap_err().is_timeout());
    assert!(api.users().get_by_guid(GUID).await.is_ok());
}

#[tokio::test]
async fn sequences_end_and_retries_go_on() {
    let mock = MockClient::new();
    let unavailable = || Err(Error::undeclared_status(apigen_runtime::http::StatusCode::SERVICE_UNAVAILABLE, "later"));
    mock.on::<addresses::Get>().sequence([unavailable(), unavailable(), Ok(vec![paris()])]);
    let quick = RetryPolicy::standard().backoff(Duration::from_millis(1), Duration::from_millis(1));
    let found = mock.addresses().get(Default::default()).retry(quick).await.unwrap();
    assert_eq!(found, [paris()]);
    mock.assert_called::<addresses::Get>(3);
    assert_eq!(mock.addresses().get(Default::default()).await.unwrap(), []);
}

#[tokio::test]
async fn attempts_are_limited_and_counted_as_on_a_real_client() {
    let mock = MockClient::new();
    let quick = RetryPolicy::standard().backoff(Duration::from_millis(1), Duration::from_millis(1));
    let limited = quick.attempt_timeout(Duration::from_millis(20));
    mock.on::<addresses::Get>().returns(vec![paris()]);
    mock.on::<addresses::Get>().once().delay(Duration::from_secs(60)).returns(Vec::new());
    mock.on::<addresses::Get>().once().answers_async(async |_| std::future::pending().await);
    assert_eq!(mock.addresses().get(Default::default()).retry(limited).await.unwrap(), [paris()]);
    let failures: Vec<_> = mock.journal().iter().map(|call| call.failure().map(str::to_owned)).collect();
    assert_eq!(failures, [Some("timeout".to_owned()), Some("timeout".to_owned()), None]);

    mock.reset();
    mock.faults(FaultPlan::new().latency(Latency::fixed(Duration::from_secs(60))));
    let error = mock.addresses().get(Default::default()).retry(limited).await.unwrap_err();
    assert!(error.is_timeout(), "{error}");
    mock.assert_called::<addresses::Get>(3);

    mock.reset();
    mock.on::<users::Get>().fails(users::GetError::Unauthorized);
    mock.on::<users::Get>().up_to_n_times(2).status(503, "");
    let error = mock.users().get(Default::default()).retry(quick).await.unwrap_err();
    assert_eq!((error.status().unwrap().as_u16(), error.request().unwrap().attempts()), (401, 3));

    mock.on::<addresses::Get>().status(503, "");
    let slow = RetryPolicy::standard().backoff(Duration::from_secs(1 << 30), Duration::from_secs(1 << 30));
    let error = mock.addresses().get(Default::default()).retry(slow).timeout(Duration::from_secs(5)).await.unwrap_err();
    assert_eq!(error.status().unwrap().as_u16(), 503, "no wait begins that would end after the time limit");
}

#[tokio::test]
async fn a_call_that_was_never_attempted_is_not_in_the_journal() {
    let mock = MockClient::new();
    mock.timezones().get().await.unwrap();
    let first = mock.journal()[0].duration();
    let error = mock.timezones().get().header("not a name", "x").await.unwrap_err();
    assert_eq!((error.is_invalid_request(), error.request().unwrap().attempts()), (true, 0));
    let journal = mock.journal();
    assert_eq!((journal.len(), journal[0].failure(), journal[0].duration()), (1, None, first));
}

#[tokio::test]
async fn what_rules_own_may_use_the_mock_when_it_is_dropped() {
    struct AddsRule(MockClient);

    impl Drop for AddsRule {
        fn drop(&mut self) {
            self.0.on::<addresses::Get>().returns(vec![paris()]);
        }
    }

    let mock = MockClient::new();
    let owned = AddsRule(mock.clone());
    mock.on::<users::Get>().when(move |_| owned.0.journal().is_empty());
    mock.reset();
    assert_eq!(mock.addresses().get(Default::default()).await.unwrap(), [paris()]);
}

#[tokio::test]
async fn the_reason_for_side_effects_reaches_the_client_behind_a_mock() {
    let server = MockClient::new().serve("127.0.0.1:0").unwrap();
    let guarded = Client::builder(server.url()).environment(Environment::Production).guard_side_effects();
    let client = Client::from(MockClient::new().fall_through(guarded.build().unwrap()));
    assert!(client.users().delete_by_guid(GUID).await.unwrap_err().is_guarded());
    client.allow_side_effects("a nightly load").users().delete_by_guid(GUID).await.unwrap();
}

#[tokio::test]
async fn statuses_are_read_as_over_http() {
    let mock = MockClient::new();
    let rule = |status: u16, body: &'static str| drop(mock.on::<users::Post>().status(status, body));
    rule(
        201,
        r#"{"guid": "00000000-0000-0000-0000-000000000007", "email": "abc", "role": "reader", "created_at": "2020-01-01T00:00:00Z"}"#,
    );
    let user = mock.users().post(&form("abc"), Default::default()).with_response().await.unwrap();
    assert_eq!((user.status().as_u16(), user.guid), (201, GUID));
    rule(409, r#"[{"code": "taken", "message": "taken"}]"#);
    let error = mock.users().post(&form("abc"), Default::default()).await.unwrap_err();
    assert!(matches!(error.declared(), Some(users::PostError::Conflict(errors)) if errors.len() == 1), "{error}");
    rule(201, "{}");
    let error = mock.users().post(&form("abc"), Default::default()).await.unwrap_err();
    assert!(error.to_string().contains("email: the required"), "{error}");
    rule(418, "teapot");
    let error = mock.users().post(&form("abc"), Default::default()).await.unwrap_err();
    assert_eq!((error.status().unwrap().as_u16(), error.declared()), (418, None));
}

#[tokio::test]
async fn answers_may_take_time() {
    let mock = MockClient::new();
    mock.on::<addresses::Get>().delay(Duration::from_millis(20)).answers_async(async |_| Ok(vec![paris()]));
    let start = Instant::now();
    mock.addresses().get(Default::default()).await.unwrap();
    assert!(start.elapsed() >= Duration::from_millis(20));
    mock.on::<addresses::Get>().delay(Duration::from_secs(600)).returns(vec![]);
    let error = mock.addresses().get(Default::default()).timeout(Duration::from_millis(5)).await.unwrap_err();
    assert!(error.is_timeout());
}

struct Ips;

impl MockAddresses for Ips {
    async fn get(&self, _params: addresses::GetParams) -> addresses::GetResult {
        Ok(vec![paris()])
    }
}

#[tokio::test]
async fn the_journal_tells_who_answered() {
    let behind = MockClient::new();
    behind.on::<timezones::GetByName>().fails(timezones::GetByNameError::NotFound);
    let mock = MockClient::new().with_addresses(Ips).fall_through(behind.clone());
    let shared: Arc<dyn Api> = Arc::new(mock.clone());
    shared.addresses().get(Default::default()).header("X-Request-Id", "7").await.unwrap();
    shared.timezones().get_by_name("nowhere").await.unwrap_err();
    let journal = mock.journal();
    assert_eq!(journal[0].answered_by(), AnsweredBy::Override);
    assert_eq!(journal[0].headers()["x-request-id"], "7");
    assert_eq!((journal[1].answered_by(), journal[1].failure()), (AnsweredBy::FallThrough, Some("404")));
    assert_eq!(journal[1].operation().id, "timezones.get_by_name");
    behind.assert_called::<timezones::GetByName>(1);
    mock.journal_limit(1);
    assert_eq!(mock.journal().len(), 1);
    mock.reset();
    mock.assert_no_calls();
}

#[tokio::test]
async fn strict_mocks_say_what_was_missing() {
    let mock = MockClient::new().strict();
    let error = mock.addresses().get(Default::default()).await.unwrap_err();
    assert!(error.to_string().contains("no rule matches this call of addresses.get"), "{error}");
    assert!(error.to_string().contains("there are rules for no operation"), "{error}");
    mock.on::<users::GetByGuid>().with(users::GetByGuid { guid: GUID }).fails(users::GetByGuidError::NotFound);
    let error = mock.users().get_by_guid(Uuid::nil()).await.unwrap_err().to_string();
    assert!(
        error.contains(
            "\n  -     guid: 00000000-0000-0000-0000-000000000007,\n  +     guid: 00000000-0000-0000-0000-000000000000,"
        ),
        "{error}"
    );
    assert!(error.contains("rules.rs:"), "{error}");
    mock.reset();
}

#[tokio::test]
async fn expectations_are_checked_when_the_mock_goes() {
    let mock = MockClient::new();
    mock.on::<addresses::Get>().expect(2).returns(vec![]);
    mock.addresses().get(Default::default()).await.unwrap();
    let message = panic(|| mock.verify());
    assert!(message.contains("expects 2 calls, and there was 1"), "{message}");
    assert_eq!(panic(|| drop(mock)), message);
}

#[tokio::test]
async fn assertions_show_the_difference() {
    let mock = MockClient::new();
    mock.users().get_by_guid(GUID).await.unwrap();
    mock.assert_calls(&[users::GetByGuid { guid: GUID }]);
    let message = panic(|| mock.assert_calls(&[users::GetByGuid { guid: Uuid::nil() }]));
    assert_eq!(
        message,
        "users.get_by_guid was not called as expected (- expected, + actual):\n    GetByGuid {\n  -     guid: 00000000-0000-0000-0000-000000000000,\n  +     guid: 00000000-0000-0000-0000-000000000007,\n    }"
    );
    let message = panic(|| mock.assert_called::<users::GetByGuid>(0));
    assert!(message.starts_with("users.get_by_guid has 1 call, not 0:"), "{message}");
}

#[tokio::test]
async fn mocks_cannot_lie() {
    let mock = MockClient::new();
    mock.check_answers();
    let mut user = mock.users().get_by_guid(GUID).await.unwrap();
    user.email = String::new();
    mock.on::<users::GetByGuid>().returns(user);
    let error = mock.users().get_by_guid(GUID).await.unwrap_err();
    assert!(error.to_string().contains("email: expected at least 3"), "{error}");
    mock.on::<users::GetByGuid>().status(418, "");
    let error = mock.users().get_by_guid(GUID).await.unwrap_err();
    assert!(error.to_string().contains("status 418 is not declared"), "{error}");
    mock.on::<timezones::GetByName>().status(200, r#"{"name": "x", "description": "", "offset": 841}"#);
    let error = mock.timezones().get_by_name("x").await.unwrap_err();
    assert!(error.to_string().contains("offset: expected at most 840"), "{error}");
    let message = panic(|| drop(mock));
    assert!(
        message.contains("status 418 is not declared") && message.contains("email: expected at least 3"),
        "{message}"
    );
}

#[tokio::test]
async fn faults_come_before_everything_else() {
    let calls = async |seed: u64| {
        let mock = MockClient::new().with_addresses(Ips);
        mock.on::<users::Get>().returns(vec![]);
        mock.faults(
            FaultPlan::new().seed(seed).errors(0.3, Fault::Broken).errors(0.2, Fault::Truncated).only("addresses"),
        );
        assert!(mock.users().get(Default::default()).await.is_ok());
        let mut outcomes = String::new();
        for _ in 0..40 {
            outcomes.push(match mock.addresses().get(Default::default()).await {
                Ok(_) => '.',
                Err(error) if error.violations().is_some() => 'v',
                Err(error) => {
                    if error.is_transport() {
                        't'
                    } else {
                        '?'
                    }
                }
            });
        }
        assert_eq!(
            mock.journal()[1..].iter().filter(|call| call.answered_by() == AnsweredBy::Fault).count(),
            outcomes.replace('.', "").len()
        );
        outcomes
    };
    let outcomes = calls(7).await;
    assert_eq!(calls(7).await, outcomes);
    assert_ne!(calls(8).await, outcomes);
    for outcome in ['.', 'v', 't'] {
        assert!(outcomes.matches(outcome).count() > 3, "{outcomes}");
    }
    let mock = MockClient::new();
    mock.faults(
        FaultPlan::new().latency(Latency::fixed(Duration::from_millis(15))).errors(1.0, Fault::Hang).except("users"),
    );
    let start = Instant::now();
    mock.users().get(Default::default()).await.unwrap();
    let error = mock.addresses().get(Default::default()).timeout(Duration::from_millis(40)).await.unwrap_err();
    assert!(error.is_timeout() && start.elapsed() < Duration::from_secs(5), "{error}");
    mock.reset();
    assert!(mock.addresses().get(Default::default()).await.is_ok());
}
