//! Mocks that keep what is created, without a line of code for it.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, reason = "a failure ends the run")]

use std::sync::Arc;
use std::time::Instant;

use apigen_runtime::{Uuid, http::StatusCode, mock::AnsweredBy};
use location_service::location::{
    Address, Api, MockClient, MockUsers, Role, User, UserForm, UserPatch, addresses, users,
};

const UNKNOWN: Uuid = Uuid::from_u128(7);

async fn create(api: &dyn Api, email: &str) -> User {
    api.users().post(&UserForm::new(email), Default::default()).await.unwrap()
}

async fn emails(api: &dyn Api, params: users::GetParams) -> Vec<String> {
    api.users().get(params).await.unwrap().into_iter().map(|user| user.email).collect()
}

fn params() -> users::GetParams {
    users::GetParams::new()
}

#[tokio::test]
async fn what_is_created_can_be_read() {
    let mock = MockClient::stateful();
    let form = UserForm {
        name: Some("Ada".to_owned()),
        role: Role::Admin,
        home: Some(Address { city: Some("London".to_owned()), ..Address::default() }),
        ..UserForm::new("ada@example.com")
    };
    let user = mock.users().post(&form, Default::default()).await.unwrap();
    assert_eq!((&user.email, &user.name, &user.role, &user.home), (&form.email, &form.name, &form.role, &form.home));
    assert_eq!(mock.users().get_by_guid(user.guid).await.unwrap(), user);
    assert_eq!(mock.users().get(params()).await.unwrap(), [user]);
}

#[tokio::test]
async fn each_new_item_has_a_key_and_a_time_of_its_own_and_the_same_in_every_run() {
    let mock = MockClient::stateful();
    let (first, second) = (create(&mock, "a@b.c").await, create(&mock, "d@e.f").await);
    assert_eq!(first.guid.to_string(), "00000000-0000-4000-8000-000000000001");
    assert_eq!(first.created_at.to_string(), "2020-01-01T00:00:01Z");
    assert!(first.guid != second.guid && first.created_at < second.created_at);
}

#[tokio::test]
async fn lists_filter_by_parameters_that_name_fields() {
    let mock = MockClient::stateful();
    let ada = create(&mock, "ada@example.com").await;
    let bob = create(&mock, "b+o%b&=/ü @example.com").await;
    let eve = create(&mock, "eve@example.com").await;
    mock.users().put_by_guid(eve.guid, &UserForm { role: Role::Admin, ..UserForm::new(&eve.email) }).await.unwrap();
    assert_eq!(emails(&mock, params().email(&bob.email)).await, [&*bob.email]);
    assert_eq!(emails(&mock, params().role(Role::Admin)).await, [&*eve.email]);
    assert_eq!(emails(&mock, params().role(Role::Reader).email(&eve.email)).await, [""; 0]);
    // Of a list, one must be the item's.
    assert_eq!(emails(&mock, params().guid([eve.guid, UNKNOWN, ada.guid])).await, [&*eve.email, &*ada.email]);
    // What names no field does not count.
    assert_eq!(emails(&mock, params().created_after("2030-01-01T00:00:00Z".parse().unwrap())).await.len(), 3);
}

#[tokio::test]
async fn lists_have_pages_and_an_order() {
    let mock = MockClient::stateful();
    for email in ["b@x.y", "C@x.y", "a@x.y"] {
        create(&mock, email).await;
    }
    // The default of the spec is `-created_at`.
    assert_eq!(emails(&mock, params()).await, ["a@x.y", "C@x.y", "b@x.y"]);
    assert_eq!(emails(&mock, params().sort("email")).await, ["C@x.y", "a@x.y", "b@x.y"]);
    assert_eq!(emails(&mock, params().sort("lower(email)")).await, ["a@x.y", "b@x.y", "C@x.y"]);
    assert_eq!(emails(&mock, params().sort("role,-lower(email)")).await, ["C@x.y", "b@x.y", "a@x.y"]);
    assert_eq!(emails(&mock, params().sort("created_at").limit(2)).await, ["b@x.y", "C@x.y"]);
    assert_eq!(emails(&mock, params().sort("created_at").limit(2).offset(2)).await, ["a@x.y"]);
    assert_eq!(emails(&mock, params().offset(3)).await, [""; 0]);
}

