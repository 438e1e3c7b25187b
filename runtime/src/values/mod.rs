//! Values of generated types: smallest values, samples, defaults, and links between deep types.

mod factory;
mod link;
pub mod literal;

#[cfg(feature = "testing")]
pub(crate) use factory::split_mix;
pub use factory::{Factory, Profile, Sample, Sampler, smallest};
pub use link::Link;

use crate::json::{Decimal, Object, Uuid, Value};

/// A type with a smallest value that the spec allows: the response of a mock for which nothing was set up.
pub trait Empty: Sized {
    /// Returns that value: empty lists and maps, absent options, the first value of an enum.
    fn empty() -> Self;
}

impl<T: Empty> Empty for Box<T> {
    fn empty() -> Self {
        Box::new(T::empty())
    }
}

/// Implements [`Empty`] for types that may replace a type of the spec without a user-defined type.
macro_rules! empty_by_default {
    ($($type:ty),*) => {$(
        impl Empty for $type {
            fn empty() -> Self {
                <$type>::default()
            }
        }
    )*};
}

empty_by_default!(bool, i32, i64, f64, Decimal, Object, String, Uuid, Value);
