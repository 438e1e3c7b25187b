//! Validation for gateways and pipelines: whole messages, schemas known only at run time, and coercion.

pub(crate) mod endpoint;
mod operation_reader;
pub(crate) mod refusal;
pub(crate) mod request;
mod request_error;
mod routing;
pub mod schema;
mod validator;
mod violation;

pub(crate) use endpoint::{Called, Endpoint, Serve, Served};
pub(crate) use operation_reader::OperationReader;
pub(crate) use refusal::{Declared, Own};
#[cfg(feature = "axum")]
pub(crate) use request::{ExpectedBody, Values, query_to_tree, refusal};
pub use request::{ListIndexes, QueryError, json_to_query, query_to_json};
pub(crate) use request::{MAX_REQUEST_BYTES, RequestReader};
pub use request_error::RequestError;
pub(crate) use routing::Table;
#[cfg(feature = "server")]
pub(crate) use validator::Target;
pub use validator::{ValidRequest, Validator};
pub use violation::{MessageLocation, MessageViolation, MessageViolations};

pub use crate::json::{Code, UnknownFields, Violation};
