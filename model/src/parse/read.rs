//! Reads both forms of a document into the normalised one.

use super::reader::Reader;
use super::service::{Annotation, Form, Import, Service, Text};
use super::spec_defaults::{SpecDefaults, application_key};
use super::templates::{self, Expanded};
use crate::diagnostic::{Diagnostic, DocumentId, Report};
use crate::source::json::{self, Member, Node, Object, RepeatedKey, SyntaxError, Value};

const TOP: &str = "name base_url description namespace imports headers attributes info enums interfaces models unions \
                   resources annotations templates $schema apidoc";

/// Reads a document. Problems go to the report; returns `None` if nothing can be used.
pub fn read(text: &str, document: DocumentId, defaults: &SpecDefaults, report: &mut Report) -> Option<(Form, Service)> {
    let mut reader = Reader { form: Form::Api, document, report, service: Service::default() };
    let node = match json::parse(text) {
        Ok(node) => node,
        Err(SyntaxError { span, .. }) if text.trim().is_empty() => {
            reader.error("E001", span, "there is no data: the document is empty", None);
            return None;
        }
        Err(SyntaxError { message, help, span }) => {
            let other = other_format(text);
            let message = format!("the document is not JSON: {message}");
            reader.error("E001", span, message, other.as_deref().or(help));
            return None;
        }
    };
    let Value::Object(_) = node.value else {
        let message = format!("the document must be a JSON object, not {}", node.kind());
        reader.error("E002", node.head(), message, None);
        return None;
    };
    let foreign = node.get("swagger").or_else(|| node.get("openapi"));
    if let Some(member) = foreign.filter(|m| matches!(m.node.value, Value::String(_))) {
        let message = "this is a Swagger or OpenAPI document, not an API Builder one";
        reader.error("E003", member.key_span, message, Some("API Builder's server converts it to service.json"));
        return None;
    }
    reader.form = form(&node);
    if let (Form::Api, Some(RepeatedKey { key, first, again })) = (reader.form, node.repeated_key()) {
        let line = text[..first.start].matches('\n').count() + 1;
        let help = format!("the first one is in line {line}");
        reader.error("E004", again, format!("invalid json: duplicate key {key}"), Some(&help));
    }
    if reader.too_long(&node) {
        return None;
    }
    let expanded = if reader.form == Form::Api { templates::expand(&node, &mut reader) } else { Expanded::Unchanged };
    let service = match expanded {
        Expanded::Unchanged => reader.service(&node, defaults)?,
        Expanded::Merged(merged) => reader.service(&merged, defaults)?,
        Expanded::Refused => return None,
    };
    (!reader.too_many(&service)).then_some((reader.form, service))
}

/// Returns advice for documents in another format that a server accepts.
fn other_format(text: &str) -> Option<String> {
    let looks = |word: &str| text.contains(word);
    let known = if looks("swagger:") || looks("openapi:") {
        "Swagger or OpenAPI"
    } else if looks("protocol ") || looks("@namespace") {
        "Avro"
    } else {
        return None;
    };
    Some(format!("this looks like {known}; API Builder's server converts it to service.json"))
}

/// Distinguishes the forms (format reference, 1.1): only published documents name their organization and application.
fn form(node: &Node) -> Form {
    let has = |key: &str| node.get(key).is_some_and(|m| matches!(m.node.value, Value::Object(_)));
    if has("organization") || has("application") { Form::Service } else { Form::Api }
}

