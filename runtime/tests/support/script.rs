//! A transport that responds by a list, and records what was sent when.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use apigen_runtime::{
    bytes::Bytes,
    client::{Transport, TransportError, transport_fn},
};
use tokio::time::Instant;

/// The response to one request.
#[derive(Clone, Copy)]
pub enum Step {
    /// A status, headers, and a body.
    Answer(u16, &'static [(&'static str, &'static str)], &'static str),
    /// No response.
    Fail(fn() -> TransportError),
    /// A response that never arrives.
    Hang,
}

pub const OK: Step = Step::Answer(200, &[], "\"x\"");
pub const BUSY: Step = Step::Answer(503, &[], "");

pub fn connect() -> TransportError {
    TransportError::connect("refused")
}

type Sent = (Instant, http::Request<Bytes>);

/// The requests that were sent.
#[derive(Clone, Default)]
pub struct Log(Arc<Mutex<Vec<Sent>>>);

impl Log {
    pub fn count(&self) -> usize {
        self.0.lock().unwrap().len()
    }

    /// Returns the times between successive requests.
    pub fn waits(&self) -> Vec<Duration> {
        self.0.lock().unwrap().windows(2).map(|pair| pair[1].0 - pair[0].0).collect()
    }

    /// Returns a header of each request.
    pub fn headers(&self, name: &str) -> Vec<String> {
        let text = |request: &http::Request<Bytes>| request.headers()[name].to_str().unwrap().to_owned();
        self.0.lock().unwrap().iter().map(|(_, request)| text(request)).collect()
    }

    pub fn requests(&self) -> Vec<http::Request<Bytes>> {
        self.0.lock().unwrap().iter().map(|(_, request)| request.clone()).collect()
    }
}

/// Creates a transport that takes one step for each request; the last one repeats.
pub fn script(steps: &[Step]) -> (impl Transport + use<>, Log) {
    let (steps, log) = (steps.to_vec(), Log::default());
    let sent = log.clone();
    let transport = transport_fn(move |request| {
        let mut sent = sent.0.lock().unwrap();
        let step = steps[sent.len().min(steps.len() - 1)];
        sent.push((Instant::now(), request));
        take(step)
    });
    (transport, log)
}

async fn take(step: Step) -> Result<http::Response<Bytes>, TransportError> {
    match step {
        Step::Answer(status, headers, body) => {
            let mut response = http::Response::builder().status(status);
            for (name, value) in headers {
                response = response.header(*name, *value);
            }
            Ok(response.body(Bytes::from_static(body.as_bytes())).unwrap())
        }
        Step::Fail(error) => Err(error()),
        Step::Hang => std::future::pending().await,
    }
}
