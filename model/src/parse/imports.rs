//! The search for imported services. Only local files: generation never uses the network.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use super::scope::SECTIONS;
use crate::lock::{ImportError, Lock};
use crate::source::read_text;
use crate::vocabulary::version::{Wanted, newer};

/// Folders and maps in which imports are looked up.
#[derive(Debug, Clone, Default)]
pub struct Imports {
    places: Vec<PathBuf>,
    folders: Vec<PathBuf>,
    locks: Vec<Lock>,
    map: HashMap<String, PathBuf>,
}

impl Imports {
    /// Creates imports from places. Each is a folder, a JSON file that maps URIs to files beside it, a folder of
    /// fetched documents, or its lock file.
    pub fn new(places: Vec<PathBuf>) -> Self {
        Self { places, ..Self::default() }
    }

    /// Reads the maps.
    ///
    /// # Errors
    /// Returns each place that is neither a folder nor a map, with a message.
    pub fn open(&mut self) -> Result<(), Vec<(PathBuf, String)>> {
        let mut faults = Vec::new();
        for place in std::mem::take(&mut self.places) {
            let opened = match Lock::of_place(&place) {
                Some(lock) => lock.map(|lock| self.locks.push(lock)),
                None if place.is_dir() => {
                    self.folders.push(place);
                    continue;
                }
                None => self.open_map(&place),
            };
            if let Err(fault) = opened {
                let sentence = format!("{}: {fault}", place.display());
                faults.push((place, sentence));
            }
        }
        if faults.is_empty() { Ok(()) } else { Err(faults) }
    }

    fn open_map(&mut self, file: &Path) -> Result<(), String> {
        let text = read_text(file).map_err(|error| error.to_string())?;
        let map: HashMap<String, PathBuf> = serde_json::from_str(&text).map_err(|error| error.to_string())?;
        let folder = file.parent().unwrap_or(Path::new(""));
        self.map.extend(map.into_iter().map(|(uri, file)| (uri, folder.join(file))));
        Ok(())
    }

    /// Finds the file of a URI that `importer` imports: by the locks, by the maps, in the folders, then next to the importer.
    pub fn find(&self, uri: &str, importer: Option<&Path>) -> Option<PathBuf> {
        if let Some(file) = self.locks.iter().find_map(|lock| lock.file(uri)) {
            return Some(file);
        }
        if let Some(file) = self.map.get(uri) {
            return file.is_file().then(|| file.clone());
        }
        let beside = importer.and_then(Path::parent);
        let candidates = candidates(uri);
        let mut folders = self.folders.iter().map(PathBuf::as_path).chain(beside);
        folders.find_map(|folder| {
            let mut files = candidates.iter().map(|c| folder.join(c)).chain(versions(uri, folder));
            files.find(|file| file.is_file())
        })
    }

    /// Reads a file that [`Imports::find`] found.
    ///
    /// # Errors
    /// Returns `E008` if it cannot be read, `E009` if a lock has another hash for it.
    pub fn read(&self, uri: &str, file: &Path) -> Result<String, ImportError> {
        let locked = |lock: &&Lock| lock.file(uri).is_some_and(|locked| locked == file);
        match self.locks.iter().find(locked).and_then(|lock| Some((lock, lock.entries.get(uri)?))) {
            Some((lock, entry)) => lock.read(uri, entry),
            None => read_text(file).map_err(|error| {
                ImportError::new("E008", format!("Error fetching uri[{uri}]: {}: {error}", file.display()))
            }),
        }
    }
}

/// Finds the greatest version in a folder `organisation/application`, for a URI with `latest` or `~1.2.3`.
fn versions(uri: &str, folder: &Path) -> Option<PathBuf> {
    let uri = ServiceUri::new(uri).filter(|uri| is_plain(uri.organization) && is_plain(uri.application));
    let ServiceUri { organization, application, version } = uri?;
    let wanted = Some(Wanted::of(version)).filter(|wanted| !matches!(wanted, Wanted::Exact(_)))?;
    let folders = [folder.join(organization).join(application), folder.join(application)];
    folders.iter().find_map(|folder| {
        let mut greatest: Option<String> = None;
        for entry in fs::read_dir(folder).ok()?.flatten() {
            let Ok(name) = entry.file_name().into_string() else { continue };
            let better = greatest.as_deref().is_none_or(|known| newer(&name, known));
            if wanted.accepts(&name) && better && entry.path().join("service.json").is_file() {
                greatest = Some(name);
            }
        }
        greatest.map(|version| folder.join(version).join("service.json"))
    })
}

/// Returns true if a part of a URI can be the name of a file.
fn is_plain(part: &str) -> bool {
    !part.is_empty() && part != "." && part != ".." && !part.contains(['\\', '\0', ':'])
}

/// Returns true if this names a document of a server, not a file.
pub fn is_uri(path: &Path) -> bool {
    path.to_str().is_some_and(|text| text.starts_with("https://") || text.starts_with("http://"))
}

/// The parts of a URI `…/organisation/application/version/service.json`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ServiceUri<'u> {
    /// Key of the organisation.
    pub organization: &'u str,
    /// Key of the application.
    pub application: &'u str,
    /// A version, `latest`, or `~` with the minimum version.
    pub version: &'u str,
}

impl<'u> ServiceUri<'u> {
    /// Returns the parts of a URI; `None` if it has fewer.
    pub fn new(uri: &'u str) -> Option<Self> {
        let mut parts = uri.rsplit('/');
        let (_file, version, application, organization) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        Some(Self { organization, application, version })
    }
}

/// Returns the namespace that an importer uses for an imported service that declares none: API Builder's server knows
/// the organisation's namespace, the files do not. It ends with the words of the application's key, and perhaps a version.
pub fn namespace_in_use<'a>(texts: impl Iterator<Item = &'a str>, application: &str) -> Option<String> {
    let words: Vec<&str> = application.split(|c: char| !c.is_ascii_alphanumeric()).filter(|w| !w.is_empty()).collect();
    let words = words.join(".").to_ascii_lowercase();
    let version =
        |part: &str| part.strip_prefix('v').is_some_and(|n| !n.is_empty() && n.chars().all(|c| c.is_ascii_digit()));
    for text in texts {
        let name = text.trim_start_matches("map").trim_matches(['[', ']']);
        let Some((namespace, _)) = SECTIONS.iter().find_map(|(_, section)| name.split_once(section)) else { continue };
        let named = match namespace.rsplit_once('.') {
            Some((before, last)) if version(last) => before,
            _ => namespace,
        };
        if named == words || named.ends_with(&format!(".{words}")) {
            return Some(namespace.to_owned());
        }
    }
    None
}

/// Returns the relative paths that a service may have in a folder: `org/app/version/service.json`, or flat.
fn candidates(uri: &str) -> Vec<PathBuf> {
    if let Some(file) = uri.strip_prefix("file://") {
        return vec![PathBuf::from(file)];
    }
    let Some(ServiceUri { organization, application, version }) = ServiceUri::new(uri) else { return Vec::new() };
    if ![organization, application, version].into_iter().all(is_plain) {
        return Vec::new();
    }
    let mut paths = vec![
        format!("{organization}/{application}/{version}/service.json"),
        format!("{application}/{version}/service.json"),
        format!("{application}/service.json"),
    ];
    for name in [
        format!("{organization}-{application}-{version}"),
        format!("{organization}-{application}"),
        application.to_owned(),
    ] {
        paths.extend(["service.json", "api.json", "json"].map(|end| format!("{name}.{end}")));
    }
    paths.into_iter().map(PathBuf::from).collect()
}
