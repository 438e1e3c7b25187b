//! Output of mocks, recorders and replays.

use std::fs;
use std::path::{Path, PathBuf};

use apigen_runtime::testing::{RecordMode, Recorder};
use apigen_runtime::{Error, ToJson, bytes::Bytes, client::transport_fn, http::HeaderValue};
use http::{Response, StatusCode};

use super::canary::{MockClient, Problem, notes};
use super::*;

async fn call_all(heard: &Heard, mock: &dyn canary::Api) {
    let login = login();
    let api = mock.accounts();
    heard.failed(api.get_by_email(EMAIL, params()).header("X-B", "canary").await);
    heard.failed(api.post(&account()).await);
    heard.failed(api.put_cards_by_email(EMAIL, &account().by_name).await);
    heard.failed(api.delete_by_email(EMAIL).await);
    heard.failed(api.post_login(&login.user, &login.password, login.params).await);
    heard.failed(mock.notes().post(&note()).await);
}

#[tokio::test]
async fn journals_and_assertions() {
    let heard = Heard::default();
    let mock = MockClient::new();
    call_all(&heard, &mock).await;
    heard.debug(&mock);
    heard.debug(&mock.journal());
    heard.debug(&mock.calls::<accounts::GetByEmail>());
    heard.panics(|| mock.assert_no_calls());
    heard.panics(|| mock.assert_called::<accounts::GetByEmail>(2));
    heard.panics(|| mock.assert_called::<accounts::PostLogin>(2));
    heard.panics(|| mock.assert_calls(&[accounts::Post { account: Account { id: 8, ..account() } }]));
    heard.panics(|| mock.assert_calls(&[accounts::DeleteByEmail { email: "canary-other".to_owned() }]));
    heard.panics(|| mock.assert_calls(&[notes::Post { note: Note::new(5, "marker-other") }]));
    heard.silent(&["marker-page", "marker-user", "marker-name", "marker-other", "sensitive values (withheld)"]);
}

#[tokio::test]
async fn strict_mocks() {
    let heard = Heard::default();
    let mock = MockClient::new().strict();
    mock.on::<accounts::DeleteByEmail>().with(accounts::DeleteByEmail { email: "canary-other".to_owned() }).returns(());
    mock.on::<accounts::Post>().with(accounts::Post { account: Account { id: 8, ..account() } }).returns(account());
    mock.on::<accounts::GetByEmail>().when(|call| call.email == "canary-other").returns(account());
    mock.on::<accounts::GetByEmail>().expect(3);
    call_all(&heard, &mock).await;
    heard.panics(|| mock.verify());
    heard.panics(|| drop(mock));
    heard.silent(&["no rule matches this call of accounts.get_by_email", "marker-name", "marker-page", "sensitive values"]);
}

#[tokio::test]
async fn checked_answers() {
    let heard = Heard::default();
    let mock = MockClient::new();
    mock.check_answers();
    let wrong = account().to_json().replace("77002", "\"canary\"");
    mock.on::<accounts::GetByEmail>().status(200, wrong.clone());
    mock.on::<accounts::Post>().returns(Account { email: "canary".repeat(20), ..account() });
    mock.on::<accounts::DeleteByEmail>().status(418, "canary");
    mock.on::<accounts::PutCardsByEmail>().answers(|_| Err(Error::undeclared_status(StatusCode::IM_A_TEAPOT, "canary")));
    mock.on::<notes::Post>().returns(Note::new(1, "marker".repeat(20)));
    call_all(&heard, &mock).await;
    heard.panics(|| mock.verify());
    mock.reset();
    mock.on::<accounts::GetByEmail>().fails(accounts::GetByEmailError::NotFound(Problem::new("marker-problem")));
    call_all(&heard, &mock).await;
    heard.silent(&["violates the spec", "expected at most 40", "marker-problem"]);
}

#[tokio::test]
async fn stateful_mocks() {
    let heard = Heard::default();
    let mock = MockClient::stateful();
    call_all(&heard, &mock).await;
    call_all(&heard, &mock).await;
    heard.debug(&mock.journal());
    heard.silent(&["marker-name"]);
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

#[tokio::test]
async fn recordings() {
    let heard = Heard::default();
    let folder = std::env::temp_dir().join(format!("apigen-silence-{}", std::process::id()));
    let _ = fs::remove_dir_all(&folder);
    let server = |status: u16, body: String| {
        transport_fn(move |_| {
            let mut response = Response::new(Bytes::from(body.clone()));
            *response.status_mut() = StatusCode::from_u16(status).unwrap();
            response.headers_mut().insert("x-session-token", HeaderValue::from_static("canary-session"));
            response.headers_mut().insert("x-plain", HeaderValue::from_static("marker-plain"));
            async { Ok(response) }
        })
    };
    let wrong = account().to_json().replace("77002", "\"canary\"");
    let known = account().to_json().replace("canary-level", "low");
    for (status, body) in [(200, known), (204, String::new()), (418, "canary".to_owned()), (200, wrong)] {
        let recorder = Recorder::new(&folder, RecordMode::Record, server(status, body));
        let client = Client::builder("http://example.org").api_key("canary").transport(recorder).build().unwrap();
        call_all(&heard, &client).await;
    }
    let replayed = Client::builder("http://example.org").transport(Recorder::replay(&folder)).build().unwrap();
    call_all(&heard, &replayed).await;
    let api = replayed.accounts();
    heard.failed(api.get_by_email("canary-other", params().page("marker-other")).await);
    heard.failed(api.post_login("marker-other", "canary-other", login().params).await);
    for file in files(&folder) {
        heard.say(&file.display().to_string());
        heard.say(&fs::read_to_string(file).unwrap());
    }
    fs::remove_dir_all(&folder).unwrap();
    heard.silent(&["marker-page", "marker-name", "marker-plain", "X-Plain", "this call has", "marker-user", "not recorded"]);
}
