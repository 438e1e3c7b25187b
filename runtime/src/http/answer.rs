use bytes::Bytes;
use http::{HeaderMap, StatusCode};

use super::failure::{Failure, Kind, SentRequest};
use super::media::text_as_json;
use super::operation::{OperationInfo, ResponseInfo};
use super::response::Head;
use super::slot::Read;
use super::validation::Validation;
use crate::{Mode, Reader, Violations};

/// A response with a declared status.
pub(super) struct Answer {
    pub(super) info: &'static OperationInfo,
    pub(super) request: SentRequest,
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
    pub(super) success: bool,
    pub(super) declared: &'static ResponseInfo,
}

/// What reading an answer has shown, apart from its value.
#[derive(Default)]
pub(super) struct Seen {
    pub(super) status: Option<StatusCode>,
    pub(super) attempts: u32,
    pub(super) unknown_values: u32,
    pub(super) violations: usize,
}

impl Answer {
    /// Reads the body into `slot`, or says why that is an error.
    pub(super) fn judge(
        self,
        validation: Validation,
        slot: &mut dyn Read,
        head: &mut Head,
        seen: &mut Seen,
    ) -> Option<Box<Failure>> {
        (seen.status, seen.attempts) = (Some(self.status), self.request.attempts);
        seen.violations = self.request.violations;
        let kind = match (self.validate(validation, slot, seen), self.success) {
            (Ok(true), true) => {
                *head = Head { status: self.status, headers: self.headers };
                return None;
            }
            (Ok(true), false) => Kind::Declared,
            // Nothing read and nothing wrong: there is no type for this status (`Infallible`).
            (Ok(false), _) => Kind::Status,
            (Err(violations), _) => {
                slot.clear();
                Kind::Decode(violations)
            }
        };
        let mut failure = Failure::new(kind);
        failure.operation = Some(self.info);
        failure.request = Some(self.request);
        failure.set_response(self.status, self.headers, self.body);
        Some(failure)
    }

    fn validate(&self, validation: Validation, slot: &mut dyn Read, seen: &mut Seen) -> Result<bool, Violations> {
        match validation {
            Validation::Off => self.read(&Mode::lenient(), slot, seen),
            Validation::Reject => self.read(&Mode::strict(), slot, seen),
            Validation::Report => self.read(&Mode::strict(), slot, seen).or_else(|violations| {
                seen.violations += violations.as_slice().len();
                #[cfg(feature = "tracing")]
                super::trace::violations(self.info, &violations);
                slot.clear();
                self.read(&Mode::lenient(), slot, seen)
            }),
        }
    }

    /// Reads the body; one that says nothing is read as `null`, be it that the spec says so or that it is empty.
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
        let status = self.status.as_u16();
        let read = if self.success { slot.success(status, &mut reader) } else { slot.declared(status, &mut reader) };
        seen.unknown_values = reader.unknown_values;
        reader.finish().map(|()| read)
    }
}
