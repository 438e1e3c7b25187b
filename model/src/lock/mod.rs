//! The lock file: which file each imported URI means, and its hash.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io;
use std::path::{Component, Path, PathBuf};

use serde_json::Value;

pub mod sha256;
use crate::source::{read_document, read_text};

/// The name that a lock file has in a vendored folder.
pub const NAME: &str = "apigen.lock";

/// The only version of the file's format so far.
const FORMAT: u64 = 1;

/// What is locked, by URI.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lock {
    /// Paths of the entries begin here.
    folder: PathBuf,
    /// By URI as imports write it.
    pub entries: BTreeMap<String, Entry>,
}

/// One document under lock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Key of the organisation, by the document itself.
    pub organization: String,
    /// Key of the application, by the document itself.
    pub application: String,
    /// The version that the URI turned out to mean.
    pub version: String,
    /// SHA-256 of the file's bytes in lower-case hexadecimal digits.
    pub sha256: String,
    /// The file, relative to the lock file's folder, with `/` between its parts.
    pub path: String,
}

impl Lock {
    /// A lock without entries that will stand at this path.
    pub fn new(file: &Path) -> Self {
        Self { folder: file.parent().unwrap_or(Path::new("")).to_owned(), entries: BTreeMap::new() }
    }

    /// Reads a lock file.
    ///
    /// # Errors
    /// A sentence, if it cannot be read, is no lock file of a known format, or names a file outside of its folder.
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

    /// The lock of a place of imports, if it has one: a folder with `apigen.lock` in it, or a lock file of any name.
    pub fn of_place(place: &Path) -> Option<Result<Self, String>> {
        let beside = place.join(NAME);
        if beside.is_file() {
            return Some(Self::open(&beside));
        }
        // A map of imports has texts only, so a number tells the two apart.
        let value = serde_json::from_slice::<Value>(&read_document(place).ok()?).ok();
        let named = place.extension().is_some_and(|extension| extension == "lock");
        (named || value?.get("version")?.is_number()).then(|| Self::open(place))
    }

    /// The file of a URI.
    pub fn file(&self, uri: &str) -> Option<PathBuf> {
        self.entries.get(uri).map(|entry| self.at(&entry.path))
    }

    /// A path of the lock, seen from the working directory.
    pub fn at(&self, path: &str) -> PathBuf {
        path.split('/').fold(self.folder.clone(), |folder, part| folder.join(part))
    }

    /// The text of a locked file, with its hash verified.
    pub fn read(&self, uri: &str, entry: &Entry) -> Result<String, ImportError> {
        let file = self.at(&entry.path);
        let bytes = read_document(&file).map_err(|error| unreadable(uri, &file, &error))?;
        let found = sha256::hex(&bytes);
        // A document that came with other line ends is as good: no text of JSON has one in it.
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

    /// The file's text: sorted by URI, one line per value, so that differences are easy to read.
    pub fn render(&self) -> String {
        let mut text = format!("{{\n  \"version\": {FORMAT},\n  \"services\": [");
        for (index, (uri, entry)) in self.entries.iter().enumerate() {
            text.push_str(if index == 0 { "\n    {\n" } else { ",\n    {\n" });
            let rows = [
                ("uri", uri),
                ("organization", &entry.organization),
                ("application", &entry.application),
                ("version", &entry.version),
                ("sha256", &entry.sha256),
                ("path", &entry.path),
            ];
            for (row, (key, value)) in rows.iter().enumerate() {
                let comma = if row + 1 < rows.len() { "," } else { "" };
                let _ = writeln!(text, "      \"{key}\": {}{comma}", Value::from(value.as_str()));
            }
            text.push_str("    }");
        }
        text.push_str(if self.entries.is_empty() { "]\n}\n" } else { "\n  ]\n}\n" });
        text
    }
}

/// What is wrong with one import; who found it knows the place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportError {
    /// `E008`: not to be had. `E009`: not what the lock says.
    pub code: &'static str,
    /// A sentence.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
}

impl ImportError {
    /// An error without help.
    pub fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), help: None }
    }

    /// Adds what to do.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

fn unreadable(uri: &str, file: &Path, error: &io::Error) -> ImportError {
    let message = format!("{} is locked for {uri} and cannot be read: {error}", file.display());
    ImportError::new("E009", message).help("restore it from version control, or fetch it again with `apigen update`")
}

/// Whether a path of a lock names something below the lock's folder, on every system.
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
