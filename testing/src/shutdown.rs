//! Ends servers and long runs on Ctrl-C and SIGTERM.

use std::future::poll_fn;
use std::io;
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::timeout;

/// The time that a graceful end may take.
const GRACE: Duration = Duration::from_secs(5);

/// Waits for Ctrl-C and SIGTERM. The first signal asks for a graceful end, which may take five seconds; a second one ends
/// the wait at once.
///
/// ```no_run
/// # async fn stop_accepting() {} async fn wait_for_connections() {}
/// # async fn run() -> std::io::Result<()> {
/// let shutdown = apigen_testing::Shutdown::listen()?;
/// shutdown.requested().await;
/// stop_accepting().await;
/// if !shutdown.graceful(wait_for_connections()).await {
///     eprintln!("some connections were closed");
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Shutdown {
    signals: watch::Receiver<usize>,
    grace: Duration,
}

impl Shutdown {
    /// Begins to listen; from now on, signals no longer end the process by themselves. Call it in a tokio runtime with I/O
    /// and time, whose end ends the listening too.
    ///
    /// # Errors
    /// Returns an error if the operating system refuses.
    pub fn listen() -> io::Result<Shutdown> {
        let (sender, signals) = watch::channel(0);
        let mut source = Source::new()?;
        tokio::spawn(async move {
            while source.next().await {
                sender.send_modify(|count| *count += 1);
            }
        });
        Ok(Shutdown { signals, grace: GRACE })
    }

    /// Waits for the first signal; returns at once if there was one.
    pub async fn requested(&self) {
        self.signal(1).await;
    }

    /// Runs the end of something, such as waiting for open connections. Returns false if it took longer than five seconds, or
    /// a second signal came.
    pub async fn graceful(&self, end: impl Future<Output = ()>) -> bool {
        let second = async {
            self.signal(2).await;
            false
        };
        either(async { timeout(self.grace, end).await.is_ok() }, second).await
    }

    async fn signal(&self, number: usize) {
        let mut signals = self.signals.clone();
        if signals.wait_for(|count| *count >= number).await.is_err() {
            // Nobody listens any more, so there will be no signal.
            std::future::pending::<()>().await;
        }
    }
}

/// Returns the output of the future that ends first. The macro of tokio would bring along its parser.
async fn either<T>(first: impl Future<Output = T>, second: impl Future<Output = T>) -> T {
    let (mut first, mut second) = (pin!(first), pin!(second));
    poll_fn(|context| match first.as_mut().poll(context) {
        Poll::Pending => second.as_mut().poll(context),
        ready => ready,
    })
    .await
}

#[cfg(unix)]
struct Source {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Source {
    fn new() -> io::Result<Source> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Source { interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())? })
    }

    /// Waits for the next signal; returns false if there can be none.
    async fn next(&mut self) -> bool {
        either(self.interrupt.recv(), self.terminate.recv()).await.is_some()
    }
}

#[cfg(not(unix))]
struct Source;

#[cfg(not(unix))]
impl Source {
    fn new() -> io::Result<Source> {
        Ok(Source)
    }

    /// Waits for the next Ctrl-C; returns false if there can be none.
    async fn next(&mut self) -> bool {
        tokio::signal::ctrl_c().await.is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A shutdown whose signals the test sends.
    fn shutdown(grace: Duration) -> (watch::Sender<usize>, Shutdown) {
        let (sender, signals) = watch::channel(0);
        (sender, Shutdown { signals, grace })
    }

    fn block_on<T>(future: impl Future<Output = T>) -> T {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async { timeout(Duration::from_secs(20), future).await.unwrap() })
    }

    #[test]
    fn the_first_signal_asks_and_the_second_ends() {
        block_on(async {
            let (sender, shutdown) = shutdown(GRACE);
            assert!(timeout(Duration::from_millis(20), shutdown.requested()).await.is_err());
            sender.send_modify(|count| *count += 1);
            shutdown.requested().await;
            assert!(shutdown.graceful(async {}).await);
            let end = tokio::spawn({
                let shutdown = shutdown.clone();
                async move { shutdown.graceful(std::future::pending()).await }
            });
            tokio::time::sleep(Duration::from_millis(20)).await;
            assert!(!end.is_finished());
            sender.send_modify(|count| *count += 1);
            assert!(!end.await.unwrap());
        });
    }

    #[test]
    fn a_graceful_end_takes_a_limited_time() {
        block_on(async {
            let (_sender, shutdown) = shutdown(Duration::from_millis(30));
            assert!(!shutdown.graceful(std::future::pending()).await);
        });
    }

    /// Real signals, in a process of their own: the two tests run this program again.
    #[cfg(unix)]
    mod processes {
        use std::io::{BufRead as _, BufReader};
        use std::process::{Child, Command, Stdio};

        use super::*;

        #[test]
        #[ignore = "is run by the test of signals"]
        fn child() {
            block_on(async {
                let shutdown = Shutdown::listen().unwrap();
                eprintln!("listening");
                shutdown.requested().await;
                eprintln!("asked");
                eprintln!("graceful: {}", shutdown.graceful(std::future::pending()).await);
            });
        }

        fn signal(child: &Child, name: &str) {
            assert!(Command::new("kill").args([name, &child.id().to_string()]).status().unwrap().success());
        }

        #[test]
        fn both_signals_are_heard() {
            for (first, second) in [("-INT", "-INT"), ("-TERM", "-INT"), ("-INT", "-TERM")] {
                let mut child = Command::new(std::env::current_exe().unwrap())
                    .args(["--exact", "shutdown::tests::processes::child", "--ignored", "--nocapture"])
                    .stderr(Stdio::piped())
                    .stdout(Stdio::null())
                    .spawn()
                    .unwrap();
                let mut lines = BufReader::new(child.stderr.take().unwrap()).lines().map(Result::unwrap);
                assert!(lines.any(|line| line.ends_with("listening")));
                signal(&child, first);
                assert_eq!(lines.next().as_deref(), Some("asked"));
                signal(&child, second);
                assert_eq!(lines.next().as_deref(), Some("graceful: false"));
                assert!(child.wait().unwrap().success());
            }
        }
    }
}
