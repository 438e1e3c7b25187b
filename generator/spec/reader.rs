//! What reading any object of a document needs: keys of the right type, and nothing else.

use super::json::{Node, Span, Value};
use super::read::Form;
use super::service::{Common, Text};
use crate::diagnostic::{Diagnostic, Report, Severity};
use crate::ir::{Attribute, Deprecation};

/// Reads one document and collects what is wrong with it.
pub struct Reader<'a> {
    pub form: Form,
    pub source: usize,
    pub report: &'a mut Report,
}

impl Reader<'_> {
    /// Records an error.
    pub fn error(&mut self, code: &'static str, at: Span, message: String) {
        self.add(code, Severity::Error, at, message, None);
    }

    /// Records an error with advice.
    pub fn error_with(&mut self, code: &'static str, at: Span, message: String, help: String) {
        self.add(code, Severity::Error, at, message, Some(help));
    }

    /// Records something that is worth knowing.
    pub fn warning(&mut self, code: &'static str, at: Span, message: String) {
        self.add(code, Severity::Warning, at, message, None);
    }

    fn add(&mut self, code: &'static str, severity: Severity, span: Span, message: String, help: Option<String>) {
        self.report.push(Diagnostic { code, severity, message, help, source: self.source, span });
    }

    /// Whether this is the authoring form, where the rules of structure are strict.
    pub fn strict(&self) -> bool {
        self.form == Form::Api
    }

    /// Refuses keys that mean nothing here. Published documents may have any.
    pub fn keys(&mut self, node: &Node, label: &str, known: &[&str]) {
        let Value::Object(members) = &node.value else { return };
        if !self.strict() {
            return;
        }
        for member in members.iter().filter(|m| !known.contains(&m.key.as_str())) {
            let message = format!("{label}Unrecognized element[{}]", member.key);
            match closest(&member.key, known) {
                Some(key) => self.error_with("E010", member.key_span, message, format!("did you mean `{key}`?")),
                None => self.error_with("E010", member.key_span, message, format!("known here: {}", known.join(", "))),
            }
        }
    }

    /// The member of a key; `null` counts as absent in published documents.
    pub fn member<'n>(&self, node: &'n Node, key: &str) -> Option<&'n Node> {
        let member = node.get(key)?;
        (self.strict() || !matches!(member.node.value, Value::Null)).then_some(&member.node)
    }

    fn wrong(&mut self, node: &Node, label: &str, key: &str, wanted: &str) {
        let message = format!("{label}{key}, if present, must be {wanted}, not {}", node.kind());
        self.error("E011", node.span, message);
    }

    /// A text, trimmed; blank counts as absent.
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

    /// A text that must be there.
    pub fn required(&mut self, node: &Node, label: &str, key: &str) -> Option<Text> {
        match self.member(node, key).map(|n| &n.value) {
            None => self.error("E012", node.span, format!("{label}Missing {key}")),
            Some(Value::String(text)) if text.trim().is_empty() => {
                self.error("E013", node.span, format!("{label}{key} must be a non empty string"));
            }
            Some(Value::String(_)) => return self.text(node, label, key),
            Some(_) => {
                let at = node.get(key).map_or(node.span, |m| m.node.span);
                self.error("E011", at, format!("{label}{key} must be a string"));
            }
        }
        None
    }

    /// A text without its place.
    pub fn string(&mut self, node: &Node, label: &str, key: &str) -> Option<String> {
        self.text(node, label, key).map(|text| text.value)
    }

    /// A boolean, or the words for it.
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

    /// A whole number of 64 bits. As in the reference, a number that is none is accepted and dropped.
    pub fn integer(&mut self, node: &Node, label: &str, key: &str) -> Option<i64> {
        let value = self.member(node, key)?;
        match &value.value {
            Value::Number(text) => whole(text),
            Value::String(text) if text.parse::<i64>().is_ok() => text.parse().ok(),
            _ => {
                self.wrong(value, label, key, "a number");
                None
            }
        }
    }

    /// The elements of an array of objects.
    pub fn objects<'n>(&mut self, node: &'n Node, label: &str, key: &str) -> Vec<&'n Node> {
        let Some(value) = self.member(node, key) else { return Vec::new() };
        let Value::Array(items) = &value.value else {
            self.wrong(value, label, key, "an array");
            return Vec::new();
        };
        let mut objects = Vec::new();
        for item in items {
            match &item.value {
                Value::Object(_) => objects.push(item),
                _ => self.error(
                    "E011",
                    item.span,
                    format!("{label}elements of {key} must be objects, not {}", item.kind()),
                ),
            }
        }
        objects
    }

    /// The elements of an array of texts, or a single text.
    pub fn texts(&mut self, node: &Node, label: &str, key: &str) -> Vec<Text> {
        let Some(value) = self.member(node, key) else { return Vec::new() };
        match &value.value {
            Value::Null => Vec::new(),
            Value::String(text) if key == "annotations" => vec![Text { value: text.trim().to_owned(), at: value.span }],
            Value::Array(items) => {
                let mut texts = Vec::new();
                for item in items {
                    match &item.value {
                        Value::String(text) => texts.push(Text { value: text.trim().to_owned(), at: item.span }),
                        _ => self.error(
                            "E011",
                            item.span,
                            format!("{label}elements of {key} must be strings, not {}", item.kind()),
                        ),
                    }
                }
                texts
            }
            _ => {
                self.wrong(value, label, key, "an array");
                Vec::new()
            }
        }
    }

    /// Declarations of a kind: members of an object in `api.json`, elements of an array in `service.json`.
    pub fn declarations<'n>(&mut self, node: &'n Node, key: &str, name_key: &str) -> Vec<(Text, &'n Node)> {
        let Some(value) = self.member(node, key) else { return Vec::new() };
        match (&value.value, self.form) {
            (Value::Object(members), Form::Api) => {
                let mut found = Vec::new();
                for member in members {
                    match member.node.value {
                        Value::Object(_) => {
                            found.push((Text { value: member.key.clone(), at: member.key_span }, &member.node));
                        }
                        _ => self.error("E011", member.node.span, format!("{key}[{}] must be an object", member.key)),
                    }
                }
                found
            }
            (Value::Array(_), Form::Service) => {
                let objects = self.objects(node, "", key);
                let label = format!("{key}: ");
                objects
                    .into_iter()
                    .filter_map(|object| Some((self.required(object, &label, name_key)?, object)))
                    .collect()
            }
            (_, Form::Api) => {
                self.wrong(value, "", key, "an object");
                Vec::new()
            }
            (_, Form::Service) => {
                self.wrong(value, "", key, "an array");
                Vec::new()
            }
        }
    }

    /// What any declaration has besides its name.
    pub fn common(&mut self, node: &Node, label: &str, name: Text) -> Common {
        Common {
            name,
            plural: self.string(node, label, "plural"),
            description: self.string(node, label, "description"),
            deprecation: self.deprecation(node, label),
            attributes: self.attributes(node, label),
        }
    }

    /// The mark of something that should not be used any more.
    pub fn deprecation(&mut self, node: &Node, label: &str) -> Option<Deprecation> {
        let value = self.member(node, "deprecation")?;
        match value.value {
            Value::Object(_) => Some(Deprecation { description: self.string(value, label, "description") }),
            _ => {
                self.wrong(value, label, "deprecation", "an object");
                None
            }
        }
    }

    /// Data for generators.
    pub fn attributes(&mut self, node: &Node, label: &str) -> Vec<Attribute> {
        let mut attributes = Vec::new();
        for (index, object) in self.objects(node, label, "attributes").into_iter().enumerate() {
            let known: &[&str] = &["name", "value", "description"];
            self.keys(object, label, known);
            let own = object.get("name").and_then(|m| super::read_types::text_of(&m.node)).unwrap_or_default();
            let label = format!("{label}Attribute {index} {own}: ");
            let Some(name) = self.required(object, &label, "name") else { continue };
            match self.member(object, "value").map(|n| (n, n.to_value())) {
                Some((_, serde_json::Value::Object(value))) => attributes.push(Attribute { name: name.value, value }),
                Some((node, _)) => self.error("E011", node.span, format!("{label}value must be an object")),
                None if self.strict() => self.error("E012", object.span, format!("{label}Missing value")),
                None => {}
            }
        }
        attributes
    }
}

/// A number as a whole one, if it is one: `2000.0` and `1e3` are.
pub fn whole(text: &str) -> Option<i64> {
    if let Ok(value) = text.parse() {
        return Some(value);
    }
    let value: f64 = text.parse().ok()?;
    let whole = value.trunc() == value && value.abs() < 9.0e18;
    #[expect(clippy::cast_possible_truncation, reason = "checked on the line above")]
    whole.then_some(value as i64)
}

/// The known word that is at most two edits away.
pub fn closest<'k>(word: &str, known: &[&'k str]) -> Option<&'k str> {
    if word.len() > 60 {
        return None;
    }
    let distances = known.iter().map(|candidate| (distance(word, candidate), *candidate));
    distances.filter(|(distance, candidate)| *distance <= 2 && *distance < candidate.len()).min().map(|(_, word)| word)
}

fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let cost = diagonal + usize::from(x != *y);
            diagonal = row[j + 1];
            row[j + 1] = cost.min(row[j] + 1).min(row[j + 1] + 1);
        }
    }
    row[b.len()]
}
