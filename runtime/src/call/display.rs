use std::fmt::{self, Debug, Formatter};

use super::failure::{Failure, Kind};
use crate::encoding::Shown;
use crate::json::counted;
use crate::operation::OperationInfo;

/// The maximum length in bytes of the excerpt of a body.
const MAX_EXCERPT: usize = 1024;

const GUARDED: &str = "not sent, since it has side effects and this is production: \
    if it should be, say why by `.allow_side_effects(\"…\")` on the call or the client";

/// Writes the message of an error: `users.post (POST https://…/users): 409 Conflict: <body>`.
///
/// A declared error shows the body as received, which says more than the typed value; that of a mock, which has no
/// body, shows the value.
pub(crate) fn write(failure: &Failure, declared: Option<&dyn Debug>, f: &mut Formatter<'_>) -> fmt::Result {
    write_call(failure, f)?;
    if let Some(status) = failure.status {
        write!(f, "{status}")?;
    }
    match &failure.kind {
        Kind::Declared => match (&failure.body, declared) {
            // Its `Debug` output shows nothing sensitive.
            (body, Some(declared)) if body.is_none() || failure.is_body_sensitive() => write!(f, ": {declared:?}"),
            _ => write_body(failure, f),
        },
        Kind::Status => {
            failure.operation.map_or(Ok(()), |info| write_expected(info, f))?;
            write_body(failure, f)
        }
        Kind::Decode(violations) => {
            write!(f, ", but the body violates the spec: {}", excerpt(violations.to_string().as_bytes()))?;
            write_body(failure, f)
        }
        Kind::Request(message) => write!(f, "invalid request: {message}"),
        Kind::Transport(error) => write!(f, "{error}"),
        Kind::Auth(_) => f.write_str("no credentials: their source has failed"),
        Kind::RepeatedPage(offset) => {
            write!(f, "the page at offset {offset} is the same as the one before it: does the server ignore `offset`?")
        }
        Kind::Guarded => f.write_str(GUARDED),
        Kind::Other(message) => f.write_str(message),
    }
}

fn write_call(failure: &Failure, f: &mut Formatter<'_>) -> fmt::Result {
    match (failure.operation, &failure.request) {
        (Some(info), Some(sent)) => write!(f, "{} ({} {}): ", info.id, sent.method, sent.url),
        (Some(info), None) => write!(f, "{} ({} {}): ", info.id, info.method, info.path),
        _ => Ok(()),
    }
}

fn write_expected(info: &OperationInfo, f: &mut Formatter<'_>) -> fmt::Result {
    for (index, response) in info.responses.iter().enumerate() {
        f.write_str(match index {
            0 => ", expected ",
            _ if index + 1 == info.responses.len() => " or ",
            _ => ", ",
        })?;
        match response.status {
            Some(status) => write!(f, "{status}")?,
            None => f.write_str("default")?,
        }
    }
    Ok(())
}

fn write_body(failure: &Failure, f: &mut Formatter<'_>) -> fmt::Result {
    match failure.body.as_deref().map(|body| shown(failure, body)) {
        Some(text) if !text.is_empty() => write!(f, ": {text}"),
        _ => Ok(()),
    }
}

/// Returns the excerpt of a body, unless the operation is sensitive.
pub(crate) fn shown(failure: &Failure, body: &[u8]) -> String {
    if failure.is_body_sensitive() && !body.is_empty() {
        return format!("({} withheld: the operation is sensitive)", counted(&body.len(), "bytes"));
    }
    excerpt(body)
}

/// Returns the beginning of a body on one line: at most 1 KiB, with each run of white space and control characters as
/// one space.
pub(crate) fn excerpt(body: &[u8]) -> String {
    let cut = &body[..body.len().min(MAX_EXCERPT)];
    let text = String::from_utf8_lossy(cut);
    let mut line = String::with_capacity(text.len());
    for word in text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty()) {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    if body.len() > MAX_EXCERPT {
        line.push('…');
    }
    line
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write(self, None, f)
    }
}

impl Debug for Failure {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let body = self.body.as_deref().map(|body| shown(self, body));
        f.debug_struct("Failure")
            .field("kind", &self.kind)
            .field("operation", &self.operation.map(|info| info.id))
            .field("request", &self.request)
            .field("status", &self.status)
            .field("headers", &Shown(&self.headers))
            .field("body", &body)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::excerpt;

    #[test]
    fn excerpts_are_one_short_line() {
        assert_eq!(excerpt(b" {\r\n  \"a\":\x1b[31m 1\n}\n"), "{ \"a\": [31m 1 }");
        assert_eq!(excerpt(b"\xff"), "\u{fffd}");
        assert_eq!(excerpt(&[b'x'; 2000]).chars().count(), 1025);
        assert_eq!(excerpt(b" \n"), "");
    }
}
