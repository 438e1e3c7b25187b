//! Lint: names that differ in the spec, but hardly or not at all in code or on the wire.

use std::collections::BTreeMap;

use super::Linter;
use super::elements::{OperationRef, operations_of};
use super::rule::{CASE_ONLY_DIFFERENCE, METHOD_NAME_COLLISION, NAME_COLLISION};
use crate::api::Method;
use crate::behaviour::name_override;
use crate::parse::resource::resource_plural;
use crate::parse::service::{Attribute, Common, Resource, Text};
use crate::source::json::Span;
use crate::vocabulary::method_names::{Route, method_names, short};
use crate::vocabulary::names::NameAllocator;

struct Entry<'a> {
    /// The text that the identifier is made from.
    name: String,
    /// The text on the wire, if any.
    wire: Option<&'a str>,
    at: Span,
    attributes: &'a [Attribute],
}

impl<'a> Entry<'a> {
    fn new(common: &'a Common) -> Self {
        Self { name: common.name.value.clone(), wire: None, at: common.name.at, attributes: &common.attributes }
    }

    fn on_wire(common: &'a Common) -> Self {
        Self { wire: Some(&common.name.value), ..Self::new(common) }
    }
}

/// Formats a name as the generator does: a scope of its own shows the identifier before any collision.
fn type_name(text: &str) -> String {
    NameAllocator::new().ty(text).to_string()
}

fn value_name(text: &str) -> String {
    NameAllocator::new().value(text).to_string()
}

impl<'a> Linter<'a> {
    /// Checks every Rust scope and every set of keys.
    pub fn names(&mut self) {
        let service = self.service;
        let (interfaces, types): (Vec<_>, Vec<_>) =
            self.declarations().into_iter().partition(|(word, _)| *word == "interface");
        for scope in [types, interfaces] {
            let entries = scope.into_iter().map(|(_, common)| Entry::new(common));
            self.scope_of("the service", type_name, entries.collect(), &[]);
        }
        for e in &service.enums {
            let entries = e.values.iter().map(|v| {
                let wire = v.value.as_ref().unwrap_or(&v.common.name);
                Entry { wire: Some(&wire.value), ..Entry::new(&v.common) }
            });
            let what = format!("enum `{}`", e.common.name.value);
            self.scope_of(&what, type_name, entries.collect(), &e.common.attributes);
        }
        for (word, model, _) in self.shapes() {
            let entries = model.fields.iter().map(|f| Entry::on_wire(&f.common)).collect();
            let what = format!("{word} `{}`", model.common.name.value);
            self.scope_of(&what, value_name, entries, &model.common.attributes);
        }
        for union in &service.unions {
            let members = union.types.iter().map(|t| Entry {
                name: short(&t.ty.value).to_owned(),
                wire: None,
                at: t.ty.at,
                attributes: &t.common.attributes,
            });
            let what = format!("union `{}`", union.common.name.value);
            self.scope_of(&what, type_name, members.collect(), &union.common.attributes);
        }
        self.operation_names();
    }

    fn operation_names(&mut self) {
        let service = self.service;
        let plural = |r: &'a Resource| Entry { name: resource_plural(self.scope, r), ..Entry::new(&r.common) };
        self.scope_of("the resources", value_name, service.resources.iter().map(plural).collect(), &[]);
        for operation in self.operation_refs() {
            let entries = operation.written.parameters.iter().map(|p| Entry::on_wire(&p.field.common)).collect();
            self.scope_of(&operation.to_string(), value_name, entries, &operation.written.attributes);
        }
        self.method_names();
    }

    /// Checks one scope: compares each name with the first that has the same identifier, or the same text in lower case.
    fn scope_of(&mut self, what: &str, rust: fn(&str) -> String, entries: Vec<Entry<'_>>, attributes: &[Attribute]) {
        let mut identifiers: BTreeMap<String, String> = BTreeMap::new();
        let mut wires: BTreeMap<String, &str> = BTreeMap::new();
        for entry in entries {
            let identifier = rust(&entry.name);
            let similar = entry.wire.and_then(|wire| {
                let first = *wires.entry(wire.to_lowercase()).or_insert(wire);
                (first != wire).then_some((first, wire))
            });
            let allowed = [entry.attributes, attributes];
            if let Some(first) = identifiers.get(&identifier) {
                let same = *first == entry.name;
                let names = if same { format!("two `{first}`") } else { format!("`{first}` and `{}`", entry.name) };
                let message = format!("{names} of {what} become the same Rust name `{identifier}`");
                let help = "rename one of them; until then the generated names get numbers";
                self.add(&NAME_COLLISION, entry.at, &allowed, message, help);
                continue;
            }
            identifiers.insert(identifier, entry.name);
            if let Some((first, wire)) = similar {
                let message = format!("`{first}` and `{wire}` of {what} differ only in case");
                let help = "rename one of them; people and case-insensitive systems confuse them";
                self.add(&CASE_ONLY_DIFFERENCE, entry.at, &allowed, message, help);
            }
        }
    }

    /// Checks for operations whose method name differs from the naming rule.
    fn method_names(&mut self) {
        for (resource, own) in self.service.resources.iter().zip(&self.own.resources) {
            self.methods_of(own.path.as_deref(), &operations_of(resource, own));
        }
    }

    fn methods_of(&mut self, path: Option<&str>, operations: &[OperationRef<'_>]) {
        let given = operations.iter().map(|OperationRef { resolved: o, .. }| (o.method, &*o.path, name_override(o)));
        let given: Vec<Route<'_>> = given.collect();
        let mut routes: BTreeMap<(Method, &str), usize> = BTreeMap::new();
        given.iter().for_each(|(method, path, _)| *routes.entry((*method, path)).or_default() += 1);
        for (operation, method) in operations.iter().zip(method_names(path, &given)) {
            // Repeated operations are left to another rule.
            let repeated = routes.get(&(operation.resolved.method, &operation.resolved.path)).is_some_and(|n| *n > 1);
            if !method.renamed || repeated {
                continue;
            }
            let Text { value: resource, .. } = &operation.resource.common.name;
            let message = format!(
                "{operation} is the method `{}`, because another operation of resource `{resource}` has the same plain name",
                method.name
            );
            let help = "name it with the attribute `apigen`: {\"name\": \"…\"}";
            self.add(&METHOD_NAME_COLLISION, operation.written.at, &operation.attributes(), message, help);
        }
    }
}
