//! The validator as middleware for any server.

mod layer;
mod stats;
mod tap_body;

pub use layer::{ValidationLayer, ValidationService};
pub use stats::{ValidationEvent, ValidationStats};
pub use tap_body::TapBody;
