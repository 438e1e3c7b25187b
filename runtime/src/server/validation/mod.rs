//! The validator as middleware of any server.

mod layer;
mod stats;
mod tap_body;

pub use layer::{ValidationLayer, ValidationService};
pub use stats::{ValidationEvent, ValidationStats};
pub use tap_body::TapBody;
