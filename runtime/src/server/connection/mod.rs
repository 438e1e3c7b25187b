//! Accepts and serves connections.

mod listener;
mod pulse;

pub use listener::Server;

use std::convert::Infallible;
use std::fmt;
use std::future::poll_fn;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use bytes::Bytes;
use http::header::{CONNECTION, HeaderValue};
use http::{Request, Response};
use http_body::Body;
use http_body_util::{Either, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot, watch};
use tower_service::Service;

use crate::server::limits::ServerLimits;
use crate::server::response::{BoxError, RawResponse};
use crate::server::routing::Peer;
use crate::transport::timer;
use pulse::{Felt, FeltBody, Pulse};

const WAITING: usize = 64;

/// The maximum size of a request's head, and of one read of a body.
const BUFFER: usize = 64 << 10;

/// A tower service of HTTP with responses of body `B`. Every such service that never fails is one.
pub trait HttpService<B>:
    Service<Request<Incoming>, Response = Response<B>, Error = Infallible, Future: Send + 'static>
{
}

impl<S, B> HttpService<B> for S where
    S: Service<Request<Incoming>, Response = Response<B>, Error = Infallible, Future: Send + 'static>
{
}

/// An extension of a response: the connection is closed instead of sending it. For servers that fail on purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Disconnect;

impl fmt::Display for Disconnect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the connection is closed on purpose")
    }
}

impl std::error::Error for Disconnect {}

#[derive(Clone)]
pub(crate) struct Connections<S> {
    service: S,
    limits: ServerLimits,
    places: Arc<Semaphore>,
    waiting: Arc<Semaphore>,
    wish: watch::Sender<Wish>,
}

/// A request to all connections.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wish {
    /// Idle connections are to close: others need their slots.
    Places,
    /// All connections are to close as soon as they are idle.
    End,
}

impl<S> Connections<S> {
    pub(crate) fn new(service: S, limits: ServerLimits) -> Connections<S> {
        let places = Arc::new(Semaphore::new(count(limits) as usize));
        let wish = watch::Sender::new(Wish::Places);
        Connections { service, limits, places, waiting: Arc::new(Semaphore::new(WAITING)), wish }
    }

    /// Serves until `stopped` resolves. After a message, requests in progress may complete; if the sender was dropped,
    /// they may not.
    pub(crate) async fn serve<B>(self, listener: TcpListener, mut stopped: oneshot::Receiver<()>)
    where
        S: HttpService<B> + Clone + Send + Sync + 'static,
        B: Body<Data = Bytes, Error: Into<BoxError>> + Send + 'static,
    {
        let gently = {
            let mut accepting = pin!(self.accept(&listener));
            poll_fn(|cx| match accepting.as_mut().poll(cx) {
                Poll::Ready(()) => Poll::Ready(false),
                Poll::Pending => pin!(&mut stopped).poll(cx).map(|told| told.is_ok()),
            })
            .await
        };
        drop(listener);
        if gently {
            self.wish.send_replace(Wish::End);
            let deadline = timer::now().checked_add(self.limits.shutdown_time);
            // Connections that still have no slot at the deadline are dropped.
            let _ = timer::within(deadline, self.places.acquire_many(count(self.limits))).await;
        }
    }

    async fn accept<B>(&self, listener: &TcpListener)
    where
        S: HttpService<B> + Clone + Send + Sync + 'static,
        B: Body<Data = Bytes, Error: Into<BoxError>> + Send + 'static,
    {
        loop {
            let Ok((stream, peer)) = listener.accept().await else {
                // Most likely there are too many open files: others must be closed first.
                tokio::time::sleep(Duration::from_millis(20)).await;
                continue;
            };
            // Responses are small, and nothing follows that could be sent along.
            let _ = stream.set_nodelay(true);
            if let Ok(place) = Arc::clone(&self.places).try_acquire_owned() {
                tokio::spawn(self.clone().run(stream, peer, Some(place)));
            } else if let Ok(waiting) = Arc::clone(&self.waiting).try_acquire_owned() {
                self.wish.send_replace(Wish::Places);
                tokio::spawn(self.clone().wait(stream, peer, waiting));
            }
        }
    }

