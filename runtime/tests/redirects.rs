//! Headers that reach the target host of a redirect.
#![cfg(feature = "reqwest")]

use apigen_runtime::{
    Operation,
    client::{Auth, ClientBuilder, Credentials, HttpClient, ReqwestTransport},
    codegen::Request,
};

use crate::support::server::{self, response};
use crate::support::*;

/// A host that redirects everything to another one, which responds with the head that it received.
async fn redirecting() -> ClientBuilder<HttpClient> {
    let other = server::start(|request| response("200 OK", &format!("{:?}", request.to_lowercase()))).await;
    let url = server::start(move |_| {
        format!("HTTP/1.1 307 Temporary Redirect\r\nlocation: {other}/x\r\ncontent-length: 0\r\n\r\n")
    });
    builder(&url.await)
}

fn secret() -> Auth {
    Auth::header("X-Api-Key", "hunter2")
}

/// Returns what the other host received; the status if it received nothing.
async fn got(builder: ClientBuilder<HttpClient>) -> String {
    got_by(&builder.build().unwrap()).await
}

async fn got_by(client: &HttpClient) -> String {
    let result = client.call::<Get>(Request::new(Get::INFO).path("id", &1)).await;
    result.unwrap_or_else(|error| error.status().map_or(error.to_string(), |status| status.as_str().to_owned()))
}

fn refusal(builder: ClientBuilder<HttpClient>) -> String {
    builder.build().map_or_else(|error| error.to_string(), |_| "built".to_owned())
}

#[tokio::test]
async fn no_redirect_is_followed_whatever_the_policy_of_a_builder() {
    assert_eq!(got(redirecting().await.auth(secret())).await, "307");
    let eager = reqwest::Client::builder().redirect(reqwest::redirect::Policy::limited(5));
    assert_eq!(got(redirecting().await.auth(secret()).reqwest_builder(eager)).await, "307");
    let transport = ReqwestTransport::from_builder(reqwest::Client::builder()).unwrap();
    assert_eq!(got(redirecting().await.auth(secret()).transport(transport)).await, "307");
}

/// reqwest removes `Authorization` and `Cookie`; other headers are sent along.
#[tokio::test]
async fn a_finished_client_takes_most_headers_along() {
    let finished = || reqwest::Client::new();
    for auth in [Auth::bearer("hunter2"), Auth::api_key("hunter2"), Auth::header("Cookie", "hunter2")] {
        let refreshing = auth.clone();
        let refreshing = Auth::refreshing(move || {
            let credentials = Credentials::new(refreshing.clone());
            async { Ok(credentials) }
        });
        for auth in [auth, refreshing] {
            let head = got(redirecting().await.auth(auth).header("X-Own", "kept").reqwest(finished())).await;
            assert!(
                head.contains("x-own: kept") && !head.contains("hunter2") && !head.contains("authorization"),
                "{head}"
            );
        }
    }
    let trusted = redirecting().await.auth(secret()).reqwest(finished()).trust_redirects();
    assert!(got(trusted).await.contains("x-api-key: hunter2"));
}

#[tokio::test]
async fn credentials_in_other_headers_need_trust() {
    let finished = || ReqwestTransport::new(reqwest::Client::new());
    let told = refusal(redirecting().await.auth(secret()).reqwest(reqwest::Client::new()));
    assert!(told.contains("`x-api-key`") && told.contains("reqwest_builder") && !told.contains("hunter2"), "{told}");
    assert_eq!(refusal(redirecting().await.auth(secret()).transport(Box::new(finished()))), told);
    let layered = redirecting().await.auth(secret()).transport(finished()).layer(Box::new);
    assert_eq!(refusal(layered), told);
    #[cfg(feature = "testing")]
    {
        use apigen_runtime::testing::{Faults, RecordMode, Recorder};
        let faulty = Faults::new(finished());
        assert_eq!(refusal(redirecting().await.auth(secret()).transport(faulty)), told);
        let recorder = Recorder::new("nowhere", RecordMode::Record, finished());
        assert_eq!(refusal(redirecting().await.auth(secret()).transport(recorder)), told);
    }
    assert_eq!(refusal(redirecting().await.auth(secret())), "built");

    // Fetched credentials are known only during the call: then nothing is sent.
    let refreshing = || Auth::refreshing(async || Ok(Credentials::new(secret())));
    let told = got(redirecting().await.auth(refreshing()).reqwest(reqwest::Client::new())).await;
    assert!(told.contains("invalid request") && told.contains("`x-api-key`"), "{told}");
    assert_eq!(got(redirecting().await.auth(refreshing())).await, "307");
}

/// Only the name distinguishes them from other headers.
#[tokio::test]
async fn headers_that_are_credentials_by_name_need_trust() {
    for name in ["X-Api-Key", "Api-Key", "apikey", "X-Auth-Token", "Private-Token", "x_access_token", "X-Client-Secret"]
    {
        let finished = || reqwest::Client::new();
        let told = refusal(redirecting().await.header(name, "hunter2").reqwest(finished()));
        assert!(told.contains(&name.to_lowercase()) && !told.contains("hunter2"), "{told}");
        assert_eq!(refusal(redirecting().await.header(name, "hunter2")), "built");
        assert_eq!(refusal(redirecting().await.header(name, "a").reqwest(finished()).trust_redirects()), "built");
    }
    for name in ["X-Request-Id", "X-Page-Token", "X-Key", "Idempotency-Key", "X-Tokens", "Authorization", "Cookie"] {
        let builder = redirecting().await.header(name, "a").reqwest(reqwest::Client::new());
        assert_eq!(refusal(builder), "built", "{name}");
    }
}

#[tokio::test]
async fn a_call_with_a_header_that_is_a_credential_needs_trust() {
    let call = async |builder: ClientBuilder<HttpClient>| {
        got_by(&builder.build().unwrap().with_header("X-Api-Key", "hunter2")).await
    };
    let told = call(redirecting().await.reqwest(reqwest::Client::new())).await;
    assert!(told.contains("invalid request") && told.contains("`x-api-key`") && !told.contains("hunter2"), "{told}");
    assert_eq!(call(redirecting().await).await, "307");
    let trusted = call(redirecting().await.reqwest(reqwest::Client::new()).trust_redirects()).await;
    assert!(trusted.contains("x-api-key: hunter2"), "{trusted}");
}
