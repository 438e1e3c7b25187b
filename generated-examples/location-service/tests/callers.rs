//! What callers do with a client around single calls: headers of one request, futures, streams, errors of their own.
#![allow(missing_docs, clippy::unwrap_used, reason = "a failure ends the run")]

use std::sync::{Arc, Mutex};

use apigen_runtime::{
    AnyError, Error, Uuid,
    bytes::Bytes,
    client::{ClientBuilder, Transport, TransportFuture, owned_items, owned_pages, transport_fn},
};
use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, Request};
use axum::routing::get;
use futures_util::{StreamExt as _, TryStreamExt as _};
use http_body_util::BodyExt as _;
use location_service::location::{self, Api, Client, MockClient, UserForm, timezones, users};
use tower::ServiceExt as _;

type Sent = Arc<Mutex<Vec<HeaderMap>>>;

/// A client whose requests are kept and answered by an empty list.
fn client() -> (ClientBuilder<Client>, Sent) {
    let sent = Sent::default();
    let kept = Arc::clone(&sent);
    let transport = transport_fn(move |request: Request<Bytes>| {
        kept.lock().unwrap().push(request.headers().clone());
        std::future::ready(Ok(axum::http::Response::new(Bytes::from_static(b"[]"))))
    });
    (Client::builder("http://localhost").transport(transport), sent)
}

/// The values of a header in each request.
fn values(sent: &Sent, name: &str) -> Vec<String> {
    let text = |headers: &HeaderMap| headers.get(name).map_or("-", |value| value.to_str().unwrap()).to_owned();
    sent.lock().unwrap().drain(..).map(|headers| text(&headers)).collect()
}

/// Code under test, which knows the trait only.
async fn list(api: &dyn Api) {
    api.timezones().get().await.unwrap();
}

#[tokio::test]
async fn a_clone_carries_headers_below_those_of_parameters_and_calls() {
    let (builder, sent) = client();
    let plain = builder.header("X-Tenant", "builder").build().unwrap();
    let client = plain.with_header("X-Tenant", "clone").with_request_id("7");
    list(&client).await;
    client.timezones().get().header("x-tenant", "call").await.unwrap();
    client.with_header("X-Tenant", "later").timezones().get().await.unwrap();
    list(&plain).await;
    assert_eq!(sent.lock().unwrap()[0]["x-request-id"], "7");
    assert_eq!(values(&sent, "x-tenant"), ["clone", "call", "later", "builder"]);
    let form = UserForm::new("ada@example.com");
    let post = |params| client.users().post(&form, params).header("X-Other", "1");
    // The answers are none that the operation declares.
    post(users::PostParams::new().x_request_id("parameter")).await.unwrap_err();
    post(users::PostParams::new()).await.unwrap_err();
    assert_eq!(values(&sent, "x-request-id"), ["parameter", "7"]);
    let shown = format!("{:?}", client.with_header("Authorization", "hunter2").with_header("X-Key", "hunter2"));
    assert!(shown.contains("authorization") && !shown.contains("hunter2"), "{shown}");
}

#[tokio::test]
async fn credentials_of_one_request_replace_those_of_the_client() {
    let (builder, sent) = client();
    let client = builder.bearer("mine").build().unwrap();
    list(&client.with_header("Authorization", "Bearer theirs")).await;
    list(&client).await;
    assert!(sent.lock().unwrap().iter().all(|headers| headers["authorization"].is_sensitive()));
    assert_eq!(values(&sent, "authorization"), ["Bearer theirs", "Bearer mine"]);
}

#[tokio::test]
async fn a_header_that_cannot_be_sent_is_not_lost() {
    let (builder, sent) = client();
    let client = builder.build().unwrap();
    let mock = MockClient::new().fall_through(client.clone());
    let error = client.with_request_id("a\nb").timezones().get().await.unwrap_err();
    assert!(error.is_invalid_request() && error.to_string().contains("X-Request-Id"), "{error}");
    assert!(!error.to_string().contains("a\nb"), "{error}");
    assert!(mock.with_request_id("a\nb").timezones().get().await.unwrap_err().is_invalid_request());
    assert!(MockClient::new().with_request_id("a\nb").timezones().get().await.unwrap_err().is_invalid_request());
    assert!(sent.lock().unwrap().is_empty());
}

/// A transport around another one, as layers are.
struct Passing<T>(T);

