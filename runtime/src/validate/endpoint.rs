//! Operations as a server sees them: decoded from a request, called, and their responses checked.

use std::any::Any;
use std::convert::Infallible;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use http::HeaderMap;

use super::refusal::Refusal;
use super::request::RequestReader;
use super::violation::{MessageViolation, MessageViolations};
use crate::call::{Call, CallOf, Error, Response, ResponseFuture};
use crate::json::{Mode, Reader};
use crate::operation::{
    DeclaredError, FromResponse, Operation, OperationInfo, ResponseBody, ResponseInfo, ToResponse, text_as_json,
};
use crate::transport::BoxFuture;

/// A client whose operations can be served. Generated code implements it for the real client.
pub trait Served: 'static {
    /// The trait of the whole service: `dyn Api`.
    type Api: ?Sized + Send + Sync + 'static;
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
    fn call<'a>(&'a self, api: &'a <Self::Client as Served>::Api) -> CallOf<'a, Self>;
}

/// An `Arc<dyn Api>` of any API.
pub(crate) type AnyApi = dyn Any + Send + Sync;

/// An operation without its types: its description, and functions that decode and check it.
#[derive(Clone, Copy)]
pub struct Endpoint {
    pub(crate) info: &'static OperationInfo,
    /// The operation as `HEAD`, which every `GET` supports.
    head: &'static OperationInfo,
    pub(crate) headers: bool,
    pub(crate) refusals: &'static [Refusal],
    pub(crate) read: fn(&mut RequestReader<'_>) -> Option<Box<dyn Called>>,
    /// Like `read`, for the violations only.
    pub(crate) skim: fn(&mut RequestReader<'_>),
    /// Reads the body of a response with this status, as a success or an error; returns false if nothing was read.
    pub(crate) check: fn(u16, bool, &mut Reader<'_>) -> bool,
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
            skim: skim::<O>,
            check: check::<O>,
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
        of_body(declared, headers, body, mode, |r| (self.check)(status, success, r))
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

fn skim<O: Serve>(r: &mut RequestReader<'_>) {
    drop(O::read(r));
}

fn check<O: Operation>(status: u16, success: bool, r: &mut Reader<'_>) -> bool {
    if success { O::Output::read(status, r).is_some() } else { O::Error::read(status, r).is_some() }
}

/// A decoded operation with its input.
pub(crate) trait Called: Any + Send + Sync {
    /// Calls the operation; `taken` is the size of its values in memory. Returns `None` if it belongs to another API.
    fn answer<'a>(&'a self, api: &'a AnyApi, taken: usize)
    -> Option<BoxFuture<'a, Result<Replied, Error<Infallible>>>>;
}

/// The result of an operation, or an error that it declares, before it is converted to a response.
pub(crate) struct Replied {
    /// Status and body; `None` if the operation declares no status for it.
    pub(crate) response: Option<(u16, Option<ResponseBody>)>,
    pub(crate) headers: HeaderMap,
}

// Compiled for each operation, so it contains no `async` block: a future without these types keeps what it borrows from
// operation and API.
impl<O: Serve> Called for O {
    fn answer<'a>(
        &'a self,
        api: &'a AnyApi,
        taken: usize,
    ) -> Option<BoxFuture<'a, Result<Replied, Error<Infallible>>>> {
        match api.downcast_ref::<Arc<<O::Client as Served>::Api>>() {
            Some(api) => Some(replied(self.call(api).taking(taken), O::INFO)),
            None => None,
        }
    }
}

fn replied<'a, T, E>(
    call: Call<'a, T, E>,
    info: &'static OperationInfo,
) -> BoxFuture<'a, Result<Replied, Error<Infallible>>>
where
    T: FromResponse + ToResponse + 'a,
    E: DeclaredError + ToResponse,
{
    Box::pin(Replying { call: call.with_response(), info })
}

/// Compiled for each pair of output and error.
struct Replying<'a, T, E> {
    call: ResponseFuture<'a, T, E>,
    info: &'static OperationInfo,
}

impl<T, E> Future for Replying<'_, T, E>
where
    T: FromResponse + ToResponse,
    E: DeclaredError + ToResponse,
{
    type Output = Result<Replied, Error<Infallible>>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        Poll::Ready(match ready!(Pin::new(&mut self.call).poll(cx)) {
            Ok(Response { head, body }) => Ok(Replied { response: body.to_response(self.info), headers: head.headers }),
            Err(error) => {
                let headers = error.headers().clone();
                error.into_declared().map(|declared| Replied { response: declared.to_response(self.info), headers })
            }
        })
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
