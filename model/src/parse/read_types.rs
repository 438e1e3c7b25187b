//! Reads enums, models, interfaces, unions and headers, including inline ones.

use super::reader::Reader;
use super::service::{Common, Enum, EnumValue, Field, Header, Model, Service, Text, Union, UnionType};
use crate::diagnostic::Diagnostic;
use crate::source::json::{Node, Value};
use crate::vocabulary::type_text;

const DECLARED: &[&str] = &["name", "plural", "description", "attributes", "deprecation"];

/// Returns the keys of a kind of declaration.
fn with(more: &[&'static str]) -> Vec<&'static str> {
    DECLARED.iter().chain(more).copied().collect()
}

impl Reader<'_> {
    /// Reads all types into the service; inline and auto-created ones are added where they are found.
    pub fn types(&mut self, node: &Node, service: &mut Service) {
        for (name, object) in self.declarations(node, "enums", "name") {
            let found = self.enumeration(object, name);
            service.enums.extend(found);
        }
        for (name, object) in self.declarations(node, "interfaces", "name") {
            let found = self.model(object, name, "Interface", service);
            service.interfaces.push(found);
        }
        for (name, object) in self.declarations(node, "unions", "name") {
            let found = self.union(object, name, service);
            service.unions.push(found);
        }
        for (name, object) in self.declarations(node, "models", "name") {
            let found = self.model(object, name, "Model", service);
            service.models.push(found);
        }
    }

    fn enumeration(&mut self, node: &Node, name: Text) -> Option<Enum> {
        let label = format!("Enum[{}] ", name.value);
        self.keys(node, &label, &with(&["values", "enum"]));
        if self.member(node, "values").is_none() {
            self.missing(name.at, &label, "values", "add \"values\": [{\"name\": \"…\"}]");
            return None;
        }
        let mut values = Vec::new();
        for object in self.objects(node, &label, "values") {
            let own = object.word("name").to_owned();
            let label = format!("{label}value[{own}] ");
            self.keys(object, &label, &["name", "value", "description", "attributes", "deprecation"]);
            let Some(name) = self.required(object, &label, "name") else { continue };
            let mut value = self.text(object, &label, "value");
            if let Some(value) = value.as_mut().filter(|_| !self.strict()) {
                // A published value is the text on the wire, including surrounding blanks.
                value.value = object.word("value").to_owned();
            }
            values.push(EnumValue { common: self.common(object, &label, name), value });
        }
        Some(Enum { common: self.common(node, &label, name), values })
    }

    fn model(&mut self, node: &Node, name: Text, kind: &str, service: &mut Service) -> Model {
        let label = format!("{kind}[{}] ", name.value);
        let more: &[&str] =
            if kind == "Model" { &["fields", "interfaces", "templates", "model"] } else { &["fields", "interface"] };
        self.keys(node, &label, &with(more));
        // Templates have been merged already, or there are none.
        self.objects(node, &label, "templates");
        let fields = self.fields(node, &label, service);
        let interfaces = self.texts(node, &label, "interfaces");
        Model { common: self.common(node, &label, name), fields, interfaces }
    }

    fn fields(&mut self, node: &Node, label: &str, service: &mut Service) -> Vec<Field> {
        let objects = self.objects(node, label, "fields");
        objects.into_iter().filter_map(|object| self.field(object, label, "field", &[], service)).collect()
    }

    /// Reads a field, or the part of a parameter that is like a field.
    pub fn field(
        &mut self,
        node: &Node,
        label: &str,
        what: &str,
        more: &[&str],
        service: &mut Service,
    ) -> Option<Field> {
        let own = node.word("name").to_owned();
        let label = format!("{label}{what}[{own}] ");
        let known = [
            "name",
            "type",
            "description",
            "required",
            "default",
            "example",
            "minimum",
            "maximum",
            "attributes",
            "annotations",
            "deprecation",
        ];
        let mut known: Vec<&str> =
            known.iter().chain(more).copied().filter(|k| what == "field" || *k != "annotations").collect();
        let legacy = node.get("enum").or_else(|| node.get("values"));
        if let Some(member) = legacy.filter(|_| self.strict() && what == "field") {
            let message = format!("{label}cannot have {}: enumerations belong in the enum section", member.key);
            let help = "declare it under `enums` and use its name as type".to_owned();
            self.push(Diagnostic::error("E010", member.key_span, message).help(help));
            known.extend(["enum", "values"]);
        }
        self.keys(node, &label, &known);
        let name = self.required(node, &label, "name");
        let ty = self.type_of(node, &label, service);
        if !self.strict() && node.get("required").is_none() {
            let help = "published documents must contain \"required\": true or false".to_owned();
            self.push(Diagnostic::error("E012", node.head(), format!("{label}needs required")).help(help));
        }
        let field = Field {
            required: self.boolean(node, &label, "required", true),
            default: self.default(node),
            minimum: self.integer(node, &label, "minimum"),
            maximum: self.integer(node, &label, "maximum"),
            example: self.text(node, &label, "example"),
            dropped: self.dropped(node),
            annotations: self.texts(node, &label, "annotations"),
            common: self.common(node, &label, name?),
            ty: ty?,
        };
        Some(field)
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

    fn union(&mut self, node: &Node, name: Text, service: &mut Service) -> Union {
        let label = format!("Union[{}] ", name.value);
        self.keys(node, &label, &with(&["discriminator", "types", "interfaces", "union"]));
        if self.member(node, "types").is_none() {
            self.missing(name.at, &label, "types", "add \"types\": [{\"type\": \"…\"}]");
        }
        let mut members = Vec::new();
        for object in self.objects(node, &label, "types") {
            members.extend(self.union_type(object, &label, service));
        }
        Union {
            discriminator: self.text(node, &label, "discriminator"),
            types: members,
            interfaces: self.texts(node, &label, "interfaces"),
            common: self.common(node, &label, name),
        }
    }

    fn union_type(&mut self, node: &Node, label: &str, service: &mut Service) -> Option<UnionType> {
        let own = node.word("type").to_owned();
        let label = format!("{label}type[{own}] ");
        let known = ["type", "description", "default", "discriminator_value", "fields", "attributes", "deprecation"];
        self.keys(node, &label, &known);
        let ty = self.type_of(node, &label, service)?;
        let fields = self.member(node, "fields").is_some().then(|| self.fields(node, &label, service));
        if let Some(fields) = fields.as_ref().filter(|_| self.strict()) {
            self.auto_model(node, &label, &ty, fields, service);
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
    fn auto_model(&mut self, node: &Node, label: &str, ty: &Text, fields: &[Field], service: &mut Service) {
        let parsed = type_text::parse(&ty.value);
        let refused = match &parsed {
            Some(parsed) if parsed.wrappers.first() == Some(&type_text::Wrapper::List) => Some("list"),
            Some(parsed) if !parsed.wrappers.is_empty() => Some("map"),
            Some(parsed) if type_text::primitive(parsed.base).is_some() => Some("primitive"),
            _ => None,
        };
        if let Some(kind) = refused {
            let at = node.get("fields").map_or(ty.at, |m| m.key_span);
            let help = "declare a model with these fields, and refer to it".to_owned();
            self.push(
                Diagnostic::error("E014", at, format!("{label}fields are not allowed for {kind} types")).help(help),
            );
            return;
        }
        let common = Common { name: ty.clone(), ..Common::default() };
        let model = Model { common, fields: fields.to_vec(), interfaces: Vec::new() };
        let auto = |m: &Model| m.common.name.value == ty.value && service.auto_models.contains(&m.common.name.value);
        if !service.models.iter().any(auto) {
            service.auto_models.push(ty.value.clone());
            service.models.push(model);
        }
    }

    /// Reads the type of a field, parameter, body …: text, or an inline definition, which is added to the service.
    pub fn type_of(&mut self, node: &Node, label: &str, service: &mut Service) -> Option<Text> {
        let Some(member) = node.get("type") else {
            self.missing(node.head(), label, "a type", "add \"type\": \"…\"");
            return None;
        };
        match &member.node.value {
            Value::String(_) => self.required(node, label, "type"),
            Value::Object(_) if self.strict() => self.inline(&member.node, label, service),
            _ => {
                let message = format!("{label}type must be a string or an object, not {}", member.node.kind());
                let list = matches!(member.node.value, Value::Array(_));
                let help =
                    if list { "a list of texts is written \"[string]\"" } else { "write it as \"type\": \"…\"" };
                self.push(Diagnostic::error("E011", member.node.head(), message).help(help.to_owned()));
                None
            }
        }
    }

    fn inline(&mut self, node: &Node, label: &str, service: &mut Service) -> Option<Text> {
        let marker = ["enum", "interface", "model", "union"].into_iter().find(|marker| node.get(marker).is_some());
        let Some(marker) = marker else {
            let at = node.get("name").map_or(node.head(), |m| m.key_span);
            let help = "state its kind and name: {\"enum\": \"NAME\", …}".to_owned();
            self.push(
                Diagnostic::error("E015", at, format!("{label}type: inline types must specify enum, model or union"))
                    .help(help),
            );
            return None;
        };
        let text = self.required(node, label, marker)?;
        let base = type_text::parse(&text.value).map(|parsed| parsed.base.to_owned()).unwrap_or_default();
        let name = Text { value: base, at: text.at };
        match marker {
            "enum" => service.enums.extend(self.enumeration(node, name)),
            "union" => {
                let union = self.union(node, name, service);
                service.unions.push(union);
            }
            "interface" => {
                let interface = self.model(node, name, "Interface", service);
                service.interfaces.push(interface);
            }
            _ => {
                let model = self.model(node, name, "Model", service);
                service.models.push(model);
            }
        }
        Some(text)
    }

    /// Reads the headers of a service or of a response.
    pub fn headers(&mut self, node: &Node, label: &str, service: &mut Service) -> Vec<Header> {
        let mut headers = Vec::new();
        let known = ["name", "type", "required", "default", "description", "attributes", "deprecation"];
        for object in self.objects(node, label, "headers") {
            let own = object.word("name").to_owned();
            let label = format!("{label}Header[{own}] ");
            self.keys(object, &label, &known);
            let (name, ty) = (self.required(object, &label, "name"), self.type_of(object, &label, service));
            let default = self.text(object, &label, "default");
            let required = self.boolean(object, &label, "required", true);
            if let (Some(name), Some(ty)) = (name, ty) {
                headers.push(Header { common: self.common(object, &label, name), ty, required, default });
            }
        }
        headers
    }
}
