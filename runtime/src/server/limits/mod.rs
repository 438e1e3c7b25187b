//! Limits on the memory and time that clients can occupy.

mod intake;
mod pool;
mod server_limits;

pub(crate) use intake::{Intake, Refused, Whole};
pub(crate) use pool::{Pool, Share};
pub use server_limits::ServerLimits;
