use std::any::Any;
use std::net::{SocketAddr, ToSocketAddrs};
use std::thread::{self, JoinHandle};
use std::{fmt, io};

use bytes::Bytes;
use http_body::Body;
use tokio::net::{TcpListener, TcpSocket};
use tokio::sync::oneshot;

use super::{Connections, HttpService};
use crate::server::limits::ServerLimits;
use crate::server::response::BoxError;
use crate::server::routing::Router;

/// How many connections can wait to be accepted. In a burst of more than the 128 of std, the others would wait a second to try again.
const BACKLOG: u32 = 1024;

/// A [`Router`], or any other tower service, that listens at an address, on a thread of its own, so it works in
/// synchronous and asynchronous code.
///
/// Dropping it stops it; requests in progress then get no response. [`ServerLimits`](crate::server::ServerLimits) limit
/// the number of connections and how slow they may be.
pub struct Server {
    addr: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
    /// The last owner of the API, so that a mock's unmet expectations panic here and not on the other thread.
    _service: Box<dyn Any + Send + Sync>,
}

impl Router {
    /// Listens at this address with HTTP/1; port 0 selects a free port.
    ///
    /// # Errors
    /// Returns an error if the address cannot be bound or the thread cannot be started.
    pub fn serve(&self, addr: impl ToSocketAddrs) -> io::Result<Server> {
        Server::serve(self.clone(), addr, self.shared.intake.limits)
    }
}

impl Server {
    /// Serves a tower service at this address with HTTP/1; port 0 selects a free port. Requests have their
    /// [`Peer`](crate::server::Peer) as an extension. The memory of `limits` is up to the service.
    ///
    /// # Errors
    /// Returns an error if the address cannot be bound or the thread cannot be started.
    pub fn serve<S, B>(service: S, addr: impl ToSocketAddrs, limits: ServerLimits) -> io::Result<Server>
    where
        S: HttpService<B> + Clone + Send + Sync + 'static,
        B: Body<Data = Bytes, Error: Into<BoxError>> + Send + 'static,
    {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_io().enable_time().build()?;
        let listener = {
            let _entered = runtime.enter();
            bind(addr)?
        };
        let addr = listener.local_addr()?;
        let (stop, stopped) = oneshot::channel();
        let served = service.clone();
        let thread = thread::Builder::new().name("apigen-server".to_owned()).spawn(move || {
            // Spawned tasks end with the runtime.
            runtime.block_on(async move {
                Connections::new(served, limits).serve(listener, stopped).await;
            });
        })?;
        Ok(Server { addr, stop: Some(stop), thread: Some(thread), _service: Box::new(service) })
    }

    /// Returns the address of the listener.
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// Returns the base URL for clients: `http://127.0.0.1:49152`.
    pub fn url(&self) -> String {
        format!("http://{}", self.addr)
    }

    /// Stops listening, and returns when all requests in progress have been responded to, or after
    /// [`shutdown_time`](crate::server::ServerLimits::shutdown_time).
    pub fn shutdown(mut self) {
        if let Some(stop) = self.stop.take() {
            // If the receiver is gone, the server has already stopped.
            let _ = stop.send(());
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.take();
        if let Some(thread) = self.thread.take() {
            // A panic there was printed when it happened.
            let _ = thread.join();
        }
    }
}

/// Listens at the first of these addresses that is possible.
fn bind(addrs: impl ToSocketAddrs) -> io::Result<TcpListener> {
    let mut failure = None;
    for addr in addrs.to_socket_addrs()? {
        match listen(addr) {
            Ok(listener) => return Ok(listener),
            Err(error) => failure = Some(error),
        }
    }
    Err(failure.unwrap_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "there is no address to listen at")))
}

fn listen(addr: SocketAddr) -> io::Result<TcpListener> {
    let socket = if addr.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    // As in std: on Windows it would let another process take the port.
    socket.set_reuseaddr(cfg!(not(windows)))?;
    socket.bind(addr)?;
    socket.listen(BACKLOG)
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server").field("addr", &self.addr).finish_non_exhaustive()
    }
}
