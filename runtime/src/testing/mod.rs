//! Transports for tests: recording and replaying exchanges, and faults.
//!
//! Both wrap another transport; pass them to [`ClientBuilder::transport`](crate::client::ClientBuilder::transport).

mod faults;
mod replay;

pub use faults::{Answer, Decision, Fault, FaultPlan, Faults, Latency};
pub use replay::{RecordMode, Recorder};
