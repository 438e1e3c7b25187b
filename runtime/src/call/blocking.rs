//! Calls from code without an async runtime.

use std::io;
use std::thread;

use tokio::runtime::Handle;
use tokio::task;

use super::error::Error;
use super::future::{Call, ResponseFuture};
use super::response::Response;
use crate::operation::{DeclaredError, FromResponse};
use crate::transport::background;

/// Runs a future to completion and returns its output, in a thread that may wait: for command-line programs and
/// scripts. One background thread serves the connections of all clients, so that they stay open between calls.
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
    let runtime = background::runtime()?;
    if thread::current().name() == Some(background::THREAD) {
        // A task of the runtime waits: another thread takes its place, or the other calls would hang.
        return Ok(task::block_in_place(|| runtime.block_on(future)));
    }
    match Handle::try_current() {
        Err(error) if error.is_missing_context() => Ok(runtime.block_on(future)),
        // A thread of a runtime must not run another one, and one that is ending must not run any.
        _ => thread::scope(|scope| {
            #[cfg(not(feature = "tracing"))]
            let run = || runtime.block_on(future);
            #[cfg(feature = "tracing")]
            let run = within_span(|| runtime.block_on(future));
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

impl<T: FromResponse + Send, E: DeclaredError> Call<'_, T, E> {
    /// Sends the call and waits for its result in this thread, for code without an async runtime; see [`block_on`].
    ///
    /// # Errors
    /// Returns the errors that awaiting returns, and an error if the system has no resources for a thread.
    pub fn wait(self) -> Result<T, Error<E>> {
        wait(self)
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
