//! Writes a folder of fetched documents: all or nothing, and only files that are ours.

use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use apigen_build::write::{Change, FileSystem, Transaction, read};
use apigen_model::lock::Lock;
use apigen_model::lock::sha256;

pub struct Store<'a> {
    /// Nothing outside this folder is written or removed, except the lock file.
    pub folder: &'a Path,
    pub lock_file: &'a Path,
    pub old: &'a Lock,
    pub new: &'a Lock,
    /// Contents by path as in the lock; several URIs may share a file.
    pub files: BTreeMap<&'a str, &'a [u8]>,
    pub disk: &'a dyn FileSystem,
}

impl Store<'_> {
    /// Writes new and changed files, and removes files that only the old lock lists; the lock file comes last. Returns
    /// the edited files, which are left in place. If the run is killed, the next one completes it.
    ///
    /// # Errors
    /// Returns an error of the file system with the path in its text, `AlreadyExists` for a file that is not ours, or
    /// `WouldBlock` if another run has changed the lock file meanwhile.
    pub fn write(&self) -> io::Result<Vec<&str>> {
        let root = self.lock_file.parent().unwrap_or(Path::new(""));
        let lock = self.new.render();
        let locked = read(self.lock_file)?;
        let is_new = locked.as_deref() != Some(lock.as_bytes()) && (locked.is_some() || !self.new.entries.is_empty());
        let written = self.changed()?;
        let (removed, left) = self.removed();
        if !is_new && written.is_empty() && removed.is_empty() {
            return Ok(left);
        }
        let transaction = Transaction::begin(root, self.disk)?;
        if read(self.lock_file)? != locked {
            let text = format!("{} was changed by another run; update again", self.lock_file.display());
            return Err(io::Error::new(io::ErrorKind::WouldBlock, text));
        }
        let name = self.lock_file.file_name().map(Path::new).unwrap_or(Path::new(""));
        let written = written.iter().map(|(path, bytes)| Change { path, new: Some(*bytes) });
        let gone = removed.iter().map(|path| Change { path, new: None });
        let list = is_new.then_some(Change { path: name, new: Some(lock.as_bytes()) });
        transaction.commit(&written.chain(gone).chain(list).collect::<Vec<_>>())?;
        removed.iter().for_each(|path| self.remove_empty(&root.join(path)));
        Ok(left)
    }

    fn changed(&self) -> io::Result<Vec<(PathBuf, &[u8])>> {
        let ours: HashSet<&str> = self.old.entries.values().map(|entry| entry.path.as_str()).collect();
        let mut changed = Vec::new();
        for (path, bytes) in &self.files {
            let target = self.old.at(path);
            match read(&target)? {
                Some(old) if old == *bytes => {}
                Some(_) if !ours.contains(path) => return Err(foreign(&target)),
                _ => changed.push((relative(path), *bytes)),
            }
        }
        Ok(changed)
    }

    /// Returns the files that only the old lock lists, and the edited ones among them.
    fn removed(&self) -> (Vec<PathBuf>, Vec<&str>) {
        let needed: HashSet<String> = self.new.entries.values().map(|e| e.path.to_ascii_lowercase()).collect();
        let (mut removed, mut left) = (Vec::new(), Vec::new());
        for entry in self.old.entries.values().filter(|entry| !needed.contains(&entry.path.to_ascii_lowercase())) {
            let file = self.old.at(&entry.path);
            let Ok(Some(bytes)) = read(&file) else { continue };
            let is_ours = [sha256::hex(&bytes), sha256::hex_of_text(&bytes)].contains(&entry.sha256);
            if is_ours && file.starts_with(self.folder) {
                removed.push(relative(&entry.path));
            } else {
                left.push(entry.path.as_str());
            }
        }
        (removed, left)
    }

    /// Removes empty folders, upwards; stops at the first that is not empty.
    fn remove_empty(&self, file: &Path) {
        let folders = file.ancestors().skip(1).take_while(|folder| *folder != self.folder);
        for folder in folders {
            if fs::remove_dir(folder).is_err() {
                break;
            }
        }
    }
}

/// Returns a path of the lock in this system's notation.
fn relative(path: &str) -> PathBuf {
    path.split('/').collect()
}

fn foreign(path: &Path) -> io::Error {
    let text = format!("{} exists and is not in the lock file; move it away or choose another folder", path.display());
    io::Error::new(io::ErrorKind::AlreadyExists, text)
}

// It is next to the code that writes outputs.
#[cfg(test)]
#[path = "../../generator/src/write/interrupted.rs"]
mod interrupted;

#[cfg(test)]
mod tests {
    use super::interrupted::InterruptedDisk;
    use super::*;
    use apigen_build::write::Disk;
    use apigen_model::lock::Entry;

    /// Returns a lock of these files with their texts.
    fn lock(file: &Path, texts: &[(&str, &str)]) -> Lock {
        let mut lock = Lock::new(file);
        for (path, text) in texts {
            let entry = Entry {
                organization: "acme".to_owned(),
                application: "geo".to_owned(),
                version: "1.0.0".to_owned(),
                sha256: sha256::hex(text.as_bytes()),
                path: format!("vendor/{path}/service.json"),
            };
            lock.entries.insert(format!("https://a/{path}"), entry);
        }
        lock
    }

    #[test]
    fn a_killed_update_is_completed_by_the_next() {
        let root = std::env::temp_dir().join(format!("apigen-store-{}", std::process::id()));
        let (folder, lock_file) = (root.join("vendor"), root.join("apigen.lock"));
        let old = lock(&lock_file, &[("a", "a1"), ("b", "b1"), ("c", "c1")]);
        let (texts, none) = ([("a", "a2"), ("b", "b1"), ("d", "d1")], Lock::new(&lock_file));
        let new = lock(&lock_file, &texts);
        let write = |old: &Lock, new: &Lock, texts: &[(&str, &str)], disk: &dyn FileSystem| {
            let files = texts.iter().map(|(path, text)| (format!("vendor/{path}/service.json"), text.as_bytes()));
            let files: Vec<_> = files.collect();
            let files = files.iter().map(|(path, bytes)| (path.as_str(), *bytes)).collect();
            let store = Store { folder: &folder, lock_file: &lock_file, old, new, files, disk };
            store.write().map(|left| assert!(left.is_empty()))
        };
        for operations in 0.. {
            drop(fs::remove_dir_all(&root));
            fs::create_dir_all(&root).unwrap();
            write(&none, &old, &[("a", "a1"), ("b", "b1"), ("c", "c1")], &Disk).unwrap();
            let killed = write(&old, &new, &texts, &InterruptedDisk::after(operations)).is_err();
            // An update begins like this.
            Transaction::begin(&root, &Disk).map(drop).unwrap();
            let now = Lock::open(&lock_file).unwrap();
            assert!([&old, &new].contains(&&now), "after {operations} operations");
            now.entries.iter().for_each(|(uri, entry)| drop(now.read(uri, entry).unwrap()));
            write(&now, &new, &texts, &Disk).unwrap();
            assert_eq!(Lock::open(&lock_file), Ok(new.clone()));
            assert!(!root.join("vendor/c").join("service.json").exists() && !root.join(".apigen.tmp").exists());
            if !killed {
                assert!(operations > 8, "{operations}");
                break;
            }
        }
        fs::remove_dir_all(root).unwrap();
    }
}
