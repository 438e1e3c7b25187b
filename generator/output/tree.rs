//! Files in memory.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::format::MARK;

/// The file that lists what a run wrote, so that the next one knows what it may remove.
pub const LIST: &str = ".apigen";

/// Relative paths and contents, in the order of the paths.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Tree {
    /// Every path is relative and made of plain names only.
    pub files: BTreeMap<PathBuf, String>,
}

impl Tree {
    /// Adds the list of all files.
    pub fn with_list(mut self) -> Self {
        let mut text = format!("# {MARK}: the files of this folder that it owns\n");
        for path in self.files.keys() {
            // Always with slashes, so that the list is the same on every system.
            let parts: Vec<_> = path.iter().map(|part| part.to_string_lossy()).collect();
            text.push_str(&parts.join("/"));
            text.push('\n');
        }
        self.files.insert(PathBuf::from(LIST), text);
        self
    }
}
