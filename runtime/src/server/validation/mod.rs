//! The validator as middleware of any server.

mod layer;
mod stats;
mod tap_body;

pub use layer::{Validate, Validated};
pub use stats::{Tally, Verdict};
pub use tap_body::Watched;
