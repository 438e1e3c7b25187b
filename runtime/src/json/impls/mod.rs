//! The traits for the types that API Builder has itself.

#[cfg(feature = "chrono")]
pub(crate) mod chrono;
mod container;
#[cfg(feature = "jiff")]
pub(crate) mod jiff;
mod primitive;