    /// Serves a connection once there is a slot, or responds that there is none.
    async fn wait<B>(self, stream: TcpStream, peer: SocketAddr, waiting: OwnedSemaphorePermit)
    where
        S: HttpService<B> + Clone + Send + Sync + 'static,
        B: Body<Data = Bytes, Error: Into<BoxError>> + Send + 'static,
    {
        let deadline = timer::now().checked_add(self.limits.wait);
        let place = timer::within(deadline, Arc::clone(&self.places).acquire_owned()).await.and_then(Result::ok);
        let _waiting = place.is_none().then_some(waiting);
        self.run(stream, peer, place).await;
    }

    /// Serves a connection until it ends, is too slow, or must make room for others.
    async fn run<B>(self, stream: TcpStream, peer: SocketAddr, place: Option<OwnedSemaphorePermit>)
    where
        S: HttpService<B> + Clone + Send + Sync + 'static,
        B: Body<Data = Bytes, Error: Into<BoxError>> + Send + 'static,
    {
        // A connection without a slot gets the shorter of both times to send its request.
        let head_time =
            if place.is_some() { self.limits.head_time } else { self.limits.head_time.min(self.limits.wait) };
        let limits = self.limits.head_time(head_time);
        let (pulse, mut wish) = (Pulse::new(limits), self.wish.subscribe());
        let service = service_fn(|mut request: Request<Incoming>| {
            pulse.begin();
            request.extensions_mut().insert(Peer(peer));
            let served = place.is_some().then(|| self.service.clone().call(request));
            let pulse = Arc::clone(&pulse);
            async move {
                let response = match served {
                    Some(response) => {
                        let Ok(response) = response.await;
                        response.map(Either::Left)
                    }
                    None => no_place().map(Either::Right),
                };
                pulse.answered();
                match response.extensions().get::<Disconnect>() {
                    Some(disconnect) => Err(*disconnect),
                    None => Ok(response.map(|body| FeltBody::new(body, pulse))),
                }
            }
        });
        let io = Felt { io: TokioIo::new(stream), pulse: Arc::clone(&pulse) };
        let mut builder = http1::Builder::new();
        builder.keep_alive(place.is_some()).max_buf_size(BUFFER);
        let mut connection = pin!(builder.serve_connection(io, service).with_upgrades());
        let mut time = pin!(tokio::time::sleep(pulse.left()));
        loop {
            let wished = {
                let mut changed = pin!(wish.changed());
                poll_fn(|cx| {
                    // Errors of a connection concern only its client.
                    if connection.as_mut().poll(cx).is_ready() {
                        return Poll::Ready(None);
                    }
                    while time.as_mut().poll(cx).is_ready() {
                        let left = pulse.left();
                        if left.is_zero() {
                            return Poll::Ready(None);
                        }
                        time.as_mut().reset(tokio::time::Instant::now() + left);
                    }
                    changed.as_mut().poll(cx).map(Result::ok)
                })
                .await
            };
            match wished.map(|()| *wish.borrow_and_update()) {
                None => return,
                Some(Wish::Places) if pulse.is_idle() => return,
                Some(Wish::Places) => {}
                Some(Wish::End) if pulse.is_waiting() => return,
                Some(Wish::End) => connection.as_mut().graceful_shutdown(),
            }
        }
    }
}

fn count(limits: ServerLimits) -> u32 {
    u32::try_from(limits.connections.clamp(1, Semaphore::MAX_PERMITS)).unwrap_or(u32::MAX)
}

fn no_place() -> Response<Full<Bytes>> {
    let mut response = RawResponse::busy().into_response();
    response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    response.map(Full::new)
}
