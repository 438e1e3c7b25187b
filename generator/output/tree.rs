//! Files in memory.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::list::{LIST, list};

/// Relative paths and contents, in the order of the paths.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Tree {
    /// Every path is relative and made of plain names only.
    pub files: BTreeMap<PathBuf, String>,
}

impl Tree {
    /// Adds the list of all files.
    pub fn with_list(mut self) -> Self {
        let text = list(&self.files);
        self.files.insert(PathBuf::from(LIST), text);
        self
    }
}
