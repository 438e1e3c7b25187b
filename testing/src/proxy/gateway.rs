//! What all connections share, and the first step of each exchange.

use std::convert::Infallible;
use std::sync::Arc;

use apigen_runtime::server::BodyMemory;
use apigen_runtime::validate::schema::Schema;
use bytes::Bytes;
use http::{Method, Request, Response, StatusCode};
use hyper::body::Incoming;

use super::body::{PassedBody, ReadAhead};
use super::coverage::Live;
use super::exchange::Exchange;
use super::in_flight::{Answered, Ended, InFlight, Verdict};
use super::listener::Connection;
use super::record::ExampleFolder;
use super::settings::Settings;
use super::upstream::Upstream;
use super::{answer, control, headers};
use crate::exchange::{Capture, ExchangeLog, Seen};
use crate::service::LoadedService;

/// What all connections share.
pub(super) struct Gateway {
    pub service: Arc<LoadedService>,
    pub schema: Arc<Schema>,
    pub settings: Settings,
    pub coverage: Live,
    pub upstream: Upstream,
    pub memory: BodyMemory,
    pub log: Option<(Capture, ExchangeLog)>,
    pub examples: Option<ExampleFolder>,
}

impl Gateway {
    /// Passes a request on and returns the response.
    pub async fn pass(
        self: &Arc<Self>,
        connection: &Connection,
        mut request: Request<Incoming>,
    ) -> Result<Response<PassedBody>, Infallible> {
        if let Some(response) = control::answer(self, connection.peer, &request) {
            return Ok(whole(response));
        }
        if *request.method() == Method::CONNECT {
            return Ok(whole(answer::message(StatusCode::NOT_IMPLEMENTED, "this proxy opens no tunnels")));
        }
        let judged = self.settings.judged.without(control::skipped(self, connection.peer, request.headers()));
        control::OWN.iter().for_each(|name| drop(request.headers_mut().remove(name)));
        let upgrade = headers::upgrade(request.headers()).map(|_| hyper::upgrade::on(&mut request));
        let (head, body) = request.into_parts();
        let head = Request::from_parts(head, ());
        let operation = self.coverage.position(self.schema.operation(head.method().as_str(), head.uri().path()));
        let flight = InFlight::new(self, head, operation, judged);
        let exchange = Exchange { gateway: self, connection, flight };
        Ok(exchange.run(body, upgrade).await)
    }

    /// Returns the service and its version as a JSON object.
    pub fn version(&self) -> String {
        let service = self.service.service();
        serde_json::json!({ "service": service.name, "spec": service.version, "apigen": env!("CARGO_PKG_VERSION") })
            .to_string()
    }

    /// Returns true if bodies are wanted after they were judged.
    pub fn keeps_bodies(&self) -> bool {
        self.log.is_some() || self.examples.is_some() || self.settings.mock.is_some()
    }

    /// Handles an exchange of which both messages have ended.
    pub fn completed(&self, flight: &InFlight, request: &Ended, response: &Answered) {
        if self.log.is_none() && self.examples.is_none() {
            return;
        }
        let (asked, given) = (flight.whole_request(request), response.whole(self.settings.limits.body));
        if let Some((capture, log)) = &self.log {
            let violations =
                |ended: &Ended| ended.verdict.violations().map_or(Vec::new(), |all| all.as_slice().to_vec());
            let captured = capture.capture(&Seen {
                at: flight.at,
                duration: flight.began.elapsed(),
                operation: flight.operation(),
                request: &asked,
                response: Some(&given),
                request_violations: &violations(request),
                response_violations: &violations(&response.ended),
                truncated: request.body.is_none() || response.ended.body.is_none(),
            });
            log.append(&captured.exchange);
        }
        let is_valid = |ended: &Ended| matches!(ended.verdict, Verdict::Valid);
        if let Some(folder) = self.examples.as_ref().filter(|_| is_valid(request) && is_valid(&response.ended)) {
            folder.keep(asked, given);
        }
    }
}

/// Returns a response with this body.
pub(super) fn whole(response: Response<Bytes>) -> Response<PassedBody> {
    response.map(|body| PassedBody::plain(ReadAhead::full(body)))
}
