//! The update of fetched documents.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::path::{Component, Path, PathBuf};

use super::client::{Client, Limits};
use super::document_cache::DocumentCache;
use super::fetch_policy::FetchPolicy;
use super::import_graph::ImportGraph;
use super::location::plain_host;
use super::store::Store;
use super::{Change, Changes, Kind};
use apigen_build::Error;
use apigen_build::write::{Disk, Transaction, is_interrupted};
use apigen_model::diagnostic::{Diagnostic, Report};
use apigen_model::lock::{self, Lock};
use apigen_model::source::json::Span;
use apigen_model::{Imports, is_uri};

/// Fetches the imports of specs, transitively, into a folder with a lock file.
///
/// ```no_run
/// fn main() -> Result<(), apigen_build::Error> {
///     let changes = apigen_cli::fetch::Update::new("vendor/apibuilder").spec("specs/order.json").run()?;
///     println!("{changes}");
///     Ok(())
/// }
/// ```
///
/// Documents that are in an import path or in the folder of the spec are not fetched. Locked documents are kept: a URI
/// with `latest` means the locked document until [`Update::latest`].
///
/// Only `https` is used, and only public addresses; the actual address of each connection is checked, also after
/// redirects. Proxies are not used.
#[derive(Clone)]
pub struct Update {
    specs: Vec<PathBuf>,
    imports: Vec<PathBuf>,
    folder: PathBuf,
    lock: Option<PathBuf>,
    locked: bool,
    latest: bool,
    policy: FetchPolicy,
    limits: Limits,
    token: Option<String>,
}

impl Update {
    /// Creates an update of this folder, with every option at its default.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self {
            specs: Vec::new(),
            imports: Vec::new(),
            folder: folder.into(),
            lock: None,
            locked: false,
            latest: false,
            policy: FetchPolicy::default(),
            limits: Limits::default(),
            token: None,
        }
    }

    /// Adds a spec whose imports are needed, or the URI of one that is needed itself. Add all specs that share the
    /// folder: documents that none of them needs are removed.
    pub fn spec(mut self, path: impl Into<PathBuf>) -> Self {
        self.specs.push(path.into());
        self
    }

    /// Adds an import path, as for generation; documents there are not fetched. The folder of fetched documents itself
    /// is ignored here.
    pub fn imports(mut self, path: impl Into<PathBuf>) -> Self {
        self.imports.push(path.into());
        self
    }

    /// Sets the lock file; by default `apigen.lock` in the folder. It must be in the folder or above it, so that no
    /// path in it leads up.
    pub fn lock_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.lock = Some(path.into());
        self
    }

    /// Checks that everything matches the lock, without writing or using the network.
    pub fn locked(mut self, locked: bool) -> Self {
        self.locked = locked;
        self
    }

    /// Fetches URIs with the version `latest` or `~x.y.z` again.
    pub fn latest(mut self, latest: bool) -> Self {
        self.latest = latest;
        self
    }

    /// Allows plain `http`, for hosts on loopback only; see also [`Update::allow_host`].
    pub fn allow_http(mut self, allow: bool) -> Self {
        self.policy.http = allow;
        self
    }

    /// Allows a host to have a private or otherwise special address, and to receive the token.
    pub fn allow_host(mut self, host: &str) -> Self {
        self.policy.hosts.insert(plain_host(host));
        self
    }

    /// Sets the limits on what servers may send.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Sets the token of API Builder. Only servers of apibuilder.io and allowed hosts receive it, and no server that
    /// they redirect to.
    pub fn token(mut self, token: impl Into<String>) -> Self {
        self.token = Some(token.into());
        self
    }

    /// Runs the update, all or nothing.
    ///
    /// # Errors
    /// Returns all problems of the imports at once, each with the position of its URI (`E008` if not available, `E009`
    /// if it does not match the lock), in [`Error::report`]; otherwise an error of usage or of the file system.
    pub fn run(&self) -> Result<Changes, Error> {
        if self.specs.is_empty() {
            return Err(Error::usage("no spec given"));
        }
        let folder = absolute(&self.folder)?;
        let lock_file = self.lock.as_ref().map_or_else(|| Ok(folder.join(lock::NAME)), |file| absolute(file))?;
        let prefix = prefix(&folder, &lock_file)?;
        self.complete(&lock_file)?;
        let old = match lock_file.exists() {
            true => Lock::open(&lock_file).map_err(|why| bare(&lock_file, &why))?,
            false => Lock::new(&lock_file),
        };
        let places = self.places(&folder, &lock_file)?;
        let mut cache = DocumentCache {
            lock: &old,
            prefix,
            client: (!self.locked).then(|| Client::new(self.policy.clone(), self.limits.clone(), self.token.clone())),
            latest: self.latest && !self.locked,
            given: BTreeMap::new(),
            paths: HashMap::new(),
        };
        let mut graph = ImportGraph::new(&places, &self.limits);
        let (uris, files): (Vec<&PathBuf>, Vec<&PathBuf>) = self.specs.iter().partition(|spec| is_uri(spec));
        files.into_iter().try_for_each(|spec| graph.add_spec(spec))?;
        uris.into_iter().for_each(|uri| graph.add_uri(&uri.to_string_lossy(), &mut cache));
        graph.walk(&mut cache);
        if graph.report.has_errors() {
            return Err(graph.report.into());
        }
        self.finish(&folder, &lock_file, cache)
    }

    /// Completes an interrupted update, so that the lock file matches the files.
    fn complete(&self, lock_file: &Path) -> Result<(), Error> {
        let root = lock_file.parent().filter(|root| is_interrupted(root));
        match root {
            Some(_) if self.locked => Err(bare(lock_file, "an update was interrupted while it wrote this folder")),
            Some(root) => Transaction::begin(root, &Disk).map(drop).map_err(Error::io),
            None => Ok(()),
        }
    }

    fn places(&self, folder: &Path, lock_file: &Path) -> Result<Imports, Error> {
        let own = |place: &&PathBuf| absolute(place).is_ok_and(|place| place != folder && place != lock_file);
        let mut places = Imports::new(self.imports.iter().filter(own).cloned().collect());
        places.open().map_err(|faults| {
            let sentences: Vec<String> = faults.into_iter().map(|(_, sentence)| sentence).collect();
            Error::usage(format!("imports cannot be read from {}", sentences.join("; ")))
        })?;
        Ok(places)
    }

    fn finish(&self, folder: &Path, lock_file: &Path, cache: DocumentCache<'_>) -> Result<Changes, Error> {
        let mut new = Lock::new(lock_file);
        new.entries = cache.given.iter().map(|(uri, given)| (uri.clone(), given.entry.clone())).collect();
        let stale = cache.lock.entries.iter().filter(|(uri, _)| !new.entries.contains_key(*uri));
        let stale: Vec<_> = stale.collect();
        if let (true, Some((uri, _))) = (self.locked, stale.first()) {
            return Err(bare(lock_file, &format!("{uri} is locked, but nothing imports it any longer")));
        }
        let files = cache.given.values();
        let files = files.filter_map(|given| Some((given.entry.path.as_str(), given.bytes.as_deref()?))).collect();
        let left = match self.locked {
            true => Vec::new(),
            false => {
                let store = Store { folder, lock_file, old: cache.lock, new: &new, files, disk: &Disk };
                store.write()?.into_iter().map(str::to_owned).collect()
            }
        };
        let removed = stale.into_iter().map(|(uri, entry)| {
            let file = !left.contains(&entry.path);
            Change { uri: uri.clone(), kind: Kind::Removed { file } }
        });
        let removed: Vec<Change> = removed.collect();
        let given = cache.given.into_iter().map(|(uri, given)| Change { uri, kind: given.kind });
        let mut changes: Vec<Change> = given.chain(removed).collect();
        changes.sort_by(|left, right| left.uri.cmp(&right.uri));
        Ok(Changes { changes })
    }
}

