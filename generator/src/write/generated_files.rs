//! Files in memory.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use super::file_list::{LIST, list};

/// Relative paths and contents, in the order of the paths.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct GeneratedFiles {
    /// Every path is relative and made of plain names only.
    pub by_path: BTreeMap<PathBuf, String>,
    /// The paths in lower case.
    taken: BTreeSet<String>,
}

impl GeneratedFiles {
    /// Adds a file.
    ///
    /// # Errors
    /// If there is one at this path already, or at a path that differs in the case of letters only, which is the same file on
    /// macOS and Windows. That would be a fault of whoever named the files; the text says which path.
    pub fn add(&mut self, path: PathBuf, text: String) -> Result<(), String> {
        if !self.taken.insert(path.to_string_lossy().to_ascii_lowercase()) {
            return Err(format!("two files were generated for {}", path.display()));
        }
        self.by_path.insert(path, text);
        Ok(())
    }

    /// Adds the list of all files.
    pub fn with_list(mut self) -> Self {
        let text = list(&self.by_path);
        self.by_path.insert(PathBuf::from(LIST), text);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_holds_one_file() {
        let mut files = GeneratedFiles::default();
        let mut add = |path: &str| files.add(PathBuf::from(path), path.to_owned());
        assert_eq!(add("users.rs"), Ok(()));
        assert_eq!(add("common/users.rs"), Ok(()));
        assert_eq!(add("users.rs"), Err("two files were generated for users.rs".to_owned()));
        assert_eq!(add("common/Users.rs"), Err("two files were generated for common/Users.rs".to_owned()));
        assert_eq!(files.by_path.into_values().collect::<Vec<_>>(), ["common/users.rs", "users.rs"]);
    }
}
