//! The list of what a run wrote, so that the next one knows what it may remove, and what somebody has edited.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

use super::format::MARK;
use apigen_model::lock::sha256;

/// Its name.
pub const LIST: &str = ".apigen";

/// The text of the list: in each line the SHA-256 of a file and its path.
pub fn list(files: &BTreeMap<PathBuf, String>) -> String {
    let mut text = format!("# {MARK}: the files of this folder that it owns\n");
    for (path, content) in files {
        // Always with slashes, so that the list is the same on every system.
        let parts: Vec<_> = path.iter().map(|part| part.to_string_lossy()).collect();
        text.push_str(&format!("{}  {}\n", hash(content), parts.join("/")));
    }
    text
}

/// Paths and hashes of a list. Those of older versions have no hashes.
pub fn entries(list: &str) -> BTreeMap<PathBuf, Option<&str>> {
    let lines = list.lines().skip(1).map(|line| match line.split_once("  ") {
        Some((hash, path)) => (PathBuf::from(path), Some(hash)),
        None => (PathBuf::from(line), None),
    });
    lines.filter(|(path, _)| is_plain(path)).collect()
}

/// The hash of a text, however its lines end.
pub fn hash(text: &str) -> String {
    sha256::hex_of_text(text.as_bytes())
}

/// Whether two texts are the same, however their lines end: version control may have changed that.
pub fn is_same(old: &str, new: &str) -> bool {
    old == new || sha256::unix(old.as_bytes()) == sha256::unix(new.as_bytes())
}

/// Whether a path stays below the folder it is relative to.
fn is_plain(path: &Path) -> bool {
    path.components().all(|part| matches!(part, Component::Normal(_)))
}
