//! Calls without HTTP, and the errors that mocks create.

use std::convert::Infallible;
use std::error::Error as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::Thread;
use std::time::Duration;

use crate::support::*;
use apigen_runtime::{
    AnyError, Call, Error, Operation,
    bytes::Bytes,
    client::{Auth, HttpClient, TransportError, transport_fn},
    codegen::{
        Request,
        empty::{EmptyResponse, nothing},
    },
    http::StatusCode,
    mock::Mock,
};

#[tokio::test]
async fn futures_and_ready_answers() {
    let call: Call<'_, i64, Infallible> = Call::from_future(async { Ok(1) });
    assert_eq!(call.header("X", "y").await.unwrap(), 1);
    let call: Call<'_, i64, PostError> = Call::ready(Err(PostError::Conflict("x".into()).into()));
    assert_eq!(call.await.unwrap_err().into_declared().unwrap(), PostError::Conflict("x".into()));
    let call: Call<'_, i64, Infallible> = Call::ready(Ok(2));
    let response = call.with_response().await.unwrap();
    assert_eq!((response.status(), *response), (StatusCode::OK, 2));
}

/// A mock of one operation.
fn mock() -> Mock<HttpClient> {
    static EMPTY: [EmptyResponse; 1] = [EmptyResponse::new("users.put", nothing)];
    Mock::new(&EMPTY)
}

fn put(mock: &Mock<HttpClient>) -> Call<'_, (), Infallible> {
    mock.client().send_as(Request::new(Put::INFO), || Put)
}

#[tokio::test]
async fn answers_of_operations_have_their_status() {
    let mock = mock();
    assert_eq!(put(&mock).header("X-Id", 7).with_response().await.unwrap().status(), StatusCode::NO_CONTENT);
    assert!(put(&mock).header("X-Id", "\n").await.unwrap_err().is_invalid_request());
    mock.on::<Put>().returns(());
    assert_eq!(put(&mock).with_response().await.unwrap().status(), StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn nothing_happens_before_await() {
    let call: Call<'_, (), PostError> = Call::from_future(async { panic!("called") });
    drop(call.into_future());
}

#[cfg(feature = "reqwest")]
#[tokio::test(start_paused = true)]
async fn time_limit_follows_the_clock_of_tokio() {
    let call: Call<'_, (), PostError> = Call::from_future(std::future::pending());
    assert!(call.timeout(Duration::from_secs(86_400)).await.unwrap_err().is_timeout());
}

#[tokio::test]
async fn time_limit_of_a_mock() {
    let mock = mock();
    mock.on::<Put>().answers_async(|_| std::future::pending());
    let error = put(&mock).timeout(Duration::from_millis(20)).await.unwrap_err();
    assert!(error.is_timeout());
    assert_eq!(error.to_string(), "users.put (PUT /users/:id): timed out");
}

#[test]
fn messages_of_made_errors() {
    let declared = Error::from(PostError::Conflict("taken".into()));
    assert_eq!(declared.to_string(), "409 Conflict: Conflict(\"taken\")");
    assert_eq!(declared.status(), Some(StatusCode::CONFLICT));
    let status =
        Error::<PostError>::undeclared_status(StatusCode::IM_A_TEAPOT, "short and stout").in_operation(Post::INFO);
    assert_eq!(
        status.to_string(),
        "users.post (POST /users): 418 I'm a teapot, expected 201, 401 or 409: short and stout"
    );
    let refused = Error::<Infallible>::transport(TransportError::connect("refused"));
    assert!(refused.is_connect());
    assert_eq!(refused.source().unwrap().to_string(), "refused");
    assert_eq!(Error::<Infallible>::other("not stubbed").to_string(), "not stubbed");
}

#[test]
fn errors_are_small() {
    assert!(size_of::<Error<[u64; 100]>>() <= 2 * size_of::<usize>());
    assert!(size_of::<Result<(), Error<PostError>>>() <= 2 * size_of::<usize>());
}

#[test]
fn long_bodies_are_cut() {
    let body = vec![b'x'; 3 << 20];
    let error = Error::<Infallible>::undeclared_status(StatusCode::BAD_GATEWAY, body);
    assert_eq!(error.body().unwrap().len(), 1 << 20);
    assert!(error.to_string().len() < 1200 && format!("{error:?}").len() < 2000);
}

#[test]
fn any_error_takes_all_and_gives_them_back() {
    fn several(first: Result<(), Error<PostError>>, second: Result<(), Error<Infallible>>) -> Result<(), AnyError> {
        first?;
        second?;
        Ok(())
    }
    let error = several(Err(PostError::Unauthorized.into()), Ok(())).unwrap_err();
    assert_eq!(error.downcast_ref::<Error<PostError>>().unwrap().declared(), Some(&PostError::Unauthorized));
    assert!(error.downcast_ref::<Error<Infallible>>().is_none());
    assert_eq!(error.status(), Some(StatusCode::UNAUTHORIZED));
    let error = several(Ok(()), Err(Error::transport(TransportError::timeout("late")))).unwrap_err();
    assert!(error.is_timeout());
    assert_eq!((error.to_string().as_str(), error.source().unwrap().to_string().as_str()), ("timed out", "late"));
    let _: Box<dyn std::error::Error + Send + Sync> = error.into();
}

#[test]
fn calls_and_futures_are_send() {
    fn send<T: Send>(_: &T) {}
    let call: Call<'_, String, PostError> = Call::ready(Ok(String::new()));
    send(&call);
    send(&call.into_future());
    fn shared<T: Clone + Send + Sync + 'static>() {}
    shared::<HttpClient>();
}

/// Runs a future on this thread, without tokio.
fn run<T>(future: impl Future<Output = T>) -> T {
    struct Unpark(Thread);

    impl Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }

    let waker = Waker::from(Arc::new(Unpark(std::thread::current())));
    let mut future = std::pin::pin!(future);
    loop {
        match future.as_mut().poll(&mut Context::from_waker(&waker)) {
            Poll::Ready(value) => return value,
            Poll::Pending => std::thread::park_timeout(Duration::from_secs(20)),
        }
    }
}

#[test]
fn any_executor_will_do() {
    let sent = AtomicU32::new(0);
    let transport = transport_fn(move |_| {
        let first = sent.fetch_add(1, Ordering::Relaxed) == 0;
        std::future::ready(match first {
            true => Err(TransportError::connect("refused")),
            false => Ok(http::Response::new(Bytes::from_static(b"\"x\""))),
        })
    });
    let auth = Auth::refreshing(|| async { Ok(Auth::bearer("t").into()) });
    let client = builder("http://x.org").auth(auth).transport(transport).build().unwrap();
    let get = || client.call::<Get>(Request::new(Get::INFO).path("id", &1));
    assert_eq!(run(get().into_future()).unwrap(), "x");
    let silent = transport_fn(|_| std::future::pending());
    let client = builder("http://x.org").transport(silent).timeout(Duration::from_millis(20)).build().unwrap();
    assert!(run(client.call::<Delete>(Request::new(Delete::INFO)).into_future()).unwrap_err().is_timeout());
}
