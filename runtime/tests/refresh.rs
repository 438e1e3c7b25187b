//! Credentials that are fetched and expire.
#![cfg(feature = "reqwest")]

use std::error::Error as _;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use crate::support::script::*;
use crate::support::*;
use apigen_runtime::{
    Call, Operation,
    bytes::Bytes,
    client::{Auth, Credentials, HttpClient, transport_fn},
    codegen::Request,
    http::StatusCode,
};

const SECOND: Duration = Duration::from_secs(1);
const UNAUTHORIZED: Step = Step::Answer(401, &[], "");

type Count = Arc<AtomicU32>;

/// Fetches the tokens `hunter1`, `hunter2`, …, each after a second.
fn tokens(lifetime: Option<Duration>) -> (Auth, Count) {
    let count = Count::default();
    let fetched = Arc::clone(&count);
    let auth = Auth::refreshing(move || {
        let fetched = Arc::clone(&fetched);
        async move {
            tokio::time::sleep(SECOND).await;
            let number = fetched.fetch_add(1, Ordering::Relaxed) + 1;
            let credentials = Credentials::new(Auth::bearer(format!("hunter{number}")));
            Ok(lifetime.map_or(credentials.clone(), |lifetime| credentials.expires_in(lifetime)))
        }
    });
    (auth, count)
}

fn client(auth: Auth, steps: &[Step]) -> (HttpClient, Log) {
    let (transport, log) = script(steps);
    (builder("http://x.org").auth(auth).transport(transport).build().unwrap(), log)
}

fn get(client: &HttpClient) -> Call<'_, String, std::convert::Infallible> {
    client.call::<Get>(Request::new(Get::INFO).path("id", &"1"))
}

#[tokio::test(start_paused = true)]
async fn fetched_once_and_kept() {
    let (auth, count) = tokens(None);
    let (client, log) = client(auth, &[OK]);
    for _ in 0..3 {
        get(&client).await.unwrap();
    }
    assert_eq!(log.headers("authorization"), ["Bearer hunter1"; 3]);
    assert!(log.requests()[0].headers()["authorization"].is_sensitive());
    assert_eq!(count.load(Ordering::Relaxed), 1);
}

#[tokio::test(start_paused = true)]
async fn fetched_anew_when_they_run_out() {
    let (auth, _) = tokens(Some(10 * SECOND));
    let (client, log) = client(auth, &[OK]);
    for wait in [0, 9, 2] {
        tokio::time::sleep(wait * SECOND).await;
        get(&client).await.unwrap();
    }
    assert_eq!(log.headers("authorization"), ["Bearer hunter1", "Bearer hunter1", "Bearer hunter2"]);
}

