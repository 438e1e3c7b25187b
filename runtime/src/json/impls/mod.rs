//! The traits for API Builder's built-in types.

#[cfg(feature = "chrono")]
pub(crate) mod chrono;
mod container;
#[cfg(feature = "jiff")]
pub(crate) mod jiff;
mod primitive;
