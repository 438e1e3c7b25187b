//! The lock file: the file of each imported URI, and its hash.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

use serde_json::Value;

pub mod sha256;
use crate::source::json::{self, Object};
use crate::source::{read_document, read_text};

/// The name of a lock file in a folder of fetched documents.
pub const NAME: &str = "apigen.lock";

/// The only version of the format so far.
const FORMAT: u64 = 1;

/// The locked documents, by URI.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lock {
    /// The folder that paths of entries are relative to.
    folder: PathBuf,
    /// The entries, by URI as written in imports.
    pub entries: BTreeMap<String, Entry>,
}

/// A locked document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Key of the organisation, from the document itself.
    pub organization: String,
    /// Key of the application, from the document itself.
    pub application: String,
    /// The version that the URI was resolved to.
    pub version: String,
    /// SHA-256 of the file's bytes, in lower-case hexadecimal digits.
    pub sha256: String,
    /// The file, relative to the lock file's folder, with `/` as separator.
    pub path: String,
}

impl Lock {
    /// Creates an empty lock for a lock file at this path.
    pub fn new(file: &Path) -> Self {
        Self { folder: file.parent().unwrap_or(Path::new("")).to_owned(), entries: BTreeMap::new() }
    }

    /// Reads a lock file.
    ///
    /// # Errors
    /// Returns a message if the file cannot be read, is not a lock file of a known format, or names a file outside its folder.
    pub fn open(file: &Path) -> Result<Self, String> {
        let text = read_text(file).map_err(|error| error.to_string())?;
        let value: Value =
            serde_json::from_str(&text).map_err(|error| format!("not a valid apigen lock file: {error}"))?;
        match value.get("version").and_then(Value::as_u64) {
            Some(FORMAT) => {}
            Some(other) => return Err(format!("lock file of version {other}; this apigen knows version {FORMAT}")),
            None => return Err("not a valid apigen lock file: `version` is missing".to_owned()),
        }
        let services = value.get("services").and_then(Value::as_array).ok_or("`services` is missing")?;
        let mut lock = Self::new(file);
        for service in services {
            let text = |key: &str| {
                let text = service.get(key).and_then(Value::as_str);
                text.map(str::to_owned).ok_or_else(|| format!("`{key}` is missing for one of the services"))
            };
            let entry = Entry {
                organization: text("organization")?,
                application: text("application")?,
                version: text("version")?,
                sha256: text("sha256")?,
                path: text("path")?,
            };
            if !stays_below(&entry.path) {
                return Err(format!("the path {:?} leaves the folder of the lock file", entry.path));
            }
            if lock.entries.insert(text("uri")?, entry).is_some() {
                return Err(format!("{} occurs twice", text("uri")?));
            }
        }
        Ok(lock)
    }

    /// Returns the lock of an import path, if it has one: a folder with an `apigen.lock`, or a lock file of any name.
    pub fn of_place(place: &Path) -> Option<Result<Self, String>> {
        let beside = place.join(NAME);
        if beside.is_file() {
            return Some(Self::open(&beside));
        }
        // An import map has only string values, so a number distinguishes the two.
        let value = serde_json::from_slice::<Value>(&read_document(place).ok()?).ok();
        let named = place.extension().is_some_and(|extension| extension == "lock");
        (named || value?.get("version")?.is_number()).then(|| Self::open(place))
    }

    /// Returns the file of a URI.
    pub fn file(&self, uri: &str) -> Option<PathBuf> {
        self.entries.get(uri).map(|entry| self.at(&entry.path))
    }

    /// Resolves a path of the lock to one relative to the working directory.
    pub fn at(&self, path: &str) -> PathBuf {
        path.split('/').fold(self.folder.clone(), |folder, part| folder.join(part))
    }

