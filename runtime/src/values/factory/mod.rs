//! Test values: generated from a seed, always within the limits of the spec.

mod builder;
mod macros;
mod sample;
mod sampler;

pub use builder::Factory;
pub use sample::Sample;
pub use sampler::Sampler;

/// Returns the smallest value of a type with a factory, for mocks whose types are generated elsewhere.
#[doc(hidden)]
pub fn smallest<T: Sample>() -> T {
    Sampler::new(0, sampler::Profile::Smallest, None).get()
}
