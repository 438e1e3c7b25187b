//! Generated files in memory.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::file_list::{LIST, is_ours, list};
use super::rustfmt::Rustfmt;
use crate::option_error::OptionError;

/// Relative paths and contents, ordered by path.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct GeneratedFiles {
    /// Files by path; every path is relative and has plain names only.
    pub by_path: BTreeMap<PathBuf, String>,
    /// The paths in lower case.
    taken: BTreeSet<String>,
    /// The formatter of the Rust files, if not prettyplease.
    pub(super) rustfmt: Option<Rustfmt>,
}

impl GeneratedFiles {
    /// Adds a file.
    ///
    /// # Errors
    /// Returns an error if a file already has this path, or one that differs only in case, which is the same file on
    /// macOS and Windows. That would be a bug in the naming of files; the text contains the path.
    pub fn add(&mut self, path: PathBuf, text: String) -> Result<(), String> {
        if !self.taken.insert(path.to_string_lossy().to_ascii_lowercase()) {
            return Err(format!("two files were generated for {}", path.display()));
        }
        self.by_path.insert(path, text);
        Ok(())
    }

    /// Formats all Rust files. Returns rustfmt's warnings.
    pub fn format(&mut self, rustfmt: Rustfmt) -> Result<String, Box<OptionError>> {
        let files = self.by_path.iter().map(|(path, text)| (path.as_path(), text.as_str()));
        let (formatted, warnings) = rustfmt.format(&files.filter(|(path, _)| is_rust(path)).collect())?;
        if let Some((path, _)) = formatted.iter().find(|(_, text)| !is_ours(text)) {
            return Err(rustfmt.unusable(path));
        }
        self.by_path.extend(formatted);
        self.rustfmt = Some(rustfmt);
        Ok(warnings)
    }

    /// Adds the list of all files.
    pub fn with_list(mut self) -> Self {
        let text = list(&self.by_path, self.rustfmt.as_ref().map(|rustfmt| rustfmt.version.as_str()));
        self.by_path.insert(PathBuf::from(LIST), text);
        self
    }
}

pub(super) fn is_rust(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "rs")
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