impl Reader<'_> {
    fn service(&mut self, node: &Node, defaults: &SpecDefaults) -> Option<Service> {
        if let Some(member) = node.get("key").filter(|_| self.strict()) {
            let key = application_key(member.node.text().unwrap_or_default());
            let help = format!("the key is computed from the name; a URL key looks like `{key}`");
            self.error("E010", member.key_span, "the document has an unrecognized element[key]", Some(&help));
        }
        self.keys(node, "", &TOP.split(' ').collect::<Vec<_>>());
        if let Some(templates) = self.member(node, "templates").filter(|_| self.strict()) {
            self.object(templates, "", "templates");
        }
        if !self.strict() {
            self.published(node);
        }
        let name = self.required(node, "", "name");
        let key = |object: &str| Some(node.get(object)?.node.get("key")?.node.text()?.to_owned());
        let application = key("application").unwrap_or_else(|| application_key(name.as_ref().map_or("", |n| &n.value)));
        let declared_version = if self.strict() { None } else { self.string(node, "", "version") };
        let declared_namespace = self.string(node, "", "namespace");
        self.service = Service {
            organization: key("organization").unwrap_or_else(|| defaults.organization()),
            namespace_declared: declared_namespace.is_some(),
            namespace: declared_namespace.unwrap_or_else(|| defaults.namespace(&application)),
            version: declared_version.unwrap_or_else(|| defaults.version()),
            base_url: self.text(node, "", "base_url"),
            description: self.string(node, "", "description"),
            info: self.info(node),
            imports: self.imports(node),
            annotations: self.annotations(node),
            attributes: self.attributes(node, "Service "),
            application,
            ..Service::default()
        };
        self.types(node);
        self.service.headers = self.headers(node, "");
        self.resources(node);
        let mut service = std::mem::take(&mut self.service);
        if self.strict() {
            sort(&mut service);
        }
        if defaults.migration {
            migrate(&mut service);
        }
        service.name = name?;
        Some(service)
    }

    /// Checks the keys that a published document must have; older ones may lack some.
    fn published(&mut self, node: &Node) {
        let is_missing = |key: &&str| node.get(key).is_none();
        for key in ["organization", "application", "namespace", "version"].into_iter().filter(is_missing) {
            let help = "only published documents have `organization` or `application`: remove them from an api.json";
            let message = format!("the document lacks {key}, which every published document has");
            self.error("E012", node.head(), message, Some(help));
        }
        let missing: Vec<&str> = ["enums", "models", "unions", "resources"].into_iter().filter(is_missing).collect();
        if !missing.is_empty() {
            let message = format!("the document lacks {}: read as empty", missing.join(" and "));
            self.push(Diagnostic::warning("W003", node.head(), message));
        }
    }

    fn info(&mut self, node: &Node) -> Vec<Member> {
        let Some(info) = self.member(node, "info") else { return Vec::new() };
        if self.strict() {
            // In some published documents it is an array.
            self.object(info, "", "info");
        }
        let license = self.member(info, "license").and_then(|license| {
            let name = self.required(license, "License ", "name")?.value;
            let url = self.string(license, "License ", "url");
            Some(Object::default().with("name", name.as_str()).maybe("url", url.as_deref()).node())
        });
        let contact = self.member(info, "contact").map(|contact| {
            let text = |object: Object, key| object.maybe(key, self.string(contact, "Contact ", key).as_deref());
            ["name", "url", "email"].into_iter().fold(Object::default(), text)
        });
        let contact = contact.filter(|contact| !contact.members.is_empty()).map(Object::node);
        Object::default().maybe("contact", contact).maybe("license", license).members
    }

    fn imports(&mut self, node: &Node) -> Vec<Import> {
        let mut imports = Vec::new();
        for object in self.objects(node, "", "imports") {
            self.keys(object, "Import ", &["uri"]);
            let Some(uri) = self.required(object, "Import ", "uri") else { continue };
            let lower = uri.value.to_ascii_lowercase();
            if !["http://", "https://", "file://"].iter().any(|scheme| lower.starts_with(scheme)) {
                let message = format!("URI[{}] must start with http://, https:// or file://", uri.value);
                self.error("E006", uri.at, message, None);
                continue;
            }
            if uri.value.ends_with('/') {
                let help = "use the URI of a document, such as https://…/service.json";
                self.error("E006", uri.at, format!("URI[{}] cannot end with /", uri.value), Some(help));
                continue;
            }
            let published = !self.strict();
            let namespace = if published { self.string(object, "Import ", "namespace") } else { None };
            let annotations = if published { self.objects(object, "Import ", "annotations") } else { Vec::new() };
            let annotations = annotations.into_iter().filter_map(|a| self.string(a, "Import ", "name")).collect();
            let summary = published.then(|| object.clone());
            imports.push(Import { uri, namespace, annotations, summary });
        }
        imports.sort_by_key(|import| import.uri.value.to_lowercase());
        imports
    }

    fn annotations(&mut self, node: &Node) -> Vec<Annotation> {
        let declared = self.declarations(node, "annotations", "name");
        let mut annotations = Vec::new();
        for (name, object) in declared {
            let label = format!("Annotation[{}] ", name.value);
            self.keys(object, &label, &["description", "deprecation"]);
            let description = self.string(object, &label, "description");
            annotations.push(Annotation { description, deprecation: self.deprecation(object, &label), name });
        }
        annotations
    }
}

/// Sorts as normalisation does: by lower-cased name, in UTF-16 code units (format reference, 5.3).
fn sort(service: &mut Service) {
    fn key(text: &Text) -> Vec<u16> {
        text.value.to_lowercase().encode_utf16().collect()
    }
    service.enums.sort_by_cached_key(|e| key(&e.common.name));
    service.interfaces.sort_by_cached_key(|i| key(&i.common.name));
    service.models.sort_by_cached_key(|m| key(&m.common.name));
    service.unions.sort_by_cached_key(|u| key(&u.common.name));
    service.resources.sort_by_cached_key(|r| key(&r.common.name));
}

/// Makes every field with a default required, as a server does with documents of old (format reference, 5.9).
fn migrate(service: &mut Service) {
    let models = service.models.iter_mut().chain(&mut service.interfaces).flat_map(|m| &mut m.fields);
    let members = service.unions.iter_mut().flat_map(|u| &mut u.types).flat_map(|t| &mut t.fields).flatten();
    let operations = service.resources.iter_mut().flat_map(|r| &mut r.operations);
    let parameters = operations.flat_map(|o| &mut o.parameters).map(|p| &mut p.field);
    for field in models.chain(members).chain(parameters).filter(|field| field.default.is_some()) {
        field.required = true;
    }
}
