//! The cost of a call: the generated client of `specs/location.json` against reqwest with `json()` into derived structs.
//!
//! `cargo bench -p runtime-benches --bench call`. Both call the same loopback server, which runs on a thread of its
//! own, over one connection each, and send the same request. Only the CPU time of the calling thread is counted,
//! including the kernel's; rounds alternate, and the result is the median of the ratios of neighbours. The budget is 1.03.
//! Then the same call of a mock, by each kind of response. The budget is 10 µs.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a failure ends the run")]

#[path = "call/derived.rs"]
mod derived;
#[path = "call/server.rs"]
mod server;

use std::time::Duration;

use apigen_runtime::client::{CONNECT_TIMEOUT, DEFAULT_TIMEOUT};
use cpu_time::ThreadTime;
use location::{Address, Client, MockAddresses, MockClient, Precision, addresses};
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use server::Server;

/// Calls in one round, and rounds of each side.
const CALLS: u32 = 1000;
const ROUNDS: usize = 41;

const IP: &str = "5.10.147.255";
const TEXT: &str = "12 rue de Rivoli, Paris";

const HEADERS: [(&str, &str); 6] = [
    ("accept", "application/json"),
    ("authorization", "Basic c2VjcmV0Og=="),
    ("user-agent", "apigen/0.1.0 local/location/0.0.1"),
    ("x-apidoc-version", "0.0.1"),
    ("x-apidoc-version-major", "0"),
    ("x-tenant", "public"),
];

#[expect(clippy::print_stdout, reason = "a benchmark prints its table")]
fn main() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let server = Server::start(derived::BODY);
    let ours = Client::builder(&server.url).api_key("secret").reqwest(settings().build().unwrap()).build().unwrap();
    let theirs = settings().default_headers(headers()).timeout(DEFAULT_TIMEOUT).build().unwrap();
    let mut ours = || runtime.block_on(generated(&ours));
    let mut theirs = || runtime.block_on(plain(&theirs, &server.url));
    let same = [(ours(), server.last()), (theirs(), server.last())];
    assert_eq!(same[0], same[1], "both sides send the same and read as much");

    let (mut ratios, mut ours_us, mut theirs_us) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..=ROUNDS {
        // The first side alternates too, so that neither always finds the caches as the other left them.
        let (a, b) = match round % 2 {
            0 => (time(&mut ours), time(&mut theirs)),
            _ => {
                let b = time(&mut theirs);
                (time(&mut ours), b)
            }
        };
        if round > 0 {
            ratios.push(a / b);
            ours_us.push(a);
            theirs_us.push(b);
        }
    }
    println!("{:24} {:>12} {:>12} {:>8} {:>15}", "CPU µs per call", "apigen", "reqwest", "ratio", "quartiles");
    let [low, median, high] = quartiles(ratios);
    let name = format!("GET, {} bytes", derived::BODY.len());
    let (ours, theirs) = (quartiles(ours_us)[1], quartiles(theirs_us)[1]);
    println!("{name:24} {ours:12.2} {theirs:12.2} {median:7.3}x {low:6.3} – {high:6.3}");

    println!("{:24} {:>12} {:>15}", "CPU µs per call", "mock", "quartiles");
    for (name, mock) in mocks() {
        // The journal, which keeps the latest calls, takes no memory of its own in the last rounds.
        let mut call = || runtime.block_on(generated(&mock));
        let [low, median, high] = quartiles((0..ROUNDS).map(|_| time(&mut call)).collect());
        println!("{name:24} {median:12.2} {low:6.2} – {high:6.2}");
    }
}

/// Returns clients of mocks, by what responds.
fn mocks() -> [(&'static str, Client); 4] {
    let ruled = MockClient::new();
    ruled.on::<addresses::Get>().when(|call| call.params.ip.is_some()).returns(vec![Address::default()]);
    let behind = MockClient::new();
    [
        ("empty", MockClient::new().into()),
        ("rule", ruled.into()),
        ("override", MockClient::new().with_addresses(One).into()),
        ("fall through to a mock", MockClient::new().fall_through(behind).into()),
    ]
}

struct One;

impl MockAddresses for One {
    async fn get(&self, _: addresses::GetParams) -> addresses::GetResult {
        Ok(vec![Address::default()])
    }
}

async fn generated(client: &Client) -> usize {
    let params = addresses::GetParams::new().ip(IP).address(TEXT).precision([Precision::City, Precision::Street]);
    client.addresses().get(params).await.unwrap().len()
}

async fn plain(client: &reqwest::Client, base: &str) -> usize {
    let query = [("ip", IP), ("address", TEXT), ("precision", "CI"), ("precision", "ST")];
    let request = client.get(format!("{base}/addresses")).query(&query);
    let response = request.send().await.unwrap().error_for_status().unwrap();
    response.json::<Vec<derived::Address>>().await.unwrap().len()
}

fn settings() -> reqwest::ClientBuilder {
    reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).connect_timeout(CONNECT_TIMEOUT)
}

fn headers() -> HeaderMap {
    HEADERS.map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value))).into_iter().collect()
}

/// Returns the CPU microseconds of one call.
fn time(call: &mut impl FnMut() -> usize) -> f64 {
    let start = ThreadTime::now();
    for _ in 0..CALLS {
        std::hint::black_box(call());
    }
    let spent: Duration = start.elapsed();
    spent.as_secs_f64() * 1e6 / f64::from(CALLS)
}

fn quartiles(mut values: Vec<f64>) -> [f64; 3] {
    values.sort_by(f64::total_cmp);
    [1, 2, 3].map(|quarter| values[values.len() * quarter / 4])
}
