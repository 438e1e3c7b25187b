//! Finds the operation that a request is for.

mod table;
mod template;

pub(crate) use table::{Found, Table};
pub(crate) use template::{Capture, decode};
