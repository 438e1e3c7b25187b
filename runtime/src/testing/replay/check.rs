//! Whether a response is one that the spec declares.

use bytes::Bytes;
use http::StatusCode;

use crate::http::typed::ReadBody;
use crate::json::Mark;
use crate::{Mode, OperationInfo, Reader};

/// What is wrong with a response, for people.
pub(super) enum Wrong {
    /// The operation declares no such status.
    Status(String),
    Body(String),
}

impl Wrong {
    pub(super) fn into_text(self) -> String {
        match self {
            Wrong::Status(text) | Wrong::Body(text) => text,
        }
    }
}

/// The body of a response that is as declared, if it has one, and where in it values are that must not be shown.
pub(super) fn check<'a>(
    info: &OperationInfo,
    read: ReadBody,
    mode: &Mode,
    status: StatusCode,
    body: &'a Bytes,
) -> Result<Option<(&'a str, Vec<Mark>)>, Wrong> {
    let Some((declared, success)) = info.response(status.as_u16()) else {
        return Err(Wrong::Status(format!("{} declares no status {}", info.id, status.as_u16())));
    };
    if declared.unit {
        return Ok(None);
    }
    let attempt = |json: &[u8]| {
        let mut reader = Reader::new(json, mode).marking();
        let found = read(success, status.as_u16(), &mut reader);
        let mut marks = reader.take_marks();
        marks.sort_by_key(|mark| mark.at);
        reader.finish().map(|()| (found, marks))
    };
    // As the client does it: a body that is empty stands for `null`.
    if body.iter().all(u8::is_ascii_whitespace) && attempt(b"null").is_ok() {
        return Ok(None);
    }
    let wrong =
        |what: String| Wrong::Body(format!("the body with status {} is not as declared: {what}", status.as_u16()));
    match (attempt(body), std::str::from_utf8(body)) {
        (Ok((true, marks)), Ok(text)) => Ok(Some((text, marks))),
        (Err(violations), _) => Err(wrong(violations.to_string())),
        _ => Err(wrong("nothing can be read from it".to_owned())),
    }
}
