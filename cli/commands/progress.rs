//! A progress line on the terminal during work that takes longer than a second.

use std::io::{self, IsTerminal, Write};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

const SECOND: Duration = Duration::from_secs(1);

/// Does the work, and meanwhile shows its name and elapsed time, if standard error is a terminal and `--quiet` is not given.
pub fn during<T>(what: &str, work: impl FnOnce() -> T) -> T {
    let wanted = io::stderr().is_terminal() && !super::output::is_quiet();
    if wanted { watched(io::stderr(), SECOND, what, work) } else { work() }
}

fn watched<T>(out: impl Write + Send, every: Duration, what: &str, work: impl FnOnce() -> T) -> T {
    thread::scope(|scope| {
        // Dropped when the work ends, even by a panic.
        let (_done, ended) = mpsc::channel();
        scope.spawn(move || watch(out, every, what, &ended));
        work()
    })
}

fn watch(mut out: impl Write, every: Duration, what: &str, ended: &Receiver<()>) {
    let (begin, mut written) = (Instant::now(), false);
    while ended.recv_timeout(every) == Err(RecvTimeoutError::Timeout) {
        written = true;
        // There is nowhere to report an error of standard error.
        drop(write!(out, "\r{what} … {} s", begin.elapsed().as_secs()));
        drop(out.flush());
    }
    if written {
        // Return to the beginning of the line and erase it (ECMA-48, 8.3.41).
        drop(write!(out, "\r\x1b[2K"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns what is written about work that takes this many turns.
    fn said(turns: u32) -> String {
        let (mut out, every) = (Vec::new(), Duration::from_millis(50));
        let work = || {
            thread::sleep(every * turns);
            turns
        };
        assert_eq!(watched(&mut out, every, "generating", work), turns);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn short_work_is_done_without_a_word() {
        assert_eq!(said(0), "");
    }

    #[test]
    fn long_work_is_told_and_the_line_is_empty_afterwards() {
        let said = said(10);
        assert!(said.starts_with("\rgenerating … 0 s\rgenerating … 0 s"), "{said:?}");
        assert!(said.ends_with("\r\x1b[2K"), "{said:?}");
    }
}
