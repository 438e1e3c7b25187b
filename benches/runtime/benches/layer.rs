//! The cost of the validating layer for a request whose body the server reads anyway.
//!
//! `APIGEN_CORPUS=… cargo bench -p runtime-benches --bench layer`. Requests of 1 KB go through the same service with
//! and without the layer in turn, without a socket, which is the same for both; CPU time of the thread, minimum of nine
//! rounds. The budget is 3 µs. Nine tenths of the cost (counted in instructions) is reading the body, so the last two
//! rows read it without a server: they distinguish a slow machine from a slow layer.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a failure ends the run")]

use std::convert::Infallible;
use std::hint::black_box;
use std::path::PathBuf;
use std::task::{Context, Poll, Waker};

use apigen_runtime::{FromJson, server::ValidationLayer};
use bytes::Bytes;
use cpu_time::ThreadTime;
use http::{Request, Response};
use http_body::Body;
use http_body_util::{BodyExt, Full};
use tower::Service;
use tower_layer::Layer;

const REQUESTS: u32 = 20_000;
const ROUNDS: usize = 9;

#[expect(clippy::print_stdout, reason = "a benchmark prints its table")]
fn main() {
    let Some(corpus) = std::env::var_os("APIGEN_CORPUS").map(PathBuf::from) else {
        println!("skipped: APIGEN_CORPUS names no folder of API Builder documents");
        return;
    };
    println!("{:34} {:>14} {:>10}", "a POST of 1 KB", "CPU µs each", "added, µs");
    let body = Bytes::from(std::fs::read(corpus.join("bench/order_1k_valid.json")).unwrap());
    let observe = ValidationLayer::observe(order::validator());
    let sampled = observe.clone().responses(1.0);
    let enforce = ValidationLayer::enforce(order::validator());
    let mut least = [f64::MAX; 6];
    for _ in 0..ROUNDS {
        let rounds = [
            round(&mut tower::service_fn(read), &body),
            round(&mut observe.layer(tower::service_fn(read)), &body),
            round(&mut sampled.layer(tower::service_fn(read)), &body),
            round(&mut enforce.layer(tower::service_fn(read)), &body),
            each(|| drop(black_box(order::Order::from_json(&body)))),
            each(|| drop(black_box(serde_json::from_slice::<serde_json::Value>(&body)))),
        ];
        least.iter_mut().zip(rounds).for_each(|(least, round)| *least = least.min(round));
    }
    assert!(observe.stats().requests() > 0 && observe.stats().invalid_requests() == 0, "{:?}", observe.stats());
    let names = ["without the layer", "observed", "observed, all responses too", "enforced"];
    for (name, each) in names.iter().zip(least) {
        println!("{name:34} {each:>14.2} {:>10.2}", each - least[0]);
    }
    println!("{:34} {:>14.2}", "the body alone, read and validated", least[4]);
    println!("{:34} {:>14.2}", "the body alone, by serde_json", least[5]);
}

/// Returns the microseconds per iteration.
fn each(mut this: impl FnMut()) -> f64 {
    let start = ThreadTime::now();
    (0..REQUESTS).for_each(|_| this());
    start.elapsed().as_secs_f64() * 1e6 / f64::from(REQUESTS)
}

/// A server that reads the request body.
async fn read<B: Body<Error: std::fmt::Debug>>(request: Request<B>) -> Result<Response<Full<Bytes>>, Infallible> {
    black_box(request.into_body().collect().await.unwrap().to_bytes());
    Ok(Response::builder().status(201).body(Full::from("{}")).unwrap())
}

/// Returns the microseconds per request.
fn round<S, R>(service: &mut S, body: &Bytes) -> f64
where
    S: Service<Request<Full<Bytes>>, Response = Response<R>, Error = Infallible>,
    R: Body<Error = Infallible>,
{
    let start = ThreadTime::now();
    for _ in 0..REQUESTS {
        let request = Request::post("/orders")
            .header("host", "localhost")
            .header("accept", "application/json")
            .header("content-type", "application/json")
            .header("user-agent", "bench");
        let request = request.body(Full::new(body.clone())).unwrap();
        black_box(ready(async { ready_body(service.call(request).await.unwrap()).await }));
    }
    start.elapsed().as_secs_f64() * 1e6 / f64::from(REQUESTS)
}

async fn ready_body<R: Body<Error = Infallible>>(response: Response<R>) -> Bytes {
    response.into_body().collect().await.unwrap().to_bytes()
}

/// Returns the value of a future that never waits.
fn ready<T>(future: impl Future<Output = T>) -> T {
    match std::pin::pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("nothing waits"),
    }
}