impl<T: Transport> Transport for Passing<T> {
    fn send(&self, request: Request<Bytes>) -> TransportFuture<'_> {
        self.0.send(request)
    }
}

#[tokio::test]
async fn services_pass_a_request_id_on_through_the_trait() {
    async fn handler(State(api): State<Arc<dyn Api>>, headers: HeaderMap) {
        let id = headers["x-request-id"].to_str().unwrap();
        list(&api.with_request_id(id)).await;
        list(&*api.with_request_id(id).with_header("X-Step", "2")).await;
    }
    let request = || Request::get("/").header("X-Request-Id", "42").body(Body::empty()).unwrap();
    let router = |api: Arc<dyn Api>| Router::new().route("/", get(handler)).with_state(api);

    let (builder, sent) = client();
    let client = builder.layer(|inner: Arc<dyn Transport>| Passing(inner)).build().unwrap();
    router(Arc::new(client.clone())).oneshot(request()).await.unwrap();
    assert_eq!(sent.lock().unwrap()[1]["x-step"], "2");
    assert_eq!(values(&sent, "x-request-id"), ["42", "42"]);

    // A mock shows them in its journal, and passes them on.
    let mock = MockClient::new().fall_through(client);
    router(Arc::new(mock.clone())).oneshot(request()).await.unwrap();
    assert_eq!(values(&sent, "x-request-id"), ["42", "42"]);
    let journal = mock.journal();
    assert!(journal.iter().all(|call| call.headers()["x-request-id"] == "42"), "{journal:?}");
    assert_eq!(journal[1].headers()["x-step"], "2");
    list(&mock).await;
    assert_eq!(mock.journal()[2].headers().len(), 0);
    let nested = MockClient::new().fall_through(mock.clone());
    nested.with_request_id("43").timezones().get().header("X-Step", "3").await.unwrap();
    let (call, outer) = (&mock.journal()[3], &nested.journal()[0]);
    assert_eq!([&call.headers()["x-request-id"], &outer.headers()["x-step"]], ["43", "3"]);
    assert_eq!(mock.calls::<timezones::Get>().len(), 4);
}

#[tokio::test]
async fn pointers_to_apis_are_apis() {
    async fn by_value(api: impl Api) {
        list(&api).await;
    }
    let mock = MockClient::new();
    let boxed: Box<dyn Api> = Box::new(mock.clone());
    list(&boxed).await;
    by_value(&boxed).await;
    by_value(&*boxed).await;
    by_value(boxed).await;
    by_value(Arc::new(mock.clone()) as Arc<dyn Api>).await;
    by_value(Box::new(Arc::new(&mock))).await;
    mock.assert_called::<timezones::Get>(6);
}

#[test]
fn calls_are_futures_where_one_is_asked_for() {
    let mock = MockClient::new();
    let runtime = tokio::runtime::Builder::new_multi_thread().build().unwrap();
    assert_eq!(runtime.block_on(mock.timezones().get()).unwrap(), []);
    let all = (0..3).map(|number| mock.users().get_by_guid(Uuid::from_u128(number)));
    let found = runtime.block_on(futures_util::future::try_join_all(all)).unwrap();
    assert_eq!(found.len(), 3);
    let spawned = mock.clone();
    let task = runtime.spawn(async move { spawned.timezones().get().await });
    assert_eq!(runtime.block_on(task).unwrap().unwrap(), []);
    mock.assert_called::<timezones::Get>(2);
}

/// Answers `limit` users at a time, of seven.
fn seven() -> MockClient {
    let mock = MockClient::new();
    mock.on::<users::Get>().answers(|call| {
        let numbers = call.params.offset..(call.params.offset + call.params.limit).min(7);
        let user = |number: i64| {
            let guid = Uuid::from_u128(number as u128);
            location::User::new(guid, "ada@example.com", "2020-01-01T00:00:00Z".parse().unwrap())
        };
        Ok(numbers.map(user).collect())
    });
    mock
}

