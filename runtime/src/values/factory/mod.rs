//! Values for tests: made up from a seed, and always what the spec allows.

mod builder;
mod macros;
mod sample;
mod sampler;

pub use builder::Factory;
pub use sample::Sample;
pub use sampler::Sampler;

/// The smallest value of a type that has a factory: what mocks answer with where the type is generated elsewhere.
#[doc(hidden)]
pub fn smallest<T: Sample>() -> T {
    Sampler::new(0, sampler::Profile::Smallest, None).get()
}
