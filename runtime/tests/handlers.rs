//! Responses of handlers, and their reports: declared errors, errors of the program, their own responses, panics.
#![cfg(feature = "server")]
#![allow(missing_docs, clippy::unwrap_used, clippy::panic)]

use std::error::Error;
use std::fmt;
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::task::{Context as Task, Poll, Waker};

use apigen_runtime::{
    CallOf, Operation, OperationInfo,
    client::{BoxFuture, ResponseInfo},
    codegen::{Endpoint, Refusal, RequestReader, Serve, Served, error_responses},
    server::{Context, HandlerError, HandlerFailureKind, HandlerResult, Reply, Router},
};
use http::{Request, Response, StatusCode};
use tower::Service;

struct Client;

impl Served for Client {
    const ENDPOINTS: &'static [Endpoint] = &[];
}

#[derive(Debug, Clone, PartialEq)]
enum Failure {
    NotFound,
    Conflict(Vec<String>),
}

error_responses! { Failure { 404 => NotFound, 409 => Conflict(body) } }

macro_rules! operation {
    ($name:ident, $path:literal, [$($response:expr),*], $error:ty, $($constant:tt)*) => {
        struct $name(i32);

        impl Operation for $name {
            type Client = Client;
            type Output = String;
            type Error = $error;
            const INFO: &'static OperationInfo = &OperationInfo::new(stringify!($name), "GET", $path, &[$($response),*]);
        }

        impl Serve for $name {
            $($constant)*

            fn read(r: &mut RequestReader<'_>) -> Option<Self> {
                Some($name(r.required().query("n")?))
            }

            fn call<'a>(&'a self, _: &'a Client) -> CallOf<'a, Self> {
                unreachable!("nothing is called")
            }
        }
    };
}

operation!(
    Plain,
    "/plain",
    [ResponseInfo::success(200), ResponseInfo::error(404).unit(), ResponseInfo::error(409)],
    Failure,
);

/// 500 has a declared body.
#[derive(Debug)]
enum Down {
    Internal(Vec<String>),
}

error_responses! { Down { 500 => Internal(body) } }

operation!(
    Failing,
    "/failing",
    [ResponseInfo::success(200), ResponseInfo::error(500)],
    Down,
    const REFUSALS: &'static [Refusal] = &[Refusal::new(&[500], "<messages>")];
);

operation!(Secret, "/secret", [ResponseInfo::success(200).sensitive()], std::convert::Infallible,);

#[derive(Debug)]
struct Disk(std::io::Error);

impl fmt::Display for Disk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the disk is full of hunter2")
    }
}

impl Error for Disk {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&self.0)
    }
}

/// Like `anyhow::Error`: not an `Error`, but convertible to one.
struct Anything(Disk);

impl From<Anything> for Box<dyn Error + Send + Sync> {
    fn from(error: Anything) -> Self {
        Box::new(error.0)
    }
}

fn disk() -> Disk {
    Disk(std::io::Error::other("device 7"))
}

/// Panics when it is dropped.
struct Bomb;

impl Drop for Bomb {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            panic!("the bomb");
        }
    }
}

