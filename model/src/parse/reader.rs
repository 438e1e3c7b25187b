//! Reads the members of any object of a document: known keys, with values of the right type.

use super::service::{Attribute, Common, Form, Service, Text};
use crate::api::Deprecation;
use crate::checkpoint::checkpoint;
use crate::diagnostic::{Diagnostic, DocumentId, Report};
use crate::source::json::{Member, Node, Span, Value};
use crate::vocabulary::suggestions;

/// Reads one document and collects its problems.
pub struct Reader<'a> {
    pub form: Form,
    pub document: DocumentId,
    pub report: &'a mut Report,
    /// What was read so far: inline types are added where they are found.
    pub service: Service,
}

impl Reader<'_> {
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.report.push(diagnostic.in_document(self.document));
    }

    pub fn error(&mut self, code: &'static str, at: Span, message: impl Into<String>, help: Option<&str>) {
        self.push(Diagnostic::error(code, at, message).help(help.map(str::to_owned)));
    }

    /// Returns true for the authoring form, where the rules of structure are strict.
    pub fn strict(&self) -> bool {
        self.form == Form::Api
    }

    /// Rejects unknown keys. Published documents may have any.
    pub fn keys(&mut self, node: &Node, label: &str, known: &[&str]) {
        checkpoint();
        let Value::Object(members) = &node.value else { return };
        if !self.strict() {
            return;
        }
        for member in members.iter().filter(|m| !known.contains(&m.key.as_str())) {
            let owner = if label.is_empty() { "the document " } else { label };
            let message = format!("{owner}has an unrecognized element[{}]", member.key);
            self.error("E010", member.key_span, message, Some(&suggestions::for_key(&member.key, known)));
        }
    }

    /// Returns the member of a key; `null` counts as absent in published documents.
    pub fn member<'n>(&self, node: &'n Node, key: &str) -> Option<&'n Node> {
        let member = node.get(key)?;
        (self.strict() || !matches!(member.node.value, Value::Null)).then_some(&member.node)
    }

    fn wrong(&mut self, node: &Node, label: &str, key: &str, wanted: &str) {
        let message = format!("{label}{key}, if present, must be {wanted}, not {}", node.kind());
        let help = match &node.value {
            Value::Null => Some("omit the key".to_owned()),
            Value::Number(text) if wanted == "a string" => Some(format!("write it in quotes: \"{text}\"")),
            Value::Bool(value) if wanted == "a string" => Some(format!("write it in quotes: \"{value}\"")),
            _ if wanted.starts_with("a boolean") => Some("write `true` or `false`".to_owned()),
            _ => self.shape(key, wanted == "an array"),
        };
        self.error("E011", place(node), message, help.as_deref());
    }

    /// Returns how the value of a key is written; nobody writes published documents by hand, so they get no advice.
    fn shape(&self, key: &str, array: bool) -> Option<String> {
        let shape = suggestions::shape(key, array).filter(|_| self.strict());
        shape.map(|shape| format!("write it as {shape}"))
    }

    pub fn missing(&mut self, at: Span, label: &str, what: &str, help: &str) {
        let owner = if label.is_empty() { "the document " } else { label };
        self.error("E012", at, format!("{owner}needs {what}"), Some(help));
    }

    /// Rejects a value that is not an object. Returns true if it is one.
    pub fn object(&mut self, node: &Node, label: &str, key: &str) -> bool {
        let is_object = matches!(node.value, Value::Object(_));
        if !is_object {
            self.wrong(node, label, key, "an object");
        }
        is_object
    }

    /// Returns a string, trimmed; blank counts as absent.
    pub fn text(&mut self, node: &Node, label: &str, key: &str) -> Option<Text> {
        let value = self.member(node, key)?;
        match &value.value {
            Value::String(text) => {
                let text = Text { value: text.trim().to_owned(), at: value.span };
                (!text.value.is_empty()).then_some(text)
            }
            _ => {
                self.wrong(value, label, key, "a string");
                None
            }
        }
    }

    pub fn required(&mut self, node: &Node, label: &str, key: &str) -> Option<Text> {
        match self.member(node, key).map(|n| &n.value) {
            None => self.missing(node.head(), label, &format!("a {key}"), &format!("add \"{key}\": \"…\"")),
            Some(Value::String(text)) if text.trim().is_empty() => {
                let at = node.get(key).map_or(node.span, |m| m.node.span);
                self.error("E013", at, format!("{label}{key} must be a non empty string"), None);
            }
            Some(Value::String(_)) => return self.text(node, label, key),
            Some(_) => {
                let at = node.get(key).map_or(node.head(), |m| place(&m.node));
                self.error("E011", at, format!("{label}{key} must be a string"), None);
            }
        }
        None
    }

    pub fn string(&mut self, node: &Node, label: &str, key: &str) -> Option<String> {
        self.text(node, label, key).map(|text| text.value)
    }

    /// Returns a boolean, which may be written as a string.
    pub fn boolean(&mut self, node: &Node, label: &str, key: &str, default: bool) -> bool {
        match self.member(node, key).map(|n| (n, &n.value)) {
            None => default,
            Some((_, Value::Bool(value))) => *value,
            Some((_, Value::String(text))) if text == "true" || text == "false" => text == "true",
            Some((value, _)) => {
                self.wrong(value, label, key, "a boolean or the string 'true' or 'false'");
                default
            }
        }
    }

    /// Returns a whole number of 64 bits. As in the reference, other numbers are accepted and dropped.
    pub fn integer(&mut self, node: &Node, label: &str, key: &str) -> Option<i64> {
        let value = self.member(node, key)?;
        match &value.value {
            Value::Number(text) => crate::source::number::whole(text),
            Value::String(text) if text.parse::<i64>().is_ok() => text.parse().ok(),
            _ => {
                self.wrong(value, label, key, "a number");
                None
            }
        }
    }

    pub fn objects<'n>(&mut self, node: &'n Node, label: &str, key: &str) -> Vec<&'n Node> {
        self.elements(node, label, key, "objects", |item| matches!(item.value, Value::Object(_)).then_some(item))
    }

    /// Returns the elements of an array of strings, or a single string.
    pub fn texts(&mut self, node: &Node, label: &str, key: &str) -> Vec<Text> {
        let text = |item: &Node| Some(Text { value: item.text()?.trim().to_owned(), at: item.span });
        match self.member(node, key) {
            Some(Node { value: Value::Null, .. }) => Vec::new(),
            Some(value @ Node { value: Value::String(_), .. }) if key == "annotations" => Vec::from_iter(text(value)),
            _ => self.elements(node, label, key, "strings", text),
        }
    }

    /// Returns the elements of an array that `pick` accepts; the others are reported.
    fn elements<'n, T>(
        &mut self,
        node: &'n Node,
        label: &str,
        key: &str,
        wanted: &str,
        pick: impl Fn(&'n Node) -> Option<T>,
    ) -> Vec<T> {
        let Some(value) = self.member(node, key) else { return Vec::new() };
        let Value::Array(items) = &value.value else {
            self.wrong(value, label, key, "an array");
            return Vec::new();
        };
        let mut found = Vec::new();
        for item in items {
            let picked = pick(item);
            if picked.is_none() {
                let message = format!("{label}elements of {key} must be {wanted}, not {}", item.kind());
                let help = self.shape(key, true).filter(|_| wanted == "objects");
                self.error("E011", place(item), message, help.as_deref());
            }
            found.extend(picked);
        }
        found
    }

    /// Returns the declarations of a kind: members of an object in `api.json`, elements of an array in `service.json`.
    pub fn declarations<'n>(&mut self, node: &'n Node, key: &str, name_key: &str) -> Vec<(Text, &'n Node)> {
        let Some(value) = self.member(node, key) else { return Vec::new() };
        let mut found = Vec::new();
        match &value.value {
            Value::Object(members) if self.strict() => {
                for Member { key: name, key_span, node } in members {
                    if let Value::Object(_) = node.value {
                        found.push((Text { value: name.clone(), at: *key_span }, node));
                        continue;
                    }
                    let message = format!("{key}[{name}] must be an object, not {}", node.kind());
                    let help = self.shape(key, false);
                    self.error("E011", place(node), message, help.as_deref());
                }
            }
            Value::Array(_) if !self.strict() => {
                let label = format!("an element of {key} ");
                for object in self.objects(node, "", key) {
                    found.extend(self.required(object, &label, name_key).map(|name| (name, object)));
                }
            }
            _ => self.wrong(value, "", key, if self.strict() { "an object" } else { "an array" }),
        }
        found
    }

    /// Reads what every declaration has besides its name.
    pub fn common(&mut self, node: &Node, label: &str, name: Text) -> Common {
        Common {
            name,
            plural: self.string(node, label, "plural"),
            description: self.string(node, label, "description"),
            deprecation: self.deprecation(node, label),
            attributes: self.attributes(node, label),
        }
    }

    pub fn deprecation(&mut self, node: &Node, label: &str) -> Option<Deprecation> {
        let value = self.member(node, "deprecation")?;
        let is_object = self.object(value, label, "deprecation");
        is_object.then(|| Deprecation { description: self.string(value, label, "description") })
    }

    /// Reads the attributes, which are data for generators.
    pub fn attributes(&mut self, node: &Node, label: &str) -> Vec<Attribute> {
        let mut attributes = Vec::new();
        for (index, object) in self.objects(node, label, "attributes").into_iter().enumerate() {
            let own = object.get("name").and_then(|m| m.node.text()).map(str::to_owned);
            let label = format!("{label}Attribute[{}] ", own.unwrap_or_else(|| index.to_string()));
            self.keys(object, &label, &["name", "value", "description"]);
            let Some(name) = self.required(object, &label, "name") else { continue };
            match self.member(object, "value") {
                Some(value) if matches!(value.value, Value::Object(_)) => attributes.push(Attribute {
                    name: name.value,
                    value: value.clone(),
                    description: self.string(object, &label, "description"),
                    // Published documents only: authors cannot deprecate attributes.
                    deprecation: self.deprecation(object, &label),
                }),
                Some(value) => {
                    let message = format!("{label}value must be an object, not {}", value.kind());
                    self.error("E011", place(value), message, Some("write an object: {\"…\": …}"));
                }
                None if self.strict() => self.missing(object.head(), &label, "a value", "add \"value\": {}"),
                None => {}
            }
        }
        attributes
    }
}

/// Returns the position of a wrong value: all of it, unless it may be long.
fn place(node: &Node) -> Span {
    match node.value {
        Value::Object(_) | Value::Array(_) => Span { end: node.span.start + 1, ..node.span },
        _ => node.span,
    }
}