    /// Reads a locked file and verifies its hash.
    pub fn read(&self, uri: &str, entry: &Entry) -> Result<String, ImportError> {
        let file = self.at(&entry.path);
        let bytes = read_document(&file).map_err(|error| {
            let message = format!("{} is locked for {uri} and cannot be read: {error}", file.display());
            let help = "restore it from version control, or fetch it again with `apigen update`";
            ImportError::new("E009", message).help(help)
        })?;
        let found = sha256::hex(&bytes);
        // A document with other line endings is accepted: no JSON string contains a line break.
        if found != entry.sha256 && sha256::hex_of_text(&bytes) != entry.sha256 {
            let message = format!(
                "hash mismatch: {} is not the file that was locked for {uri}: the lock file has {}, the file has {found}",
                file.display(),
                entry.sha256
            );
            let help = "restore the file from version control; or delete it, and `apigen update` fetches it again";
            return Err(ImportError::new("E009", message).help(help));
        }
        String::from_utf8(bytes).map_err(|_| ImportError::new("E009", format!("{} is not UTF-8 text", file.display())))
    }

    /// Renders the lock file: sorted by URI, one line per value, so that diffs are easy to read.
    pub fn render(&self) -> String {
        let services = self.entries.iter().map(|(uri, entry)| {
            Object::default()
                .with("uri", uri.as_str())
                .with("organization", entry.organization.as_str())
                .with("application", entry.application.as_str())
                .with("version", entry.version.as_str())
                .with("sha256", entry.sha256.as_str())
                .with("path", entry.path.as_str())
                .node()
        });
        let services = json::Value::Array(services.collect());
        let version = json::Value::Number(FORMAT.to_string());
        Object::default().with("version", version).with("services", services).node().pretty()
    }
}

/// An error of one import; the caller adds its position.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportError {
    /// `E008`: not available. `E009`: does not match the lock.
    pub code: &'static str,
    /// One sentence.
    pub message: String,
    /// How to fix it.
    pub help: Option<String>,
}

impl ImportError {
    /// Creates an error without help.
    pub fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), help: None }
    }

    /// Adds advice.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// Returns true if a path of a lock stays below the lock's folder, on every system.
fn stays_below(path: &str) -> bool {
    let plain = |part: &str| !part.is_empty() && part != "." && part != ".." && !part.contains(['\\', ':', '\0']);
    path.split('/').all(plain) && Path::new(path).components().all(|part| matches!(part, Component::Normal(_)))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn entry(path: &str) -> Entry {
        Entry {
            organization: "acme".to_owned(),
            application: "geo".to_owned(),
            version: "1.0.0".to_owned(),
            sha256: sha256::hex(b"{}"),
            path: path.to_owned(),
        }
    }

    #[test]
    fn what_is_written_is_read_and_sorted() {
        let folder = std::env::temp_dir().join(format!("apigen-lock-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let file = folder.join(NAME);
        let mut lock = Lock::new(&file);
        for uri in ["https://b/\"", "https://a/x"] {
            lock.entries.insert(uri.to_owned(), entry("acme/geo/1.0.0/service.json"));
        }
        fs::write(&file, lock.render()).unwrap();
        assert_eq!(Lock::of_place(&folder), Some(Ok(lock.clone())));
        assert_eq!(Lock::of_place(&file), Some(Ok(lock.clone())));
        assert!(lock.render().find("https://a/x") < lock.render().find("https://b"), "{}", lock.render());
        lock.entries.clear();
        fs::write(&file, lock.render()).unwrap();
        assert_eq!(Lock::open(&file), Ok(lock.clone()));
        for path in ["../x", "/x", "a//b", "a/../../b", "C:/x", "a\\b", ""] {
            lock.entries.insert("u".to_owned(), entry(path));
            fs::write(&file, lock.render()).unwrap();
            assert!(Lock::open(&file).unwrap_err().contains("leaves the folder"), "{path}");
        }
        fs::write(&file, "{\"version\": 2}").unwrap();
        assert!(Lock::open(&file).unwrap_err().contains("version 2"));
        fs::write(folder.join("map.json"), "{\"https://a/x\": \"x.json\"}").unwrap();
        assert_eq!(Lock::of_place(&folder.join("map.json")), None);
        fs::remove_dir_all(folder).unwrap();
    }
}