async fn plain(n: i32) -> HandlerResult<Plain> {
    let boxed = || -> Result<(), Box<dyn Error + Send + Sync>> { Err(Box::new(disk())) };
    match n {
        1 => Err(Failure::NotFound)?,
        2 => Err(Failure::Conflict(vec!["a".to_owned()]).into()),
        3 => Err(Reply::new(Failure::NotFound).header("X-Why", "gone"))?,
        4 => Err(HandlerError::from(Failure::NotFound).header("X-Why", "gone")),
        10 => Err(disk())?,
        11 => Err(Anything(disk()))?,
        12 => Err("a text, hunter2")?,
        13 => {
            boxed()?;
            "x".parse::<i32>()?;
            Ok(String::new().into())
        }
        14 => Err(HandlerError::new(disk()).message("try again")),
        15 => Ok(Reply::new("x".to_owned()).header("X-Broken", "a\nb")),
        20 => Err(HandlerError::status(StatusCode::SERVICE_UNAVAILABLE).header("Retry-After", 30)),
        21 => Err(HandlerError::status(StatusCode::SERVICE_UNAVAILABLE).message("Closed.").because(disk())),
        22 => Err(HandlerError::status(StatusCode::NOT_FOUND)),
        23 => Err(HandlerError::status(StatusCode::CONFLICT)),
        24 => {
            let page = Response::builder().status(418).header("Content-Type", "text/plain").body("teapot");
            Err(HandlerError::response(page?))
        }
        25 => Err(HandlerError::response(Response::builder().status(409).body("[\"a\"]")?)),
        26 => Err(HandlerError::status(StatusCode::CONTINUE)),
        27 => Err(HandlerError::status(StatusCode::FOUND).header("Location", "/else")),
        28 => Err(HandlerError::status(StatusCode::NO_CONTENT).message("nothing")),
        30 => panic!("hunter2 {n}"),
        31 => {
            let mut first = true;
            std::future::poll_fn(|cx| {
                if std::mem::take(&mut first) {
                    cx.waker().wake_by_ref();
                    return Poll::Pending;
                }
                panic!("later")
            })
            .await
        }
        _ => Ok("fine".to_owned().into()),
    }
}

type Told = Arc<Mutex<Vec<(HandlerFailureKind, u16, String, String)>>>;

fn router() -> (Router, Told) {
    #[cfg(feature = "tracing")]
    log::start();
    let told = Told::default();
    let own = Arc::clone(&told);
    let api = Arc::new(());
    let fail = |n: i32| {
        move || -> Result<String, Box<dyn Error + Send + Sync>> {
            if n == 30 { panic!("hunter2") } else { Err(Box::new(disk())) }
        }
    };
    let router = Router::new()
        .operation(&api, |&(), _: Context, o: Plain| -> BoxFuture<'_, HandlerResult<Plain>> {
            if o.0 == 33 {
                panic!("before the future");
            }
            if o.0 == 34 {
                let bomb = Bomb;
                return Box::pin(async move {
                    let _bomb = &bomb;
                    std::future::ready(()).await;
                    panic!("and the bomb")
                });
            }
            Box::pin(plain(o.0))
        })
        .operation(&api, move |&(), _: Context, o: Failing| -> BoxFuture<'_, HandlerResult<Failing>> {
            Box::pin(async move { Ok(fail(o.0)()?.into()) })
        })
        .operation(&api, move |&(), _: Context, o: Secret| -> BoxFuture<'_, HandlerResult<Secret>> {
            Box::pin(async move {
                if o.0 == 1 {
                    Err(disk())?;
                }
                Ok(fail(o.0)()?.into())
            })
        })
        .on_failure(move |failure| {
            let error = failure.error().map(ToString::to_string).unwrap_or_default();
            own.lock().unwrap().push((failure.kind(), failure.status().as_u16(), failure.to_string(), error));
        });
    (router, told)
}

/// Returns status, headers and body of a response.
fn get(router: &Router, uri: &str) -> (u16, Response<String>) {
    let request = Request::get(uri).body(String::new()).unwrap();
    let mut future = pin!(router.clone().call(request));
    for _ in 0..10 {
        if let Poll::Ready(Ok(response)) = future.as_mut().poll(&mut Task::from_waker(Waker::noop())) {
            let (head, body) = response.into_parts();
            let mut body = pin!(body);
            let frame = http_body::Body::poll_frame(body.as_mut(), &mut Task::from_waker(Waker::noop()));
            let bytes = match frame {
                Poll::Ready(Some(Ok(frame))) => frame.into_data().unwrap(),
                _ => Default::default(),
            };
            let response = Response::from_parts(head, String::from_utf8(bytes.to_vec()).unwrap());
            return (response.status().as_u16(), response);
        }
    }
    panic!("{uri} has no end")
}

const FAILED: &str = r#"{"code":"generic_error","messages":["the server failed to respond"]}"#;

