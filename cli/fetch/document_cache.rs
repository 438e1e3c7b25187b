//! Returns the document of a URI: the locked one if there is one, else the server's; and remembers it.

use std::collections::{BTreeMap, HashMap};

use super::client::Client;
use super::{Kind, storage_path};
use apigen_model::diagnostic::{Report, Severity};
use apigen_model::lock::{Entry, ImportError, Lock, sha256};
use apigen_model::{DocumentHead, read_head};

/// The locked documents of an update, and those it has returned.
pub struct DocumentCache<'a> {
    /// The lock before the update.
    pub lock: &'a Lock,
    /// The prefix of paths: the folder of fetched documents, as the lock names it.
    pub prefix: String,
    /// `None` if the network must not be used.
    pub client: Option<Client>,
    /// Whether URIs without an exact version are fetched again.
    pub latest: bool,
    pub given: BTreeMap<String, CachedDocument>,
    /// The URI of each path, by the path in lower case: some file systems ignore case.
    pub paths: HashMap<String, String>,
}

#[derive(Debug)]
pub struct CachedDocument {
    pub entry: Entry,
    pub kind: Kind,
    /// The bytes to write, unless the file exists already.
    pub bytes: Option<Vec<u8>>,
}

impl DocumentCache<'_> {
    /// Returns the text of the document, and its head.
    ///
    /// # Errors
    /// Returns `E008` if it is not available, `E009` if it does not match the lock.
    pub fn document(&mut self, uri: &str) -> Result<(String, DocumentHead), ImportError> {
        let lock = self.lock;
        let old = lock.entries.get(uri);
        let refresh = self.latest && storage_path::moves(uri);
        let present = old.filter(|entry| lock.at(&entry.path).exists());
        // A file that was changed by hand is an error even if it would be replaced.
        let kept = present.map(|entry| lock.read(uri, entry)).transpose()?;
        if let (Some(entry), Some(text), false) = (present, kept, refresh) {
            let read = read_answer(uri, text.as_bytes())?;
            let kind = Kind::Kept { version: entry.version.clone() };
            self.remember(uri, CachedDocument { entry: entry.clone(), kind, bytes: None })?;
            return Ok(read);
        }
        let (read, bytes) = self.fetch(uri, old.filter(|_| !refresh))?;
        let entry = self.entry(uri, &read.1, sha256::hex(&bytes))?;
        let version = entry.version.clone();
        let kind = match old {
            Some(old) if old.sha256 == entry.sha256 && present.is_some() => Kind::Kept { version },
            Some(old) if old.sha256 == entry.sha256 => Kind::Fetched { version },
            Some(old) if refresh && old.version != version => Kind::Updated { from: old.version.clone(), to: version },
            Some(old) => return Err(changed(uri, old, &entry)),
            None => Kind::Fetched { version },
        };
        self.remember(uri, CachedDocument { entry, kind, bytes: Some(bytes) })?;
        Ok(read)
    }

    /// Fetches the document. A missing file is fetched in its locked version, not in today's.
    fn fetch(&self, uri: &str, locked: Option<&Entry>) -> Result<((String, DocumentHead), Vec<u8>), ImportError> {
        let client = self.client.as_ref().ok_or_else(|| self.unlocked(uri))?;
        let asked = locked.map_or_else(|| uri.to_owned(), |entry| storage_path::pinned(uri, &entry.version));
        let bytes = client.get(&asked)?;
        Ok((read_answer(uri, &bytes)?, bytes))
    }

    fn entry(&self, uri: &str, service: &DocumentHead, sha256: String) -> Result<Entry, ImportError> {
        Ok(Entry {
            path: format!("{}{}", self.prefix, storage_path::stored(uri, service)?),
            organization: service.organization.clone(),
            application: service.application.clone(),
            version: service.version.clone(),
            sha256,
        })
    }

    /// Two URIs may share one file, but only with the same contents.
    fn remember(&mut self, uri: &str, given: CachedDocument) -> Result<(), ImportError> {
        let key = given.entry.path.to_lowercase();
        if let Some(other) = self.paths.get(&key).and_then(|other| Some((other, self.given.get(other)?)))
            && (&other.1.entry.path, &other.1.entry.sha256) != (&given.entry.path, &given.entry.sha256)
        {
            let message = format!("{uri} and {} give different documents for {}", other.0, given.entry.path);
            return Err(ImportError::new("E009", message).help("use one server for both, and one of the documents"));
        }
        self.paths.insert(key, uri.to_owned());
        self.given.insert(uri.to_owned(), given);
        Ok(())
    }

    fn unlocked(&self, uri: &str) -> ImportError {
        let message = match self.lock.entries.get(uri) {
            Some(entry) => {
                format!("{uri} is locked, but its file {} is missing", self.lock.at(&entry.path).display())
            }
            None => format!("{uri} is not in the lock file"),
        };
        ImportError::new("E009", message).help("run `apigen update` without --locked, and commit what it writes")
    }
}

fn changed(uri: &str, old: &Entry, new: &Entry) -> ImportError {
    let message = format!(
        "hash mismatch: the server's document for {uri} is not the one that was locked as version {}: the lock says {}, the \
         answer has {}",
        old.version, old.sha256, new.sha256
    );
    ImportError::new("E009", message).help(
        "published versions must not change: ask the service's owner; to accept the new document, delete the entry from the \
         lock file and update again",
    )
}

/// Reads a response, which must be a published document.
///
/// # Errors
/// Returns `E008` if it is anything but a `service.json`.
fn read_answer(uri: &str, bytes: &[u8]) -> Result<(String, DocumentHead), ImportError> {
    let unusable = |what: String| ImportError::new("E008", format!("{uri} is not a service.json: {what}"));
    let text = std::str::from_utf8(bytes).map_err(|_| unusable("the response is not UTF-8 text".to_owned()))?;
    if text.trim_start_matches('\u{feff}').trim_start().starts_with('<') {
        return Err(unusable("the response is an HTML page".to_owned()).help(
            "the URI of a document ends with /service.json; a page may also ask for credentials (APIBUILDER_TOKEN)",
        ));
    }
    let mut report = Report::default();
    let source = report.add_document(uri, text);
    let read = read_head(text, source, &mut report);
    if read.as_ref().is_some_and(|head| !head.is_published) {
        return Err(unusable(
            "the response is an api.json, which does not contain its organisation and version".to_owned(),
        )
        .help(
            "import the URI that ends with /service.json; or store the file locally, and pass its place with --imports",
        ));
    }
    let error = report.diagnostics().into_iter().find(|found| found.severity == Severity::Error).cloned();
    match (read, error) {
        (Some(head), None) => Ok((text.to_owned(), head)),
        (_, error) => Err(unusable(error.map_or_else(String::new, |error| error.message))),
    }
}
