//! Writes the normalised form: the `service.json` that API Builder would publish (format reference, chapters 4 and 5).

use super::Unit;
use super::resource::{operation_path, parameters, resource_path, resource_plural};
use super::scope::Scope;
use super::service::{
    Annotation, Attribute, Body, Common, Enum, Field, Form, Header, Import, Model, Operation, Parameter, Resource,
    Response, Service, Text, Union, UnionType,
};
use crate::api::{Deprecation, Location};
use crate::source::json::{Node, Object, Value};
use crate::vocabulary::type_text;

pub fn publish(units: &[Unit], unit: usize) -> Node {
    let publisher = Publisher { units, unit: &units[unit], scope: Scope::new(units, unit) };
    publisher.service(&units[unit].service)
}

struct Publisher<'a> {
    units: &'a [Unit],
    unit: &'a Unit,
    scope: Scope<'a>,
}

impl Publisher<'_> {
    /// Returns true for authored documents, of which publishing drops some parts; published ones are copied as they are.
    fn authored(&self) -> bool {
        self.unit.form == Form::Api
    }

    fn service(&self, s: &Service) -> Node {
        let key = |key: &str| Object::default().with("key", key).node();
        Object::default()
            .with("name", s.name.value.as_str())
            .with("organization", key(&s.organization))
            .with("application", key(&s.application))
            .with("namespace", s.namespace.as_str())
            .with("version", s.version.as_str())
            .maybe("base_url", s.base_url.as_ref().map(|t| t.value.as_str()))
            .maybe("description", s.description.as_deref())
            .with("info", Value::Object(s.info.clone()))
            .with("headers", list(&s.headers, header))
            .with("imports", self.imports(s))
            .with("enums", list(&s.enums, |e| self.enumeration(e)))
            .with("interfaces", list(&s.interfaces, |i| model(i).node()))
            .with("unions", list(&s.unions, |u| self.union(u)))
            .with("models", list(&s.models, |m| model(m).with("interfaces", texts(&m.interfaces)).node()))
            .with("resources", list(&s.resources, |r| self.resource(r)))
            .with("attributes", attributes(&s.attributes))
            .with("annotations", self.annotations(s))
            .node()
    }

    fn imports(&self, s: &Service) -> Node {
        let summary = |(import, unit): (&Import, &Option<usize>)| match (&import.summary, unit) {
            (Some(published), _) => published.clone(),
            (None, Some(unit)) => summary(import, &self.units[*unit].service),
            (None, None) => Object::default().with("uri", import.uri.value.as_str()).node(),
        };
        array(s.imports.iter().zip(&self.unit.imports).map(summary))
    }

    /// Returns the service's own annotations, then those of its imports, each once.
    fn annotations(&self, s: &Service) -> Node {
        let mut all: Vec<Node> = s.annotations.iter().map(annotation).collect();
        let mut imported: Vec<Node> = Vec::new();
        if self.authored() {
            for import in self.unit.imports.iter().flatten() {
                for node in self.units[*import].service.annotations.iter().map(annotation) {
                    if !imported.iter().any(|known| known.compact() == node.compact()) {
                        imported.push(node);
                    }
                }
            }
        }
        all.append(&mut imported);
        array(all)
    }

    fn enumeration(&self, e: &Enum) -> Node {
        let values = list(&e.values, |v| {
            let lost: &[Attribute] = if self.authored() { &[] } else { &v.common.attributes };
            named(&v.common.name.value)
                .maybe("value", v.value.as_ref().map(|t| t.value.as_str()))
                .describe(&v.common.description, v.common.deprecation.as_ref())
                .with("attributes", attributes(lost))
                .node()
        });
        declaration(&e.common).with("values", values).with("attributes", attributes(&e.common.attributes)).node()
    }

    fn union(&self, u: &Union) -> Node {
        declaration(&u.common)
            .maybe("discriminator", u.discriminator.as_ref().map(|d| d.value.as_str()))
            .with("types", list(&u.types, |t| self.union_type(t)))
            .with("interfaces", texts(&u.interfaces))
            .with("attributes", attributes(&u.common.attributes))
            .node()
    }

    fn union_type(&self, t: &UnionType) -> Node {
        let ty = type_text(&t.ty.value);
        let base = type_text::parse(&ty).map_or(ty.as_str(), |parsed| parsed.base).to_owned();
        let lost: &[Attribute] = if self.authored() { &[] } else { &t.common.attributes };
        Object::default()
            .with("type", ty.as_str())
            .describe(&t.common.description, t.common.deprecation.as_ref())
            .with("attributes", attributes(lost))
            .maybe("default", t.default.map(Value::Bool))
            .with("discriminator_value", t.discriminator_value.as_ref().map_or(base.as_str(), |v| v.value.as_str()))
            .maybe("fields", t.fields.as_ref().map(|fields| list(fields, field)))
            .node()
    }

    fn resource(&self, r: &Resource) -> Node {
        let path = resource_path(&self.scope, r);
        let operations = list(&r.operations, |o| self.operation(r, path.as_deref(), o));
        Object::default()
            .with("type", r.common.name.value.as_str())
            .with("plural", resource_plural(&self.scope, r).as_str())
            .maybe("path", path.as_deref())
            .describe(&r.common.description, r.common.deprecation.as_ref())
            .with("operations", operations)
            .with("attributes", attributes(&r.common.attributes))
            .node()
    }

    fn operation(&self, r: &Resource, path: Option<&str>, o: &Operation) -> Node {
        let path = operation_path(&self.scope, path, o);
        let all = parameters(&self.scope, r, o, &path);
        let responses = match o.responses.as_slice() {
            // Servers add a response without attributes to an operation that declares none (5.8).
            [] => array([Object::default().with("code", code("204")).with("type", "unit").node()]),
            responses => list(responses, response),
        };
        Object::default()
            .with("method", o.method.value.to_ascii_uppercase().as_str())
            .with("path", path.as_str())
            .describe(&o.description, o.deprecation.as_ref())
            .maybe("body", o.body.as_ref().map(body))
            .with("parameters", array(all.iter().map(|(p, location)| self.parameter(p, *location))))
            .with("responses", responses)
            .with("attributes", attributes(&o.attributes))
            .node()
    }

    fn parameter(&self, p: &Parameter, location: Option<Location>) -> Node {
        let f = &p.field;
        let kept = (!self.authored() && !f.common.attributes.is_empty()).then(|| attributes(&f.common.attributes));
        let location = match location {
            Some(Location::Path) => "Path",
            Some(Location::Form) => "Form",
            Some(Location::Header) => "Header",
            Some(Location::Query) | None => "Query",
        };
        limits(typed(&f.common, &f.ty).with("location", location).with("required", Value::Bool(f.required)), f)
            .maybe("attributes", kept)
            .node()
    }
}