#[tokio::test]
async fn lists_are_streamed_as_the_body_of_a_response() {
    async fn export(State(api): State<Arc<dyn Api>>) -> Body {
        let users = owned_items(api, users::GetParams::new().limit(3), |api, params| api.users().get(params));
        Body::from_stream(users.map_ok(|user| format!("{}\n", user.guid.as_u128())))
    }
    let mock = seven();
    let router = Router::new().route("/", get(export)).with_state(Arc::new(mock.clone()) as Arc<dyn Api>);
    let response = router.clone().oneshot(Request::get("/").body(Body::empty()).unwrap()).await.unwrap();
    let body = response.into_body().collect().await.unwrap().to_bytes();
    assert_eq!(body, "0\n1\n2\n3\n4\n5\n6\n");
    mock.assert_called::<users::Get>(3);

    // An error in the middle ends the body without making it look whole.
    mock.on::<users::Get>().when(|call| call.params.offset > 0).status(503, "");
    let response = router.oneshot(Request::get("/").body(Body::empty()).unwrap()).await.unwrap();
    assert!(response.into_body().collect().await.is_err());
}

#[tokio::test]
async fn pages_that_own_their_client_move_to_another_task() {
    let mock = seven();
    let pages = owned_pages(mock.clone(), users::GetParams::new().limit(4), |api, params| api.users().get(params));
    let sizes: Vec<usize> = tokio::spawn(pages.map_ok(|page| page.len()).try_collect()).await.unwrap().unwrap();
    assert_eq!(sizes, [4, 3]);
    // A server that ignores `offset` is told with the name of the operation.
    mock.on::<users::Get>().returns(vec![mock.users().get_by_guid(Uuid::nil()).await.unwrap()]);
    let params = users::GetParams::new().limit(1);
    let outcomes: Vec<_> = owned_items(mock, params, |api, params| api.users().get(params)).collect().await;
    let error = outcomes[1].as_ref().unwrap_err();
    assert!(error.is_repeated_page() && error.operation().unwrap().id == "users.get", "{error}");
}

/// Sensitive parameters are in no message of a mock.
#[tokio::test]
async fn refusals_and_journals_withhold_sensitive_values() {
    let mock = MockClient::new().strict();
    mock.on::<users::PostAuthenticate>().when(|_| false).status(401, "");
    let call = mock.users().post_authenticate("ada@example.com", "hunter2", Default::default());
    let mut messages = vec![call.await.unwrap_err().to_string()];
    messages.push(mock.users().get(users::GetParams::new().email("ada@example.com")).await.unwrap_err().to_string());
    messages.push(format!("{:?}", mock.journal()));
    for message in messages {
        assert!(message.contains("[REDACTED]"), "{message}");
        assert!(!message.contains("hunter2") && !message.contains("ada@"), "{message}");
    }
    assert_eq!(mock.calls::<users::PostAuthenticate>()[0].password, "hunter2");
    mock.reset();
}

/// One variant for all operations, and one for an outcome that matters.
#[derive(Debug)]
enum Failure {
    Taken,
    Location(AnyError),
}

impl From<AnyError> for Failure {
    fn from(error: AnyError) -> Self {
        Failure::Location(error)
    }
}

impl<E> From<Error<E>> for Failure
where
    AnyError: From<Error<E>>,
{
    fn from(error: Error<E>) -> Self {
        AnyError::from(error).into()
    }
}

#[tokio::test]
async fn errors_of_all_operations_come_into_an_enum_by_question_mark() {
    async fn sign_up(api: &dyn Api, form: &UserForm) -> Result<(), Failure> {
        api.timezones().get().await?;
        match api.users().post(form, Default::default()).await {
            Ok(user) => Ok(api.users().delete_by_guid(user.guid).await?),
            Err(error) => match error.declared() {
                Some(users::PostError::Conflict(_)) => Err(Failure::Taken),
                _ => Err(error.into()),
            },
        }
    }
    let (mock, form) = (MockClient::new(), UserForm::new("ada@example.com"));
    sign_up(&mock, &form).await.unwrap();
    mock.on::<users::DeleteByGuid>().fails(users::DeleteByGuidError::NotFound);
    let failure = sign_up(&mock, &form).await.unwrap_err();
    assert!(matches!(&failure, Failure::Location(error) if error.operation().unwrap().id == "users.delete_by_guid"));
    mock.on::<users::Post>().fails(users::PostError::Conflict(Vec::new()));
    assert!(matches!(sign_up(&mock, &form).await, Err(Failure::Taken)));
    mock.on::<users::Post>().fails(users::PostError::Unauthorized);
    assert!(matches!(sign_up(&mock, &form).await, Err(Failure::Location(error)) if error.is_declared()));
    mock.on::<timezones::Get>().status(502, "");
    assert!(matches!(sign_up(&mock, &form).await, Err(Failure::Location(error)) if error.is_undeclared_status()));
}
