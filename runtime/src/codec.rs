//! What generated code imports to read and write.

pub use crate::http::response_headers::{header, header_list, optional_header};
pub use crate::http::to_response::{ResponseBody, content, no_content};
pub use crate::json::hidden::Hidden;
pub use crate::json::{EnumTable, Field, FromJson, Reader, ToJson, UnionTable, Writer, opt, req};
