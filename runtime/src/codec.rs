//! What generated codec modules import.

pub use crate::json::{EnumTable, Field, FromJson, Reader, ToJson, UnionTable, Writer, opt, req};
