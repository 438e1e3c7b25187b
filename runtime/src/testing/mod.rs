//! Transports for tests: recording and replaying exchanges, and faults. Both wrap another transport; pass them to
//! [`ClientBuilder::transport`](crate::client::ClientBuilder::transport).
//!
//! [`Redactor`] replaces sensitive values of exchanges before they are logged.

mod faults;
mod pseudonym;
mod redaction;
mod replay;

pub use faults::{Answer, Decision, Fault, FaultPlan, Faults, Latency};
pub use redaction::{RedactedBody, RedactedExchange, RedactedMessage, Redactor};
pub use replay::{RecordMode, Recorder};
