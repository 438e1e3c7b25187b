//! Writes a vendored folder: all or nothing, and only files that are ours.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{fs, io, process};

use super::lock::Lock;
use super::sha256;

/// What is to be written.
pub struct Store<'a> {
    /// Nothing outside of it is written or removed, except the lock file.
    pub folder: &'a Path,
    pub lock_file: &'a Path,
    pub old: &'a Lock,
    pub new: &'a Lock,
    /// By path as in the lock; several URIs may share a file.
    pub files: BTreeMap<&'a str, &'a [u8]>,
}

impl Store<'_> {
    /// Writes what is new or changed beside its target, renames it into place when all of it is there, the lock file last, and
    /// removes files that only the old lock lists. Returns those that somebody changed, which stay.
    ///
    /// # Errors
    /// An error of the file system with the path in its text, or `AlreadyExists` for a file that is not ours.
    pub fn write(&self) -> io::Result<Vec<&str>> {
        let mut staged = Vec::new();
        let result = self.stage(&mut staged);
        let renamed = result.and_then(|()| {
            staged.iter().try_for_each(|(from, to)| fs::rename(from, to).map_err(|error| at(to, &error)))
        });
        if let Err(error) = renamed {
            staged.iter().for_each(|(temporary, _)| drop(fs::remove_file(temporary)));
            return Err(error);
        }
        self.remove()
    }

    fn stage(&self, staged: &mut Vec<(PathBuf, PathBuf)>) -> io::Result<()> {
        for (path, bytes) in &self.files {
            let target = self.old.at(path);
            match fs::read(&target) {
                Ok(old) if old == *bytes => continue,
                Ok(_) if !self.old.entries.values().any(|entry| entry.path == *path) => return Err(foreign(&target)),
                _ => put(staged, target, bytes)?,
            }
        }
        let text = self.new.render();
        if fs::read(self.lock_file).is_ok_and(|old| old == text.as_bytes()) {
            return Ok(());
        }
        if self.new.entries.is_empty() && !self.lock_file.exists() {
            return Ok(());
        }
        put(staged, self.lock_file.to_owned(), text.as_bytes())
    }

    fn remove(&self) -> io::Result<Vec<&str>> {
        let needed = |path: &str| self.new.entries.values().any(|entry| entry.path.eq_ignore_ascii_case(path));
        let mut left = Vec::new();
        for entry in self.old.entries.values().filter(|entry| !needed(&entry.path)) {
            let file = self.old.at(&entry.path);
            let Ok(bytes) = fs::read(&file) else { continue };
            if ![sha256::hex(&bytes), sha256::hex_of_text(&bytes)].contains(&entry.sha256)
                || !file.starts_with(self.folder)
            {
                left.push(entry.path.as_str());
                continue;
            }
            fs::remove_file(&file).map_err(|error| at(&file, &error))?;
            // Folders that became empty; the first that did not ends it.
            let folders = file.ancestors().skip(1).take_while(|folder| *folder != self.folder);
            for folder in folders {
                if fs::remove_dir(folder).is_err() {
                    break;
                }
            }
        }
        Ok(left)
    }
}

fn put(staged: &mut Vec<(PathBuf, PathBuf)>, target: PathBuf, bytes: &[u8]) -> io::Result<()> {
    let name = target.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let temporary = target.with_file_name(format!(".{name}.{}.tmp", process::id()));
    if let Some(folder) = target.parent() {
        fs::create_dir_all(folder).map_err(|error| at(folder, &error))?;
    }
    staged.push((temporary.clone(), target));
    fs::write(&temporary, bytes).map_err(|error| at(&temporary, &error))
}

fn foreign(path: &Path) -> io::Error {
    let text = format!("{} exists and is not in the lock file; move it away or choose another folder", path.display());
    io::Error::new(io::ErrorKind::AlreadyExists, text)
}

fn at(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {error}", path.display()))
}
