//! Values of generated types: the smallest ones, samples, defaults, and links between deep types.

mod factory;
mod link;
pub mod literal;

pub use factory::{Factory, Sample, Sampler, smallest};
pub use link::Link;

use crate::json::{Decimal, Object, Uuid, Value};

/// A type that has a smallest value the spec allows: what a mock answers when nobody told it what to answer.
pub trait Empty: Sized {
    /// That value: empty lists and maps, absent options, the first value of an enum.
    fn empty() -> Self;
}

impl<T: Empty> Empty for Box<T> {
    fn empty() -> Self {
        Box::new(T::empty())
    }
}

/// Types that can replace one of the spec without a type of the user.
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
