//! Makes records of exchanges.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use apigen_model::behaviour::looks_sensitive;
use apigen_runtime::http::{Request, Response};
use apigen_runtime::testing::{RedactedBody, RedactedExchange, RedactedMessage, Redactor};
use apigen_runtime::validate::MessageViolation;
use apigen_runtime::validate::schema::{Operation, Schema};

use super::{Body, Exchange, ExchangeViolation, Message, MessageSide, ResponseMessage};
use crate::finding::Finding;

/// Makes records of the exchanges of a service, without their sensitive values.
#[derive(Debug, Clone)]
pub struct Capture {
    schema: Arc<Schema>,
    redactor: Redactor,
    service: Arc<str>,
    spec: Arc<str>,
    environment: Option<Arc<str>>,
}

/// An exchange as it was seen, with its sensitive values.
#[derive(Debug, Clone, Copy)]
pub struct Seen<'s, B, C> {
    /// When the request arrived.
    pub at: SystemTime,
    /// The time from the request to the end of the response.
    pub duration: Duration,
    /// The operation that the request is for, if there is one.
    pub operation: Option<&'s Operation>,
    /// The request, with its decoded body.
    pub request: &'s Request<B>,
    /// The response, with its decoded body.
    pub response: Option<&'s Response<C>>,
    /// What is wrong with the request.
    pub request_violations: &'s [MessageViolation],
    /// What is wrong with the response.
    pub response_violations: &'s [MessageViolation],
    /// Whether a body was cut off.
    pub truncated: bool,
}

/// The record of an exchange, and its violations as findings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Captured {
    /// The record.
    pub exchange: Exchange,
    /// One finding for each violation, without places in the spec.
    pub findings: Vec<Finding>,
}

impl Capture {
    /// Creates the capture of a service with this name, whose spec has this version. Sensitive values become pseudonyms, and
    /// what the spec does not declare is dropped.
    pub fn new(service: &str, spec: &str, schema: Arc<Schema>) -> Capture {
        let redactor = Redactor::new().sensitive_names(looks_sensitive);
        Capture { schema, redactor, service: service.into(), spec: spec.into(), environment: None }
    }

    /// Sets where the service runs, such as `sandbox`.
    #[must_use]
    pub fn environment(self, name: &str) -> Capture {
        Capture { environment: Some(name.into()), ..self }
    }

    /// Changes how sensitive values are replaced: `capture.redaction(|redactor| redactor.hide("email"))`.
    #[must_use]
    pub fn redaction(self, change: impl FnOnce(Redactor) -> Redactor) -> Capture {
        Capture { redactor: change(self.redactor), ..self }
    }

    /// Makes the record of an exchange.
    pub fn capture<B: AsRef<[u8]>, C: AsRef<[u8]>>(&self, seen: &Seen<'_, B, C>) -> Captured {
        let Seen { operation, request, response, request_violations, response_violations, .. } = *seen;
        let mut redacted = self.redactor.exchange(&self.schema, operation, request, response);
        let id = operation.map(|operation| operation.info().id);
        let (mut violations, mut findings) = (Vec::new(), Vec::new());
        for (side, all) in [(MessageSide::Request, request_violations), (MessageSide::Response, response_violations)] {
            for violation in all {
                let finding = Finding::of_violation(id, side.sender(), violation);
                let finding = self.without_values(finding, violation, &redacted);
                violations.push(ExchangeViolation {
                    side,
                    location: Cow::Borrowed(violation.location.as_str()),
                    pointer: finding.pointer.clone(),
                    code: Cow::Borrowed(violation.violation.code.as_str()),
                    message: finding.message.clone(),
                });
                findings.push(finding);
            }
        }
        let status = response.map(|response| response.status().as_u16());
        let answer = redacted.response.take().map(message);
        let exchange = Exchange {
            at: seen.at,
            service: Arc::clone(&self.service),
            spec: Arc::clone(&self.spec),
            environment: self.environment.clone(),
            operation: id.map(Cow::Borrowed),
            method: request.method().as_str().to_owned(),
            target: redacted.target,
            duration: seen.duration,
            request: message(redacted.request),
            response: status.zip(answer).map(|(status, message)| ResponseMessage { status, message }),
            violations,
            redacted: redacted.pointers,
            truncated: seen.truncated,
        };
        Captured { exchange, findings }
    }

    /// Removes sensitive values from the texts of a finding. The validator has withheld those that the spec declares.
    fn without_values(
        &self,
        finding: Finding,
        violation: &MessageViolation,
        redacted: &RedactedExchange<'_>,
    ) -> Finding {
        let names = || std::iter::once(violation.name.as_str()).chain(violation.violation.pointer.split('/'));
        let is_hidden = names().any(|name| self.redactor.hides(name));
        let text = |text: &str| redacted.text(text);
        let Finding { pointer, expected, found, message, .. } = &finding;
        let (found, message) = match is_hidden {
            true => {
                let place = violation.location;
                let message = format!("{place} {pointer}: expected {expected}, found a sensitive value (withheld)");
                ("[REDACTED]".to_owned(), message)
            }
            false => (text(found), text(message)),
        };
        Finding { pointer: text(pointer), expected: text(expected), found, message, ..finding }
    }
}

fn message(redacted: RedactedMessage) -> Message {
    let headers = redacted.headers.into_iter().map(|(name, value)| (name.as_str().to_owned(), value));
    let body = match redacted.body {
        RedactedBody::None => Body::None,
        RedactedBody::Json(json) => Body::Json(json),
        RedactedBody::Text(text) => Body::Text(text),
        RedactedBody::Binary(bytes) => Body::Binary(bytes),
    };
    Message { headers: headers.collect(), body }
}
