//! Operations as a server sees them: decoded from a request, called, and their responses checked.

use std::any::Any;
use std::fmt;

use http::HeaderMap;

use super::refusal::Refusal;
use super::request::RequestReader;
use super::violation::{MessageViolation, MessageViolations};
use crate::call::{CallOf, Forward, ReadBody, read_and_drop};
use crate::json::{Mode, Reader};
use crate::operation::{Operation, OperationInfo, ResponseInfo, ToResponse, text_as_json};

/// A client whose operations can be served. Generated code implements it.
pub trait Served: Send + Sync + 'static {
    /// All operations, in the order of the spec.
    const ENDPOINTS: &'static [Endpoint];
}

/// An operation that can be decoded from a request and called.
pub trait Serve: Operation<Client: Served, Output: ToResponse, Error: ToResponse> + Send + Sync {
    /// Whether it has parameters in headers.
    const HEADERS: bool = false;
    /// The forms of its declared responses that can hold the server's own messages.
    const REFUSALS: &'static [Refusal] = &[];

    /// Reads the input of the operation; `None` means that a violation was recorded in `r`.
    fn read(r: &mut RequestReader<'_>) -> Option<Self>;

    /// Calls the operation.
    fn call<'a>(&'a self, client: &'a Self::Client) -> CallOf<'a, Self>;
}

/// An operation without its types: its description, and functions that decode and check it.
#[derive(Clone, Copy)]
pub struct Endpoint {
    pub(crate) info: &'static OperationInfo,
    /// The operation as `HEAD`, which every `GET` supports.
    head: &'static OperationInfo,
    pub(crate) headers: bool,
    pub(crate) refusals: &'static [Refusal],
    pub(crate) read: fn(&mut RequestReader<'_>) -> Option<Box<dyn Called>>,
    /// Reads the body of a response with this status, as a success or an error; returns false if nothing was read.
    pub(crate) check: ReadBody,
}

impl Endpoint {
    /// Returns the endpoint of an operation.
    pub const fn of<O: Serve>() -> Endpoint {
        let head = const { &OperationInfo { method: "HEAD", ..*O::INFO } };
        Endpoint {
            info: O::INFO,
            head,
            headers: O::HEADERS,
            refusals: O::REFUSALS,
            read: read::<O>,
            check: read_and_drop::<O::Output, O::Error>,
        }
    }

    /// Returns the operation for a request with this method, which is its own or `HEAD`.
    pub(crate) fn asked_by(&self, method: &str) -> &'static OperationInfo {
        if method.eq_ignore_ascii_case("HEAD") { self.head } else { self.info }
    }

    /// Returns the operation.
    pub const fn info(&self) -> &'static OperationInfo {
        self.info
    }

    /// Checks a response to a request with the method of `info`.
    pub(crate) fn response(
        &self,
        info: &OperationInfo,
        status: u16,
        content: (&HeaderMap, &[u8]),
        mode: &Mode,
    ) -> Result<(), MessageViolations> {
        let Some((declared, _)) = self.info.response(status) else {
            return MessageViolations::of(vec![MessageViolation::undeclared(info, status)]);
        };
        let mut list = MessageViolation::of_headers(declared, content.0);
        if !info.is_head() {
            list.extend(self.body(status, content, mode));
        }
        MessageViolations::of(list)
    }

    /// Returns the violations in the body of a response with this status, if the operation declares one.
    pub(crate) fn body(&self, status: u16, (headers, body): (&HeaderMap, &[u8]), mode: &Mode) -> Vec<MessageViolation> {
        let Some((declared, success)) = self.info.response(status).filter(|(declared, _)| !declared.unit) else {
            return Vec::new();
        };
        of_body(declared, headers, body, mode, |r| (self.check)(success, status, r))
    }
}

impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Endpoint").field(&self.info.id).finish()
    }
}

fn read<O: Serve>(r: &mut RequestReader<'_>) -> Option<Box<dyn Called>> {
    match O::read(r) {
        Some(operation) => Some(Box::new(operation)),
        None => None,
    }
}

pub(crate) trait Called: Any + Send + Sync {
    /// Calls the operation; `size` is the memory of its values in bytes. Returns `None` if it belongs to another client.
    fn forward(&self, client: &(dyn Any + Send + Sync), size: usize) -> Option<Forward>;
}

impl<O: Serve> Called for O {
    fn forward(&self, client: &(dyn Any + Send + Sync), size: usize) -> Option<Forward> {
        let client = client.downcast_ref()?;
        Some(Forward::new(self.call(client).exchange, O::INFO, read_and_drop::<O::Output, O::Error>, size))
    }
}

/// Returns the violations in the body of a response, whose JSON `read` reads. An empty body is read as `null`.
pub(crate) fn of_body<T>(
    declared: &ResponseInfo,
    headers: &HeaderMap,
    body: &[u8],
    mode: &Mode,
    read: impl FnOnce(&mut Reader<'_>) -> T,
) -> Vec<MessageViolation> {
    let check = |json: &[u8]| {
        let mut reader = Reader::new(json, mode);
        read(&mut reader);
        reader.finish()
    };
    let outcome = match text_as_json(declared, headers, body) {
        Ok(Some(json)) => check(json.as_bytes()),
        Ok(None) if body.trim_ascii().is_empty() => check(b"null"),
        Ok(None) => check(body),
        Err(violations) => Err(violations),
    };
    outcome.err().into_iter().flatten().map(MessageViolation::body).collect()
}
