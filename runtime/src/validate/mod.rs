//! For gateways and pipelines: whole messages against a spec, a schema that is known at run time only, and coercion.

mod endpoint;
mod refusal;
mod request;
mod routing;
pub mod schema;
mod validator;
mod violation;

pub(crate) use endpoint::{AnyApi, Called, Replied};
pub use endpoint::{Endpoint, Serve, Served};
pub use refusal::Refusal;
pub(crate) use refusal::{Declared, Own};
pub use request::{ListIndexes, MAX_REQUEST_BYTES, QueryError, RequestReader, json_to_query, query_to_json};
#[cfg(feature = "axum")]
pub(crate) use request::{Pairs, Tree, TreeError, Values, Wanted, refusal};
pub(crate) use routing::{Found, Table};
#[cfg(feature = "server")]
pub(crate) use validator::Target;
pub use validator::{RequestError, ValidRequest, Validator};
pub use violation::{MessageLocation, MessageViolation, MessageViolations};

pub use crate::json::{Code, UnknownFields, Violation};