/// Omits the token.
impl fmt::Debug for Update {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("Update");
        debug.field("specs", &self.specs).field("imports", &self.imports).field("folder", &self.folder);
        debug.field("lock", &self.lock).field("locked", &self.locked).field("latest", &self.latest);
        debug.field("policy", &self.policy).field("limits", &self.limits).finish_non_exhaustive()
    }
}

fn absolute(path: &Path) -> Result<PathBuf, Error> {
    std::path::absolute(path).map_err(|error| Error::usage(format!("{}: {error}", path.display())))
}

/// Returns the prefix of paths in the lock file for the folder of fetched documents: empty, or ending with `/`.
fn prefix(folder: &Path, lock_file: &Path) -> Result<String, Error> {
    let below = lock_file.parent().and_then(|parent| folder.strip_prefix(parent).ok());
    let mut prefix = String::new();
    for part in below.into_iter().flat_map(Path::components) {
        match part {
            Component::Normal(name) => prefix.push_str(&format!("{}/", name.to_string_lossy())),
            _ => return Err(Error::usage(format!("{}: write the folder without `..`", folder.display()))),
        }
    }
    let wrong = "the lock file must be in the vendored folder or above it";
    below.map(|_| prefix).ok_or_else(|| Error::usage(format!("{}: {wrong}", lock_file.display())))
}

/// Creates an error about the lock file as a whole.
fn bare(lock_file: &Path, why: &str) -> Error {
    let message = format!("{}: {why}", lock_file.display());
    let help = Some("run `apigen update` without --locked, and commit what it writes".to_owned());
    let mut report = Report::default();
    report.push(Diagnostic::error("E009", Span::default(), message).help(help));
    report.into()
}
