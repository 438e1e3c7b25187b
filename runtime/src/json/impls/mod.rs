//! The traits for the types that API Builder has itself.

mod container;
mod primitive;
