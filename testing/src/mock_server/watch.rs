//! Loads specs again when their files change.

use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::{Duration, Instant};

use apigen_runtime::Mode;
use notify::{Event, RecommendedWatcher, RecursiveMode, Watcher};

use super::engine::{Answers, Engine};
use super::mounts::{Loader, Mount, Shared, base_paths};
use crate::lower;
use crate::service::LoadedService;

/// Tells what happened.
pub(super) type Report = dyn Fn(&str) + Send + Sync;

/// Editors write in several steps: the specs are loaded when nothing has changed for this time.
const QUIET: Duration = Duration::from_millis(100);

/// Or, if other files of the folder change all the time, after this time.
const LONGEST: Duration = Duration::from_secs(1);

/// Watches until it is dropped.
pub(super) struct Watch {
    /// Ends the thread when it is dropped, since its sender is.
    _watcher: Arc<Mutex<RecommendedWatcher>>,
}

struct Reloader {
    /// The server may have stopped.
    shared: Weak<Shared>,
    loaders: Vec<Loader>,
    report: Box<Report>,
    watcher: Weak<Mutex<RecommendedWatcher>>,
    folders: HashSet<PathBuf>,
    /// What the files contained when they were read.
    contents: HashMap<PathBuf, Option<u64>>,
    /// Why the specs were not loaded at the last attempt, which is reported once.
    failure: Option<String>,
}

impl Watch {
    pub(super) fn start(shared: &Arc<Shared>, loaders: Vec<Loader>, report: Box<Report>) -> Result<Watch, String> {
        let (sender, events) = channel();
        let changed = move |event: notify::Result<Event>| {
            if event.is_ok_and(|event| !event.kind.is_access()) {
                // Without a receiver the server has stopped.
                let _ = sender.send(());
            }
        };
        let watcher = notify::recommended_watcher(changed).map_err(|error| error.to_string())?;
        let watcher = Arc::new(Mutex::new(watcher));
        let mut reloader = Reloader {
            shared: Arc::downgrade(shared),
            loaders,
            report,
            watcher: Arc::downgrade(&watcher),
            folders: HashSet::new(),
            contents: HashMap::new(),
            failure: None,
        };
        for mount in shared.mounts().iter() {
            reloader.watch(mount.engine.answers.service.files())?;
        }
        reloader.contents = contents(&shared.mounts());
        let run = move || reloader.run(&events);
        std::thread::Builder::new().name("apigen-watch".to_owned()).spawn(run).map_err(|error| error.to_string())?;
        Ok(Watch { _watcher: watcher })
    }
}

impl Reloader {
    fn run(&mut self, events: &Receiver<()>) {
        while events.recv().is_ok() {
            let begun = Instant::now();
            while begun.elapsed() < LONGEST {
                match events.recv_timeout(QUIET) {
                    Ok(()) => {}
                    Err(RecvTimeoutError::Timeout) => break,
                    Err(RecvTimeoutError::Disconnected) => return,
                }
            }
            let Some(shared) = self.shared.upgrade() else { return };
            // A file may change again while it is read, so what counts is what it contained before.
            let before = contents(&shared.mounts());
            if before == self.contents {
                self.failure = None;
                continue;
            }
            match self.reload(&shared) {
                Ok(changes) => {
                    (self.report)(&changes);
                    self.failure = None;
                    self.contents = contents(&shared.mounts());
                    self.contents.iter_mut().for_each(|(file, own)| *own = before.get(file).copied().unwrap_or(*own));
                }
                Err(problems) if self.failure.as_ref() == Some(&problems) => {}
                Err(problems) => {
                    (self.report)(&format!("the specs are not loaded, the old ones stay:\n{problems}"));
                    self.failure = Some(problems);
                }
            }
        }
    }

    /// Watches the folders of files: editors replace files, which ends the watch of a file.
    fn watch(&mut self, files: &[PathBuf]) -> Result<(), String> {
        let Some(watcher) = self.watcher.upgrade() else { return Ok(()) };
        let mut watcher = watcher.lock().unwrap_or_else(PoisonError::into_inner);
        for file in files {
            let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
            if self.folders.insert(folder.to_owned()) {
                watcher.watch(folder, RecursiveMode::NonRecursive).map_err(|error| error.to_string())?;
            }
        }
        Ok(())
    }

