//! How each element of a spec is written, published by API Builder, modelled, and named in Rust.

use serde_json::{Value, json};

use crate::plan::symbols::{ResourceSymbols, Symbols};
use apigen_model::api::{Api, Id, Operation, Resource, Role, Service};
use apigen_model::source::json::{self, Node};
use apigen_model::vocabulary::http::with_upper_method;
use apigen_model::vocabulary::names::{camel, is_keyword, snake};

/// An element of a requested spec.
#[derive(Debug, Clone)]
pub struct Element {
    /// `models.user`, or the id of an operation: `users.get_by_guid`.
    pub key: String,
    /// Method and path of an operation: `GET /users/:guid`.
    pub route: Option<String>,
    /// The element as written; `None` for inline types and inferred elements.
    pub spec: Option<Value>,
    /// The element in `service.json`.
    pub service: Option<Value>,
    /// The element in the resolved model, for people.
    pub model: String,
    /// The names of everything in it.
    pub names: Vec<Naming>,
    /// Other names of a type: with its namespace, or with a field or value.
    pub aliases: Vec<String>,
}

/// A name in the spec and in Rust.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Naming {
    /// The kind of thing: `field`, `method`, …
    pub what: &'static str,
    /// The name in the spec.
    pub spec: String,
    /// The name in Rust.
    pub rust: String,
    /// Why the Rust name is not the usual one, if it is not.
    pub why: Option<String>,
}

impl Element {
    /// Returns true if this text identifies the element: its key, also with a namespace or a field; the last part of
    /// the key; its resource; or its route.
    pub fn is(&self, text: &str) -> bool {
        let text = with_upper_method(text);
        self.words().any(|word| word == text)
    }

    /// Iterates over all texts that identify it.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        let last = self.key.split_once('.').map(|(_, name)| name);
        let resource = self.route.as_ref().and(self.key.split('.').next());
        let own = [Some(self.key.as_str()), last, resource, self.route.as_deref()];
        own.into_iter().flatten().chain(self.aliases.iter().map(String::as_str))
    }

    /// Formats all stages as JSON.
    pub fn to_json(&self) -> Value {
        let names = self.names.iter().map(|n| json!({ "what": n.what, "spec": n.spec, "rust": n.rust, "why": n.why }));
        json!({
            "element": self.key, "route": self.route, "spec": self.spec, "service": self.service,
            "model": self.model, "names": names.collect::<Vec<_>>(),
        })
    }
}

/// Returns all elements of the requested services: types, then operations. `text` is the document, `published` its `service.json`.
pub(crate) fn elements(api: &Api, text: &str, published: &str) -> Vec<Element> {
    let symbols = Symbols::new(api);
    let inspector = Inspector {
        api,
        symbols: &symbols,
        document: json::parse(text).ok(),
        published: serde_json::from_str(published).unwrap_or_default(),
    };
    let mut found = inspector.types();
    found.extend(inspector.operations());
    found
}

struct Inspector<'a> {
    api: &'a Api,
    symbols: &'a Symbols,
    document: Option<Node>,
    published: Value,
}

