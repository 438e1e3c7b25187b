//! Reads the messages of operations: by generated code, or by the tables of a schema.

use std::any::Any;
use std::fmt;
use std::sync::Arc;

use http::HeaderMap;

use super::endpoint::{Called, Endpoint};
use super::refusal::Refusal;
use super::request::RequestReader;
use super::schema::Schema;
#[cfg(feature = "server")]
use super::violation::MessageLocation;
use super::violation::{MessageViolation, MessageViolations};
use crate::call::Forward;
use crate::json::Mode;
use crate::operation::OperationInfo;

/// What reads the messages of one operation.
#[derive(Clone)]
pub(crate) enum OperationReader {
    /// Generated code.
    Generated(Endpoint),
    /// The tables of a schema, by the position of the operation.
    Schema(Arc<Schema>, usize),
}

impl OperationReader {
    /// Returns readers of all operations of a schema.
    pub(crate) fn of_schema(schema: &Arc<Schema>) -> impl Iterator<Item = OperationReader> {
        (0..schema.operations().len()).map(|index| OperationReader::Schema(Arc::clone(schema), index))
    }

    pub(crate) fn info(&self) -> &'static OperationInfo {
        match self {
            OperationReader::Generated(endpoint) => endpoint.info,
            OperationReader::Schema(schema, index) => schema.operations()[*index].info(),
        }
    }

    /// Returns the operation for a request with this method, which is its own or `HEAD`.
    pub(crate) fn asked_by(&self, method: &str) -> &'static OperationInfo {
        match self {
            OperationReader::Generated(endpoint) => endpoint.asked_by(method),
            OperationReader::Schema(schema, index) => schema.operations()[*index].asked_by(method).info(),
        }
    }

    /// Returns whether the operation has parameters in headers.
    #[cfg(feature = "server")]
    pub(crate) fn reads_headers(&self) -> bool {
        match self {
            OperationReader::Generated(endpoint) => endpoint.headers,
            OperationReader::Schema(schema, index) => {
                let parameters = schema.operations()[*index].parameters.iter();
                parameters.into_iter().any(|parameter| parameter.location == MessageLocation::Header)
            }
        }
    }

    pub(crate) fn refusals(&self) -> &'static [Refusal] {
        match self {
            OperationReader::Generated(endpoint) => endpoint.refusals,
            OperationReader::Schema(schema, index) => schema.operations()[*index].refusals,
        }
    }

    /// Reads the input of the operation; `None` means that a violation was recorded in `r`.
    pub(crate) fn read(&self, r: &mut RequestReader<'_>) -> Option<Box<dyn Called>> {
        match self {
            OperationReader::Generated(endpoint) => (endpoint.read)(r),
            OperationReader::Schema(schema, index) => {
                schema.read(&schema.operations()[*index], r, None);
                Some(Box::new(Untyped))
            }
        }
    }

    /// Checks a response to a request with the method of `info`.
    pub(crate) fn response(
        &self,
        info: &OperationInfo,
        status: u16,
        content: (&HeaderMap, &[u8]),
        mode: &Mode,
    ) -> Result<(), MessageViolations> {
        match self {
            OperationReader::Generated(endpoint) => endpoint.response(info, status, content, mode),
            OperationReader::Schema(schema, index) => {
                schema.content(schema.operations()[*index].asked_by(info.method), status, content, mode, None)
            }
        }
    }

    /// Returns the violations in the body of a response with this status, if the operation declares one.
    pub(crate) fn body(&self, status: u16, content: (&HeaderMap, &[u8]), mode: &Mode) -> Vec<MessageViolation> {
        match self {
            OperationReader::Generated(endpoint) => endpoint.body(status, content, mode),
            OperationReader::Schema(schema, index) => {
                schema.body(&schema.operations()[*index], status, content, mode, None)
            }
        }
    }
}

impl fmt::Debug for OperationReader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("OperationReader").field(&self.info().id).finish()
    }
}

/// The input of an operation that a schema reads: it was checked, and has no Rust type.
struct Untyped;

impl Called for Untyped {
    fn forward(&self, _client: &(dyn Any + Send + Sync), _size: usize) -> Option<Forward> {
        None
    }
}
