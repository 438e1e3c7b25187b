use std::any::Any;
use std::net::{SocketAddr, TcpListener, ToSocketAddrs};
use std::thread::{self, JoinHandle};
use std::{fmt, io};

use bytes::Bytes;
use http_body::Body;
use tokio::sync::oneshot;

use super::{Connections, HttpService};
use crate::server::limits::ServerLimits;
use crate::server::response::BoxError;
use crate::server::routing::Router;

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
        let listener = TcpListener::bind(addr)?;
        listener.set_nonblocking(true)?;
        let addr = listener.local_addr()?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_io().enable_time().build()?;
        let (stop, stopped) = oneshot::channel();
        let served = service.clone();
        let thread = thread::Builder::new().name("apigen-server".to_owned()).spawn(move || {
            // Spawned tasks end with the runtime.
            runtime.block_on(async move {
                let Ok(listener) = tokio::net::TcpListener::from_std(listener) else { return };
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

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server").field("addr", &self.addr).finish_non_exhaustive()
    }
}
