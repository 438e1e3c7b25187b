//! The smallest value of a type.

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
