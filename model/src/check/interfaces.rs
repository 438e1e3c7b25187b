//! Checks of the interfaces that a model or union lists.

use super::Checker;
use crate::parse::service::{Field, Model, Text};

impl Checker<'_> {
    /// Checks that a model repeats the fields of its interfaces (format reference, 8.1).
    pub fn promises(&mut self, index: usize, model: &Model) {
        let label = format!("Model[{}]", model.common.name.value);
        for name in &model.interfaces {
            let Some(target) = self.scope.interface(&name.value) else {
                self.interface_not_found(&label, name);
                continue;
            };
            if target.unit != self.scope.unit {
                continue;
            }
            for wanted in &self.service.interfaces[target.index].fields {
                if self.report.is_full() {
                    return;
                }
                self.promise(&label, index, name, wanted);
            }
        }
    }

    pub fn interface_not_found(&mut self, label: &str, name: &Text) {
        let near = self.scope.similar_interface(&name.value);
        let help = "declare it in `interfaces`, or import the service that declares it and use its full name";
        let message = format!("{label} Interface[{}] not found", name.value);
        self.error_by_form("E029", name.at, message, Some(near.as_deref().unwrap_or(help)));
    }

    fn promise(&mut self, label: &str, model: usize, listed: &Text, wanted: &Field) {
        let (field, interface) = (&wanted.common.name.value, &listed.value);
        let Some(own) = self.scope.field(self.scope.unit, model, field) else {
            let message = format!("{label} lacks the field '{field}' as defined in the interface '{interface}'");
            let optional = if wanted.required { "" } else { ", \"required\": false" };
            let ty = &wanted.ty.value;
            let help = format!("add {{\"name\": \"{field}\", \"type\": \"{ty}\"{optional}}} to its fields");
            self.error_by_form("E029", listed.at, message, Some(&help));
            return;
        };
        if own.ty.value != wanted.ty.value {
            let (ty, expected) = (&own.ty.value, &wanted.ty.value);
            let message = format!(
                "{label} field '{field}' type '{ty}' is invalid: must match the interface '{interface}' type '{expected}'"
            );
            self.error_by_form("E029", own.ty.at, message, None);
        }
        if own.required != wanted.required {
            let (is, must) = if wanted.required { ("optional", "required") } else { ("required", "optional") };
            let message = format!(
                "{label} field '{field}' cannot be {is}: must match the interface '{interface}', where it is {must}"
            );
            self.error_by_form("E029", own.common.name.at, message, None);
        }
    }
}
