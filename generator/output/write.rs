//! Writing: only what changed, only our own files, all or nothing.

use std::collections::BTreeSet;
use std::io;
use std::path::{Component, Path, PathBuf};
use std::{fs, process};

use super::Tree;
use super::format::MARK;
use super::tree::LIST;

/// What a run did to the output folder.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Written {
    /// New or changed files.
    pub changed: Vec<PathBuf>,
    /// Files that were already up to date.
    pub unchanged: Vec<PathBuf>,
    /// Files of an earlier run that are no longer needed.
    pub removed: Vec<PathBuf>,
}

/// Makes `root` hold the files of `tree`, and removes files that an earlier run put there and this one did not.
///
/// Nothing is changed unless everything can be: existing files that are not ours stop the run, and new contents are
/// written beside their targets before the first one is renamed into place.
///
/// # Errors
/// An error of the file system with the path in its text, or `AlreadyExists` for a file that we do not own.
pub fn write(root: &Path, tree: &Tree) -> io::Result<Written> {
    let mut written = Written::default();
    for (path, text) in &tree.files {
        match read(&root.join(path))? {
            Some(old) if old == *text => written.unchanged.push(path.clone()),
            Some(old) if !is_ours(&old) => return Err(foreign(&root.join(path))),
            _ => written.changed.push(path.clone()),
        }
    }
    written.removed = stale(root, tree)?;
    let staged = stage(root, tree, &written.changed)?;
    for (from, to) in &staged {
        fs::rename(from, to).map_err(|error| at(to, &error))?;
    }
    for path in &written.removed {
        let path = root.join(path);
        fs::remove_file(&path).map_err(|error| at(&path, &error))?;
    }
    Ok(written)
}

/// The text of a file, if there is one; bytes that are no text are no file of ours.
fn read(path: &Path) -> io::Result<Option<String>> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(String::from_utf8_lossy(&bytes).into_owned())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(at(path, &error)),
    }
}

fn is_ours(text: &str) -> bool {
    text.lines().next().is_some_and(|line| line.contains(MARK))
}

fn foreign(path: &Path) -> io::Error {
    let text = format!("{} exists and was not generated; move it away or choose another folder", path.display());
    io::Error::new(io::ErrorKind::AlreadyExists, text)
}

fn at(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {error}", path.display()))
}

/// Writes the changed files beside their targets; on failure removes what it wrote.
fn stage(root: &Path, tree: &Tree, changed: &[PathBuf]) -> io::Result<Vec<(PathBuf, PathBuf)>> {
    let mut staged = Vec::new();
    let result = changed.iter().try_for_each(|path| {
        let target = root.join(path);
        let name = target.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let temporary = target.with_file_name(format!(".{name}.{}.tmp", process::id()));
        if let Some(folder) = target.parent() {
            fs::create_dir_all(folder).map_err(|error| at(folder, &error))?;
        }
        staged.push((temporary.clone(), target));
        fs::write(&temporary, &tree.files[path]).map_err(|error| at(&temporary, &error))
    });
    if let Err(error) = result {
        staged.iter().for_each(|(temporary, _)| drop(fs::remove_file(temporary)));
        return Err(error);
    }
    Ok(staged)
}

/// Files of an earlier run, by the list it left, that this run does not write.
fn stale(root: &Path, tree: &Tree) -> io::Result<Vec<PathBuf>> {
    let Some(list) = read(&root.join(LIST))?.filter(|text| is_ours(text)) else { return Ok(Vec::new()) };
    let earlier: BTreeSet<PathBuf> = list.lines().skip(1).map(PathBuf::from).filter(|path| is_plain(path)).collect();
    let mut found = Vec::new();
    for path in earlier.into_iter().filter(|path| !tree.files.contains_key(path)) {
        if read(&root.join(&path))?.is_some_and(|text| is_ours(&text)) {
            found.push(path);
        }
    }
    Ok(found)
}

/// Whether a path stays below the folder it is relative to.
fn is_plain(path: &Path) -> bool {
    path.components().all(|part| matches!(part, Component::Normal(_)))
}
