//! Attributes that are meant for apigen: those of the name `apigen`.

use std::collections::BTreeSet;

use super::Checker;
use crate::spec::advice;
use crate::spec::json::{Member, Node, Span, Value};
use crate::spec::scope::{Kind, Meaning};
use crate::spec::service::{Attribute, Field, Operation, Resource};

/// What the attribute says of an operation, and of a resource.
const OPERATION: &[&str] = &["name", "side_effects", "key"];
const RESOURCE: &[&str] = &["key", "unique"];

/// Where an attribute stands.
struct Owner<'a> {
    label: String,
    keys: &'static [&'static str],
    resource: &'a Resource,
    operations: &'a [Operation],
}

/// So many fields are looked at for advice.
const ADVISED: usize = 30;

impl<'c> Checker<'c> {
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
        let owner = Owner { label, keys, resource, operations };
        let own = attributes.iter().filter(|attribute| attribute.name == "apigen");
        own.flat_map(|attribute| attribute.value.members()).for_each(|member| self.apigen_key(&owner, member));
    }

    fn apigen_key(&mut self, owner: &Owner<'_>, Member { key, key_span, node }: &Member) {
        let label = &owner.label;
        if !owner.keys.contains(&key.as_str()) {
            let near = advice::closest(key, owner.keys).map(|near| format!("did you mean `{near}`?"));
            let help = near.unwrap_or_else(|| format!("it has the keys: {}", owner.keys.join(", ")));
            return self.strict_with("E048", *key_span, format!("{label}has an unknown key[{key}]"), Some(help));
        }
        let (wanted, help) = match (key.as_str(), &node.value) {
            ("name", Value::String(_)) | ("side_effects", Value::Bool(_)) => return,
            ("key", Value::String(_)) => return self.apigen_fields(owner, key, std::slice::from_ref(node)),
            ("unique", Value::Array(names)) => return self.apigen_fields(owner, key, names),
            ("name", _) => ("a string", "write what the method is to be called"),
            ("key", _) => ("a string", "write the name of the field by which paths name one of these"),
            ("unique", _) => ("a list of strings", "write the names of fields of which no two have the same value"),
            _ => ("a boolean", "write true if a call may change something, else false"),
        };
        let message = format!("{label}{key} must be {wanted}, not {}", node.kind());
        self.strict_with("E048", place(node), message, Some(help.to_owned()));
    }

    /// Names of fields.
    fn apigen_fields(&mut self, owner: &Owner<'_>, key: &str, names: &[Node]) {
        let (label, models) = (&owner.label, self.models(owner));
        let fields = || models.iter().flatten().copied().flatten().map(|field| field.common.name.value.as_str());
        // One name is found faster than a set is made: every operation may have one.
        let set: Option<BTreeSet<&str>> = (names.len() > 1).then(|| fields().collect());
        for node in names {
            let Value::String(name) = &node.value else {
                let message = format!("{label}{key} must be a list of strings, but has {}", node.kind());
                self.strict_with("E048", place(node), message, Some("write names of fields".to_owned()));
                continue;
            };
            let known = || set.as_ref().map_or_else(|| fields().any(|own| own == name), |set| set.contains(&**name));
            if models.is_none() || known() {
                continue;
            }
            let advised: BTreeSet<&str> = fields().take(ADVISED).collect();
            let advised: Vec<&str> = advised.into_iter().collect();
            let near = advice::closest(name, &advised).map(|near| format!("did you mean `{near}`?"));
            let help =
                near.or_else(|| (!advised.is_empty()).then(|| format!("it has the fields: {}", advised.join(", "))));
            self.strict_with("E048", node.span, format!("{label}{key} names an unknown field[{name}]"), help);
        }
    }

    /// The fields of the model that a resource is named after, and of those that operations answer. `None` if one of them is in a
    /// service that is not at hand.
    fn models(&self, owner: &Owner<'_>) -> Option<Vec<&'c [Field]>> {
        let responses = owner.operations.iter().flat_map(|operation| &operation.responses);
        let names = std::iter::once(&owner.resource.common.name).chain(responses.map(|response| &response.ty));
        let names: BTreeSet<&str> = names.map(|name| name.value.as_str()).collect();
        let mut models = Vec::new();
        for name in names {
            match self.scope.parse(name).map(|(_, meaning)| meaning) {
                Some(Meaning::Declared(target)) if target.kind == Kind::Model => {
                    models.push(&*self.scope.units[target.unit].service.models[target.index].fields);
                }
                Some(Meaning::Missing) => return None,
                _ => {}
            }
        }
        Some(models)
    }
}

/// The place of a wrong value: of one that may be long only where it begins.
fn place(node: &Node) -> Span {
    match node.value {
        Value::Object(_) | Value::Array(_) => node.head(),
        _ => node.span,
    }
}
