//! Operations of an API as a server sees them: read from a request, then called.

use std::any::Any;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use super::reader::RequestReader;
use super::reply::Reply;
use crate::{BoxFuture, Call, CallFuture, DeclaredError, FromResponse, Operation, OperationInfo, ToResponse};

/// A client whose operations can be served. Generated code implements it for the real client.
pub trait Served: 'static {
    /// The trait of the whole service: `dyn Api`.
    type Api: ?Sized + Send + Sync + 'static;
    /// All operations, in the order of the spec.
    const ENDPOINTS: &'static [Endpoint];
}

/// An operation that can be read from a request and called.
pub trait Serve: Operation<Client: Served> + Send + Sync {
    /// Reads what the operation is called with; `None` means that a violation was recorded in `r`.
    fn read(r: &mut RequestReader<'_>) -> Option<Self>;

    /// Calls the operation.
    fn call<'a>(&'a self, api: &'a <Self::Client as Served>::Api) -> CallOf<'a, Self>;
}

/// The call of an operation.
pub type CallOf<'a, O> = Call<'a, <O as Operation>::Output, <O as Operation>::Error>;

/// An `Arc<dyn Api>`, whatever the API is.
pub(crate) type AnyApi = dyn Any + Send + Sync;

/// An operation without its types: how it is described, and how it is read.
#[derive(Debug, Clone, Copy)]
pub struct Endpoint {
    pub(crate) info: &'static OperationInfo,
    pub(crate) read: fn(&mut RequestReader<'_>) -> Option<Box<dyn Answer>>,
}

impl Endpoint {
    /// The endpoint of an operation.
    pub const fn of<O: Serve>() -> Endpoint
    where
        O::Output: ToResponse,
        O::Error: ToResponse,
    {
        Endpoint { info: O::INFO, read: read::<O> }
    }

    /// The operation.
    pub const fn info(&self) -> &'static OperationInfo {
        self.info
    }
}

fn read<O: Serve>(r: &mut RequestReader<'_>) -> Option<Box<dyn Answer>>
where
    O::Output: ToResponse,
    O::Error: ToResponse,
{
    match O::read(r) {
        Some(operation) => Some(Box::new(operation)),
        None => None,
    }
}

/// An operation that was read.
pub(crate) trait Answer: Send + Sync {
    /// Calls it; `None` if it belongs to another API.
    fn answer<'a>(&'a self, api: &'a AnyApi) -> Option<BoxFuture<'a, Reply>>;
}

// Compiled for each operation, so it holds no `async` block: what borrows from operation and API is kept alive by a future
// that knows neither (`respond`).
impl<O: Serve> Answer for O
where
    O::Output: ToResponse,
    O::Error: ToResponse,
{
    fn answer<'a>(&'a self, api: &'a AnyApi) -> Option<BoxFuture<'a, Reply>> {
        match api.downcast_ref::<Arc<<O::Client as Served>::Api>>() {
            Some(api) => Some(replied(self.call(api), O::INFO)),
            None => None,
        }
    }
}

fn replied<'a, T, E>(call: Call<'a, T, E>, info: &'static OperationInfo) -> BoxFuture<'a, Reply>
where
    T: FromResponse + ToResponse + 'a,
    E: DeclaredError + ToResponse,
{
    Box::pin(Replied { call: call.into_future(), info })
}

/// Calls an operation and makes its result a reply.
#[cfg(feature = "server")]
pub(crate) async fn respond(operation: Box<dyn Answer>, api: Arc<AnyApi>) -> Reply {
    match operation.answer(&*api) {
        Some(future) => future.await,
        None => Reply::error(500, "this operation belongs to another API"),
    }
}

/// Compiled for each pair of output and error.
struct Replied<'a, T, E> {
    call: CallFuture<'a, T, E>,
    info: &'static OperationInfo,
}

impl<T, E> Future for Replied<'_, T, E>
where
    T: FromResponse + ToResponse,
    E: DeclaredError + ToResponse,
{
    type Output = Reply;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Reply> {
        let written = match ready!(Pin::new(&mut self.call).poll(cx)) {
            Ok(value) => value.to_response(self.info),
            Err(error) => match error.into_declared() {
                Ok(declared) => declared.to_response(self.info),
                Err(error) => return Poll::Ready(Reply::of_failure(&error)),
            },
        };
        Poll::Ready(Reply::of_written(written))
    }
}