    /// Loads and serves the specs, and returns what changed.
    ///
    /// # Errors
    /// Returns the problems of the specs; the server then goes on with the old ones.
    fn reload(&mut self, shared: &Arc<Shared>) -> Result<String, String> {
        let old = shared.mounts();
        let services = self.loaders.iter().map(|load| load()).collect::<Result<Vec<_>, _>>();
        let services = services.map_err(|error| error.to_string())?;
        let bases = base_paths(&services).map_err(|error| error.to_string())?;
        let (mut mounts, mut lines) = (Vec::new(), Vec::new());
        for (service, base) in services.into_iter().zip(bases) {
            let before = old.iter().find(|mount| mount.engine.answers.service.service().name == service.service().name);
            let watched = self.watch(service.files());
            lines.extend(watched.err());
            lines.push(changes(before.map(|mount| &*mount.engine.answers.service), &service));
            let same = |mount: &Mount| Arc::clone(&mount.engine.answers.rules);
            let new = || old.first().map_or_else(Arc::default, |other| Arc::new(same(other).sibling()));
            let rules = before.map_or_else(new, same);
            let engine = Engine::new(service, &shared.settings, rules, &shared.traffic)?;
            lines.extend(before.and_then(|before| keep_state(&before.engine, &engine)));
            mounts.push(Mount { base, engine });
        }
        // From here on nothing fails.
        lines.extend(mounts.iter().filter_map(|mount| stale(&mount.engine.answers)));
        shared.remount(mounts);
        Ok(lines.join("\n"))
    }
}

/// Returns hashes of all files of the specs; `None` for one that cannot be read.
fn contents(mounts: &[Mount]) -> HashMap<PathBuf, Option<u64>> {
    let files = mounts.iter().flat_map(|mount| mount.engine.answers.service.files());
    files.map(|file| (file.clone(), content_hash(file))).collect()
}

fn content_hash(file: &Path) -> Option<u64> {
    let mut hasher = DefaultHasher::new();
    std::fs::read(file).ok()?.hash(&mut hasher);
    Some(hasher.finish())
}

/// Returns what changed, by operations and types.
fn changes(old: Option<&LoadedService>, new: &LoadedService) -> String {
    let operations = |service: &LoadedService| -> Vec<String> {
        let own = service.schema().operations().iter();
        own.map(|operation| format!("{} {}", operation.info().method, operation.info().path)).collect()
    };
    let (name, version) = (&new.service().name, &new.service().version);
    let Some(old) = old else { return format!("loaded {name} {version}") };
    let (before, after) = (operations(old), operations(new));
    let added: Vec<&str> = after.iter().filter(|own| !before.contains(own)).map(String::as_str).collect();
    let removed: Vec<&str> = before.iter().filter(|own| !after.contains(own)).map(String::as_str).collect();
    let mut text = format!("loaded {name} {version} again");
    for (what, list) in [("new", added), ("removed", removed)] {
        if !list.is_empty() {
            text.push_str(&format!("; {what}: {}", list.join(", ")));
        }
    }
    text
}

/// Removes rules whose operations are gone, and returns a line about them.
fn stale(answers: &Answers) -> Option<String> {
    let gone = answers.rules.retain_rules(|rule| answers.service.position(rule.operation()).is_some());
    (gone > 0).then(|| format!("removed {gone} of the rules: their operations are gone"))
}

/// Moves the items that are still valid to the new state, and returns a line about those that are not.
fn keep_state(old: &Engine, new: &Engine) -> Option<String> {
    let (before, after) = (&old.answers, &new.answers);
    let (old_store, new_store) = (before.store.as_ref()?, after.store.as_ref()?);
    let collection = |index: usize| {
        let own = (after.service.item_name(index), after.service.state().collections[index].key);
        let known = before.service.state().collections.iter().enumerate();
        let mut known = known.map(|(old, collection)| (old, (before.service.item_name(old), collection.key)));
        known.find(|(_, known)| *known == own).map(|(old, _)| old)
    };
    let fits = |index: usize, json: &str| {
        let ty = after.service.item_type(index).map(lower::ty);
        ty.is_some_and(|ty| after.service.schema().validate(&ty, json, &Mode::strict()).is_ok())
    };
    let (_, lost) = new_store.adopt(old_store, collection, fits);
    (lost > 0).then(|| format!("removed {lost} of the items: they do not fit the new spec"))
}
