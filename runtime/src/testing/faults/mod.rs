//! Fault injection: slow and failing calls.

mod fault;
mod latency;
mod plan;
mod random;
mod transport;

pub use fault::{Answer, Fault};
pub use latency::Latency;
pub use plan::{Decision, FaultPlan};
pub use transport::Faults;
