//! Writes the log of a running server on its own thread, so that a blocked terminal or pipe does not block the server.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

use super::output::complain;

/// The number of lines that wait; further ones are dropped and counted.
const WAITING: usize = 1024;

/// How long the end waits for lines that are not yet written.
const END: Duration = Duration::from_millis(500);

/// Writes lines to standard error.
#[derive(Clone)]
pub struct LineWriter {
    lines: SyncSender<String>,
    counts: Arc<Counts>,
}

#[derive(Default)]
struct Counts {
    sent: AtomicU64,
    written: AtomicU64,
    dropped: AtomicU64,
}

impl LineWriter {
    /// Starts the thread. Without one, all lines are dropped.
    pub fn start() -> LineWriter {
        let (lines, waiting) = sync_channel::<String>(WAITING);
        let counts = Arc::new(Counts::default());
        let own = Arc::clone(&counts);
        let write = move || {
            for line in waiting {
                complain(|_| line);
                own.written.fetch_add(1, Ordering::Release);
            }
        };
        // Without the thread the receiver is gone, and sending fails.
        drop(thread::Builder::new().name("apigen-lines".to_owned()).spawn(write));
        LineWriter { lines, counts }
    }

    /// Writes a line, or drops it if too many wait.
    pub fn send(&self, line: String) {
        let count = match self.lines.try_send(line) {
            Ok(()) => &self.counts.sent,
            Err(_) => &self.counts.dropped,
        };
        count.fetch_add(1, Ordering::Relaxed);
    }

    /// Writes the last text, after all lines that wait; a reader that has stopped reading does not delay the end for long.
    pub fn finish(&self, mut text: String) {
        let dropped = self.counts.dropped.load(Ordering::Relaxed);
        if dropped > 0 {
            text.push_str(&format!("left out {dropped} lines of the log: the terminal or pipe was too slow\n"));
        }
        self.send(text);
        let begun = Instant::now();
        while self.counts.written.load(Ordering::Acquire) < self.counts.sent.load(Ordering::Relaxed)
            && begun.elapsed() < END
        {
            thread::sleep(Duration::from_millis(2));
        }
    }
}
