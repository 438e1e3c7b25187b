//! Accepts connections of clients.

use std::future::poll_fn;
use std::io;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use hyper::rt::{Read, ReadBufCursor, Write};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::time::Sleep;

use super::connection::Connection;
use super::exchange::pass;
use super::gateway::Gateway;
use super::upstream::Link;

/// The maximum size of a request's head, and of one read of a body.
const BUFFER: usize = 64 << 10;

/// What a running proxy is to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Phase {
    Serve,
    /// Exchanges in progress may complete.
    Finish,
    /// Everything ends at once.
    Stop,
}

/// Serves until it is told to stop.
pub(super) async fn serve(listener: TcpListener, gateway: Arc<Gateway>, mut phase: watch::Receiver<Phase>) {
    let limits = gateway.settings.limits;
    let most = limits.connections.clamp(1, Semaphore::MAX_PERMITS.min(u32::MAX as usize));
    let places = Arc::new(Semaphore::new(most));
    {
        let wanted = watch::Sender::new(());
        let mut accepting = pin!(accept(&listener, &gateway, &places, &phase, &wanted));
        let mut finishing = pin!(reached(phase.clone(), Phase::Finish));
        poll_fn(|cx| match finishing.as_mut().poll(cx) {
            Poll::Ready(()) => Poll::Ready(()),
            Poll::Pending => accepting.as_mut().poll(cx),
        })
        .await;
    }
    drop(listener);
    let all = u32::try_from(most).unwrap_or(u32::MAX);
    let mut ended = pin!(tokio::time::timeout(limits.shutdown, places.acquire_many(all)));
    let mut stopped = pin!(phase.wait_for(|phase| *phase == Phase::Stop));
    poll_fn(|cx| match ended.as_mut().poll(cx) {
        Poll::Ready(_) => Poll::Ready(()),
        Poll::Pending => stopped.as_mut().poll(cx).map(drop),
    })
    .await;
}

/// Waits until this phase, or until nobody can tell.
async fn reached(mut phase: watch::Receiver<Phase>, wanted: Phase) {
    drop(phase.wait_for(|phase| *phase >= wanted).await);
}

async fn accept(
    listener: &TcpListener,
    gateway: &Arc<Gateway>,
    places: &Arc<Semaphore>,
    phase: &watch::Receiver<Phase>,
    wanted: &watch::Sender<()>,
) {
    loop {
        let Ok((stream, peer)) = listener.accept().await else {
            // Most likely there are too many open files: others must be closed first.
            tokio::time::sleep(Duration::from_millis(20)).await;
            continue;
        };
        if places.available_permits() == 0 {
            // Idle connections make room. Further clients wait in the queue of the system.
            wanted.send_replace(());
        }
        let Ok(place) = Arc::clone(places).acquire_owned().await else { return };
        let (link, place, is_idle) = (Link::default(), Arc::new(place), AtomicBool::new(false));
        let connection = Arc::new(Connection { peer, link, place, is_idle });
        tokio::spawn(run(stream, connection, Arc::clone(gateway), phase.clone(), wanted.subscribe()));
    }
}

async fn run(
    stream: TcpStream,
    connection: Arc<Connection>,
    gateway: Arc<Gateway>,
    phase: watch::Receiver<Phase>,
    mut wanted: watch::Receiver<()>,
) {
    let limits = gateway.settings.limits;
    // Messages are written whole, and nothing follows that could be sent along.
    let _ = stream.set_nodelay(true);
    let service = service_fn(|request| {
        let (gateway, connection) = (Arc::clone(&gateway), Arc::clone(&connection));
        async move {
            connection.is_idle.store(false, Ordering::Relaxed);
            let response = pass(&gateway, &connection, request).await;
            connection.is_idle.store(true, Ordering::Relaxed);
            response
        }
    });
    let io = Patient { io: TokioIo::new(stream), stall: limits.idle, sleep: None, waits: false };
    let mut builder = http1::Builder::new();
    builder
        .half_close(true)
        .auto_date_header(false)
        .max_buf_size(BUFFER)
        .timer(TokioTimer::new())
        .header_read_timeout(limits.idle);
    let mut served = pin!(builder.serve_connection(io, service).with_upgrades());
    let mut finishing = pin!(reached(phase, Phase::Finish));
    let mut making_room = pin!(async {
        // The place is wanted by others while this connection is idle.
        while wanted.changed().await.is_ok() && !connection.is_idle.load(Ordering::Relaxed) {}
    });
    let mut finished = false;
    poll_fn(|cx| {
        if !finished && (finishing.as_mut().poll(cx).is_ready() || making_room.as_mut().poll(cx).is_ready()) {
            finished = true;
            served.as_mut().graceful_shutdown();
        }
        // Errors of a connection concern only its client.
        served.as_mut().poll(cx).map(drop)
    })
    .await;
}

/// A stream that fails when its peer reads nothing for too long.
struct Patient<I> {
    io: I,
    stall: Duration,
    sleep: Option<Pin<Box<Sleep>>>,
    /// Whether `sleep` waits for the write that is next.
    waits: bool,
}

impl<I> Patient<I> {
    fn timed<T>(&mut self, polled: Poll<io::Result<T>>, cx: &mut Context<'_>) -> Poll<io::Result<T>> {
        if polled.is_ready() {
            self.waits = false;
            return polled;
        }
        if !self.waits {
            let end = tokio::time::Instant::now() + self.stall;
            match &mut self.sleep {
                Some(sleep) => sleep.as_mut().reset(end),
                None => self.sleep = Some(Box::pin(tokio::time::sleep_until(end))),
            }
            self.waits = true;
        }
        if let Some(sleep) = &mut self.sleep {
            ready!(sleep.as_mut().poll(cx));
        }
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl<I: Read + Unpin> Read for Patient<I> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: ReadBufCursor<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_read(cx, buffer)
    }
}

impl<I: Write + Unpin> Write for Patient<I> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.io).poll_write(cx, bytes);
        self.timed(polled, cx)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.io).poll_write_vectored(cx, slices);
        self.timed(polled, cx)
    }

    fn is_write_vectored(&self) -> bool {
        self.io.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_shutdown(cx)
    }
}