#[tokio::test]
async fn changes_are_kept() {
    let mock = MockClient::stateful();
    let created = create(&mock, "ada@example.com").await;
    let patch = UserPatch { name: Some("Ada".to_owned()), ..UserPatch::default() };
    let changed = mock.users().patch_by_guid(created.guid, &patch).await.unwrap();
    assert_eq!(changed, User { name: patch.name, ..created.clone() });
    // All fields of the form are replaced; those that it does not have stay.
    let form = UserForm { role: Role::Editor, ..UserForm::new("ada@new.example.com") };
    let replaced = mock.users().put_by_guid(created.guid, &form).await.unwrap();
    assert_eq!(replaced, User { email: form.email, role: form.role, ..created.clone() });
    assert_eq!(mock.users().get_by_guid(created.guid).await.unwrap(), replaced);
}

#[tokio::test]
async fn missing_keys_answer_the_declared_404() {
    let mock = MockClient::stateful();
    let guid = create(&mock, "ada@example.com").await.guid;
    mock.users().delete_by_guid(guid).await.unwrap();
    assert_eq!(emails(&mock, params()).await, [""; 0]);
    for guid in [guid, UNKNOWN] {
        let error = mock.users().get_by_guid(guid).await.unwrap_err();
        assert_eq!(error.declared(), Some(&users::GetByGuidError::NotFound));
        let error = mock.users().patch_by_guid(guid, &UserPatch::default()).await.unwrap_err();
        assert_eq!(error.declared(), Some(&users::PatchByGuidError::NotFound));
        let error = mock.users().delete_by_guid(guid).await.unwrap_err();
        assert_eq!(error.declared(), Some(&users::DeleteByGuidError::NotFound));
    }
    // The spec has no 404 for it: it creates.
    let user = mock.users().put_by_guid(UNKNOWN, &UserForm::new("new@example.com")).await.unwrap();
    assert_eq!((user.guid, mock.users().get_by_guid(UNKNOWN).await.unwrap()), (UNKNOWN, user));
}

#[tokio::test]
async fn duplicates_answer_the_declared_409() {
    let mock = MockClient::stateful();
    let ada = create(&mock, "ada@example.com").await;
    let bob = create(&mock, "bob@example.com").await;
    // `"unique": ["email"]` says that they are.
    let error = mock.users().post(&UserForm::new(&ada.email), Default::default()).await.unwrap_err();
    assert!(matches!(error.declared(), Some(users::PostError::Conflict(_))), "{error}");
    for guid in [bob.guid, UNKNOWN] {
        let error = mock.users().put_by_guid(guid, &UserForm::new(&ada.email)).await.unwrap_err();
        assert!(matches!(error.declared(), Some(users::PutByGuidError::Conflict(_))), "{error}");
    }
    assert_eq!(emails(&mock, params().sort("email")).await, [&*ada.email, &*bob.email]);
    mock.users().put_by_guid(ada.guid, &UserForm::new(&ada.email)).await.unwrap();
    mock.users().delete_by_guid(ada.guid).await.unwrap();
    create(&mock, "ada@example.com").await;
}

#[tokio::test]
async fn rules_win_over_state_and_both_are_in_the_journal() {
    let mock = MockClient::stateful();
    let created = create(&mock, "ada@example.com").await;
    mock.on::<users::GetByGuid>().once().status(503, "");
    let error = mock.users().get_by_guid(created.guid).await.unwrap_err();
    assert_eq!(error.status(), Some(StatusCode::SERVICE_UNAVAILABLE));
    mock.users().get_by_guid(created.guid).await.unwrap();
    let by: Vec<AnsweredBy> = mock.journal().iter().map(|entry| entry.answered_by()).collect();
    assert!(matches!(by[..], [AnsweredBy::State, AnsweredBy::Rule(_), AnsweredBy::State]), "{by:?}");
}