fn summary(import: &Import, s: &Service) -> Node {
    let key = |key: &str| Object::default().with("key", key).node();
    let names = |names: Vec<&Text>| array(names.iter().map(|t| t.value.as_str().into()));
    Object::default()
        .with("uri", import.uri.value.as_str())
        .with("namespace", s.namespace.as_str())
        .with("organization", key(&s.organization))
        .with("application", key(&s.application))
        .with("version", s.version.as_str())
        .with("enums", names(s.enums.iter().map(|e| &e.common.name).collect()))
        .with("interfaces", names(s.interfaces.iter().map(|i| &i.common.name).collect()))
        .with("unions", names(s.unions.iter().map(|u| &u.common.name).collect()))
        .with("models", names(s.models.iter().map(|m| &m.common.name).collect()))
        .with("annotations", list(&s.annotations, annotation))
        .node()
}

fn annotation(a: &Annotation) -> Node {
    named(&a.name.value).describe(&a.description, a.deprecation.as_ref()).node()
}

fn attributes(attributes: &[Attribute]) -> Node {
    list(attributes, |a| {
        let attribute = named(&a.name).with("value", a.value.clone());
        attribute.describe(&a.description, a.deprecation.as_ref()).node()
    })
}

fn model(m: &Model) -> Object {
    declaration(&m.common).with("fields", list(&m.fields, field)).with("attributes", attributes(&m.common.attributes))
}

