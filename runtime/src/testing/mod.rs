//! Transports for tests: recording and replaying exchanges, and faults.

mod replay;

pub use replay::{RecordMode, Recorder};
