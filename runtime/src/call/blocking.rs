//! Calls from code without an async runtime.

use std::io;
use std::sync::Mutex;
use std::thread;

use tokio::runtime::{Builder, Handle, Runtime};
use tokio::task;

use super::error::Error;
use super::future::{Call, ResponseFuture};
use super::response::Response;
use crate::lock;
use crate::operation::{DeclaredError, FromResponse};

/// Runs a future to completion and returns its output, in a thread that may wait: for command-line programs and
/// scripts. All such futures share one background thread, so that connections stay open between calls.
///
/// It works inside an async runtime too, but blocks a thread that the runtime needs; prefer `.await` there. On a
/// runtime with a single thread, a future that waits for a task of that runtime never ends.
///
/// # Errors
/// Returns an error if the system has no resources for a thread.
pub fn block_on<F>(future: F) -> io::Result<F::Output>
where
    F: Future<Output: Send> + Send,
{
    let handle = handle()?;
    if thread::current().name() == Some(BACKGROUND) {
        // A task of the runtime waits: another thread takes its place, or the other calls would hang.
        return Ok(task::block_in_place(|| handle.block_on(future)));
    }
    match Handle::try_current() {
        Err(error) if error.is_missing_context() => Ok(handle.block_on(future)),
        // A thread of a runtime must not run another one, and one that is ending must not run any.
        _ => thread::scope(|scope| {
            #[cfg(not(feature = "tracing"))]
            let run = || handle.block_on(future);
            #[cfg(feature = "tracing")]
            let run = within_span(|| handle.block_on(future));
            let thread = thread::Builder::new().spawn_scoped(scope, run)?;
            thread.join().or_else(|panic| std::panic::resume_unwind(panic))
        }),
    }
}

/// Returns a function that another thread calls with the subscriber and within the span of this one.
#[cfg(feature = "tracing")]
fn within_span<T>(run: impl FnOnce() -> T) -> impl FnOnce() -> T {
    let (subscriber, span) = (tracing::dispatcher::get_default(Clone::clone), tracing::Span::current());
    move || tracing::dispatcher::with_default(&subscriber, || span.in_scope(run))
}

/// The name of the background thread.
const BACKGROUND: &str = "apigen-blocking";

/// Returns the runtime of the background thread, which it starts at the first call.
fn handle() -> io::Result<Handle> {
    static RUNTIME: Mutex<Option<Runtime>> = Mutex::new(None);
    let mut started = lock(&RUNTIME);
    if let Some(runtime) = &*started {
        return Ok(runtime.handle().clone());
    }
    // Tokio panics if it cannot start its thread.
    drop(thread::Builder::new().spawn(|| ())?.join());
    let runtime = Builder::new_multi_thread().worker_threads(1).thread_name(BACKGROUND).enable_all().build()?;
    Ok(started.insert(runtime).handle().clone())
}

impl<T: FromResponse + Send, E: DeclaredError> Call<'_, T, E> {
    /// Sends the call and waits for its result in this thread, for code without an async runtime; see [`block_on`].
    ///
    /// # Errors
    /// Returns the errors that awaiting returns, and an error if the system has no resources for a thread.
    pub fn wait(self) -> Result<T, Error<E>> {
        wait(self.send())
    }
}

impl<T: FromResponse + Send, E: DeclaredError> ResponseFuture<'_, T, E> {
    /// Sends the call and waits for its response, as [`Call::wait`] does.
    ///
    /// # Errors
    /// Returns the errors of [`Call::wait`].
    pub fn wait(self) -> Result<Response<T>, Error<E>> {
        wait(self)
    }
}

fn wait<T: Send, E: Send>(call: impl Future<Output = Result<T, Error<E>>> + Send) -> Result<T, Error<E>> {
    block_on(call).unwrap_or_else(|error| Err(Error::other(format!("the call cannot be waited for: {error}"))))
}
