//! Appends exchanges to a file.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};

use super::Exchange;
use crate::finding::{Code, Fault, Finding};

/// The default limit of a file in bytes.
const BYTES: u64 = 1 << 30;
/// The maximum size of lines that wait to be written, in bytes.
const WAITING: usize = 16 << 20;

/// How an [`ExchangeLog`] treats its file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LogOptions {
    /// The maximum size of the file in bytes; 1 GiB by default.
    pub bytes: u64,
    /// How many earlier files to keep, named `log.jsonl.1` and so on; with none, the default, nothing more is written when the
    /// file is full.
    pub keep: usize,
}

impl Default for LogOptions {
    fn default() -> Self {
        LogOptions { bytes: BYTES, keep: 0 }
    }
}

/// Appends exchanges to a file, one JSON object per line.
///
/// A thread writes what has been appended in the meantime at once, and flushes it. Dropping the log waits until everything is
/// written. Appending never waits for the disk: what does not fit into 16 MiB of waiting lines is not written, and counted.
/// Problems with the file do not stop the program; [`problems`](Self::problems) returns them.
#[derive(Debug)]
pub struct ExchangeLog {
    sender: Option<Sender<String>>,
    thread: Option<JoinHandle<()>>,
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    path: PathBuf,
    /// The size of the waiting lines.
    waiting: AtomicUsize,
    written: AtomicU64,
    lost: AtomicU64,
    problems: Mutex<Vec<Finding>>,
}

impl ExchangeLog {
    /// Opens a file to append to, or creates it.
    ///
    /// # Errors
    /// Returns an error that names the file, if it cannot be opened.
    pub fn open(path: &Path, options: LogOptions) -> io::Result<ExchangeLog> {
        let named = |error: io::Error| io::Error::new(error.kind(), format!("{}: {error}", path.display()));
        let (file, size) = open(path).map_err(named)?;
        let (sender, receiver) = mpsc::channel();
        let shared = Arc::new(Shared { path: path.to_owned(), ..Shared::default() });
        let writer = Writer { file, size, options, stopped: false, shared: Arc::clone(&shared) };
        let thread = thread::Builder::new().name("apigen-log".to_owned()).spawn(move || writer.run(&receiver));
        Ok(ExchangeLog { sender: Some(sender), thread: Some(thread.map_err(named)?), shared })
    }

    /// Appends an exchange.
    pub fn append(&self, exchange: &Exchange) {
        let mut line = exchange.to_json();
        line.push('\n');
        let waiting = self.shared.waiting.fetch_add(line.len(), Ordering::Relaxed);
        let size = line.len();
        let sent = waiting + size <= WAITING && self.sender.as_ref().is_some_and(|sender| sender.send(line).is_ok());
        if !sent {
            self.shared.waiting.fetch_sub(size, Ordering::Relaxed);
            self.shared.lost.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Returns the number of exchanges that were written.
    pub fn written(&self) -> u64 {
        self.shared.written.load(Ordering::Relaxed)
    }

    /// Returns the problems so far: a file that cannot be written, moved or is full, and exchanges that were lost.
    pub fn problems(&self) -> Vec<Finding> {
        let mut problems = self.shared.problems.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let lost = self.shared.lost.load(Ordering::Relaxed);
        if lost > 0 {
            let exchanges = if lost == 1 { "1 exchange was".to_owned() } else { format!("{lost} exchanges were") };
            let message = format!("{exchanges} not written to {}", self.shared.path.display());
            problems.push(Finding::new(Code::LOG_INCOMPLETE, Fault::Tool, message));
        }
        problems
    }

    /// Waits until everything is written, and returns the problems.
    pub fn close(mut self) -> Vec<Finding> {
        self.end();
        self.problems()
    }

    pub(super) fn end(&mut self) {
        drop(self.sender.take());
        if let Some(thread) = self.thread.take() {
            // It has no code that panics; if it does, everything else is written.
            drop(thread.join());
        }
    }
}

impl Drop for ExchangeLog {
    fn drop(&mut self) {
        self.end();
    }
}

/// Opens a file to append to; returns its size. A line that was cut off gets its end, so that the next one is readable.
fn open(path: &Path) -> io::Result<(File, u64)> {
    let mut file = OpenOptions::new().read(true).append(true).create(true).open(path)?;
    let mut size = file.metadata()?.len();
    if size > 0 {
        let mut last = [0];
        file.seek(SeekFrom::End(-1))?;
        file.read_exact(&mut last)?;
        if last != *b"\n" {
            file.write_all(b"\n")?;
            size += 1;
        }
    }
    Ok((file, size))
}

/// The part of the log that runs on its thread.
struct Writer {
    file: File,
    size: u64,
    options: LogOptions,
    /// Nothing more is written.
    stopped: bool,
    shared: Arc<Shared>,
}

impl Writer {
    fn run(mut self, lines: &Receiver<String>) {
        let mut batch = String::new();
        while let Ok(first) = lines.recv() {
            let mut count = 1;
            batch.push_str(&first);
            for line in lines.try_iter() {
                if self.size + (batch.len() + line.len()) as u64 > self.options.bytes {
                    self.write(&mut batch, count);
                    count = 0;
                }
                batch.push_str(&line);
                count += 1;
            }
            self.write(&mut batch, count);
        }
    }

    /// Writes and empties a batch of complete lines.
    fn write(&mut self, batch: &mut String, count: u64) {
        self.shared.waiting.fetch_sub(batch.len(), Ordering::Relaxed);
        if self.size > 0 && self.size + batch.len() as u64 > self.options.bytes {
            self.full();
        }
        let written = !self.stopped && count > 0 && self.append(batch.as_bytes());
        let counter = if written { &self.shared.written } else { &self.shared.lost };
        counter.fetch_add(count, Ordering::Relaxed);
        batch.clear();
    }

    fn append(&mut self, bytes: &[u8]) -> bool {
        match self.file.write_all(bytes).and_then(|()| self.file.flush()) {
            Ok(()) => self.size += bytes.len() as u64,
            Err(error) => {
                self.stop(Code::LOG_UNWRITABLE, &format!("cannot be written: {error}"));
                return false;
            }
        }
        true
    }

    /// Begins a new file, or stops.
    fn full(&mut self) {
        if self.stopped {
            return;
        }
        if self.options.keep == 0 {
            let text =
                format!("has reached its limit of {} bytes; later exchanges are not written", self.options.bytes);
            return self.stop(Code::LOG_FULL, &text);
        }
        match self.rotated() {
            Ok((file, size)) => (self.file, self.size) = (file, size),
            Err(error) => self.stop(Code::LOG_UNWRITABLE, &format!("is full and cannot be moved: {error}")),
        }
    }

    /// Moves each file to the next name; the last one is replaced.
    fn rotated(&self) -> io::Result<(File, u64)> {
        let path = &self.shared.path;
        let name = |number: usize| {
            let mut name = path.as_os_str().to_owned();
            name.push(format!(".{number}"));
            PathBuf::from(name)
        };
        for number in (1..self.options.keep).rev() {
            match fs::rename(name(number), name(number + 1)) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
        fs::rename(path, name(1))?;
        open(path)
    }

    fn stop(&mut self, code: Code, what: &str) {
        self.stopped = true;
        let finding = Finding::new(code, Fault::Tool, format!("the log {} {what}", self.shared.path.display()));
        self.shared.problems.lock().unwrap_or_else(PoisonError::into_inner).push(finding);
    }
}
