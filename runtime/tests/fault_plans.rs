//! Fault plans: identical in every run, each fault with its error.
#![cfg(all(feature = "testing", feature = "reqwest"))]

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use crate::support::*;
use apigen_runtime::testing::{Decision, Fault, FaultPlan, Faults, Latency};
use apigen_runtime::{
    Error, Operation,
    bytes::Bytes,
    client::{HttpClient, RetryPolicy, Transport, transport_fn},
    codegen::Request,
    http::StatusCode,
};

const BODY: &str = r#""some text""#;

fn decisions(plan: &FaultPlan, operation: &str) -> Vec<Decision> {
    (0..1000).map(|call| plan.decide(operation, call)).collect()
}

fn share(decisions: &[Decision], fault: &Fault) -> usize {
    decisions.iter().filter(|decision| decision.fault.as_ref() == Some(fault)).count()
}

#[test]
fn decisions_follow_from_the_seed() {
    let plan = |seed| {
        let latency = Latency::uniform(Duration::from_millis(10), Duration::from_millis(30));
        FaultPlan::new().seed(seed).latency(latency).errors(0.1, Fault::Broken).errors(0.3, Fault::Cut(5))
    };
    let all = decisions(&plan(7), "users.get");
    assert_eq!(all, decisions(&plan(7), "users.get"));
    assert_ne!(all, decisions(&plan(8), "users.get"));
    assert_ne!(all, decisions(&plan(7), "users.put"));
    let (broken, cut) = (share(&all, &Fault::Broken), share(&all, &Fault::Cut(5)));
    assert!((70..130).contains(&broken) && (250..350).contains(&cut), "{broken} {cut}");
    // The same on every machine, now and later.
    let first: Vec<(u128, bool)> = all.iter().take(4).map(|d| (d.delay.as_micros(), d.fault.is_some())).collect();
    assert_eq!(first, [(19144, true), (11571, false), (10895, false), (13515, true)]);
    let never = decisions(&FaultPlan::new().errors(0.0, Fault::Hang).errors(-1.0, Fault::Broken), "users.get");
    assert!(never.iter().all(|decision| decision.fault.is_none() && decision.delay.is_zero()));
}

#[test]
fn plans_concern_operations_or_resources() {
    let plan =
        FaultPlan::new().errors(1.0, Fault::Refused).only("users.get").only("addresses").except("addresses.post");
    let concerned = ["users.get", "users.get_by_guid", "users", "addresses.get", "addresses.post", "address.get"];
    let concerned: Vec<&str> = concerned.into_iter().filter(|id| plan.decide(id, 0).fault.is_some()).collect();
    assert_eq!(concerned, ["users.get", "addresses.get"]);
}

#[test]
fn latencies_have_their_form() {
    let ms = Duration::from_millis;
    let times = |latency| {
        let mut times: Vec<Duration> =
            decisions(&FaultPlan::new().latency(latency), "x").iter().map(|decision| decision.delay).collect();
        times.sort();
        (times[0], times[500], times[999], times.iter().sum::<Duration>() / 1000)
    };
    assert_eq!(times(Latency::fixed(ms(5))), (ms(5), ms(5), ms(5), ms(5)));
    let (least, middle, most, _) = times(Latency::uniform(ms(10), ms(20)));
    assert!(least >= ms(10) && most <= ms(20) && middle > ms(14) && middle < ms(16), "{least:?} {middle:?} {most:?}");
    let (least, _, most, mean) = times(Latency::normal(ms(100), ms(10)));
    assert!(least > ms(40) && most < ms(160) && mean > ms(98) && mean < ms(102), "{least:?} {mean:?} {most:?}");
    let (_, middle, most, mean) = times(Latency::exponential(ms(100)));
    assert!(middle > ms(55) && middle < ms(85) && most > ms(400) && mean > ms(90) && mean < ms(110), "{middle:?}");
    assert_eq!(times(Latency::exponential(ms(100)).at_most(ms(150))).2, ms(150));
    assert_eq!(times(Latency::uniform(ms(9), ms(3))).2, ms(9));
}

