//! A stateful mock behind a port: one store for the real client, for any other, and for the test.

use apigen_runtime::{Value, client::items, mock::AnsweredBy};
use location::{Client, MockClient, UserForm, UserPatch, users};
use serde_json::json;

#[tokio::test]
async fn what_one_client_creates_all_others_see() {
    let mock = MockClient::stateful();
    let server = mock.serve("127.0.0.1:0").unwrap();
    let client = Client::builder(server.url()).build().unwrap();
    let (http, url) = (reqwest::Client::new(), format!("{}/users", server.url()));

    let created = http.post(&url).body(r#"{"email":"ada@example.com","name":"Ada"}"#).send().await.unwrap();
    assert_eq!(created.status(), 201);
    let created: Value = serde_json::from_slice(&created.bytes().await.unwrap()).unwrap();
    let guid = created["guid"].as_str().unwrap();
    let get = async |path: &str| {
        let response = http.get(format!("{url}{path}")).send().await.unwrap();
        let status = response.status().as_u16();
        (status, serde_json::from_slice::<Value>(&response.bytes().await.unwrap()).unwrap_or_default())
    };
    assert_eq!(get(&format!("/{guid}")).await, (200, created.clone()));
    assert_eq!(get("?email=ada%40example.com&sort=name&limit=1").await, (200, json!([created])));
    assert_eq!(get("?limit=1&offset=1").await, (200, json!([])));
    assert_eq!(get("/00000000-0000-0000-0000-000000000000").await, (404, Value::Null));

    let ada = client.users().get_by_guid(guid.parse().unwrap()).await.unwrap();
    assert_eq!((ada.email.as_str(), ada.name.as_deref()), ("ada@example.com", Some("Ada")));
    let patch = UserPatch { name: Some("Countess".to_owned()), ..UserPatch::default() };
    client.users().patch_by_guid(ada.guid, &patch).await.unwrap();
    assert_eq!(get(&format!("/{guid}")).await.1["name"], "Countess");
    assert_eq!(mock.users().get_by_guid(ada.guid).await.unwrap().name, patch.name, "the mock itself");

    let error = client.users().post(&UserForm::new("ada@example.com"), Default::default()).await.unwrap_err();
    assert_eq!(error.declared(), Some(&users::PostError::Conflict(Vec::new())));
    let response = http.post(&url).body(r#"{"email":"a"}"#).send().await.unwrap();
    assert_eq!(response.status(), 422, "what breaks the spec is not kept");
    for number in 0..7 {
        client.users().post(&UserForm::new(format!("{number}@example.com")), Default::default()).await.unwrap();
    }
    let mut all = items(users::GetParams::new().limit(3).sort("email"), |params| client.users().get(params));
    let mut emails = Vec::new();
    while let Some(user) = all.next().await {
        emails.push(user.unwrap().email);
    }
    assert_eq!((emails.len(), emails[0].as_str(), emails[7].as_str()), (8, "0@example.com", "ada@example.com"));

    let deleted = http.delete(format!("{url}/{guid}")).send().await.unwrap();
    assert_eq!((deleted.status().as_u16(), deleted.bytes().await.unwrap().len()), (204, 0));
    let error = client.users().get_by_guid(ada.guid).await.unwrap_err();
    assert_eq!(error.declared(), Some(&users::GetByGuidError::NotFound));
    assert!(mock.journal().iter().all(|entry| entry.answered_by() == AnsweredBy::State));
}
