//! How much clients can make a server hold, and for how long.

mod intake;
mod pool;
mod server_limits;

pub(crate) use intake::{Intake, Refused, Whole};
pub(crate) use pool::{Pool, Share};
pub use server_limits::ServerLimits;
