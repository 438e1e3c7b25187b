//! Differences between a folder and what a run would write to it.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use super::file_list::{LIST, formatted_by, is_same, owned, read, stale};
use super::generated_files::{GeneratedFiles, is_rust};
use super::rustfmt::Rustfmt;
use crate::error::Difference;

/// Returns every file that a run would write or remove. Changes nothing. Files that another version of rustfmt has
/// formatted are formatted again before they are compared.
pub fn differences(root: &Path, files: &GeneratedFiles) -> io::Result<Vec<Difference>> {
    let mut found = Vec::new();
    for (path, text) in &files.by_path {
        let old = read(&root.join(path))?;
        if !old.as_ref().is_some_and(|old| is_same(old, text)) {
            found.push(Difference { path: path.clone(), old, new: Some(text.clone()) });
        }
    }
    let list = owned(root)?;
    let is_other = |rustfmt: &&Rustfmt| formatted_by(&list).is_some_and(|version| version != rustfmt.version);
    if let Some(rustfmt) = files.rustfmt.as_ref().filter(is_other) {
        format_anew(rustfmt, &mut found);
    }
    for path in stale(root, &files.by_path)? {
        let old = read(&root.join(&path))?;
        found.push(Difference { path, old, new: None });
    }
    // The list differs whenever a file does.
    if found.len() > 1 {
        found.retain(|difference| difference.path != Path::new(LIST));
    }
    Ok(found)
}

/// Formats the existing files like the new ones, and drops those that are then equal, as well as the list, which has
/// hashes of the rest.
fn format_anew(rustfmt: &Rustfmt, found: &mut Vec<Difference>) {
    found.retain(|difference| difference.path != Path::new(LIST));
    let olds = found.iter().filter(|difference| is_rust(&difference.path));
    let olds: BTreeMap<&Path, &str> = olds.filter_map(|one| Some((one.path.as_path(), one.old.as_deref()?))).collect();
    // A file that rustfmt cannot format was edited, and is left as it is.
    let Ok((formatted, _)) = rustfmt.format(&olds) else { return };
    for difference in found.iter_mut() {
        difference.old = formatted.get(&difference.path).cloned().or(difference.old.take());
    }
    found.retain(|difference| difference.old != difference.new);
}
