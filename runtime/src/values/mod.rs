//! Values of generated types: smallest values, samples, defaults, and links between deep types.

mod empty;
mod factory;
mod link;
pub mod literal;

pub use empty::Empty;
pub use factory::{Factory, Sample, Sampler, smallest};
pub use link::Link;