impl Inspector<'_> {
    fn types(&self) -> Vec<Element> {
        let (api, symbols) = (self.api, self.symbols);
        let own = |service| api.services[service].role == Role::Requested;
        let mut found = Vec::new();
        for (id, e) in api.enums.iter().filter(|(_, e)| own(e.service)) {
            let mut names = vec![named("type", &e.name, symbols[id].name.to_string(), camel)];
            let values = e.values.iter().zip(&symbols[id].values);
            names.extend(values.map(|(value, name)| named("variant", &value.name, name.to_string(), camel)));
            found.push(self.ty((e.service, "enums"), &e.name, format!("{e:#?}"), names));
        }
        for (id, model) in api.models.iter().filter(|(_, model)| own(model.service)) {
            let mut names = vec![named("type", &model.name, symbols[id].name.to_string(), camel)];
            let fields = model.fields.iter().zip(&symbols[id].fields);
            names.extend(fields.map(|(field, name)| named("field", &field.name, name.to_string(), snake)));
            found.push(self.ty((model.service, "models"), &model.name, format!("{model:#?}"), names));
        }
        for (id, union) in api.unions.iter().filter(|(_, union)| own(union.service)) {
            let mut names = vec![named("type", &union.name, symbols[id].name.to_string(), camel)];
            let members = union.members.iter().zip(&symbols[id].members);
            names.extend(
                members.map(|(member, name)| named("variant", &member.discriminator_value, name.to_string(), camel)),
            );
            found.push(self.ty((union.service, "unions"), &union.name, format!("{union:#?}"), names));
        }
        for (id, interface) in api.interfaces.iter().filter(|(_, interface)| own(interface.service)) {
            let mut names = vec![named("trait", &interface.name, symbols[id].name.to_string(), camel)];
            let fields = interface.fields.iter().zip(&symbols[id].methods);
            names.extend(fields.map(|(field, name)| named("method", &field.name, name.to_string(), snake)));
            found.push(self.ty((interface.service, "interfaces"), &interface.name, format!("{interface:#?}"), names));
        }
        found
    }

    fn ty(&self, (service, section): (Id<Service>, &str), name: &str, model: String, names: Vec<Naming>) -> Element {
        let namespace = &self.api.services[service].namespace;
        let mut aliases = vec![format!("{namespace}.{section}.{name}")];
        for part in names.iter().filter(|part| !matches!(part.what, "type" | "trait")) {
            aliases.extend([format!("{name}.{}", part.spec), format!("{section}.{name}.{}", part.spec)]);
        }
        let spec = self.document.as_ref().and_then(|node| within(node, section, name)).map(Node::to_value);
        let service = self.published.get(section).and_then(|list| entry(list, "name", name)).cloned();
        Element { key: format!("{section}.{name}"), route: None, spec, service, model, names, aliases }
    }

    fn operations(&self) -> Vec<Element> {
        let services = self.api.services.iter().filter(|(_, service)| service.role == Role::Requested);
        let resources = services.flat_map(|(id, service)| service.resources.iter().zip(&self.symbols[id].resources));
        let all =
            resources.flat_map(|(resource, names)| (0..resource.operations.len()).map(move |at| (resource, names, at)));
        all.map(|(resource, names, at)| self.operation(resource, names, at)).collect()
    }

    fn operation(&self, of: &Resource, resource: &ResourceSymbols, at: usize) -> Element {
        let (operation, own): (&Operation, _) = (&of.operations[at], &resource.operations[at]);
        let method = operation.method.as_str();
        let route = format!("{method} {}", operation.path);
        let service = self.published.get("resources").and_then(Value::as_array).into_iter().flatten();
        let service = service.filter_map(|resource| resource.get("operations")?.as_array()).flatten();
        let service = service.into_iter().find(|o| o["method"] == method && o["path"] == operation.path.as_str());
        let rule =
            "the HTTP method, then the static parts of the path after the resource's, then `by` and the variables";
        let naming = |what, rust: String, why: Option<&str>| Naming {
            what,
            spec: route.clone(),
            rust,
            why: why.map(str::to_owned),
        };
        let names = vec![
            naming("trait", resource.api.to_string(), None),
            naming("accessor", resource.accessor.to_string(), None),
            naming("method", own.method.to_string(), Some(rule)),
            naming("type", format!("{}::{}", resource.module, own.ty), None),
        ];
        Element {
            key: format!("{}.{}", resource.accessor.as_str(), own.method.as_str()),
            spec: self.document.as_ref().and_then(|node| written(node, of, at)).map(Node::to_value),
            service: service.cloned(),
            model: format!("{operation:#?}"),
            names,
            route: Some(route),
            aliases: Vec::new(),
        }
    }
}

/// Compares a name with what the rule alone yields.
fn named(what: &'static str, spec: &str, rust: String, rule: fn(&str) -> String) -> Naming {
    let usual = rule(spec);
    let plain = rust.trim_start_matches("r#");
    let why = if rust == usual {
        None
    } else if plain == usual || is_keyword(&usual) {
        Some(format!("`{usual}` is a Rust keyword"))
    } else {
        Some(format!("`{usual}` has another meaning there, or is not a valid name"))
    };
    Naming { what, spec: spec.to_owned(), rust, why }
}

/// Finds a declaration in a document of either form.
fn within<'n>(document: &'n Node, section: &str, name: &str) -> Option<&'n Node> {
    let section = &document.get(section)?.node;
    match section.get(name) {
        Some(member) => Some(&member.node),
        None => section.items().iter().find(|item| item.word("name") == name),
    }
}

/// Finds an operation in a document of either form.
fn written<'n>(document: &'n Node, resource: &Resource, at: usize) -> Option<&'n Node> {
    let all = &document.get("resources")?.node;
    let own = match all.get(&resource.type_text) {
        Some(member) => &member.node,
        None => all.items().iter().find(|item| item.word("type") == resource.type_text)?,
    };
    own.get("operations")?.node.items().get(at)
}

fn entry<'v>(list: &'v Value, key: &str, value: &str) -> Option<&'v Value> {
    list.as_array()?.iter().find(|item| item[key] == value)
}
