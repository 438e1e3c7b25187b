//! What a server answers.

use std::convert::Infallible;

use bytes::Bytes;

use super::violation::{RequestViolation, Text};
use crate::{Error, ToJson, Writer};

/// A status and, unless there is none, a body.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) body: Option<Bytes>,
}

impl Reply {
    /// The answer of an operation; without one, the spec declares no status for it.
    pub(crate) fn of_written(written: Option<(u16, Option<String>)>) -> Reply {
        match written {
            Some((status, body)) => Reply { status, body: body.map(Bytes::from) },
            None => Reply::error(500, "the operation declares no status for this answer"),
        }
    }

    /// A failure that the spec does not declare. A response that does not fit is passed on as it came, so that whoever mocks an
    /// outage sees it at the other end; without any response it is a gateway's error.
    pub(crate) fn of_failure(error: &Error<Infallible>) -> Reply {
        if let Some(status) = error.status().filter(|_| error.is_undeclared_status() || error.is_decode()) {
            let body = error.body().filter(|body| !body.is_empty()).map(Bytes::copy_from_slice);
            return Reply { status: status.as_u16(), body };
        }
        let status = match () {
            () if error.is_timeout() => 504,
            () if error.is_transport() || error.is_auth() => 502,
            () => 500,
        };
        Reply::error(status, &error.to_string())
    }

    /// An error of the server's own: `{"code": "generic_error", "messages": ["…"]}`, as API Builder's common types have it.
    pub(crate) fn error(status: u16, message: &str) -> Reply {
        Reply { status, body: Some(problem(&[message.to_owned()], &[])) }
    }

    /// A request that the spec does not allow, with everything that is wrong with it.
    #[cfg(feature = "server")]
    pub(crate) fn invalid(violations: &[RequestViolation]) -> Reply {
        let messages: Vec<String> = violations.iter().map(ToString::to_string).collect();
        Reply { status: 422, body: Some(problem(&messages, violations)) }
    }
}

fn problem(messages: &[String], violations: &[RequestViolation]) -> Bytes {
    let list = List(violations);
    let mut fields: Vec<(&str, &dyn ToJson)> = vec![("code", &Text("generic_error")), ("messages", &messages)];
    if !violations.is_empty() {
        fields.push(("violations", &list));
    }
    let mut writer = Writer::new();
    writer.object(&fields);
    Bytes::from(writer.into_string())
}

struct List<'v>(&'v [RequestViolation]);

impl ToJson for List<'_> {
    fn write(&self, w: &mut Writer) {
        w.array(self.0.iter().map(|violation| violation as &dyn ToJson));
    }
}
