//! Finds the operation of a request.

mod table;
mod template;

pub(crate) use table::{Found, Table};
pub(crate) use template::{Capture, decode};
