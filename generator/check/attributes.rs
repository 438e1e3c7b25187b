//! Attributes that are meant for apigen: those of the name `apigen`.

use std::collections::HashSet;

use super::Checker;
use crate::spec::advice;
use crate::spec::json::{Member, Node, Span, Value};
use crate::spec::scope::{Kind, Meaning};
use crate::spec::service::{Attribute, Operation, Resource};

/// What the attribute says of an operation, and of a resource.
const OPERATION: &[&str] = &["name", "side_effects", "key"];
const RESOURCE: &[&str] = &["key", "unique"];

/// Where an attribute stands.
struct Owner {
    label: String,
    keys: &'static [&'static str],
    /// The fields of what it is about; `None` if they are not known.
    fields: Option<Vec<String>>,
}

impl Checker<'_> {
    /// The attributes of a resource.
    pub fn resource_attributes(&mut self, resource: &Resource) {
        let label = format!("Resource[{}] Attribute[apigen] ", resource.common.name.value);
        self.apigen(&resource.common.attributes, label, RESOURCE, resource, &resource.operations);
    }

    /// The attributes of an operation.
    pub fn attributes(&mut self, label: &str, resource: &Resource, operation: &Operation) {
        let label = format!("{label}Attribute[apigen] ");
        self.apigen(&operation.attributes, label, OPERATION, resource, std::slice::from_ref(operation));
    }

    fn apigen(
        &mut self,
        attributes: &[Attribute],
        label: String,
        keys: &'static [&'static str],
        resource: &Resource,
        operations: &[Operation],
    ) {
        let mut own = attributes.iter().filter(|attribute| attribute.name == "apigen").peekable();
        if own.peek().is_some() {
            let owner = Owner { label, keys, fields: self.fields(resource, operations) };
            own.flat_map(|attribute| attribute.value.members()).for_each(|member| self.apigen_key(&owner, member));
        }
    }

    fn apigen_key(&mut self, owner: &Owner, Member { key, key_span, node }: &Member) {
        let label = &owner.label;
        if !owner.keys.contains(&key.as_str()) {
            let near = advice::closest(key, owner.keys).map(|near| format!("did you mean `{near}`?"));
            let help = near.unwrap_or_else(|| format!("it has the keys: {}", owner.keys.join(", ")));
            return self.strict_with("E048", *key_span, format!("{label}has an unknown key[{key}]"), Some(help));
        }
        let (wanted, help) = match (key.as_str(), &node.value) {
            ("name", Value::String(_)) | ("side_effects", Value::Bool(_)) => return,
            ("key", Value::String(name)) => return self.apigen_field(owner, key, name, node.span),
            ("unique", Value::Array(names)) => {
                return names.iter().for_each(|name| match &name.value {
                    Value::String(text) => self.apigen_field(owner, key, text, name.span),
                    _ => {
                        let message = format!("{label}{key} must be a list of strings, but has {}", name.kind());
                        self.strict_with("E048", place(name), message, Some("write names of fields".to_owned()));
                    }
                });
            }
            ("name", _) => ("a string", "write what the method is to be called"),
            ("key", _) => ("a string", "write the name of the field by which paths name one of these"),
            ("unique", _) => ("a list of strings", "write the names of fields of which no two have the same value"),
            _ => ("a boolean", "write true if a call may change something, else false"),
        };
        let message = format!("{label}{key} must be {wanted}, not {}", node.kind());
        self.strict_with("E048", place(node), message, Some(help.to_owned()));
    }

    /// The name of a field.
    fn apigen_field(&mut self, owner: &Owner, key: &str, name: &str, at: Span) {
        let Some(fields) = &owner.fields else { return };
        let fields: Vec<&str> = fields.iter().map(String::as_str).collect();
        if fields.contains(&name) {
            return;
        }
        let near = advice::closest(name, &fields).map(|near| format!("did you mean `{near}`?"));
        let help = near.or_else(|| (!fields.is_empty()).then(|| format!("its fields are: {}", fields.join(", "))));
        self.strict_with("E048", at, format!("{}{key} names an unknown field[{name}]", owner.label), help);
    }

    /// The fields of the model that a resource is named after, and of those that operations answer. `None` if one of them is in a
    /// service that is not at hand.
    fn fields(&self, resource: &Resource, operations: &[Operation]) -> Option<Vec<String>> {
        let answers = operations.iter().flat_map(|operation| &operation.responses).map(|response| &response.ty.value);
        let mut fields = Vec::new();
        for name in std::iter::once(&resource.common.name.value).chain(answers) {
            let own = match self.scope.parse(name).map(|(_, meaning)| meaning) {
                Some(Meaning::Declared(target)) if target.kind == Kind::Model => {
                    &self.scope.units[target.unit].service.models[target.index].fields
                }
                Some(Meaning::Missing) => return None,
                _ => continue,
            };
            fields.extend(own.iter().map(|field| field.common.name.value.clone()));
        }
        let mut known = HashSet::new();
        fields.retain(|field| known.insert(field.clone()));
        Some(fields)
    }
}

/// The place of a wrong value: of one that may be long only where it begins.
fn place(node: &Node) -> Span {
    match node.value {
        Value::Object(_) | Value::Array(_) => node.head(),
        _ => node.span,
    }
}
