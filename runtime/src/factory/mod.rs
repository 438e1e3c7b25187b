//! Values for tests: made up from a seed, and always what the spec allows.

mod builder;
mod macros;
mod sample;
mod sampler;

pub use builder::Factory;
pub use sample::Sample;
pub use sampler::Sampler;
