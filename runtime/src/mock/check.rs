//! Checks of mock responses against the spec.

use crate::call::{Error, read_and_drop};
use crate::json::{Mode, Reader};
use crate::operation::{Operation, OperationInfo, ToResponse};

/// Returns an error unless the status of a typed response is declared, and its body within the declared limits.
pub(crate) fn answer<O: Operation>(answer: &Result<O::Output, Error<O::Error>>) -> Result<(), String>
where
    O::Output: ToResponse,
    O::Error: ToResponse,
{
    let response = match answer {
        Ok(value) => value.to_response(O::INFO),
        Err(error) => match (error.declared(), error.status()) {
            (Some(declared), _) => declared.to_response(O::INFO),
            (None, Some(status)) => return Err(format!("status {status} is not declared")),
            // Transport errors are always possible.
            (None, None) => return Ok(()),
        },
    };
    let Some((status, body)) = response else {
        // An operation that declares no success may return anything.
        return match O::INFO.responses.iter().any(|response| response.success) {
            true => Err("no declared status fits".to_owned()),
            false => Ok(()),
        };
    };
    read::<O>(status, body.transpose()?.unwrap_or_default().as_bytes())
}

/// Returns an error unless the spec allows this response, as it would arrive over HTTP.
pub(crate) fn read<O: Operation>(status: u16, body: &[u8]) -> Result<(), String> {
    let info: &OperationInfo = O::INFO;
    let Some((response, success)) = info.response(status) else {
        return Err(format!("status {status} is not declared"));
    };
    let blank = response.unit || body.iter().all(u8::is_ascii_whitespace);
    let mode = Mode::strict();
    let mut reader = Reader::new(if blank { b"null" } else { body }, &mode);
    let read = read_and_drop::<O::Output, O::Error>(success, status, &mut reader);
    match reader.finish() {
        Ok(()) if read => Ok(()),
        Ok(()) => Err(format!("status {status} has no type")),
        Err(violations) => Err(violations.to_string()),
    }
}
