//! Reads resources and operations.

use super::reader::Reader;
use super::service::{Body, Operation, Parameter, Resource, Response, Text};
use crate::source::json::{Node, Value};

impl Reader<'_> {
    pub fn resources(&mut self, node: &Node) {
        for (name, object) in self.declarations(node, "resources", "type") {
            let label = format!("Resource[{}] ", name.value);
            let known = ["path", "description", "operations", "templates", "attributes", "deprecation"];
            self.keys(object, &label, &known);
            self.objects(object, &label, "templates");
            // A path may be empty on purpose, and is not trimmed.
            self.text(object, &label, "path");
            let path = self.member(object, "path").and_then(Node::text).map(str::to_owned);
            let objects = self.objects(object, &label, "operations");
            let prefix = path.clone().unwrap_or_default();
            let operations = objects.into_iter().filter_map(|o| self.operation(o, &name.value, &prefix)).collect();
            let common = self.common(object, &label, name);
            self.service.resources.push(Resource { common, path, operations });
        }
    }

    fn operation(&mut self, node: &Node, resource: &str, prefix: &str) -> Option<Operation> {
        let text = |key: &str| node.word(key).trim();
        let prefix = if self.strict() { prefix } else { "" };
        let (method, path) = (text("method").to_uppercase(), format!("{prefix}{}", text("path")));
        let parts = [format!("Resource[{resource}]"), method, path];
        let label: String = parts.iter().filter(|part| !part.is_empty()).map(|part| format!("{part} ")).collect();
        let known = ["method", "path", "description", "body", "parameters", "responses", "attributes", "deprecation"];
        self.keys(node, &label, &known);
        let method = self.required(node, &label, "method");
        let path = self.text(node, &label, "path");
        let body = self.body(node, &label);
        let mut parameters = Vec::new();
        for object in self.objects(node, &label, "parameters") {
            let own_label = format!("{label}Parameter[{}] ", object.word("name"));
            let location = self.text(object, &own_label, "location");
            if !self.strict() && location.is_none() {
                self.missing(object.head(), &own_label, "a location", "add \"location\": \"Query\"");
            }
            let field = self.field(object, &label, "Parameter");
            parameters.extend(field.map(|field| Parameter { field, location }));
        }
        Some(Operation {
            at: method.as_ref().map_or(node.span, |m| m.at),
            path,
            description: self.string(node, &label, "description"),
            deprecation: self.deprecation(node, &label),
            attributes: self.attributes(node, &label),
            parameters,
            body,
            responses: self.responses(node, &label),
            method: method?,
        })
    }

    fn body(&mut self, node: &Node, label: &str) -> Option<Body> {
        let body = self.member(node, "body")?;
        if !matches!(body.value, Value::Object(_)) {
            let message = format!("{label}body, if present, must be an object, not {}", body.kind());
            self.error("E011", body.head(), message, Some("write it as {\"type\": \"…\"}"));
            return None;
        }
        let label = format!("{label}Body ");
        Some(Body {
            ty: self.type_of(body, &label)?,
            description: self.string(body, &label, "description"),
            deprecation: self.deprecation(body, &label),
            attributes: self.attributes(body, &label),
        })
    }

    /// Reads responses: an object by code in `api.json`, an array in `service.json`.
    fn responses(&mut self, node: &Node, label: &str) -> Vec<Response> {
        let Some(responses) = self.member(node, "responses") else { return Vec::new() };
        let mut found = Vec::new();
        match &responses.value {
            Value::Object(members) => {
                for member in members {
                    let code = Text { value: member.key.trim().to_owned(), at: member.key_span };
                    found.extend(self.response(&member.node, label, code));
                }
            }
            Value::Array(items) if !self.strict() => {
                for item in items {
                    match item.get("code").and_then(|m| code(&m.node)) {
                        Some(code) => found.extend(self.response(item, label, code)),
                        None => self.missing(item.head(), &format!("{label}response "), "a code", "add \"code\": 200"),
                    }
                }
            }
            _ => {
                let message = format!("{label}responses, if present, must be an object, not {}", responses.kind());
                let help = "write it as {\"200\": {\"type\": \"…\"}}";
                self.error("E011", responses.head(), message, Some(help));
            }
        }
        found
    }

    fn response(&mut self, node: &Node, label: &str, code: Text) -> Option<Response> {
        let label = format!("{label}Response[{}] ", code.value);
        if !matches!(node.value, Value::Object(_)) {
            let message = format!("{label}must be an object, not {}", node.kind());
            self.error("E011", node.head(), message, Some("write it as {\"type\": \"…\"}"));
            return None;
        }
        self.keys(node, &label, &["type", "headers", "description", "attributes", "deprecation", "code"]);
        Some(Response {
            ty: self.type_of(node, &label)?,
            headers: self.headers(node, &label),
            description: self.string(node, &label, "description"),
            deprecation: self.deprecation(node, &label),
            attributes: (self.strict() || node.get("attributes").is_some()).then(|| self.attributes(node, &label)),
            code,
        })
    }
}

/// Reads the code of a published response: the union of the format, or, in older files, a bare number or text.
fn code(node: &Node) -> Option<Text> {
    let at = node.span;
    let value = |node: &Node| match &node.value {
        Value::Number(text) | Value::String(text) => Some(text.clone()),
        _ => None,
    };
    let inner = |node: &Node| value(node).or_else(|| node.get("value").and_then(|m| value(&m.node)));
    let tagged =
        || ["integer", "response_code_option"].iter().find_map(|key| node.get(key)).and_then(|m| inner(&m.node));
    Some(Text { value: value(node).or_else(tagged)?, at })
}
