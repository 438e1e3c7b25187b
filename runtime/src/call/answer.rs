use bytes::Bytes;
use http::response::Parts;
use http::{HeaderMap, Response, StatusCode};

use super::failure::{Failure, Kind, SentRequest};
use super::options::ValidationPolicy;
use super::response::Head;
use super::response_slot::Read;
use crate::json::{Mode, Reader, Violations};
use crate::operation::{OperationInfo, ResponseInfo, text_as_json};

/// A response with a declared status.
pub(crate) struct Answer {
    info: &'static OperationInfo,
    request: SentRequest,
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
    success: bool,
    declared: &'static ResponseInfo,
}

/// Facts about a decoded response, apart from its value.
#[derive(Default)]
pub(crate) struct Seen {
    pub(crate) status: Option<StatusCode>,
    pub(crate) attempts: u32,
    pub(crate) unknown_values: u32,
    pub(crate) violations: usize,
}

impl Answer {
    /// Creates the answer that is declared for the status of a response, or `otherwise`; without either, the failure.
    pub(crate) fn new(
        info: &'static OperationInfo,
        request: SentRequest,
        response: Response<Bytes>,
        otherwise: Option<(&'static ResponseInfo, bool)>,
    ) -> Result<Answer, Box<Failure>> {
        let (Parts { status, headers, .. }, body) = response.into_parts();
        let Some((declared, success)) = info.response(status.as_u16()).or(otherwise) else {
            let mut failure = Failure::of(Some(info), Kind::Status);
            failure.request = Some(request);
            failure.set_response(status, headers, body);
            return Err(failure);
        };
        Ok(Answer { info, request, status, headers, body, success, declared })
    }

    /// Decodes the body into `slot`; returns the failure if it is not a success.
    pub(crate) fn judge(
        self,
        validation: ValidationPolicy,
        slot: &mut dyn Read,
        head: &mut Head,
        seen: &mut Seen,
    ) -> Option<Box<Failure>> {
        (seen.status, seen.attempts) = (Some(self.status), self.request.attempts);
        seen.violations = self.request.violations;
        let outcome = self.validate(validation, slot, seen);
        if let Ok(true) = outcome {
            slot.received(Some(&self.body));
        }
        let kind = match (outcome, self.success) {
            (Ok(true), true) => {
                *head = Head { status: self.status, headers: self.headers };
                return None;
            }
            (Ok(true), false) => Kind::Declared,
            // Nothing was read and there is no violation: this status has no type (`Infallible`).
            (Ok(false), _) => Kind::Status,
            (Err(violations), _) => {
                slot.received(None);
                Kind::Decode(violations)
            }
        };
        let mut failure = Failure::of(Some(self.info), kind);
        failure.request = Some(self.request);
        failure.set_response(self.status, self.headers, self.body);
        Some(failure)
    }

    fn validate(&self, validation: ValidationPolicy, slot: &mut dyn Read, seen: &mut Seen) -> Result<bool, Violations> {
        match validation {
            ValidationPolicy::Off => self.read(&Mode::lenient(), slot, seen),
            ValidationPolicy::Reject => self.read(&Mode::strict(), slot, seen),
            ValidationPolicy::Report => self.read(&Mode::strict(), slot, seen).or_else(|violations| {
                seen.violations += violations.as_slice().len();
                #[cfg(feature = "tracing")]
                log_violations(self.info, &violations);
                slot.received(None);
                self.read(&Mode::lenient(), slot, seen)
            }),
        }
    }

    /// Decodes the body; one that the spec declares as `unit`, or that is empty, is decoded as `null`.
    fn read(&self, mode: &Mode, slot: &mut dyn Read, seen: &mut Seen) -> Result<bool, Violations> {
        if let Some(json) = text_as_json(self.declared, &self.headers, &self.body)? {
            return self.decode(json.as_bytes(), mode, slot, seen);
        }
        let unit = self.declared.unit;
        let blank = self.body.iter().all(u8::is_ascii_whitespace);
        if unit || blank {
            let outcome = self.decode(b"null", mode, slot, seen);
            if unit || outcome.is_ok() {
                return outcome;
            }
        }
        self.decode(&self.body, mode, slot, seen)
    }

    fn decode(&self, json: &[u8], mode: &Mode, slot: &mut dyn Read, seen: &mut Seen) -> Result<bool, Violations> {
        let mut reader = Reader::new(json, mode);
        let read = slot.read(self.success, self.status.as_u16(), &mut reader);
        seen.unknown_values = reader.unknown_values;
        reader.finish().map(|()| read)
    }
}

#[cfg(feature = "tracing")]
fn log_violations(info: &OperationInfo, violations: &Violations) {
    for violation in violations {
        let (pointer, code) = (violation.pointer.as_str(), violation.code.as_str());
        tracing::warn!(target: "apigen_runtime", operation = info.id, pointer, code, "response violates the spec");
    }
}
