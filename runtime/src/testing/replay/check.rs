//! Checks that the spec declares a response.

use std::borrow::Cow;

use http::{HeaderMap, StatusCode};

use crate::json::{Mark, Mode, Reader};
use crate::operation::{OperationInfo, text_as_json};

/// Reads the body of a response with this status, as a success or an error; returns false if nothing was read.
pub(super) type ReadResponse<'r> = &'r (dyn Fn(bool, u16, &mut Reader<'_>) -> bool + Sync);

/// Why a response cannot be recorded or replayed, as text.
pub(super) struct Wrong {
    pub(super) undeclared: bool,
    pub(super) text: String,
}

/// JSON text, and the positions of its sensitive values.
pub(super) type Marked<'a> = (Cow<'a, str>, Vec<Mark>);

/// Checks a response against the spec; returns its JSON body, if it has one.
pub(super) fn check<'a>(
    info: &OperationInfo,
    read: ReadResponse<'_>,
    mode: &Mode,
    status: StatusCode,
    headers: &HeaderMap,
    body: &'a [u8],
) -> Result<Option<Marked<'a>>, Wrong> {
    let Some((declared, success)) = info.response(status.as_u16()) else {
        let text = format!("{} declares no status {}", info.id, status.as_u16());
        return Err(Wrong { undeclared: true, text });
    };
    if declared.unit || info.is_head() {
        return Ok(None);
    }
    let wrong = |what: String| {
        let text = format!("the body with status {} violates the spec: {what}", status.as_u16());
        Wrong { undeclared: false, text }
    };
    let attempt = |json: &[u8]| {
        let mut reader = Reader::new(json, mode);
        reader.marks = Some(Vec::new());
        let found = read(success, status.as_u16(), &mut reader);
        let mut marks = reader.marks.take().unwrap_or_default();
        marks.sort_by_key(|mark| mark.at);
        reader.finish().map(|()| (found, marks))
    };
    let json = match text_as_json(declared, headers, body) {
        Ok(Some(json)) => Cow::Owned(json),
        // As in the client: an empty body stands for `null`.
        Ok(None) if body.trim_ascii().is_empty() && attempt(b"null").is_ok() => return Ok(None),
        Ok(None) => Cow::Borrowed(std::str::from_utf8(body).map_err(|_| wrong("it is not UTF-8".to_owned()))?),
        Err(violations) => return Err(wrong(violations.to_string())),
    };
    match attempt(json.as_bytes()) {
        Ok((true, marks)) => Ok(Some((json, marks))),
        Err(violations) => Err(wrong(violations.to_string())),
        _ => Err(wrong("nothing can be read from it".to_owned())),
    }
}
