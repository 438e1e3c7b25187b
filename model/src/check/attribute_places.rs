//! Reports attributes `apigen` without effect: they are for operations, resources and, with one key, for fields.

use super::Checker;
use crate::parse::service::{Attribute, Common, Field, Header, Operation};
use crate::source::json::Value;
use crate::vocabulary::suggestions::near;

/// The key of the attribute on a field, and its value.
const FIELD: &str = "model_hint";
const OPTIONAL: &str = "optional";

impl Checker<'_> {
    /// Checks the attributes of the service, its types, fields and headers.
    pub fn attribute_places(&mut self) {
        let service = self.service;
        self.no_effect("Service", &service.attributes);
        for e in &service.enums {
            let label = self.common("Enum", &e.common);
            e.values.iter().for_each(|value| drop(self.common(&format!("{label} value"), &value.common)));
        }
        for union in &service.unions {
            let label = self.common("Union", &union.common);
            union.types.iter().for_each(|ty| drop(self.common(&format!("{label} type"), &ty.common)));
        }
        for (kind, models) in [("Model", &service.models), ("Interface", &service.interfaces)] {
            for model in models {
                let label = self.common(kind, &model.common);
                model.fields.iter().for_each(|field| self.field_attributes(&label, field));
            }
        }
        self.header_attributes("", &service.headers);
    }

    pub fn attribute_places_of(&mut self, label: &str, operation: &Operation) {
        for parameter in &operation.parameters {
            self.common(&format!("{label}Parameter"), &parameter.field.common);
        }
        if let Some(body) = &operation.body {
            self.no_effect(&format!("{label}Body"), &body.attributes);
        }
        for response in &operation.responses {
            let label = format!("{label}response code[{}]", response.code.value);
            self.no_effect(&label, response.attributes.as_deref().unwrap_or_default());
            self.header_attributes(&format!("{label} "), &response.headers);
        }
    }

    fn header_attributes(&mut self, label: &str, headers: &[Header]) {
        headers.iter().for_each(|header| drop(self.common(&format!("{label}Header"), &header.common)));
    }

    /// Checks the attributes of a named element, and returns its label for messages.
    fn common(&mut self, kind: &str, common: &Common) -> String {
        let label = format!("{kind}[{}]", common.name.value);
        self.no_effect(&label, &common.attributes);
        label
    }

    fn no_effect(&mut self, label: &str, attributes: &[Attribute]) {
        for attribute in attributes.iter().filter(|attribute| attribute.name == "apigen") {
            let message = format!("{label} Attribute[apigen] has no effect here");
            let help = "it is for operations, resources and fields; remove it";
            self.error_by_form("E048", attribute.value.head(), message, Some(help));
        }
    }

    fn field_attributes(&mut self, label: &str, field: &Field) {
        let own = field.common.attributes.iter().filter(|attribute| attribute.name == "apigen");
        for member in own.flat_map(|attribute| attribute.value.members()) {
            let label = format!("{label} Field[{}] Attribute[apigen] ", field.common.name.value);
            let key = &member.key;
            let (at, message, help) = match &member.node.value {
                _ if key != FIELD => {
                    let help = near(key, &[FIELD]).unwrap_or_else(|| format!("allowed keys: {FIELD}"));
                    (member.key_span, format!("{label}has an unknown key[{key}]"), help)
                }
                Value::String(text) if text == OPTIONAL => continue,
                _ => {
                    let help = format!("write \"{OPTIONAL}\" for an `Option` although there is a default");
                    (member.node.head(), format!("{label}{FIELD} must be the string \"{OPTIONAL}\""), help)
                }
            };
            self.error_by_form("E048", at, message, Some(&help));
        }
    }
}
