//! Reads enums, models, interfaces, unions and headers, including inline ones.

use super::reader::Reader;
use super::service::{Common, Enum, EnumValue, Field, Header, Kind, Model, Text, Union, UnionType};
use crate::source::json::{Node, Value};
use crate::vocabulary::type_text;

const DECLARED: &[&str] = &["name", "plural", "description", "attributes", "deprecation"];

/// Returns the keys of a kind of declaration.
fn with(more: &[&'static str]) -> Vec<&'static str> {
    DECLARED.iter().chain(more).copied().collect()
}

impl Reader<'_> {
    pub fn types(&mut self, node: &Node) {
        for kind in [Kind::Enum, Kind::Interface, Kind::Union, Kind::Model] {
            for (name, object) in self.declarations(node, &format!("{}s", kind.word()), "name") {
                self.declare(kind, object, name);
            }
        }
    }

    fn declare(&mut self, kind: Kind, node: &Node, name: Text) {
        match kind {
            Kind::Enum => self.enumeration(node, name),
            Kind::Union => self.union(node, name),
            Kind::Model | Kind::Interface => self.model(node, name, kind),
        }
    }

    fn enumeration(&mut self, node: &Node, name: Text) {
        let label = format!("Enum[{}] ", name.value);
        self.keys(node, &label, &with(&["values", "enum"]));
        if self.member(node, "values").is_none() {
            return self.missing(name.at, &label, "values", "add \"values\": [{\"name\": \"…\"}]");
        }
        let mut values = Vec::new();
        for object in self.objects(node, &label, "values") {
            let label = format!("{label}value[{}] ", object.word("name"));
            self.keys(object, &label, &["name", "value", "description", "attributes", "deprecation"]);
            let Some(name) = self.required(object, &label, "name") else { continue };
            let mut value = self.text(object, &label, "value");
            if let Some(value) = value.as_mut().filter(|_| !self.strict()) {
                // A published value is the text on the wire, including surrounding blanks.
                value.value = object.word("value").to_owned();
            }
            values.push(EnumValue { common: self.common(object, &label, name), value });
        }
        let common = self.common(node, &label, name);
        self.service.enums.push(Enum { common, values });
    }

    fn model(&mut self, node: &Node, name: Text, kind: Kind) {
        let (word, more): (_, &[&str]) = match kind {
            Kind::Interface => ("Interface", &["fields", "interface"]),
            _ => ("Model", &["fields", "interfaces", "templates", "model"]),
        };
        let label = format!("{word}[{}] ", name.value);
        self.keys(node, &label, &with(more));
        // Templates have been merged already, or there are none.
        self.objects(node, &label, "templates");
        let fields = self.fields(node, &label);
        let interfaces = self.texts(node, &label, "interfaces");
        let common = self.common(node, &label, name);
        let declared = if kind == Kind::Interface { &mut self.service.interfaces } else { &mut self.service.models };
        declared.push(Model { common, fields, interfaces });
    }

    fn fields(&mut self, node: &Node, label: &str) -> Vec<Field> {
        let objects = self.objects(node, label, "fields");
        objects.into_iter().filter_map(|object| self.field(object, label, "field")).collect()
    }

    /// Reads a field, or the part of a parameter that is like a field.
    pub fn field(&mut self, node: &Node, label: &str, what: &str) -> Option<Field> {
        const KEYS: &str = "name type description required default example minimum maximum attributes";
        let label = format!("{label}{what}[{}] ", node.word("name"));
        let more = if what == "field" { ["annotations", "deprecation"] } else { ["deprecation", "location"] };
        let mut known: Vec<&str> = KEYS.split(' ').chain(more).collect();
        let legacy = node.get("enum").or_else(|| node.get("values"));
        if let Some(member) = legacy.filter(|_| self.strict() && what == "field") {
            let message = format!("{label}cannot have {}: enumerations belong in the enum section", member.key);
            let help = "declare it under `enums` and use its name as type";
            self.error("E010", member.key_span, message, Some(help));
            known.extend(["enum", "values"]);
        }
        self.keys(node, &label, &known);
        let name = self.required(node, &label, "name");
        let ty = self.type_of(node, &label);
        if !self.strict() && node.get("required").is_none() {
            let help = "published documents must contain \"required\": true or false";
            self.error("E012", node.head(), format!("{label}needs required"), Some(help));
        }
        Some(Field {
            required: self.boolean(node, &label, "required", true),
            default: self.default(node),
            minimum: self.integer(node, &label, "minimum"),
            maximum: self.integer(node, &label, "maximum"),
            example: self.text(node, &label, "example"),
            dropped: self.dropped(node),
            annotations: self.texts(node, &label, "annotations"),
            common: self.common(node, &label, name?),
            ty: ty?,
        })
    }

    /// Reads a default as text: a string as it is, anything else as compact JSON.
    fn default(&mut self, node: &Node) -> Option<Text> {
        let value = self.member(node, "default")?;
        let text = match &value.value {
            Value::String(text) => text.trim().to_owned(),
            _ => value.canonical(),
        };
        (!text.is_empty()).then_some(Text { value: text, at: value.span })
    }

    /// Returns the keys of a field that are accepted although their values cannot be used (format reference, 19.2).
    fn dropped(&self, node: &Node) -> Vec<Text> {
        let limit =
            |value: &Value| matches!(value, Value::Number(text) if crate::source::number::whole(text).is_none());
        let blank = |value: &Value| matches!(value, Value::String(text) if text.trim().is_empty());
        let unusable = ["minimum", "maximum", "default"].into_iter().filter_map(|key| {
            let value = self.member(node, key)?;
            let dropped = if key == "default" { blank(&value.value) } else { limit(&value.value) };
            dropped.then(|| Text { value: key.to_owned(), at: value.span })
        });
        unusable.collect()
    }

    fn union(&mut self, node: &Node, name: Text) {
        let label = format!("Union[{}] ", name.value);
        self.keys(node, &label, &with(&["discriminator", "types", "interfaces", "union"]));
        if self.member(node, "types").is_none() {
            self.missing(name.at, &label, "types", "add \"types\": [{\"type\": \"…\"}]");
        }
        let objects = self.objects(node, &label, "types");
        let union = Union {
            types: objects.into_iter().filter_map(|object| self.union_type(object, &label)).collect(),
            discriminator: self.text(node, &label, "discriminator"),
            interfaces: self.texts(node, &label, "interfaces"),
            common: self.common(node, &label, name),
        };
        self.service.unions.push(union);
    }

    fn union_type(&mut self, node: &Node, label: &str) -> Option<UnionType> {
        let label = format!("{label}type[{}] ", node.word("type"));
        let known = ["type", "description", "default", "discriminator_value", "fields", "attributes", "deprecation"];
        self.keys(node, &label, &known);
        let ty = self.type_of(node, &label)?;
        let fields = self.member(node, "fields").is_some().then(|| self.fields(node, &label));
        if let Some(fields) = fields.as_ref().filter(|_| self.strict()) {
            self.auto_model(node, &label, &ty, fields);
        }
        Some(UnionType {
            default: self.member(node, "default").is_some().then(|| self.boolean(node, &label, "default", false)),
            fields,
            discriminator_value: self.text(node, &label, "discriminator_value"),
            common: self.common(node, &label, ty.clone()),
            ty,
        })
    }

    /// Declares a model for a union type with fields, of the type's name (format reference, 5.7); the first one wins.
    fn auto_model(&mut self, node: &Node, label: &str, ty: &Text, fields: &[Field]) {
        let parsed = type_text::parse(&ty.value);
        let refused = match &parsed {
            Some(parsed) if parsed.wrappers.first() == Some(&type_text::Wrapper::List) => Some("list"),
            Some(parsed) if !parsed.wrappers.is_empty() => Some("map"),
            Some(parsed) if type_text::primitive(parsed.base).is_some() => Some("primitive"),
            _ => None,
        };
        if let Some(kind) = refused {
            let at = node.get("fields").map_or(ty.at, |m| m.key_span);
            let help = "declare a model with these fields, and refer to it";
            return self.error("E014", at, format!("{label}fields are not allowed for {kind} types"), Some(help));
        }
        if !self.service.auto_models.insert(ty.value.clone()) {
            return;
        }
        let common = Common { name: ty.clone(), ..Common::default() };
        self.service.models.push(Model { common, fields: fields.to_vec(), interfaces: Vec::new() });
    }

    /// Reads the type of a field, parameter, body …: text, or an inline definition, which is added to the service.
    pub fn type_of(&mut self, node: &Node, label: &str) -> Option<Text> {
        let Some(member) = node.get("type") else {
            self.missing(node.head(), label, "a type", "add \"type\": \"…\"");
            return None;
        };
        match &member.node.value {
            Value::String(_) => self.required(node, label, "type"),
            Value::Object(_) if self.strict() => self.inline(&member.node, label),
            _ => {
                let message = format!("{label}type must be a string or an object, not {}", member.node.kind());
                let list = matches!(member.node.value, Value::Array(_));
                let help =
                    if list { "a list of texts is written \"[string]\"" } else { "write it as \"type\": \"…\"" };
                self.error("E011", member.node.head(), message, Some(help));
                None
            }
        }
    }

    fn inline(&mut self, node: &Node, label: &str) -> Option<Text> {
        let kinds = [Kind::Enum, Kind::Interface, Kind::Model, Kind::Union];
        let Some(kind) = kinds.into_iter().find(|kind| node.get(kind.word()).is_some()) else {
            let at = node.get("name").map_or(node.head(), |m| m.key_span);
            let help = "state its kind and name: {\"enum\": \"NAME\", …}";
            self.error("E015", at, format!("{label}type: inline types must specify enum, model or union"), Some(help));
            return None;
        };
        let text = self.required(node, label, kind.word())?;
        let base = type_text::parse(&text.value).map(|parsed| parsed.base.to_owned()).unwrap_or_default();
        self.declare(kind, node, Text { value: base, at: text.at });
        Some(text)
    }

    pub fn headers(&mut self, node: &Node, label: &str) -> Vec<Header> {
        let mut headers = Vec::new();
        let known = ["name", "type", "required", "default", "description", "attributes", "deprecation"];
        for object in self.objects(node, label, "headers") {
            let label = format!("{label}Header[{}] ", object.word("name"));
            self.keys(object, &label, &known);
            let (name, ty) = (self.required(object, &label, "name"), self.type_of(object, &label));
            let default = self.text(object, &label, "default");
            let required = self.boolean(object, &label, "required", true);
            if let (Some(name), Some(ty)) = (name, ty) {
                headers.push(Header { common: self.common(object, &label, name), ty, required, default });
            }
        }
        headers
    }
}
