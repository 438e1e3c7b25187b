use std::net::{SocketAddr, TcpListener, ToSocketAddrs};
use std::thread::{self, JoinHandle};
use std::{fmt, io};

use tokio::sync::oneshot;

use super::Connections;
use crate::server::routing::Router;

/// A [`Router`] that listens at an address, on a thread of its own, so that it works from code with and without an executor.
///
/// It stops when it is dropped; requests that are under way then get no answer. [`ServerLimits`](crate::server::ServerLimits) say how many
/// connections it serves, and how slow they may be.
pub struct Server {
    addr: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
    /// The last one that holds the API, so that a mock's unmet expectations are a panic here, and not on the other thread.
    _router: Router,
}

impl Router {
    /// Listens at this address with HTTP/1; port 0 is any that is free.
    ///
    /// # Errors
    /// The address cannot be bound, or no thread be started.
    pub fn serve(&self, addr: impl ToSocketAddrs) -> io::Result<Server> {
        let listener = TcpListener::bind(addr)?;
        listener.set_nonblocking(true)?;
        let addr = listener.local_addr()?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_io().enable_time().build()?;
        let (stop, stopped) = oneshot::channel();
        let router = self.clone();
        let thread = thread::Builder::new().name("apigen-server".to_owned()).spawn(move || {
            // What was spawned ends with the runtime.
            runtime.block_on(async move {
                let Ok(listener) = tokio::net::TcpListener::from_std(listener) else { return };
                Connections::new(router).serve(listener, stopped).await;
            });
        })?;
        Ok(Server { addr, stop: Some(stop), thread: Some(thread), _router: self.clone() })
    }
}

impl Server {
    /// Where it listens.
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// The base URL for clients: `http://127.0.0.1:49152`.
    pub fn url(&self) -> String {
        format!("http://{}", self.addr)
    }

    /// Stops to listen, and returns when the requests that are under way have been answered, or their
    /// [time](crate::server::ServerLimits::shutdown_time) is up.
    pub fn shutdown(mut self) {
        if let Some(stop) = self.stop.take() {
            // If nobody hears it, it has stopped.
            let _ = stop.send(());
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.take();
        if let Some(thread) = self.thread.take() {
            // A panic there was shown when it happened.
            let _ = thread.join();
        }
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server").field("addr", &self.addr).finish_non_exhaustive()
    }
}
