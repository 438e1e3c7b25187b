//! How values become paths, queries, forms and headers.

pub(crate) mod form;
mod header_values;
pub(crate) mod headers;
mod param;
pub(crate) mod path;

pub(crate) use form::{Form, Query, push_encoded};
pub use header_values::{FromHeaders, HeaderError, header, header_list, optional_header};
pub(crate) use headers::Shown;
pub use param::ToParam;
#[cfg(feature = "testing")]
pub(crate) use path::expand;
pub(crate) use path::{WITHHELD, variable};