fn field(f: &Field) -> Node {
    limits(typed(&f.common, &f.ty).with("required", Value::Bool(f.required)), f)
        .with("attributes", attributes(&f.common.attributes))
        .with("annotations", texts(&f.annotations))
        .node()
}

fn limits(object: Object, f: &Field) -> Object {
    let number = |limit: Option<i64>| limit.map(|limit| Value::Number(limit.to_string()));
    object
        .maybe("default", f.default.as_ref().map(|t| t.value.as_str()))
        .maybe("minimum", number(f.minimum))
        .maybe("maximum", number(f.maximum))
        .maybe("example", f.example.as_ref().map(|t| t.value.as_str()))
}

fn header(h: &Header) -> Node {
    typed(&h.common, &h.ty)
        .with("required", Value::Bool(h.required))
        .maybe("default", h.default.as_ref().map(|t| t.value.as_str()))
        .with("attributes", attributes(&h.common.attributes))
        .node()
}

fn body(b: &Body) -> Node {
    Object::default()
        .with("type", type_text(&b.ty.value).as_str())
        .describe(&b.description, b.deprecation.as_ref())
        .with("attributes", attributes(&b.attributes))
        .node()
}

fn response(r: &Response) -> Node {
    let headers = (!r.headers.is_empty()).then(|| list(&r.headers, header));
    Object::default()
        .with("code", code(&r.code.value))
        .with("type", type_text(&r.ty.value).as_str())
        .maybe("headers", headers)
        .describe(&r.description, r.deprecation.as_ref())
        .maybe("attributes", r.attributes.as_ref().map(|list| attributes(list)))
        .node()
}

fn code(text: &str) -> Node {
    match text.parse::<i32>() {
        Ok(number) => {
            let value = Object::default().with("value", Value::Number(number.to_string())).node();
            Object::default().with("integer", value).node()
        }
        Err(_) => Object::default().with("response_code_option", "Default").node(),
    }
}

/// Returns a type as it is published: primitives in lower case, one level deep (5.5).
fn type_text(text: &str) -> String {
    let fold = |name: &str| match type_text::primitive(name) {
        Some(_) => name.trim().to_ascii_lowercase(),
        None => name.to_owned(),
    };
    let inside = |open: &str| text.strip_prefix(open).and_then(|rest| rest.strip_suffix(']'));
    match (inside("["), inside("map[")) {
        _ if text == "map" => "map[string]".to_owned(),
        (Some(inner), _) => format!("[{}]", fold(inner)),
        (None, Some(inner)) => format!("map[{}]", fold(inner)),
        (None, None) => fold(text),
    }
}

fn typed(common: &Common, ty: &Text) -> Object {
    named(&common.name.value)
        .with("type", type_text(&ty.value).as_str())
        .describe(&common.description, common.deprecation.as_ref())
}

fn declaration(common: &Common) -> Object {
    named(&common.name.value)
        .with("plural", common.plural().as_str())
        .describe(&common.description, common.deprecation.as_ref())
}

fn named(name: &str) -> Object {
    Object::default().with("name", name)
}

fn texts(texts: &[Text]) -> Node {
    array(texts.iter().map(|t| t.value.as_str().into()))
}

fn list<T>(items: &[T], node: impl Fn(&T) -> Node) -> Node {
    array(items.iter().map(node))
}

fn array(items: impl IntoIterator<Item = Node>) -> Node {
    Value::Array(items.into_iter().collect()).into()
}

impl Object {
    fn describe(self, description: &Option<String>, deprecation: Option<&Deprecation>) -> Self {
        let mark = |d: &Deprecation| Object::default().maybe("description", d.description.as_deref()).node();
        self.maybe("description", description.as_deref()).maybe("deprecation", deprecation.map(mark))
    }
}
