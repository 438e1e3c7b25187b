//! Static descriptions of operations and services, and reading and writing of response bodies.

mod info;
mod media;
mod responses;
mod service;

pub use info::{DeclaredError, FromResponse, HeaderInfo, Operation, OperationInfo, ResponseInfo};
pub(crate) use media::{Media, json_as_text, text_as_json};
pub use responses::{ResponseBody, ToResponse, content, no_content};
pub use service::ServiceInfo;
