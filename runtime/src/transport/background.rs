//! The runtime behind calls that a thread waits for.

use std::io;
use std::sync::{Mutex, OnceLock};
use std::thread;

use tokio::runtime::{Builder, Runtime};

use crate::lock;

/// The name of the thread of the runtime.
pub(crate) const THREAD: &str = "apigen-blocking";

/// Returns the runtime, which is started when it is first needed.
pub(crate) fn runtime() -> io::Result<&'static Runtime> {
    static RUNTIME: OnceLock<Runtime> = OnceLock::new();
    static STARTING: Mutex<()> = Mutex::new(());
    if let Some(runtime) = RUNTIME.get() {
        return Ok(runtime);
    }
    let _one_at_a_time = lock(&STARTING);
    if let Some(runtime) = RUNTIME.get() {
        return Ok(runtime);
    }
    // Tokio panics if it cannot start its thread.
    drop(thread::Builder::new().spawn(|| ())?.join());
    let runtime = Builder::new_multi_thread().worker_threads(1).thread_name(THREAD).enable_all().build()?;
    Ok(RUNTIME.get_or_init(|| runtime))
}

/// Runs a future whose connections belong to this runtime, not to the one that awaits it. A thread that waits would block
/// the latter, and with it each connection that an awaited call has opened.
#[cfg(feature = "reqwest")]
pub(crate) async fn connected<F: Future>(start: impl FnOnce() -> F) -> F::Output {
    let runtime = runtime().ok();
    let future = {
        let _entered = runtime.map(Runtime::enter);
        start()
    };
    let mut future = std::pin::pin!(future);
    std::future::poll_fn(|cx| {
        let _entered = runtime.map(Runtime::enter);
        future.as_mut().poll(cx)
    })
    .await
}
