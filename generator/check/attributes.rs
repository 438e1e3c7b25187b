//! Attributes that are meant for apigen: those of the name `apigen`.

use super::Checker;
use crate::spec::advice;
use crate::spec::json::{Member, Node, Span, Value};
use crate::spec::service::Operation;

/// What the attribute says of an operation.
const OPERATION: &[&str] = &["name", "side_effects"];

impl Checker<'_> {
    /// The attributes of an operation.
    pub fn attributes(&mut self, label: &str, operation: &Operation) {
        for attribute in operation.attributes.iter().filter(|attribute| attribute.name == "apigen") {
            attribute
                .value
                .members()
                .iter()
                .for_each(|member| self.apigen_key(&format!("{label}Attribute[apigen] "), member));
        }
    }

    fn apigen_key(&mut self, label: &str, Member { key, key_span, node }: &Member) {
        let (wanted, help) = match (key.as_str(), &node.value) {
            ("name", Value::String(_)) | ("side_effects", Value::Bool(_)) => return,
            ("name", _) => ("a string", "write what the method is to be called"),
            ("side_effects", _) => ("a boolean", "write true if a call may change something, else false"),
            _ => {
                let near = advice::closest(key, OPERATION).map(|near| format!("did you mean `{near}`?"));
                let help = near.unwrap_or_else(|| format!("it has the keys: {}", OPERATION.join(", ")));
                return self.strict_with("E048", *key_span, format!("{label}has an unknown key[{key}]"), Some(help));
            }
        };
        let message = format!("{label}{key} must be {wanted}, not {}", node.kind());
        self.strict_with("E048", place(node), message, Some(help.to_owned()));
    }
}

/// The place of a wrong value: of one that may be long only where it begins.
fn place(node: &Node) -> Span {
    match node.value {
        Value::Object(_) | Value::Array(_) => node.head(),
        _ => node.span,
    }
}
