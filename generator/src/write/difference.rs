//! What differs between a folder and what a run would write to it.

use std::io;
use std::path::{Path, PathBuf};

use super::file_list::{LIST, is_same, read, stale};
use super::generated_files::GeneratedFiles;

/// A file that is not as a run would leave it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Relative to the output folder.
    pub path: PathBuf,
    /// What is there; `None` if nothing is.
    pub old: Option<String>,
    /// What would be written; `None` if it would be removed.
    pub new: Option<String>,
}

/// Every file that a run would write or remove. Changes nothing.
///
/// # Errors
/// An error of the file system with the path in its text.
pub fn differences(root: &Path, files: &GeneratedFiles) -> io::Result<Vec<Difference>> {
    let mut found = Vec::new();
    for (path, text) in &files.by_path {
        let old = read(&root.join(path))?;
        if !old.as_ref().is_some_and(|old| is_same(old, text)) {
            found.push(Difference { path: path.clone(), old, new: Some(text.clone()) });
        }
    }
    for path in stale(root, &files.by_path)? {
        let old = read(&root.join(&path))?;
        found.push(Difference { path, old, new: None });
    }
    // The list differs wherever a file does.
    if found.len() > 1 {
        found.retain(|difference| difference.path != Path::new(LIST));
    }
    Ok(found)
}
