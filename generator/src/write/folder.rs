//! Writes a folder: only changed files, only our own files, all or nothing.

use std::io;
use std::path::{Path, PathBuf};

use super::file_list::{LIST, entries, hash, is_ours, owned, read, stale};
use super::file_system::{Disk, FileSystem};
use super::generated_files::GeneratedFiles;
use super::transaction::{Change, Transaction};
use crate::error::{Difference, Error};

/// The changes of a run to the output folder.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Written {
    /// New or changed files.
    pub changed: Vec<PathBuf>,
    /// Files that were already up to date.
    pub unchanged: Vec<PathBuf>,
    /// Files of an earlier run that are no longer needed.
    pub removed: Vec<PathBuf>,
}

/// Writes the files to `root`, and removes the files of an earlier run that are no longer generated.
///
/// Nothing is changed unless everything can be: existing files that are not ours stop the run, as do, without `force`,
/// edited ones. A run that is killed is completed by the next one, and two runs never write at once.
///
/// # Errors
/// Returns an error of the file system with the path in its text, `AlreadyExists` for a file that we do not own, or the
/// edited files.
pub fn write(root: &Path, files: &GeneratedFiles, force: bool) -> Result<Written, Error> {
    write_with(&Disk, root, files, force)
}

fn write_with(disk: &dyn FileSystem, root: &Path, files: &GeneratedFiles, force: bool) -> Result<Written, Error> {
    let transaction = Transaction::begin(root, disk)?;
    let written = plan(root, files, force)?;
    let removed = written.removed.iter().map(|path| Change { path, new: None });
    let changed = written.changed.iter().map(|path| Change { path, new: Some(files.by_path[path].as_bytes()) });
    let mut changes: Vec<Change<'_>> = removed.chain(changed).collect();
    // The list comes last: until then, the old list still names the existing files.
    changes.sort_by_key(|change| change.path == Path::new(LIST));
    transaction.commit(&changes)?;
    Ok(written)
}

fn plan(root: &Path, files: &GeneratedFiles, force: bool) -> Result<Written, Error> {
    let mut written = Written::default();
    let (list, mut edited) = (owned(root)?, Vec::new());
    let known = entries(&list);
    let is_edited = |path: &Path, old: &str| {
        !force && known.get(path).copied().flatten().is_some_and(|recorded| hash(old) != recorded)
    };
    for (path, text) in &files.by_path {
        match read(&root.join(path))? {
            Some(old) if old == *text => written.unchanged.push(path.clone()),
            Some(old) if !is_ours(&old) => return Err(foreign(&root.join(path)).into()),
            Some(old) if is_edited(path, &old) => {
                edited.push(Difference { path: path.clone(), old: Some(old), new: Some(text.clone()) });
            }
            _ => written.changed.push(path.clone()),
        }
    }
    written.removed = stale(root, &files.by_path)?;
    for path in &written.removed {
        if let Some(old) = read(&root.join(path))?.filter(|old| is_edited(path, old)) {
            edited.push(Difference { path: path.clone(), old: Some(old), new: None });
        }
    }
    if edited.is_empty() { Ok(written) } else { Err(Error::of_edited(edited)) }
}

fn foreign(path: &Path) -> io::Error {
    let text = format!("{} exists and was not generated; move it away or choose another folder", path.display());
    io::Error::new(io::ErrorKind::AlreadyExists, text)
}

#[cfg(test)]
mod tests;