#[tokio::test]
async fn overrides_win_over_state_and_state_over_fall_through() {
    struct Nobody;
    impl MockUsers for Nobody {
        async fn get(&self, _: users::GetParams) -> users::GetResult {
            Err(users::GetError::Unauthorized.into())
        }
    }
    let behind = MockClient::new();
    behind.on::<addresses::Get>().returns(vec![Address::default()]);
    let mock = MockClient::stateful().fall_through(behind.clone());
    create(&mock, "ada@example.com").await;
    // The state knows nothing of addresses.
    assert_eq!(mock.addresses().get(Default::default()).await.unwrap().len(), 1);
    let by: Vec<AnsweredBy> = mock.journal().iter().map(|entry| entry.answered_by()).collect();
    assert_eq!(by, [AnsweredBy::State, AnsweredBy::FallThrough]);
    assert_eq!(behind.journal().len(), 1);
    let mock = mock.with_users(Nobody);
    assert!(mock.users().get(params()).await.unwrap_err().declared().is_some());
}

#[tokio::test]
async fn other_operations_answer_like_those_of_any_mock() {
    let mock = MockClient::stateful();
    assert_eq!(mock.timezones().get().await.unwrap(), []);
    let strict = MockClient::stateful().strict();
    create(&strict, "ada@example.com").await;
    assert!(strict.timezones().get().await.is_err());
    strict.reset();
}

#[tokio::test]
async fn clones_share_the_state_and_a_reset_empties_it() {
    let mock = MockClient::stateful();
    let other: Arc<dyn Api> = Arc::new(mock.clone());
    let user = create(&mock, "ada@example.com").await;
    assert_eq!(other.users().get_by_guid(user.guid).await.unwrap(), user);
    assert_eq!(emails(&MockClient::stateful(), params()).await, [""; 0], "a store of its own");
    mock.reset();
    assert_eq!(emails(&*other, params()).await, [""; 0]);
    assert_eq!(create(&*other, "ada@example.com").await, user, "as in a new mock");
}

/// No call looks at all items, but for lists.
#[tokio::test]
async fn a_large_collection_is_as_fast_as_a_small_one() {
    let mock = MockClient::stateful();
    let mut times = Vec::new();
    for round in 0..20 {
        let begin = Instant::now();
        for number in 0..200 {
            let user = create(&mock, &format!("{round}.{number}@example.com")).await;
            mock.users().get_by_guid(user.guid).await.unwrap();
            let patch = UserPatch { name: Some("N".to_owned()), ..UserPatch::default() };
            mock.users().patch_by_guid(user.guid, &patch).await.unwrap();
            if number % 2 == 0 {
                mock.users().delete_by_guid(user.guid).await.unwrap();
            }
        }
        times.push(begin.elapsed());
    }
    let (first, last) = (times[..4].iter().min().unwrap(), times[16..].iter().min().unwrap());
    assert!(*last < *first * 3, "{times:?}");
    let taken = mock.users().post(&UserForm::new("0.1@example.com"), Default::default()).await.unwrap_err();
    assert_eq!(taken.status(), Some(StatusCode::CONFLICT));
    create(&mock, "0.0@example.com").await;
}

#[tokio::test]
async fn the_state_has_a_budget_in_bytes() {
    let mock = MockClient::stateful();
    mock.state_bytes(100_000);
    let form = |number: i32| UserForm { name: Some("x".repeat(90)), ..UserForm::new(format!("{number}@example.com")) };
    let mut created = Vec::new();
    let error = loop {
        assert!(created.len() < 1000);
        match mock.users().post(&form(i32::try_from(created.len()).unwrap()), Default::default()).await {
            Ok(user) => created.push(user),
            Err(error) => break error,
        }
    };
    assert!(created.len() > 10 && error.to_string().contains("the state of the mock is full"), "{error}");
    // What is deleted makes room, as does a reset.
    mock.users().delete_by_guid(created[0].guid).await.unwrap();
    mock.users().post(&form(-1), Default::default()).await.unwrap();
    mock.users().post(&form(-2), Default::default()).await.unwrap_err();
    mock.reset();
    mock.users().post(&form(-3), Default::default()).await.unwrap();
    mock.users().get(params()).await.unwrap();
}
