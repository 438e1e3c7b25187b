//! Counts of calls, and what fails a test although the code under test swallowed the error.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, reason = "a failure ends the run")]

use std::panic::{AssertUnwindSafe, catch_unwind};

use apigen_runtime::{Uuid, mock::AnsweredBy};
use location_service::location::{Api, MockClient, UserForm, timezones, users};

/// The message of a panic.
fn panic(action: impl FnOnce()) -> String {
    let payload = catch_unwind(AssertUnwindSafe(action)).expect_err("there is no panic");
    payload.downcast_ref::<String>().cloned().unwrap_or_else(|| payload.downcast_ref::<&str>().unwrap().to_string())
}

/// Lists time zones so often.
async fn list(mock: &MockClient, times: usize) {
    for _ in 0..times {
        mock.timezones().get().await.unwrap();
    }
}

#[tokio::test]
async fn calls_are_counted_beyond_those_that_are_kept() {
    let mock = MockClient::new();
    mock.on::<timezones::Get>().returns(Vec::new()).expect(10_001);
    list(&mock, 10_001).await;
    mock.users().get_by_guid(Uuid::nil()).await.unwrap();
    mock.assert_called::<timezones::Get>(10_001);
    mock.assert_called::<users::GetByGuid>(1);
    mock.assert_called::<users::Get>(0);
    mock.verify();
    let message = panic(|| mock.assert_called::<timezones::Get>(10_000));
    let begin = "timezones.get has 10001 calls, not 10000 (the journal keeps the latest 9999 of them, and has dropped the older ones):";
    assert!(message.starts_with(begin), "{}", &message[..200]);
}

#[tokio::test]
async fn counts_do_not_depend_on_the_limit_of_the_journal() {
    for limit in [0, 1, 2] {
        let mock = MockClient::new();
        mock.journal_limit(limit);
        list(&mock, 3).await;
        assert_eq!(mock.journal().len(), limit);
        mock.assert_called::<timezones::Get>(3);
        let message = panic(|| mock.assert_no_calls());
        assert!(message.starts_with("the mock has 3 calls, not none (the journal keeps the latest"), "{message}");
        // What is not kept cannot be compared, and must not pass for that reason.
        let message = panic(|| mock.assert_calls(&vec![timezones::Get; limit]));
        assert!(message.contains("has 3 calls") && message.contains("raise `journal_limit`"), "{message}");
        let shown = format!("{mock:?}");
        assert!(shown.contains("calls: 3"), "{shown}");
    }
}

#[tokio::test]
async fn the_journal_has_a_budget_in_bytes() {
    let mock = MockClient::new();
    mock.journal_bytes(1 << 20);
    let name = "x".repeat(50_000);
    for number in 0..100 {
        let form = UserForm { name: Some(name.clone()), ..UserForm::new(format!("user{number}@example.com")) };
        mock.users().post(&form, Default::default()).await.unwrap();
    }
    // The latest ones are kept, and all are counted.
    let calls = mock.calls::<users::Post>();
    assert!((2..30).contains(&calls.len()), "{}", calls.len());
    assert_eq!(calls.last().unwrap().user_form.email, "user99@example.com");
    mock.assert_called::<users::Post>(100);
    let message = panic(|| mock.assert_called::<users::Post>(1));
    let kept = format!("(the journal keeps the latest {} of them, and has dropped the older ones)", calls.len());
    assert!(message.contains(&kept), "{}", &message[..200]);
    let message = panic(|| mock.assert_calls::<users::Post>(&[]));
    assert!(message.contains("raise `journal_limit` or `journal_bytes`"), "{message}");
    // One that is too large by itself is not kept either.
    mock.journal_bytes(10_000);
    assert_eq!(mock.journal().len(), 0);
    mock.timezones().get().await.unwrap();
    assert_eq!(mock.journal().len(), 1);
}

#[tokio::test]
async fn a_reset_begins_to_count_anew() {
    let mock = MockClient::new();
    mock.journal_limit(1);
    list(&mock, 3).await;
    mock.reset();
    mock.assert_no_calls();
    mock.assert_calls::<timezones::Get>(&[]);
    list(&mock, 1).await;
    mock.assert_called::<timezones::Get>(1);
    mock.assert_calls(&[timezones::Get]);
    assert!(format!("{mock:?}").contains("calls: 1"));
}

/// Code under test that asks for what it can do without.
async fn with_fallback(api: &dyn Api) -> usize {
    api.timezones().get().await.map_or(0, |zones| zones.len())
}

#[tokio::test]
async fn an_unexpected_call_fails_the_test_although_its_error_was_swallowed() {
    let mock = MockClient::new().strict();
    mock.on::<users::Get>().returns(Vec::new());
    assert_eq!(with_fallback(&mock.clone()).await, 0);
    assert_eq!(mock.journal()[0].answered_by(), AnsweredBy::Nothing);
    let message = panic(|| mock.verify());
    assert_eq!(
        message,
        "no rule matches this call of timezones.get\n  called with Get\n  there are rules for users.get"
    );
    assert_eq!(panic(|| drop(mock)), message);
}

#[tokio::test]
async fn refused_calls_are_told_with_the_nearest_rule_and_without_end() {
    let mock = MockClient::new().strict();
    mock.on::<timezones::GetByName>().with(timezones::GetByName { name: "Europe/Paris".to_owned() }).status(404, "");
    mock.on::<timezones::Get>().expect(1).returns(Vec::new());
    for number in 0..50 {
        mock.timezones().get_by_name(&format!("zone {number}")).await.unwrap_err();
        mock.timezones().get_by_name("zone 0").await.unwrap_err();
    }
    let message = panic(|| drop(mock));
    for part in [
        "+     name: \"zone 0\"",
        "-     name: \"Europe/Paris\"",
        "journal.rs:",
        "zone 19",
        "… and 30 more",
        "expects 1 call",
    ] {
        assert!(message.contains(part), "{part}: {message}");
    }
    assert_eq!(message.matches("+     name: \"zone 0\"").count(), 1, "each once: {message}");
    assert!(!message.contains("zone 20"), "{message}");
}

#[tokio::test]
async fn what_was_set_up_or_forgotten_fails_nothing() {
    let mock = MockClient::new().strict();
    with_fallback(&mock).await;
    mock.reset();
    mock.on::<timezones::Get>().returns(Vec::new()).expect(1);
    with_fallback(&mock).await;
    mock.verify();
    let behind = MockClient::new();
    let mock = MockClient::new().strict().fall_through(behind);
    with_fallback(&mock).await;
    mock.verify();
}
