//! Keeps exchanges as examples.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::hash::{BuildHasher as _, BuildHasherDefault, DefaultHasher, Hash};
use std::path::PathBuf;
use std::sync::mpsc::{self, Receiver, SyncSender, TrySendError};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};

use apigen_model::behaviour::looks_sensitive;
use apigen_runtime::testing::Recorder;
use apigen_runtime::validate::schema::Schema;
use bytes::Bytes;
use http::{Request, Response};

/// The number of exchanges that wait to be written; of further ones, none is kept.
const WAITING: usize = 256;

/// The number of different problems that are told.
const PROBLEMS: usize = 20;

/// The number of examples of an operation that one run keeps.
const EXAMPLES: usize = 100;

/// A folder of examples, which a thread writes: files are slow, and traffic must not wait for them.
pub(super) struct ExampleFolder {
    sender: Option<SyncSender<Box<Observed>>>,
    thread: Option<JoinHandle<()>>,
    kept: Mutex<Kept>,
    problems: Problems,
}

/// An exchange to keep.
type Observed = (Request<Bytes>, Response<Bytes>);

/// The exchanges of each operation that were kept, by its position: hashes of their responses by those of their requests.
type Kept = HashMap<usize, HashMap<u64, u64>>;

/// How often each problem occurred.
type Problems = Arc<Mutex<BTreeMap<String, u64>>>;

impl ExampleFolder {
    /// Starts the thread that writes.
    ///
    /// # Errors
    /// Returns an error if there can be no further thread.
    pub fn start(folder: PathBuf, schema: Arc<Schema>) -> std::io::Result<ExampleFolder> {
        let (sender, receiver) = mpsc::sync_channel(WAITING);
        let problems = Problems::default();
        let told = Arc::clone(&problems);
        let parameters = schema.operations().iter().flat_map(|operation| operation.parameters());
        let sensitive = parameters.map(|parameter| parameter.name).filter(|name| looks_sensitive(name));
        let recorder = sensitive.fold(Recorder::replay(folder), Recorder::hide_parameter);
        let write = move || write(&recorder, &schema, &receiver, &told);
        let thread = thread::Builder::new().name("apigen-examples".to_owned()).spawn(write)?;
        Ok(ExampleFolder { sender: Some(sender), thread: Some(thread), kept: Mutex::default(), problems })
    }

    /// Returns true for the first exchanges of an operation, and for a request that has got another response. All others
    /// cost no more than this.
    pub fn wants(&self, operation: usize, request: &impl Hash, response: &impl Hash) -> bool {
        let state = BuildHasherDefault::<DefaultHasher>::default();
        let (input, output) = (state.hash_one(request), state.hash_one(response));
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = kept.entry(operation).or_default();
        match kept.get_mut(&input) {
            Some(known) => std::mem::replace(known, output) != output,
            None => kept.len() < EXAMPLES && kept.insert(input, output).is_none(),
        }
    }

    /// Keeps an exchange, unless too many wait already.
    pub fn keep(&self, request: Request<Bytes>, response: Response<Bytes>) {
        let sent = self.sender.as_ref().map(|sender| sender.try_send(Box::new((request, response))));
        if let Some(Err(TrySendError::Full(_))) = sent {
            note(&self.problems, "the disk was slower than the traffic".to_owned());
        }
    }

    /// Returns what was not kept and why, as sentences.
    pub fn problems(&self) -> Vec<String> {
        let problems = self.problems.lock().unwrap_or_else(PoisonError::into_inner);
        problems.iter().map(|(why, count)| format!("{why} ({count} times)")).collect()
    }

    /// Waits until everything is written.
    pub fn finish(&mut self) {
        drop(self.sender.take());
        if let Some(thread) = self.thread.take() {
            // A panic there was printed when it happened.
            drop(thread.join());
        }
    }
}

impl Drop for ExampleFolder {
    fn drop(&mut self) {
        self.finish();
    }
}

impl fmt::Debug for ExampleFolder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ExampleFolder").field("problems", &self.problems).finish_non_exhaustive()
    }
}

fn write(recorder: &Recorder, schema: &Schema, exchanges: &Receiver<Box<Observed>>, problems: &Problems) {
    while let Ok(observed) = exchanges.recv() {
        let (request, response) = *observed;
        if let Err(why) = recorder.keep(schema, &request, &response) {
            note(problems, why);
        }
    }
}

fn note(problems: &Problems, why: String) {
    let mut problems = problems.lock().unwrap_or_else(PoisonError::into_inner);
    if problems.contains_key(&why) || problems.len() < PROBLEMS {
        *problems.entry(why).or_default() += 1;
    }
}
