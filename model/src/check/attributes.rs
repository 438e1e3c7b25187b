//! Checks of attributes named `apigen`, which are meant for this tool.

use std::collections::BTreeSet;

use super::Checker;
use crate::api::Method;
use crate::parse::resource::{operation_path, resource_path};
use crate::parse::scope::{Meaning, Target};
use crate::parse::service::{Attribute, Kind, Operation, Resource};
use crate::source::json::{Member, Node, Value};
use crate::vocabulary::method_names::{clashes, name_problem};
use crate::vocabulary::suggestions::near;

/// Keys of the attribute on an operation, and on a resource.
const OPERATION: &[&str] = &["name", "side_effects", "key"];
const RESOURCE: &[&str] = &["key", "unique"];

struct Owner<'a> {
    label: String,
    keys: &'static [&'static str],
    resource: &'a Resource,
    operations: &'a [Operation],
}

/// The maximum number of fields considered for advice.
const ADVISED: usize = 30;

impl Checker<'_> {
    pub fn resource_attributes(&mut self, resource: &Resource) {
        let label = format!("Resource[{}] Attribute[apigen] ", resource.common.name.value);
        let owner = Owner { label, keys: RESOURCE, resource, operations: &resource.operations };
        self.apigen(&owner, &resource.common.attributes);
        self.apigen_names(resource);
    }

    pub fn attributes(&mut self, label: &str, resource: &Resource, operation: &Operation) {
        let label = format!("{label}Attribute[apigen] ");
        let owner = Owner { label, keys: OPERATION, resource, operations: std::slice::from_ref(operation) };
        self.apigen(&owner, &operation.attributes);
    }

    fn apigen(&mut self, owner: &Owner<'_>, attributes: &[Attribute]) {
        let own = attributes.iter().filter(|attribute| attribute.name == "apigen");
        let mut keys = BTreeSet::new();
        for member in own.flat_map(|attribute| attribute.value.members()) {
            self.apigen_key(owner, member);
            if !keys.insert(&member.key) {
                let message = format!("{}{} is given more than once", owner.label, member.key);
                self.error_by_form("E048", member.key_span, message, Some("remove all but one"));
            }
        }
    }

    fn apigen_key(&mut self, owner: &Owner<'_>, Member { key, key_span, node }: &Member) {
        let label = &owner.label;
        if !owner.keys.contains(&key.as_str()) {
            let help = near(key, owner.keys).unwrap_or_else(|| format!("allowed keys: {}", owner.keys.join(", ")));
            return self.error_by_form("E048", *key_span, format!("{label}has an unknown key[{key}]"), Some(&help));
        }
        let (wanted, help) = match (key.as_str(), &node.value) {
            ("name", Value::String(name)) => {
                let Some(help) = name_problem(name) else { return };
                let message = format!("{label}name[{name}] is not a valid method name");
                return self.error_by_form("E048", node.span, message, Some(&help));
            }
            ("side_effects", Value::Bool(_)) => return,
            ("key", Value::String(_)) => return self.apigen_fields(owner, key, std::slice::from_ref(node)),
            ("unique", Value::Array(names)) => return self.apigen_fields(owner, key, names),
            ("name", _) => ("a string", "write the name of the method"),
            ("key", _) => ("a string", "write the name of the field that identifies an item in paths"),
            ("unique", _) => ("a list of strings", "write the names of fields whose values are unique"),
            _ => ("a boolean", "write true if a call may change something, else false"),
        };
        let message = format!("{label}{key} must be {wanted}, not {}", node.kind());
        self.error_by_form("E048", node.head(), message, Some(help));
    }

    /// Checks for chosen names that clash with another operation of the resource.
    fn apigen_names(&mut self, resource: &Resource) {
        let named: Vec<Option<&Node>> = resource.operations.iter().map(chosen_name).collect();
        if named.iter().all(Option::is_none) {
            return;
        }
        let path = resource_path(self.scope, resource);
        let paths = resource.operations.iter().map(|operation| operation_path(self.scope, path.as_deref(), operation));
        let routes: Vec<(Method, String)> = resource.operations.iter().map(method).zip(paths).collect();
        let given =
            routes.iter().zip(&named).map(|((method, path), name)| (*method, path.as_str(), name.and_then(Node::text)));
        for (own, other) in clashes(path.as_deref(), &given.collect::<Vec<_>>()) {
            let (label, name) = (&resource.common.name.value, named[own].and_then(Node::text).unwrap_or_default());
            let route = |(method, path): &(Method, String)| format!("{} {path}", method.as_str());
            let (own_route, other) = (route(&routes[own]), route(&routes[other]));
            let at = named[own].map_or(resource.common.name.at, |node| node.span);
            let message = format!(
                "Resource[{label}] {own_route} Attribute[apigen] name[{name}] is the name of another operation[{other}]"
            );
            let help = "choose another name, or name the other operation too";
            self.error_by_form("E048", at, message, Some(help));
        }
    }

    fn apigen_fields(&mut self, owner: &Owner<'_>, key: &str, names: &[Node]) {
        let (label, models) = (&owner.label, self.models(owner));
        let units = self.scope.units;
        let fields = |model: &Target| &units[model.unit].service.models[model.index].fields;
        let fields = || models.iter().flatten().flat_map(fields).map(|field| field.common.name.value.as_str());
        for node in names {
            let Value::String(name) = &node.value else {
                let message = format!("{label}{key} must be a list of strings, but has {}", node.kind());
                self.error_by_form("E048", node.head(), message, Some("write names of fields"));
                continue;
            };
            let known = |model: &Target| self.scope.field(model.unit, model.index, name).is_some();
            if models.as_ref().is_none_or(|models| models.iter().any(known)) {
                continue;
            }
            let advised: BTreeSet<&str> = fields().take(ADVISED).collect();
            let advised: Vec<&str> = advised.into_iter().collect();
            let all = || (!advised.is_empty()).then(|| format!("available fields: {}", advised.join(", ")));
            let help = near(name, &advised).or_else(all);
            let message = format!("{label}{key} names an unknown field[{name}]");
            self.error_by_form("E048", node.span, message, help.as_deref());
        }
    }

    /// Returns the model that a resource is named after, and those in the responses of its operations. `None` if one of
    /// them is in a service that was not found.
    fn models(&self, owner: &Owner<'_>) -> Option<Vec<Target>> {
        let responses = owner.operations.iter().flat_map(|operation| &operation.responses);
        let names = std::iter::once(&owner.resource.common.name).chain(responses.map(|response| &response.ty));
        let names: BTreeSet<&str> = names.map(|name| name.value.as_str()).collect();
        let mut models = Vec::new();
        for name in names {
            match self.scope.parse(name).map(|(_, meaning)| meaning) {
                Some(Meaning::Declared(target)) if target.kind == Kind::Model => models.push(target),
                Some(Meaning::Missing) => return None,
                _ => {}
            }
        }
        Some(models)
    }
}

/// Returns the name chosen for an operation; the first one wins.
fn chosen_name(operation: &Operation) -> Option<&Node> {
    let own = operation.attributes.iter().filter(|attribute| attribute.name == "apigen");
    own.filter_map(|attribute| attribute.value.get("name")).map(|name| &name.node).find(|name| name.text().is_some())
}

/// Returns the method; an unknown one is reported elsewhere.
fn method(operation: &Operation) -> Method {
    Method::named(&operation.method.value).unwrap_or(Method::Get)
}