#[test]
fn declared_errors_are_answered_as_declared() {
    let (router, told) = router();
    for (n, status, body, header) in [
        (0, 200, "\"fine\"", None),
        (1, 404, "", None),
        (2, 409, "[\"a\"]", None),
        (3, 404, "", Some("gone")),
        (4, 404, "", Some("gone")),
    ] {
        let (got, response) = get(&router, &format!("/plain?n={n}"));
        assert_eq!((got, response.body().as_str()), (status, body), "{n}");
        assert_eq!(response.headers().get("x-why").map(|value| value.to_str().unwrap()), header, "{n}");
    }
    assert_eq!(*told.lock().unwrap(), []);
}

#[test]
fn every_other_error_is_a_500_that_tells_nothing() {
    let (router, told) = router();
    let chain = "Plain (GET /plain) answered 500: the handler failed: the disk is full of hunter2: device 7";
    for (n, body, text) in [
        (10, FAILED, chain),
        (11, FAILED, chain),
        (12, FAILED, "Plain (GET /plain) answered 500: the handler failed: a text, hunter2"),
        (13, FAILED, chain),
        (14, r#"{"code":"generic_error","messages":["try again"]}"#, chain),
        (
            15,
            r#"{"code":"generic_error","messages":["the value of header `X-Broken` contains a control character"]}"#,
            "Plain (GET /plain) answered 500: the handler failed: the value of header `X-Broken` contains a control character",
        ),
        (
            26,
            r#"{"code":"generic_error","messages":["status 100 cannot be sent"]}"#,
            "Plain (GET /plain) answered 500: the handler failed: status 100 cannot be sent",
        ),
    ] {
        let (status, response) = get(&router, &format!("/plain?n={n}"));
        assert_eq!((status, response.body().as_str()), (500, body), "{n}");
        let told = std::mem::take(&mut *told.lock().unwrap());
        let told: Vec<_> = told.iter().map(|(kind, status, text, _)| (*kind, *status, text.as_str())).collect();
        assert_eq!(told, [(HandlerFailureKind::Error, 500, text)], "{n}");
    }
    let (status, response) = get(&router, "/failing?n=1");
    assert_eq!((status, response.body().as_str()), (500, r#"["the server failed to respond"]"#), "as declared");
}

#[test]
fn answers_of_ones_own_are_sent_and_reported_unless_declared() {
    let (router, told) = router();
    let own = |text: &str| format!(r#"{{"code":"generic_error","messages":["{text}"]}}"#);
    for (n, status, body, report) in [
        (
            20,
            503,
            own("Service Unavailable"),
            Some("status 503 is not declared by Plain (GET /plain), which has 200, 404, 409"),
        ),
        (21, 503, own("Closed."), Some("the handler failed: the disk is full of hunter2: device 7")),
        (22, 404, own("Not Found"), None),
        (23, 409, own("Conflict"), Some("body: expected an array, found an object")),
        (24, 418, "teapot".to_owned(), Some("status 418 is not declared")),
        (25, 409, "[\"a\"]".to_owned(), None),
        (27, 302, String::new(), Some("status 302 is not declared")),
        (28, 204, String::new(), Some("status 204 is not declared")),
    ] {
        let (got, response) = get(&router, &format!("/plain?n={n}"));
        assert_eq!((got, response.body()), (status, &body), "{n}");
        let told = std::mem::take(&mut *told.lock().unwrap());
        assert_eq!(told.len(), usize::from(report.is_some()), "{n}: {told:?}");
        assert!(told.iter().all(|(_, told, text, _)| *told == status && text.contains(report.unwrap())), "{told:?}");
    }
    assert_eq!(get(&router, "/plain?n=20").1.headers()["retry-after"], "30");
    assert_eq!(get(&router, "/plain?n=24").1.headers()["content-type"], "text/plain");
    assert_eq!(get(&router, "/plain?n=27").1.headers()["location"], "/else");
}

#[test]
fn panics_are_a_500_too() {
    let (router, told) = router();
    for (n, message) in [(30, "hunter2 30"), (31, "later"), (33, "before the future"), (34, "and the bomb")] {
        let (status, response) = get(&router, &format!("/plain?n={n}"));
        assert_eq!((status, response.body().as_str()), (500, FAILED), "{n}");
        let told = std::mem::take(&mut *told.lock().unwrap());
        let text = format!("Plain (GET /plain) answered 500: the handler panicked: {message}");
        let told: Vec<_> = told.iter().map(|(kind, status, text, _)| (*kind, *status, text.as_str())).collect();
        assert_eq!(told, [(HandlerFailureKind::Panic, 500, text.as_str())], "{n}");
    }
    // Panics of the listener and of `invalid` do not break the response.
    let broken = router.on_failure(|_| panic!("the listener")).invalid(|operation, _| panic!("{}", operation.id));
    assert_eq!(get(&broken, "/plain?n=10").0, 500);
    assert_eq!(get(&broken, "/plain?n=x").0, 500);
    assert_eq!(get(&broken, "/plain?n=0").0, 200);
}

/// A merged router keeps each of its own settings; the others come from the router that it is merged into.
#[test]
fn merged_routers_keep_what_they_were_told() {
    fn told_by(
        name: &'static str,
    ) -> (Told, impl Fn(&apigen_runtime::server::HandlerFailure<'_>) + Send + Sync + 'static) {
        let told = Told::default();
        let own = Arc::clone(&told);
        let tell = move |failure: &apigen_runtime::server::HandlerFailure<'_>| {
            own.lock().unwrap().push((failure.kind(), failure.status().as_u16(), name.to_owned(), failure.to_string()));
        };
        (told, tell)
    }
    fn refuse(
        status: u16,
    ) -> impl Fn(&'static OperationInfo, &apigen_runtime::validate::MessageViolations) -> Response<bytes::Bytes> {
        move |operation, _| Response::builder().status(status).body(operation.id.into()).unwrap()
    }
    let api = Arc::new(());
    let failing = || {
        Router::new().operation(&api, |&(), _: Context, _: Failing| -> BoxFuture<'_, HandlerResult<Failing>> {
            Box::pin(async { Err(disk())? })
        })
    };
    let secret = || {
        Router::new().operation(&api, |&(), _: Context, _: Secret| -> BoxFuture<'_, HandlerResult<Secret>> {
            Box::pin(async { Err(disk())? })
        })
    };
    let plain = Router::new().operation(&api, |&(), _: Context, _: Plain| -> BoxFuture<'_, HandlerResult<Plain>> {
        Box::pin(async { Err(disk())? })
    });
    let ((ours, tell), (theirs, tell_them)) = (told_by("ours"), told_by("theirs"));
    // Settings may be made before or after the merge; `secret` has only some of them.
    let before = failing().on_failure(tell_them).invalid(refuse(418)).body_limit(1);
    let router = plain.invalid(refuse(400)).merge(before).merge(secret().invalid(refuse(409))).on_failure(tell);
    for (path, invalid) in [("/plain", 400), ("/failing", 418), ("/secret", 409)] {
        assert_eq!(get(&router, &format!("{path}?n=x")).0, invalid, "{path}");
        assert_eq!(get(&router, &format!("{path}?n=1")).0, 500, "{path}");
    }
    let names = |told: &Told| told.lock().unwrap().iter().map(|(.., text)| text.clone()).collect::<Vec<_>>();
    let (ours, theirs) = (names(&ours), names(&theirs));
    assert!(ours.len() == 2 && ours[0].starts_with("Plain ") && ours[1].starts_with("Secret "), "{ours:?}");
    assert!(theirs.len() == 1 && theirs[0].starts_with("Failing "), "{theirs:?}");
    let debug = format!("{:?}", router);
    assert!(debug.contains("2097152"), "the limit of the one does not count for the other: {debug}");
    let post = |path: &str| status_of(&router, Request::get(path).body("too long".to_owned()).unwrap());
    assert_eq!((post("/failing?n=1"), post("/plain?n=1"), post("/nowhere")), (413, 500, 404));
}

fn status_of(router: &Router, request: Request<String>) -> u16 {
    let mut future = pin!(router.clone().call(request));
    match future.as_mut().poll(&mut Task::from_waker(Waker::noop())) {
        Poll::Ready(Ok(response)) => response.status().as_u16(),
        _ => panic!("the answer has no end"),
    }
}

#[test]
fn texts_of_errors_are_withheld_where_something_is_sensitive() {
    let (router, told) = router();
    for n in [0, 1, 30] {
        assert_eq!(get(&router, &format!("/secret?n={n}")).1.body(), FAILED);
    }
    let told = told.lock().unwrap();
    let texts: Vec<&str> = told.iter().map(|(_, _, text, _)| text.as_str()).collect();
    assert!(texts[1].contains("handlers::Disk, withheld as sensitive"), "{texts:?}");
    assert_eq!(
        texts[2],
        "Secret (GET /secret) answered 500: the handler panicked; the message is withheld as sensitive"
    );
    assert!(texts.iter().all(|text| !text.contains("hunter2")), "{texts:?}");
    assert!(told.iter().all(|(_, _, _, error)| error.contains("hunter2")), "whoever asks for it gets it");
}

#[test]
fn invalid_requests_know_their_operation() {
    let (router, _) = router();
    let router = router.invalid(|operation, violations| {
        let body = format!("{}: {violations}", operation.id);
        Response::builder().status(400).body(body.into()).unwrap()
    });
    let (status, response) = get(&router, "/failing?n=x");
    assert_eq!(status, 400);
    assert!(response.body().starts_with("Failing: query parameter n: expected"), "{}", response.body());
}

/// The log has the same as the listener, and no more.
#[cfg(feature = "tracing")]
#[test]
fn failures_are_logged() {
    let (router, _) = router();
    for uri in ["/plain?n=10", "/secret?n=1", "/plain?n=20"] {
        get(&router, uri);
    }
    let log = log::of_this_thread();
    assert!(
        log.contains("ERROR message=Plain (GET /plain) answered 500: the handler failed: the disk is full"),
        "{log}"
    );
    assert!(log.contains(r#"api.operation.id="Plain" http.response.status_code=500"#), "{log}");
    assert!(log.contains("handlers::Disk, withheld as sensitive"), "{log}");
    assert!(log.contains("WARN message=Plain (GET /plain) answered 503: the spec does not declare"), "{log}");
    assert_eq!(log.matches("hunter2").count(), 1, "the one that is not sensitive: {log}");
}

/// A subscriber for the whole process, set before anything is logged: `tracing` caches for each event whether the first
/// thread that reached it had a subscriber. Each test runs in a thread of its own and has a log of its own.
#[cfg(feature = "tracing")]
mod log {
    use std::cell::RefCell;
    use std::fmt::{Debug, Write};
    use std::sync::Once;

    use tracing::field::{Field, Visit};
    use tracing::span::{Attributes, Id, Record};
    use tracing::{Event, Metadata, Subscriber};

    thread_local! {
        static TEXT: RefCell<String> = const { RefCell::new(String::new()) };
    }

    pub fn start() {
        static START: Once = Once::new();
        START.call_once(|| tracing::subscriber::set_global_default(Log).unwrap());
    }

    pub fn of_this_thread() -> String {
        TEXT.take()
    }

    struct Log;

    impl Visit for Log {
        fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
            TEXT.with_borrow_mut(|text| write!(text, "{field}={value:?} ").unwrap());
        }
    }

    impl Subscriber for Log {
        fn enabled(&self, metadata: &Metadata<'_>) -> bool {
            metadata.target() == "apigen_runtime"
        }

        fn new_span(&self, _: &Attributes<'_>) -> Id {
            Id::from_u64(1)
        }

        fn event(&self, event: &Event<'_>) {
            TEXT.with_borrow_mut(|text| write!(text, "{} ", event.metadata().level()).unwrap());
            event.record(&mut Log);
        }

        fn record(&self, _: &Id, _: &Record<'_>) {}
        fn record_follows_from(&self, _: &Id, _: &Id) {}
        fn enter(&self, _: &Id) {}
        fn exit(&self, _: &Id) {}
    }
}