struct Shop {
    client: HttpClient,
    served: Arc<AtomicUsize>,
}

/// Creates a client whose calls all have this fault.
fn shop(fault: Fault) -> Shop {
    let served = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&served);
    let real = transport_fn(move |_| {
        count.fetch_add(1, Ordering::Relaxed);
        async { Ok(http::Response::new(Bytes::from(BODY))) }
    });
    Shop { client: client(Faults::new(real).errors(1.0, fault)), served }
}

fn client(transport: impl Transport) -> HttpClient {
    builder("http://localhost").transport(transport).retry(RetryPolicy::never()).build().unwrap()
}

/// Returns the error of a call with this fault; the server must have seen this number of requests.
async fn error(fault: Fault, served: usize) -> Error<Infallible> {
    let shop = shop(fault);
    let error = shop.client.call::<Get>(Request::new(Get::INFO).path("id", &"u1")).await.unwrap_err();
    assert_eq!(shop.served.load(Ordering::Relaxed), served);
    error
}

#[tokio::test]
async fn each_fault_is_the_error_that_it_stands_for() {
    assert!(error(Fault::Refused, 0).await.is_connect());
    assert!(error(Fault::Timeout, 0).await.is_timeout());
    assert!(error(Fault::Broken, 0).await.is_retryable());
    let cut = error(Fault::Cut(3), 1).await;
    assert!(cut.is_transport() && cut.is_retryable());
    assert!(error(Fault::Truncated, 1).await.is_decode());
    assert!(error(Fault::Content("<html>".into()), 1).await.is_decode());
    let busy = Fault::status(StatusCode::SERVICE_UNAVAILABLE)
        .with_body("busy")
        .with_header(http::header::RETRY_AFTER, "7".parse().unwrap());
    let busy = error(busy, 0).await;
    assert_eq!((busy.status(), busy.body()), (Some(StatusCode::SERVICE_UNAVAILABLE), Some(&b"busy"[..])));
    assert_eq!(busy.retry_after(), Some(Duration::from_secs(7)));
}

#[tokio::test(start_paused = true)]
async fn time_passes() {
    let shop = shop(Fault::Hang);
    let call = shop.client.call::<Get>(Request::new(Get::INFO).path("id", &"u1"));
    let started = tokio::time::Instant::now();
    assert!(call.timeout(Duration::from_secs(3)).await.unwrap_err().is_timeout());
    assert_eq!(started.elapsed(), Duration::from_secs(3));
    let real = transport_fn(|_| async { Ok(http::Response::new(Bytes::from(BODY))) });
    let slow = client(Faults::new(real).seed(1).latency(Latency::fixed(Duration::from_secs(2))));
    slow.call::<Get>(Request::new(Get::INFO).path("id", &"u1")).await.unwrap();
    assert_eq!(started.elapsed(), Duration::from_secs(5));
}

#[test]
fn one_byte_is_flipped() {
    let spoilt: Vec<Bytes> = (0..200_u64)
        .map(|draw| {
            let draw = draw.wrapping_mul(0x9e37_79b9_7f4a_7c15);
            Fault::Flipped.spoil(draw, http::Response::new(Bytes::from(BODY))).unwrap().into_body()
        })
        .collect();
    for body in &spoilt {
        let different = body.iter().zip(BODY.bytes()).filter(|(a, b)| **a != *b).count();
        assert_eq!((body.len(), different), (BODY.len(), 1));
    }
    let empty = Fault::Flipped.spoil(3, http::Response::new(Bytes::new())).unwrap();
    assert!(empty.body().is_empty());
    assert!(Fault::Cut(100).spoil(3, http::Response::new(Bytes::from(BODY))).is_ok());
}
