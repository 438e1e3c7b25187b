//! The location service for real: the generated client over a socket, and requests that no client would send.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a failure ends the run")]

use std::sync::Arc;

use apigen_runtime::{
    client::{FromHeaders, TowerTransport},
    server::{Router, Server},
};
use location_service::location::{
    self, Client, MockClient, Place, Role, UserForm, UserPatch, VisitForm, addresses, regions, timezones, users, visits,
};
use location_service::server::LocationServer;

fn start() -> (Server, Client) {
    let server = location::server::router(LocationServer::new("secret")).serve("127.0.0.1:0").unwrap();
    let client = Client::builder(server.url()).build().unwrap();
    (server, client)
}

#[tokio::test]
async fn users_come_and_go() {
    let (_server, client) = start();
    let form = UserForm { role: Role::Admin, ..UserForm::new("ada@example.com") };
    let params = users::PostParams::new().x_request_id("r-1");
    let response = client.users().post(&form, params).with_response().await.unwrap();
    assert_eq!((response.status().as_u16(), &response.headers()["x-request-id"]), (201, &"r-1".parse().unwrap()));
    let ada = response.into_inner();
    let taken = client.users().post(&form, users::PostParams::new()).await.unwrap_err();
    assert!(matches!(taken.declared(), Some(users::PostError::Conflict(errors)) if errors[0].code == "taken"));

    let bob = client.users().post(&UserForm::new("bob@example.com"), users::PostParams::new()).await.unwrap();
    let patch = UserPatch { name: Some("Bob".to_owned()), home: None };
    assert_eq!(client.users().patch_by_guid(bob.guid, &patch).await.unwrap().name.as_deref(), Some("Bob"));
    let page = client.users().get(users::GetParams::new().sort("email").limit(1)).with_response().await.unwrap();
    let headers = users::GetHeaders::from_headers(page.headers()).unwrap();
    assert_eq!((page[0].guid, page.len(), headers.x_total_count.as_str()), (ada.guid, 1, "2"));
    assert_eq!(headers.x_roles, [Role::Admin, Role::Reader]);

    let login = client.users().post_authenticate("ada@example.com", "secret", users::PostAuthenticateParams::new());
    assert_eq!(login.await.unwrap().guid, ada.guid);
    let login = client.users().post_authenticate("ada@example.com", "guess", users::PostAuthenticateParams::new());
    assert_eq!(login.await.unwrap_err().declared(), Some(&users::PostAuthenticateError::Unauthorized));

    client.users().delete_by_guid(ada.guid).await.unwrap();
    let gone = client.users().get_by_guid(ada.guid).await.unwrap_err();
    assert_eq!(gone.declared(), Some(&users::GetByGuidError::NotFound));
}

#[tokio::test]
async fn the_peer_and_headers_are_seen() {
    let (_server, client) = start();
    let here = client.addresses().get(addresses::GetParams::new()).await.unwrap();
    assert_eq!(here[0].city.as_deref(), Some("Paris"), "the peer of a loopback connection");
    let user = client.users().post(&UserForm::new("eve@example.com"), users::PostParams::new()).await.unwrap();
    let form = VisitForm { place: Place::String("here".to_owned()) };
    let visit = client.visits().post(&form).header("X-User-Guid", user.guid).await.unwrap();
    let year: i32 = visit.at.to_string()[..4].parse().unwrap();
    let params = visits::GetByYearAndUserGuidParams::new();
    assert_eq!(client.visits().get_by_year_and_user_guid(year, user.guid, params).await.unwrap(), [visit]);
    let unknown = client.regions().get_by_id("mars").await.unwrap_err();
    assert!(matches!(unknown.declared(), Some(regions::GetByIdError::Default(404, _))));
}

/// The handlers are not called for what breaks the spec.
#[tokio::test]
async fn invalid_requests_never_reach_a_handler() {
    let (server, _) = start();
    let response = raw(&server, "POST /users HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: 2\r\n\r\n{}");
    assert!(response.starts_with("HTTP/1.1 422"), "{response}");
    // A list of errors, as the operation declares.
    assert!(response.contains(r#"[{"code":"missing","message":"body: "#), "{response}");
    assert!(raw(&server, "GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").starts_with("HTTP/1.1 404"));
    let response = raw(&server, "PUT /timezones HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
    assert!(response.starts_with("HTTP/1.1 405") && response.contains("\r\nallow: GET, HEAD\r\n"), "{response}");
}

fn raw(server: &Server, request: &str) -> String {
    use std::io::{Read as _, Write as _};
    let mut stream = std::net::TcpStream::connect(server.addr()).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    text
}

/// A client behind a port is a proxy: what the service answers arrives with its declared headers.
#[tokio::test]
async fn a_client_can_be_served() {
    let (_server, client) = start();
    client.users().post(&UserForm::new("ada@example.com"), users::PostParams::new()).await.unwrap();
    let proxy = location::server::from_client(client).serve("127.0.0.1:0").unwrap();
    let through = Client::builder(proxy.url()).build().unwrap();
    let page = through.users().get(users::GetParams::new()).with_response().await.unwrap();
    assert_eq!(users::GetHeaders::from_headers(page.headers()).unwrap().x_total_count, "1");
    let unknown = through.timezones().get_by_name("Mars").await.unwrap_err();
    assert_eq!(unknown.declared(), Some(&timezones::GetByNameError::NotFound));
}

/// Some resources for real, the rest from a mock, without a socket.
#[tokio::test]
async fn resources_can_be_served_alone() {
    let mock = MockClient::new();
    let real = Arc::new(LocationServer::new(""));
    let router: Router = mock.router().merge(location::server::timezones(real));
    let client = Client::builder("http://localhost").transport(TowerTransport::<_>::new(router)).build().unwrap();
    assert_eq!(client.timezones().get().await.unwrap().len(), 2);
    assert!(client.users().get(users::GetParams::new()).await.unwrap().is_empty());
    mock.assert_called::<users::Get>(1);
    mock.assert_called::<timezones::Get>(0);
}
