//! The location of examples: `<folder>/<method>/<path>/<name>.response.json`.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::{fs, io};

use crate::operation::OperationInfo;

/// Returns the folder to record examples of an operation in, with variables by name: `get/users/:guid`.
pub(super) fn home(root: &Path, info: &OperationInfo) -> PathBuf {
    let folder = root.join(info.method.to_lowercase());
    info.path.split('/').filter(|part| !part.is_empty()).fold(folder, |folder, part| folder.join(file_name(part)))
}

/// Returns the existing folders that may hold examples of a call; those with values of variables precede those with
/// names.
pub(super) fn candidates(root: &Path, info: &OperationInfo, values: &[(String, String)]) -> Vec<PathBuf> {
    let values: Vec<(String, Option<String>)> =
        values.iter().map(|(name, value)| (name.clone(), Some(value.clone()))).collect();
    let mut filled = String::new();
    if crate::encoding::expand(&mut filled, info.path, &values).is_err() {
        info.path.clone_into(&mut filled);
    }
    let mut folders = vec![root.join(info.method.to_lowercase())];
    for (template, value) in info.path.split('/').zip(filled.split('/')).filter(|(part, _)| !part.is_empty()) {
        let mut names = vec![file_name(value), file_name(template)];
        names.dedup();
        let deeper = folders.iter().flat_map(|folder| names.iter().map(|name| folder.join(name)));
        folders = deeper.filter(|folder| folder.is_dir()).collect();
    }
    folders
}

/// Converts a path segment to a folder name. Characters that operating systems forbid are written as `%3A`: on Windows
/// also the colon of a variable.
fn file_name(segment: &str) -> String {
    if segment.bytes().all(|byte| byte == b'.') {
        return segment.replace('.', "%2E");
    }
    let forbidden = |c: char| c.is_control() || c == '\\' || (cfg!(windows) && "<>:\"|?*".contains(c));
    segment.chars().map(|c| if forbidden(c) { format!("%{:02X}", u32::from(c)) } else { c.to_string() }).collect()
}

/// Returns true if this can be the name of an example on every operating system.
pub(super) fn is_name(name: &str) -> bool {
    let allowed = |c: char| c.is_alphanumeric() || " _-.".contains(c);
    !name.is_empty() && name.len() <= 100 && name.chars().all(allowed) && !name.starts_with('.')
}

/// Writes a file atomically: readers see the old text or the new one.
pub(super) fn write(path: &Path, text: &str) -> io::Result<()> {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let temporary = path.with_extension(format!("{}-{count}.tmp", std::process::id()));
    fs::write(&temporary, text)?;
    fs::rename(&temporary, path).inspect_err(|_| drop(fs::remove_file(&temporary)))
}

pub(super) fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::{file_name, is_name};

    #[test]
    #[cfg(unix)]
    fn names_stay_inside_their_folder() {
        assert_eq!(file_name(":guid.csv"), ":guid.csv");
        assert_eq!(file_name(".."), "%2E%2E");
        assert_eq!(file_name("a\\b\n"), "a%5Cb%0A");
        assert!(is_name("simple 1") && !is_name("../x") && !is_name("") && !is_name(".x") && !is_name("a/b"));
    }
}
