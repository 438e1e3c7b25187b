//! Records and replays exchanges.

mod check;
mod example;
mod folder;
mod input;
mod library;
mod node;
mod pseudonym;
mod recorder;
mod redact;

pub use recorder::{RecordMode, Recorder};
