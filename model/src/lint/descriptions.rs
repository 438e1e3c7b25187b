//! Lint: elements without a description.

use std::fmt;

use super::Linter;
use super::rule::MISSING_DESCRIPTION;
use crate::parse::service::{Attribute, Text};
use crate::source::json::Span;

const HELP: &str = "add a `description`; it becomes documentation of the generated code";

impl Linter<'_> {
    pub fn descriptions(&mut self) {
        let service = self.service;
        let (name, at) = (&service.name.value, service.name.at);
        self.described(&service.description, &format_args!("service `{name}`"), at, &[]);
        for (word, common) in self.declarations() {
            let Text { value: name, at } = &common.name;
            self.described(&common.description, &format_args!("{word} `{name}`"), *at, &[&common.attributes]);
        }
        for field in self.field_refs() {
            self.described(&field.field.common.description, &field, field.at(), &field.attributes);
        }
        for operation in self.operation_refs() {
            let written = operation.written;
            self.described(&written.description, &operation, written.at, &operation.attributes());
        }
    }

    fn described(&mut self, text: &Option<String>, name: &dyn fmt::Display, at: Span, attributes: &[&[Attribute]]) {
        if text.is_none() {
            self.add(&MISSING_DESCRIPTION, at, attributes, format!("{name} has no description"), HELP);
        }
    }
}
