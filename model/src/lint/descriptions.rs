//! Lint: elements without a description.

use super::Linter;
use super::rule::MISSING_DESCRIPTION;

const HELP: &str = "add a `description`; it becomes documentation of the generated code";

impl Linter<'_> {
    /// Checks the service, its types, fields, resources' operations and parameters.
    pub fn descriptions(&mut self) {
        let service = self.service;
        if service.description.is_none() {
            let message = format!("service `{}` has no description", service.name.value);
            self.add(&MISSING_DESCRIPTION, service.name.at, &[], message, HELP);
        }
        for (word, common) in self.declarations() {
            if common.description.is_none() {
                let message = format!("{word} `{}` has no description", common.name.value);
                self.add(&MISSING_DESCRIPTION, common.name.at, &[&common.attributes], message, HELP);
            }
        }
        for field in self.field_refs() {
            if field.field.common.description.is_none() {
                let message = format!("{field} has no description");
                self.add(&MISSING_DESCRIPTION, field.at(), &field.attributes, message, HELP);
            }
        }
        for operation in self.operation_refs() {
            if operation.written.description.is_none() {
                let message = format!("{operation} has no description");
                self.add(&MISSING_DESCRIPTION, operation.written.at, &operation.attributes(), message, HELP);
            }
        }
    }
}