#[tokio::test(start_paused = true)]
async fn one_refresh_for_many_calls() {
    let (auth, count) = tokens(None);
    // The server accepts only the second token, and refuses the first at once, or after other calls have fetched the
    // second.
    let sent = AtomicU32::new(0);
    let transport = transport_fn(move |request: http::Request<Bytes>| {
        let delay = sent.fetch_add(1, Ordering::Relaxed) % 5 * SECOND;
        let known = request.headers()["authorization"] == "Bearer hunter2";
        let mut response = http::Response::new(Bytes::from_static(b"\"x\""));
        *response.status_mut() = if known { StatusCode::OK } else { StatusCode::UNAUTHORIZED };
        async move {
            tokio::time::sleep(delay).await;
            Ok(response)
        }
    });
    let client = builder("http://x.org").auth(auth).transport(transport).build().unwrap();
    let calls: Vec<_> = (0..50)
        .map(|_| {
            let client = client.clone();
            tokio::spawn(async move { get(&client).await.unwrap() })
        })
        .collect();
    for call in calls {
        assert_eq!(call.await.unwrap(), "x");
    }
    assert_eq!(count.load(Ordering::Relaxed), 2, "one at first, and one for all that were refused");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nobody_is_forgotten_when_threads_race() {
    let auth = Auth::refreshing(|| async {
        tokio::task::yield_now().await;
        tokio::time::sleep(Duration::from_micros(300)).await;
        tokio::task::yield_now().await;
        Ok(Credentials::new(Auth::bearer("hunter1")).expires_in(Duration::ZERO))
    });
    let (client, _) = client(auth, &[OK]);
    let calls: Vec<_> = (0..50)
        .map(|_| {
            let client = client.clone();
            tokio::spawn(async move {
                for _ in 0..20 {
                    get(&client).timeout(20 * SECOND).await.unwrap();
                }
            })
        })
        .collect();
    for call in calls {
        call.await.unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn goes_on_when_the_first_to_wait_is_dropped() {
    let (auth, count) = tokens(None);
    let (client, _) = client(auth, &[OK]);
    let spawn = |limit: Duration| {
        let client = client.clone();
        tokio::spawn(async move { get(&client).timeout(limit).await })
    };
    let (first, second) = (spawn(SECOND / 2), spawn(10 * SECOND));
    let error = first.await.unwrap().unwrap_err();
    assert!(error.is_timeout());
    assert_eq!(error.request().unwrap().attempts(), 0);
    assert_eq!(second.await.unwrap().unwrap(), "x");
    assert_eq!(count.load(Ordering::Relaxed), 1);
}

#[tokio::test(start_paused = true)]
async fn refused_once_is_tried_again_whatever_the_method() {
    let (auth, _) = tokens(None);
    let (client, log) = client(auth, &[UNAUTHORIZED, Step::Answer(201, &[], "\"made\"")]);
    let made = client.call::<Post>(Request::new(Post::INFO).body(&"Ada")).await.unwrap();
    assert_eq!(made, "made");
    assert_eq!(log.headers("authorization"), ["Bearer hunter1", "Bearer hunter2"]);
}

#[tokio::test(start_paused = true)]
async fn refused_twice_is_the_answer() {
    let (auth, count) = tokens(None);
    let (client, log) = client(auth, &[UNAUTHORIZED]);
    let error = client.call::<Post>(Request::new(Post::INFO)).await.unwrap_err();
    assert_eq!(error.declared(), Some(&PostError::Unauthorized));
    let error = get(&client).await.unwrap_err();
    assert_eq!((error.status(), error.is_undeclared_status()), (Some(StatusCode::UNAUTHORIZED), true));
    assert_eq!((log.count(), count.load(Ordering::Relaxed)), (4, 4));
    assert!(!format!("{error:?} {error}").contains("hunter"));
}

#[tokio::test(start_paused = true)]
async fn fixed_credentials_are_tried_once() {
    let (client, log) = client(Auth::bearer("hunter2"), &[UNAUTHORIZED]);
    assert!(get(&client).await.is_err());
    assert_eq!(log.count(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_source_that_fails() {
    let auth = Auth::refreshing(|| async { Err("the password hunter2 is wrong".into()) });
    let (client, log) = client(auth, &[OK]);
    let error = get(&client).await.unwrap_err();
    assert!(error.is_auth() && !error.is_retryable());
    assert_eq!(error.to_string(), "users.get (GET http://x.org/users/1): no credentials: their source has failed");
    assert!(!format!("{error:?}").contains("hunter2"));
    assert_eq!(error.source().unwrap().to_string(), "the password hunter2 is wrong");
    assert_eq!(log.count(), 0);
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_sent() {
    for auth in [Auth::bearer("hunter2\n"), tokens(None).0] {
        let auth = Auth::refreshing(move || std::future::ready(Ok(auth.clone().into())));
        let (client, _) = client(auth, &[OK]);
        let error = get(&client).await.unwrap_err();
        assert!(error.is_auth() && !format!("{error:?} {}", error.source().unwrap()).contains("hunter2"));
    }
}

#[tokio::test(start_paused = true)]
async fn a_source_that_panics_hurts_those_only_who_poll_it() {
    let count = Count::default();
    let fetched = Arc::clone(&count);
    let auth = Auth::refreshing(move || {
        let first = fetched.fetch_add(1, Ordering::Relaxed) == 0;
        async move {
            tokio::time::sleep(SECOND).await;
            assert!(!first, "the source is broken");
            Ok(Auth::bearer("hunter2").into())
        }
    });
    let (client, _) = client(auth, &[OK]);
    let spawn = || {
        let client = client.clone();
        tokio::spawn(async move { get(&client).await })
    };
    let calls = [spawn(), spawn()];
    let mut panics = 0;
    for call in calls {
        match call.await {
            Ok(result) => assert!(result.unwrap_err().is_auth()),
            Err(error) => panics += u32::from(error.is_panic()),
        }
    }
    assert_eq!(panics, 1);
    assert_eq!(get(&client).await.unwrap(), "x");
}

#[tokio::test(start_paused = true)]
async fn a_source_that_waits_for_itself() {
    static CLIENT: OnceLock<HttpClient> = OnceLock::new();
    let auth = Auth::refreshing(|| async { Ok(Auth::bearer(get(CLIENT.get().unwrap()).await?).into()) });
    let client = CLIENT.get_or_init(|| client(auth, &[OK]).0);
    let error = get(client).timeout(40 * SECOND).await.unwrap_err();
    assert!(error.is_auth());
    assert!(error.source().unwrap().to_string().ends_with("timed out"));
}

#[tokio::test(start_paused = true)]
async fn a_header_of_the_call_wins() {
    let (auth, count) = tokens(None);
    let (client, log) = client(auth, &[OK, UNAUTHORIZED]);
    let call = || get(&client).header("Authorization", "Bearer mine");
    call().await.unwrap();
    assert_eq!(call().await.unwrap_err().status(), Some(StatusCode::UNAUTHORIZED));
    assert_eq!(log.headers("authorization"), ["Bearer mine", "Bearer mine"]);
    assert_eq!(count.load(Ordering::Relaxed), 1, "the token is not to blame");
}

#[tokio::test(start_paused = true)]
async fn nothing_secret_is_shown() {
    let (auth, _) = tokens(None);
    let shown = format!("{auth:?} {:?}", builder("http://x.org").auth(auth.clone()));
    let (client, _) = client(auth, &[OK]);
    let call = get(&client);
    let shown = format!("{shown} {client:?} {call:?} {:?}", Credentials::new(Auth::basic("user", "hunter1")));
    call.await.unwrap();
    assert!(!format!("{shown} {client:?}").contains("hunter"), "{shown}");
}

/// A third-party error, as login functions have.
#[derive(Debug)]
struct Refused(&'static str);

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0)
    }
}

impl std::error::Error for Refused {}

#[tokio::test(start_paused = true)]
async fn functions_with_an_error_type_of_their_own() {
    async fn log_in() -> Result<Auth, Refused> {
        Ok(Auth::bearer("t"))
    }
    async fn refuse() -> Result<Credentials, Refused> {
        Err(Refused("the password hunter2 is wrong"))
    }
    let (one, log) = client(Auth::refreshing_with(log_in), &[OK]);
    get(&one).await.unwrap();
    assert_eq!(log.headers("authorization"), ["Bearer t"]);
    // By name, by `?` in a closure, as a message, and as the error of another generated client.
    let by_question_mark = || async {
        refuse().await?;
        Ok(Credentials::new(Auth::none()))
    };
    let any = || async {
        Err::<Credentials, _>(apigen_runtime::AnyError::from(apigen_runtime::Error::<std::convert::Infallible>::other(
            "refused",
        )))
    };
    let sources = [
        (Auth::refreshing_with(refuse), true),
        (Auth::refreshing(by_question_mark), true),
        (Auth::refreshing_with(|| async { Err::<Auth, _>("no password") }), false),
        (Auth::refreshing_with(any), false),
    ];
    for (auth, own) in sources {
        let (one, log) = client(auth, &[OK]);
        let error = get(&one).await.unwrap_err();
        assert!(error.is_auth() && !format!("{error} {error:?}").contains("hunter2"), "{error}");
        assert_eq!(error.source().unwrap().is::<Refused>(), own);
        assert_eq!(log.count(), 0);
    }
}
