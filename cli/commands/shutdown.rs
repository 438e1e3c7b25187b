//! The end of commands that serve: Ctrl-C and SIGTERM.

use std::process;
use std::thread;

use tokio::runtime::Builder;

/// Waits until the user ends the command. A second time ends the process at once.
pub fn wait() {
    let Ok(runtime) = Builder::new_current_thread().enable_io().build() else {
        // Without a runtime no signal can be waited for; the default of the system ends the process.
        loop {
            thread::park();
        }
    };
    runtime.block_on(signal());
    thread::spawn(move || {
        runtime.block_on(signal());
        process::exit(130);
    });
}

#[cfg(unix)]
async fn signal() {
    use tokio::signal::unix::{SignalKind, signal};

    let Ok(mut terminate) = signal(SignalKind::terminate()) else { return std::future::pending().await };
    tokio::select! {
        _ = terminate.recv() => {}
        ended = tokio::signal::ctrl_c() => if ended.is_err() { std::future::pending().await },
    }
}

#[cfg(not(unix))]
async fn signal() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}
