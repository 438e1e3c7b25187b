//! Atomic changes of a folder, even if the run is killed in the middle: the next one completes them.
//!
//! New contents are first written to a separate folder, [`STAGING`], then a journal records where each file belongs,
//! and only then is each file renamed into place. Without a journal nothing has changed yet, and staged files are
//! discarded. With one, the next run makes the remaining changes, unless the files were changed meanwhile.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Component, Path, PathBuf};
use std::{fs, io};

use super::file_system::{FileSystem, Operation, at, read};
use super::folder_lock::FolderLock;
use apigen_model::lock::sha256;

/// The folder, inside the output folder, that holds new contents until they are renamed into place.
pub const STAGING: &str = ".apigen.tmp";

/// The file of the staging folder that records where each file belongs.
const JOURNAL: &str = "journal";

/// Its first line; another line means an unknown version.
const HEAD: &str = "apigen journal 1";

/// Replaces the hash of a file that does not exist.
const NONE: &str = "-";

/// Replaces the hash of new contents, except that of the last file, which decides.
const WRITTEN: &str = "+";

#[derive(Debug)]
pub struct Change<'a> {
    /// Relative to the folder, with plain names only.
    pub path: &'a Path,
    /// The new contents; `None` if the file is removed.
    pub new: Option<&'a [u8]>,
}

/// A folder that only this run writes to.
pub struct Transaction<'a> {
    root: &'a Path,
    files: &'a dyn FileSystem,
    _lock: FolderLock,
}

/// A line of the journal.
struct Step {
    old: String,
    new: String,
    path: PathBuf,
}

impl<'a> Transaction<'a> {
    /// Creates the folder if needed, waits until no other run writes to it, and completes an interrupted run.
    ///
    /// # Errors
    /// Returns the error of the file system, with the path.
    pub fn begin(root: &'a Path, files: &'a dyn FileSystem) -> io::Result<Self> {
        // A relative path without folders has an empty parent.
        let root = if root.as_os_str().is_empty() { Path::new(".") } else { root };
        if !root.is_dir() {
            files.run(Operation::CreateFolder(root)).map_err(|error| at(root, &error))?;
        }
        let transaction = Transaction { root, files, _lock: FolderLock::acquire(root)? };
        transaction.recover()?;
        Ok(transaction)
    }

