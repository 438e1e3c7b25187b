use std::fs;
use std::path::{Path, PathBuf};

use super::*;
use crate::finding::Finding;

/// A folder that is removed when dropped.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let path = std::env::temp_dir().join(format!("apigen-log-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        Folder(path)
    }

    fn file(&self) -> PathBuf {
        self.0.join("log.jsonl")
    }

    /// Returns how many exchanges each file has, by its name.
    fn counts(&self) -> Vec<(String, usize)> {
        let mut counts: Vec<_> = fs::read_dir(&self.0)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .map(|path| (path.file_name().unwrap().to_str().unwrap().to_owned(), count(&path)))
            .collect();
        counts.sort();
        counts
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn count(path: &Path) -> usize {
    let text = fs::read(path).unwrap();
    let lines = ExchangeReader::new("log", text.as_slice());
    lines.collect::<Result<Vec<_>, _>>().unwrap().len()
}

fn messages(findings: &[Finding]) -> Vec<String> {
    findings.iter().map(ToString::to_string).collect()
}

fn log(path: &Path, options: LogOptions, count: usize) -> (u64, Vec<Finding>) {
    let log = ExchangeLog::open(path, options).unwrap();
    (0..count).for_each(|_| log.append(&exchange()));
    let mut log = log;
    log.end();
    (log.written(), log.problems())
}

#[test]
fn exchanges_are_appended() {
    let folder = Folder::new("append");
    assert_eq!(log(&folder.file(), LogOptions::default(), 100), (100, vec![]));
    // A program was killed while it wrote.
    let mut cut = fs::read(folder.file()).unwrap();
    cut.truncate(cut.len() - 10);
    fs::write(folder.file(), cut).unwrap();
    assert_eq!(log(&folder.file(), LogOptions::default(), 3), (3, vec![]));
    let text = fs::read(folder.file()).unwrap();
    let (read, wrong): (Vec<_>, Vec<_>) = ExchangeReader::new("log", text.as_slice()).partition(Result::is_ok);
    assert_eq!((read.len(), wrong.len()), (102, 1));
}

#[test]
fn several_threads_append_whole_lines() {
    let folder = Folder::new("threads");
    let log = ExchangeLog::open(&folder.file(), LogOptions::default()).unwrap();
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| (0..200).for_each(|_| log.append(&exchange())));
        }
    });
    assert_eq!(log.close(), []);
    assert_eq!(count(&folder.file()), 1600);
}

#[test]
fn a_full_log_is_told_and_stays_readable() {
    let (folder, line) = (Folder::new("full"), exchange().to_json().len() as u64 + 1);
    let (written, problems) = log(&folder.file(), LogOptions { bytes: 5 * line + 7, keep: 0 }, 12);
    assert_eq!((written, count(&folder.file())), (5, 5));
    let name = folder.file().display().to_string();
    assert_eq!(
        messages(&problems),
        [
            format!(
                "V841 tool: the log {name} has reached its limit of {} bytes; later exchanges are not written",
                5 * line + 7
            ),
            format!("V842 tool: 7 exchanges were not written to {name}"),
        ]
    );
}

#[test]
fn earlier_files_are_kept() {
    let (folder, line) = (Folder::new("keep"), exchange().to_json().len() as u64 + 1);
    assert_eq!(log(&folder.file(), LogOptions { bytes: 4 * line, keep: 2 }, 18), (18, vec![]));
    let expected = [("log.jsonl", 2), ("log.jsonl.1", 4), ("log.jsonl.2", 4)];
    assert_eq!(folder.counts(), expected.map(|(name, count)| (name.to_owned(), count)));
}

#[test]
fn a_file_that_cannot_be_moved_is_a_finding() {
    let (folder, line) = (Folder::new("move"), exchange().to_json().len() as u64 + 1);
    fs::create_dir_all(folder.0.join("log.jsonl.1").join("full")).unwrap();
    let (written, problems) = log(&folder.file(), LogOptions { bytes: 4 * line, keep: 1 }, 6);
    assert_eq!((written, count(&folder.file())), (4, 4));
    let problems = messages(&problems);
    assert!(problems[0].starts_with("V840 tool: the log ") && problems[0].contains("is full and cannot be moved: "));
    assert!(problems[1].starts_with("V842 tool: 2 exchanges were not written"), "{problems:?}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_a_finding() {
    let (written, problems) = log(Path::new("/dev/full"), LogOptions::default(), 3);
    let problems = messages(&problems);
    assert_eq!(written, 0);
    assert!(problems[0].starts_with("V840 tool: the log /dev/full cannot be written: "), "{problems:?}");
    assert_eq!(problems[1], "V842 tool: 3 exchanges were not written to /dev/full");
}

#[test]
fn a_log_that_cannot_be_opened_is_an_error() {
    let folder = Folder::new("open");
    let error = ExchangeLog::open(&folder.0.join("missing/log.jsonl"), LogOptions::default()).unwrap_err().to_string();
    assert!(error.contains("missing") && error.contains("log.jsonl: "), "{error}");
}

/// Lines wait only as long as they fit into the memory for them, and those that do not are counted.
#[test]
fn lines_that_the_disk_cannot_take_are_counted() {
    let folder = Folder::new("slow");
    let log = ExchangeLog::open(&folder.file(), LogOptions::default()).unwrap();
    let mut large = exchange();
    large.request.body = Body::Text("x".repeat(17 << 20));
    log.append(&large);
    log.append(&exchange());
    let name = folder.file().display().to_string();
    assert_eq!(messages(&log.close()), [format!("V842 tool: 1 exchange was not written to {name}")]);
    assert_eq!(count(&folder.file()), 1);
}
