//! Paths with too many parameters to match.

use std::fmt;

use super::define::OperationDefinition;
use crate::encoding::variable;

/// The maximum number of parameters of a path, as in specs.
const MAX: usize = 64;

/// The path of an operation has more than 64 parameters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LongPath {
    operation: String,
    count: usize,
}

impl LongPath {
    pub(super) fn check(operation: &OperationDefinition) -> Result<(), LongPath> {
        let count = operation.path.split('/').filter(|segment| variable(segment).is_some()).count();
        if count > MAX { Err(LongPath { operation: operation.id.clone(), count }) } else { Ok(()) }
    }
}

impl fmt::Display for LongPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the path of {} has {} parameters, more than {MAX}", self.operation, self.count)
    }
}

impl std::error::Error for LongPath {}

#[cfg(test)]
mod tests {
    use super::super::{OperationDefinition, Schema, Service};

    fn schema(method: &'static str, path: String) -> Result<Schema, String> {
        let operation = OperationDefinition {
            id: "users.get".to_owned(),
            method,
            path,
            side_effects: false,
            sensitive: false,
            parameters: Vec::new(),
            body: None,
            responses: Vec::new(),
            refusals: Vec::new(),
        };
        Schema::new(Service { operations: vec![operation], ..Service::default() }).map_err(|error| error.to_string())
    }

    #[test]
    fn paths_have_at_most_64_parameters() {
        let schema = |count| schema("GET", (0..count).map(|i| format!("/:p{i}")).collect());
        assert_eq!(schema(64).unwrap().operations().len(), 1);
        assert_eq!(schema(65).unwrap_err(), "the path of users.get has 65 parameters, more than 64");
    }

    #[test]
    fn methods_are_defined_in_any_case() {
        for method in ["get", "Get", "GET"] {
            let schema = schema(method, "/users".to_owned()).unwrap();
            assert_eq!(schema.operations()[0].info().method, "GET");
            assert_eq!(schema.operation("HEAD", "/users").unwrap().info().method, "HEAD");
        }
    }
}
