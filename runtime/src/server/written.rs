//! A response before it is one of HTTP's.

use std::convert::Infallible;

use bytes::Bytes;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE, TRANSFER_ENCODING};
use http::{HeaderMap, HeaderValue, Response, StatusCode};

use super::violation::{MessageViolation, Text};
use crate::codec::ResponseBody;
use crate::http::media::json_as_text;
use crate::json::counted;
use crate::{Code, Error, OperationInfo, ToJson, Writer};

/// A status, headers and, unless there is none, a body.
#[derive(Debug)]
pub(crate) struct Written {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Option<Bytes>,
}

impl Written {
    /// The answer of an operation; without one, the spec declares no status for it.
    pub(crate) fn new(answer: Option<(u16, Option<ResponseBody>)>) -> Written {
        match answer.map(|(status, body)| (status, body.transpose())) {
            Some((status, Ok(body))) => Written { status, headers: HeaderMap::new(), body: body.map(Bytes::from) },
            Some((_, Err(error))) => Written::error(500, &format!("the answer cannot be encoded: {error}")),
            None => Written::error(500, "the operation declares no status for this answer"),
        }
    }

    /// The same with those of the headers that the operation declares for its status: others belong to one connection.
    pub(crate) fn with(mut self, info: &OperationInfo, headers: &HeaderMap) -> Written {
        let declared = info.response(self.status).map_or(&[][..], |(response, _)| response.headers);
        for header in declared {
            for value in headers.get_all(header.name) {
                if let Ok(name) = http::HeaderName::try_from(header.name) {
                    self.headers.append(name, value.clone());
                }
            }
        }
        self.in_its_media(info)
    }

    /// A failure that the spec does not declare. A response that does not fit is passed on as it came, so that whoever mocks an
    /// outage sees it at the other end; without any response it is a gateway's error.
    pub(crate) fn of_failure(error: &Error<Infallible>) -> Written {
        if let Some(status) = error.status().filter(|_| error.is_undeclared_status() || error.is_decode()) {
            let body = error.body().filter(|body| !body.is_empty()).map(Bytes::copy_from_slice);
            return Written { status: status.as_u16(), headers: HeaderMap::new(), body };
        }
        let status = match () {
            () if error.is_timeout() => 504,
            () if error.is_transport() || error.is_auth() => 502,
            () => 500,
        };
        Written::error(status, &error.to_string())
    }

    /// An error of the server's own: `{"code": "generic_error", "messages": ["…"]}`, as API Builder's common types have it.
    pub(crate) fn error(status: u16, message: &str) -> Written {
        Written { status, headers: HeaderMap::new(), body: Some(problem(&[message.to_owned()], &[])) }
    }

    /// The answer to a body that is larger than this.
    pub(crate) fn too_large(limit: usize) -> Written {
        Written::error(413, &format!("the body of the request is larger than {}", counted(&limit, "bytes")))
    }

    /// The answer to a body that ended in an error.
    pub(crate) fn unreadable(error: &dyn std::fmt::Display) -> Written {
        Written::error(400, &format!("the body of the request cannot be read: {error}"))
    }

    /// The same with a body of type `string` as text, if a header says that it is text: `text/csv`.
    pub(crate) fn in_its_media(mut self, info: &OperationInfo) -> Written {
        self.body = self.body.map(|json| json_as_text(info, self.status, &self.headers, json));
        self
    }

    /// As one of HTTP's. A status that cannot end an exchange is not sent: HTTP has none above 999, and after one below 200
    /// another one comes.
    pub(crate) fn into_response(self) -> Response<Bytes> {
        let status = StatusCode::from_u16(self.status).ok().filter(|status| !status.is_informational());
        let Some(status) = status else {
            return Written::error(500, &format!("status {} cannot be sent", self.status)).into_response();
        };
        let mut response = Response::new(Bytes::new());
        *response.status_mut() = status;
        *response.headers_mut() = self.headers;
        let headers = response.headers_mut();
        match self.body {
            // RFC 9110, 15.3.5, 15.3.6 and 15.4.5: these have no content.
            _ if [204, 205, 304].contains(&self.status) => {
                [CONTENT_TYPE, CONTENT_LENGTH, TRANSFER_ENCODING].iter().for_each(|name| drop(headers.remove(name)));
            }
            Some(body) => {
                headers.entry(CONTENT_TYPE).or_insert(HeaderValue::from_static("application/json"));
                *response.body_mut() = body;
            }
            None => {}
        }
        response
    }

    /// A request that the spec does not allow, with everything that is wrong with it: 415 if its body has a content type
    /// that the operation does not take, else 422.
    pub(crate) fn invalid(violations: &[MessageViolation]) -> Written {
        let messages: Vec<String> = violations.iter().map(ToString::to_string).collect();
        let unsupported = violations.iter().any(|one| one.violation.code == Code::ContentType);
        let status = if unsupported { 415 } else { 422 };
        Written { status, headers: HeaderMap::new(), body: Some(problem(&messages, violations)) }
    }
}

impl From<Response<Bytes>> for Written {
    fn from(response: Response<Bytes>) -> Self {
        let (head, body) = response.into_parts();
        Written {
            status: head.status.as_u16(),
            headers: head.headers,
            body: Some(body).filter(|body| !body.is_empty()),
        }
    }
}

fn problem(messages: &[String], violations: &[MessageViolation]) -> Bytes {
    let list = List(violations);
    let mut fields: Vec<(&str, &dyn ToJson)> = vec![("code", &Text("generic_error")), ("messages", &messages)];
    if !violations.is_empty() {
        fields.push(("violations", &list));
    }
    let mut writer = Writer::new();
    writer.object(&fields);
    Bytes::from(writer.into_string())
}

struct List<'v>(&'v [MessageViolation]);

impl ToJson for List<'_> {
    fn write(&self, w: &mut Writer) {
        w.array(self.0.iter().map(|violation| violation as &dyn ToJson));
    }
}
