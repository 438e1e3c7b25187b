//! Paths with too many parameters to match.

use std::fmt;

use super::define::OperationDefinition;
use crate::encoding::variable;

/// The maximum number of parameters of a path, as in specs.
const MOST: usize = 64;

/// The path of an operation has more than 64 parameters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LongPath {
    operation: String,
    count: usize,
}

impl LongPath {
    pub(super) fn check(operation: &OperationDefinition) -> Result<(), LongPath> {
        let count = operation.path.split('/').filter(|segment| variable(segment).is_some()).count();
        if count > MOST { Err(LongPath { operation: operation.id.clone(), count }) } else { Ok(()) }
    }
}

impl fmt::Display for LongPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the path of {} has {} parameters, more than {MOST}", self.operation, self.count)
    }
}

impl std::error::Error for LongPath {}

#[cfg(test)]
mod tests {
    use super::super::{OperationDefinition, Schema, Service};

    fn schema(count: usize) -> Result<Schema, String> {
        let path: String = (0..count).map(|i| format!("/:p{i}")).collect();
        let (id, method) = ("users.get".to_owned(), "GET");
        let (parameters, responses, refusals) = (Vec::new(), Vec::new(), Vec::new());
        let (side_effects, sensitive) = (false, false);
        let operation = OperationDefinition {
            id,
            method,
            path,
            side_effects,
            sensitive,
            parameters,
            body: None,
            responses,
            refusals,
        };
        Schema::new(Service { operations: vec![operation], ..Service::default() }).map_err(|error| error.to_string())
    }

    #[test]
    fn paths_have_at_most_64_parameters() {
        assert_eq!(schema(64).unwrap().operations().len(), 1);
        assert_eq!(schema(65).unwrap_err(), "the path of users.get has 65 parameters, more than 64");
    }
}