    /// Makes all changes, in order. The last one decides whether an interrupted run is completed, so it should be the
    /// list of files.
    ///
    /// # Errors
    /// Returns the error of the file system, with the path. Either nothing is changed then, or the next run makes the
    /// remaining changes.
    pub fn commit(&self, changes: &[Change<'_>]) -> io::Result<()> {
        if changes.is_empty() {
            return Ok(());
        }
        let steps = self.stage(changes).inspect_err(|_| drop(self.clear()))?;
        self.finish(&steps)?;
        self.clear()
    }

    /// Performs an operation; errors have the path.
    fn run(&self, operation: Operation<'_>) -> io::Result<()> {
        let (Operation::CreateFolder(path)
        | Operation::Create(path, _)
        | Operation::Rename(_, path)
        | Operation::Remove(path)
        | Operation::RemoveFolder(path)) = operation;
        self.files.run(operation).map_err(|error| at(path, &error))
    }

    fn staging(&self) -> PathBuf {
        self.root.join(STAGING)
    }

    /// Writes new contents, then the journal.
    fn stage(&self, changes: &[Change<'_>]) -> io::Result<Vec<Step>> {
        let staging = self.staging();
        self.run(Operation::CreateFolder(&staging))?;
        let mut steps = Vec::with_capacity(changes.len());
        for (index, Change { path, new }) in changes.iter().enumerate() {
            if let Some(link) = self.link(path) {
                let text = format!("{} is a link; move it away or choose another folder", link.display());
                return Err(io::Error::new(io::ErrorKind::AlreadyExists, text));
            }
            let old = self.hash(path)?;
            if let Some(bytes) = new {
                let file = staging.join(index.to_string());
                self.run(Operation::Create(&file, bytes))?;
            }
            let new = match new {
                Some(bytes) if index + 1 == changes.len() => sha256::hex(bytes),
                Some(_) => WRITTEN.to_owned(),
                None => NONE.to_owned(),
            };
            steps.push(Step { old, new, path: path.to_path_buf() });
        }
        let (draft, journal) = (staging.join("draft"), staging.join(JOURNAL));
        self.run(Operation::Create(&draft, render(&steps).as_bytes()))?;
        self.run(Operation::Rename(&draft, &journal))?;
        Ok(steps)
    }

    /// Makes every change that is not made yet, unless its file was changed by others.
    fn finish(&self, steps: &[Step]) -> io::Result<()> {
        for (index, Step { old, new, path }) in steps.iter().enumerate() {
            let (staged, target) = (self.staging().join(index.to_string()), self.root.join(path));
            if self.hash(path)? != *old || old == new {
                continue;
            }
            if new == NONE {
                self.run(Operation::Remove(&target))?;
            } else if staged.is_file() {
                let folder = target.parent().unwrap_or(self.root);
                if !folder.is_dir() {
                    self.run(Operation::CreateFolder(folder))?;
                }
                self.run(Operation::Rename(&staged, &target))?;
            }
        }
        Ok(())
    }

    fn recover(&self) -> io::Result<()> {
        let Some(steps) = interrupted(self.root)? else { return Ok(()) };
        if let Some(last) = steps.last() {
            let now = self.hash(&last.path)?;
            // With another hash, version control has put other files here, which the journal does not describe. No
            // journal of ours leads through a link.
            let is_ours = steps.iter().all(|step| self.link(&step.path).is_none());
            if is_ours && (now == last.old || now == last.new) {
                self.finish(&steps)?;
            }
        }
        self.clear()
    }

    /// Removes the staging folder, the journal first: without it nothing is repeated.
    fn clear(&self) -> io::Result<()> {
        let staging = self.staging();
        let entries = fs::read_dir(&staging).map_err(|error| at(&staging, &error))?;
        let names = entries.map(|entry| Ok(entry?.file_name())).collect::<io::Result<BTreeSet<_>>>();
        let names = names.map_err(|error| at(&staging, &error))?;
        let journal = names.iter().filter(|name| *name == JOURNAL);
        for name in journal.chain(names.iter().filter(|name| *name != JOURNAL)) {
            let file = staging.join(name);
            self.run(Operation::Remove(&file))?;
        }
        self.run(Operation::RemoveFolder(&staging))
    }

    /// Returns a folder on the way to a file that is a link, since it may lead anywhere.
    fn link(&self, path: &Path) -> Option<PathBuf> {
        let folders = path.ancestors().skip(1).filter(|folder| !folder.as_os_str().is_empty());
        folders.map(|folder| self.root.join(folder)).find(|folder| folder.is_symlink())
    }

    fn hash(&self, path: &Path) -> io::Result<String> {
        Ok(read(&self.root.join(path))?.map_or_else(|| NONE.to_owned(), |bytes| sha256::hex(&bytes)))
    }
}

/// Returns true if a run was interrupted here, and the next one has to complete it.
pub fn is_interrupted(root: &Path) -> bool {
    root.join(STAGING).join(JOURNAL).is_file()
}

/// Returns the steps of an interrupted run; `None` if there was none.
fn interrupted(root: &Path) -> io::Result<Option<Vec<Step>>> {
    let staging = root.join(STAGING);
    match fs::symlink_metadata(&staging) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(at(&staging, &error)),
        // A link could lead to files that are not ours.
        Ok(metadata) if !metadata.is_dir() => {
            let text = format!("{} is not a folder; move it away or choose another folder", staging.display());
            return Err(io::Error::new(io::ErrorKind::AlreadyExists, text));
        }
        Ok(_) => {}
    }
    let journal = read(&staging.join(JOURNAL))?.unwrap_or_default();
    Ok(Some(parse(&String::from_utf8_lossy(&journal))))
}

fn render(steps: &[Step]) -> String {
    steps.iter().fold(format!("{HEAD}\n"), |mut text, Step { old, new, path }| {
        let parts: Vec<_> = path.iter().map(|part| part.to_string_lossy()).collect();
        let _ = writeln!(text, "{old} {new} {}", parts.join("/"));
        text
    })
}

/// Parses the steps; returns none if one of them is not one that we would have written.
fn parse(text: &str) -> Vec<Step> {
    let mut lines = text.lines();
    if lines.next() != Some(HEAD) {
        return Vec::new();
    }
    let step = |line: &str| {
        let mut parts = line.splitn(3, ' ');
        let (old, new, path) = (parts.next()?.to_owned(), parts.next()?.to_owned(), PathBuf::from(parts.next()?));
        is_plain(&path).then_some(Step { old, new, path })
    };
    lines.map(step).collect::<Option<_>>().unwrap_or_default()
}

/// Returns true if a path leads to a file below its folder that we may write: a foreign journal must not install hooks
/// of version control.
fn is_plain(path: &Path) -> bool {
    path.components().all(|part| match part {
        Component::Normal(name) => !name.eq_ignore_ascii_case(".git"),
        _ => false,
    })
}
