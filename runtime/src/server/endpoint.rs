//! Operations of an API as a server sees them: read from a request, called, and their responses checked.

use std::any::Any;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use http::HeaderMap;

use super::guarded::guarded;
use super::reader::RequestReader;
use super::refusal::{Declared, Refusal};
use super::validator::of_body;
use super::violation::{MessageViolation, MessageViolations};
use super::written::Written;
use crate::http::ResponseFuture;
use crate::{BoxFuture, Call, CallOf, DeclaredError, FromResponse, Mode, Operation, OperationInfo, Reader, ToResponse};

/// A client whose operations can be served. Generated code implements it for the real client.
pub trait Served: 'static {
    /// The trait of the whole service: `dyn Api`.
    type Api: ?Sized + Send + Sync + 'static;
    /// All operations, in the order of the spec.
    const ENDPOINTS: &'static [Endpoint];
}

/// An operation that can be read from a request and called.
pub trait Serve: Operation<Client: Served, Output: ToResponse, Error: ToResponse> + Send + Sync {
    /// Whether it has parameters in headers.
    const HEADERS: bool = false;
    /// How its declared responses hold what a server has to say itself.
    const REFUSALS: &'static [Refusal] = &[];

    /// Reads what the operation is called with; `None` means that a violation was recorded in `r`.
    fn read(r: &mut RequestReader<'_>) -> Option<Self>;

    /// Calls the operation.
    fn call<'a>(&'a self, api: &'a <Self::Client as Served>::Api) -> CallOf<'a, Self>;
}

/// An `Arc<dyn Api>`, whatever the API is.
pub(crate) type AnyApi = dyn Any + Send + Sync;

/// An operation without its types: how it is described, read and checked.
#[derive(Clone, Copy)]
pub struct Endpoint {
    pub(crate) info: &'static OperationInfo,
    /// The same for a request by `HEAD`, which every `GET` answers.
    head: &'static OperationInfo,
    pub(crate) headers: bool,
    pub(crate) refusals: &'static [Refusal],
    pub(crate) read: fn(&mut RequestReader<'_>) -> Option<Box<dyn Called>>,
    /// The same for the violations alone.
    pub(crate) skim: fn(&mut RequestReader<'_>),
    /// Reads the body of a response with this status, which is a success or an error; whether there was something to read.
    pub(crate) check: fn(u16, bool, &mut Reader<'_>) -> bool,
}

impl Endpoint {
    /// The endpoint of an operation.
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

    /// The operation as it is asked for by a request with this method, which is its own or `HEAD`.
    pub(crate) fn asked_by(&self, method: &str) -> &'static OperationInfo {
        if method.eq_ignore_ascii_case("HEAD") { self.head } else { self.info }
    }

    /// The operation.
    pub const fn info(&self) -> &'static OperationInfo {
        self.info
    }

    /// Puts what a server says itself into the body that the operation declares for it.
    pub(crate) fn fit(&self, written: Written) -> Written {
        let accepts = |status: u16, body: &[u8]| {
            let violations = || self.body(status, (&HeaderMap::new(), body), &Mode::strict());
            // Types of users' own may panic.
            guarded(violations).is_ok_and(|violations| violations.is_empty())
        };
        written.fit(&Declared { info: self.info, refusals: self.refusals, accepts: &accepts })
    }

    /// What is wrong with a response, to a request by the method of `info`.
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

    /// What is wrong with the body of a response with this status, if the operation declares one.
    fn body(&self, status: u16, (headers, body): (&HeaderMap, &[u8]), mode: &Mode) -> Vec<MessageViolation> {
        let Some((declared, success)) = self.info.response(status).filter(|(declared, _)| !declared.unit) else {
            return Vec::new();
        };
        let check = |json: &[u8]| {
            let mut reader = Reader::new(json, mode);
            (self.check)(status, success, &mut reader);
            reader.finish()
        };
        of_body(declared, headers, body, check).collect()
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

/// An operation that was read, with everything that it is called with.
pub(crate) trait Called: Any + Send + Sync {
    /// Calls it, where its values take so many bytes; `None` if it belongs to another API.
    fn answer<'a>(&'a self, api: &'a AnyApi, taken: usize) -> Option<BoxFuture<'a, Written>>;
}

// Compiled for each operation, so it holds no `async` block: what borrows from operation and API is kept alive by a future
// that knows neither (`respond`).
impl<O: Serve> Called for O {
    fn answer<'a>(&'a self, api: &'a AnyApi, taken: usize) -> Option<BoxFuture<'a, Written>> {
        match api.downcast_ref::<Arc<<O::Client as Served>::Api>>() {
            Some(api) => Some(replied(self.call(api).taking(taken), O::INFO)),
            None => None,
        }
    }
}

fn replied<'a, T, E>(call: Call<'a, T, E>, info: &'static OperationInfo) -> BoxFuture<'a, Written>
where
    T: FromResponse + ToResponse + 'a,
    E: DeclaredError + ToResponse,
{
    Box::pin(Replied { call: call.with_response(), info })
}

/// Calls an operation and writes its result.
pub(crate) async fn respond(operation: Box<dyn Called>, api: Arc<AnyApi>, taken: usize) -> Written {
    match operation.answer(&*api, taken) {
        Some(future) => future.await,
        None => Written::faulty("this operation belongs to another API"),
    }
}

/// Compiled for each pair of output and error.
struct Replied<'a, T, E> {
    call: ResponseFuture<'a, T, E>,
    info: &'static OperationInfo,
}

impl<T, E> Future for Replied<'_, T, E>
where
    T: FromResponse + ToResponse,
    E: DeclaredError + ToResponse,
{
    type Output = Written;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Written> {
        let written = match ready!(Pin::new(&mut self.call).poll(cx)) {
            Ok(response) => Written::new(response.to_response(self.info)).with(self.info, response.headers()),
            Err(error) => {
                let headers = error.headers().clone();
                match error.into_declared() {
                    Ok(declared) => Written::new(declared.to_response(self.info)).with(self.info, &headers),
                    Err(error) => Written::of_failure(error),
                }
            }
        };
        Poll::Ready(written)
    }
}
