//! Resolves checked documents to the model. It cannot fail, since its input has been checked.

use std::collections::HashMap;

use crate::api::{
    Api, Attribute, Body, Code, Enum, EnumValue, Field, Header, Id, Interface, Literal, Location, Member, Method,
    Model, Operation, Parameter, Primitive, Resource, Response, Role, Service, Type, Union,
};
use crate::diagnostic::{Diagnostic, Report};
use crate::parse::resource::{operation_path, parameters, resource_path, resource_plural};
use crate::parse::scope::{Meaning, Scope, Target};
use crate::parse::service::{self as spec, Kind};
use crate::parse::{Unit, default};
use crate::source::json::Span;
use crate::vocabulary::type_text::{self, TypeText, Wrapper};

/// Resolves all units. Warnings about types that were not found go to the report.
pub fn resolve(units: &[Unit], report: &mut Report) -> Api {
    let mut lowering = Lowering { units, report, api: Api::default(), services: Vec::new(), values: HashMap::new() };
    let scopes: Vec<Scope<'_>> = (0..units.len()).map(|unit| Scope::new(units, unit)).collect();
    lowering.services = units.iter().map(|unit| lowering.declare(unit)).collect();
    for scope in &scopes {
        lowering.define(scope);
    }
    lowering.api
}

struct Lowering<'a> {
    units: &'a [Unit],
    report: &'a mut Report,
    api: Api,
    /// The service of each unit; its elements have the positions that they have in the unit.
    services: Vec<Id<Service>>,
    /// Positions of the names and texts of an enum's values, built when an example needs them.
    values: HashMap<Id<Enum>, HashMap<String, usize>>,
}

impl Lowering<'_> {
    /// Assigns an id to every declaration, so that definitions can refer to each other in any order.
    fn declare(&mut self, unit: &Unit) -> Id<Service> {
        let (s, api) = (&unit.service, &mut self.api);
        let service = api.services.next_id();
        let lowered = Service {
            document: unit.document,
            role: unit.role.clone(),
            name: s.name.value.clone(),
            organization: s.organization.clone(),
            application: s.application.clone(),
            namespace: s.namespace.clone(),
            version: s.version.clone(),
            base_url: s.base_url.as_ref().map(|t| t.value.clone()),
            description: s.description.clone(),
            headers: Vec::new(),
            enums: s.enums.iter().map(|e| api.enums.push(enumeration(service, e))).collect(),
            models: s.models.iter().map(|m| api.models.push(model(service, m))).collect(),
            unions: s.unions.iter().map(|u| api.unions.push(union(service, u))).collect(),
            interfaces: s.interfaces.iter().map(|i| api.interfaces.push(interface(service, i))).collect(),
            resources: Vec::new(),
            annotations: s.annotations.iter().map(|annotation| annotation.name.value.clone()).collect(),
            attributes: attributes(&s.attributes),
        };
        api.services.push(lowered)
    }

    fn define(&mut self, scope: &Scope<'_>) {
        let (unit, id) = (&self.units[scope.unit], self.services[scope.unit]);
        let s = &unit.service;
        for (index, m) in s.models.iter().enumerate() {
            let id = self.api.services[id].models[index];
            self.api.models[id].fields = self.fields(scope, &m.fields);
            self.api.models[id].interfaces = self.interfaces(scope, &m.interfaces);
        }
        for (index, i) in s.interfaces.iter().enumerate() {
            let id = self.api.services[id].interfaces[index];
            self.api.interfaces[id].fields = self.fields(scope, &i.fields);
        }
        for (index, u) in s.unions.iter().enumerate() {
            let id = self.api.services[id].unions[index];
            self.api.unions[id].members = u.types.iter().map(|t| self.member(scope, t)).collect();
            self.api.unions[id].interfaces = self.interfaces(scope, &u.interfaces);
        }
        self.api.services[id].headers = self.headers(scope, &s.headers);
        if unit.role == Role::Requested {
            self.api.services[id].resources = s.resources.iter().map(|r| self.resource(scope, r)).collect();
        }
    }

    fn service(&self, unit: usize) -> &Service {
        &self.api.services[self.services[unit]]
    }

    fn interfaces(&self, scope: &Scope<'_>, names: &[spec::Text]) -> Vec<Id<Interface>> {
        let targets = names.iter().filter_map(|name| scope.interface(&name.value));
        targets.map(|target| self.service(target.unit).interfaces[target.index]).collect()
    }

    fn ty(&mut self, scope: &Scope<'_>, text: &spec::Text) -> Type {
        match scope.parse(&text.value) {
            Some((parsed, meaning)) => self.resolved(scope, text.at, &parsed, meaning),
            None => Type::Primitive(Primitive::Json),
        }
    }

    fn resolved(&mut self, scope: &Scope<'_>, at: Span, parsed: &TypeText<'_>, meaning: Meaning) -> Type {
        let base = match meaning {
            Meaning::Primitive(primitive) => Type::Primitive(primitive),
            Meaning::Declared(Target { unit, kind, index }) => match kind {
                Kind::Enum => Type::Enum(self.service(unit).enums[index]),
                Kind::Model => Type::Model(self.service(unit).models[index]),
                Kind::Union => Type::Union(self.service(unit).unions[index]),
                Kind::Interface => Type::Primitive(Primitive::Json),
            },
            Meaning::Missing | Meaning::Unknown => {
                let message =
                    format!("type[{}] is unknown because its service was not found; using plain JSON", parsed.base);
                let warning = Diagnostic::warning("W002", at, message);
                self.report.push(warning.in_document(self.units[scope.unit].document));
                Type::Primitive(Primitive::Json)
            }
        };
        parsed.wrappers.iter().rev().fold(base, |inner, wrapper| match wrapper {
            Wrapper::List => Type::List(Box::new(inner)),
            Wrapper::Map => Type::Map(Box::new(inner)),
        })
    }

    fn literal(&self, scope: &Scope<'_>, ty: &str, default: Option<&spec::Text>) -> Option<Literal> {
        let text = default?;
        let (parsed, meaning) = scope.parse(ty)?;
        let id = |unit, index: usize| Some(self.service(unit).enums[index]);
        default::literal(scope, &parsed.wrappers, meaning, &text.value, &id).ok()
    }

    fn fields(&mut self, scope: &Scope<'_>, fields: &[spec::Field]) -> Vec<Field> {
        fields.iter().map(|field| self.field(scope, field)).collect()
    }

    /// Returns the example, if it is a value of the type; for enums, a name or a text on the wire.
    fn sample(&mut self, scope: &Scope<'_>, f: &spec::Field, ty: &Type) -> Option<Literal> {
        let text = f.example.as_ref()?;
        let Type::Enum(id) = ty else { return self.literal(scope, &f.ty.value, Some(text)) };
        let positions = self.values.entry(*id).or_insert_with(|| {
            let mut positions = HashMap::new();
            for (index, value) in self.api.enums[*id].values.iter().enumerate() {
                positions.entry(value.name.clone()).or_insert(index);
                positions.entry(value.wire.clone()).or_insert(index);
            }
            positions
        });
        positions.get(&text.value).map(|position| Literal::Enum(*id, *position))
    }

    fn field(&mut self, scope: &Scope<'_>, f: &spec::Field) -> Field {
        let ty = self.ty(scope, &f.ty);
        Field {
            name: f.common.name.value.clone(),
            default: self.literal(scope, &f.ty.value, f.default.as_ref()),
            sample: self.sample(scope, f, &ty),
            ty,
            required: f.required,
            minimum: f.minimum,
            maximum: f.maximum,
            example: f.example.as_ref().map(|text| text.value.clone()),
            description: f.common.description.clone(),
            deprecation: f.common.deprecation.clone(),
            annotations: f.annotations.iter().map(|a| a.value.clone()).collect(),
            attributes: attributes(&f.common.attributes),
            at: f.common.name.at,
        }
    }

    fn member(&mut self, scope: &Scope<'_>, t: &spec::UnionType) -> Member {
        let base = type_text::parse(&t.ty.value).map_or(t.ty.value.as_str(), |parsed| parsed.base);
        Member {
            ty: self.ty(scope, &t.ty),
            discriminator_value: t.discriminator_value.as_ref().map_or_else(|| base.to_owned(), |v| v.value.clone()),
            type_text: t.ty.value.clone(),
            default: t.default == Some(true),
            description: t.common.description.clone(),
            deprecation: t.common.deprecation.clone(),
        }
    }

    /// Returns the value sent in a header. If its type was not found, it is a string.
    fn header_default(&self, scope: &Scope<'_>, header: &spec::Header) -> Option<Literal> {
        let text = header.default.as_ref().filter(|text| default::is_visible(&text.value))?;
        let is_missing = || scope.parse(&header.ty.value).is_some_and(|(_, meaning)| meaning == Meaning::Missing);
        if is_missing() || scope.sent(&header.ty.value, &text.value).is_some() {
            return Some(Literal::String(text.value.clone()));
        }
        let list = default::header_list(scope, &header.ty.value, &text.value);
        let list = list.map(|value| spec::Text { value, ..text.clone() });
        self.literal(scope, &header.ty.value, list.as_ref().or(Some(text)))
    }

    fn headers(&mut self, scope: &Scope<'_>, headers: &[spec::Header]) -> Vec<Header> {
        let lower = |h: &spec::Header| Header {
            name: h.common.name.value.clone(),
            ty: as_text(&self.ty(scope, &h.ty), Location::Header),
            required: h.required,
            default: self.header_default(scope, h),
            description: h.common.description.clone(),
            deprecation: h.common.deprecation.clone(),
            at: h.common.name.at,
        };
        headers.iter().map(lower).collect()
    }

    fn resource(&mut self, scope: &Scope<'_>, r: &spec::Resource) -> Resource {
        let path = resource_path(scope, r);
        let operations = r.operations.iter().map(|o| self.operation(scope, r, path.as_deref(), o));
        Resource {
            operations: operations.collect(),
            type_text: r.common.name.value.clone(),
            plural: resource_plural(scope, r),
            path,
            description: r.common.description.clone(),
            deprecation: r.common.deprecation.clone(),
            attributes: attributes(&r.common.attributes),
        }
    }

    fn operation(
        &mut self,
        scope: &Scope<'_>,
        r: &spec::Resource,
        path: Option<&str>,
        o: &spec::Operation,
    ) -> Operation {
        let path = operation_path(scope, path, o);
        // Published documents may omit it.
        let path = if path.starts_with('/') { path } else { format!("/{path}") };
        let method = Method::named(&o.method.value).unwrap_or(Method::Get);
        let parameters = parameters(scope, r, o, &path);
        let mut responses: Vec<Response> = o.responses.iter().map(|r| self.response(scope, r)).collect();
        if responses.is_empty() {
            responses.push(no_content());
        }
        if method == Method::Head {
            // The declared type is that of the GET response; HEAD sends only its headers.
            responses.iter_mut().for_each(|response| response.ty = Type::Primitive(Primitive::Unit));
        }
        Operation {
            method,
            parameters: parameters.iter().map(|(p, location)| self.parameter(scope, p, *location)).collect(),
            body: o.body.as_ref().map(|body| Body {
                ty: self.ty(scope, &body.ty),
                description: body.description.clone(),
                deprecation: body.deprecation.clone(),
                at: body.ty.at,
            }),
            responses,
            name: None,
            path,
            description: o.description.clone(),
            deprecation: o.deprecation.clone(),
            attributes: attributes(&o.attributes),
            at: o.at,
        }
    }

    fn parameter(&mut self, scope: &Scope<'_>, p: &spec::Parameter, location: Option<Location>) -> Parameter {
        let location = location.unwrap_or(Location::Query);
        let mut field = self.field(scope, &p.field);
        let ty = if location == Location::Form { field.ty.clone() } else { as_text(&field.ty, location) };
        if ty != field.ty {
            // The default and limits of the declared type do not apply to a string.
            let text = |text: &Option<spec::Text>| text.as_ref().map(|text| Literal::String(text.value.clone()));
            field.default = text(&p.field.default).filter(|_| matches!(ty, Type::Primitive(_)));
            (field.minimum, field.maximum) = (None, None);
        }
        // Published documents may contradict both; a value is always present.
        let required = field.required || field.default.is_some() || location == Location::Path;
        Parameter {
            ty,
            name: field.name,
            location,
            required,
            default: field.default,
            minimum: field.minimum,
            maximum: field.maximum,
            example: field.example,
            description: field.description,
            deprecation: field.deprecation,
            at: field.at,
        }
    }

    fn response(&mut self, scope: &Scope<'_>, r: &spec::Response) -> Response {
        Response {
            code: r.code.value.parse().map_or(Code::Default, Code::Status),
            ty: self.ty(scope, &r.ty),
            headers: self.headers(scope, &r.headers),
            description: r.description.clone(),
            deprecation: r.deprecation.clone(),
            at: r.code.at,
        }
    }
}

/// Returns the type of a parameter that is sent as text: other types in published documents, and types that were not
/// found, become strings.
fn as_text(ty: &Type, location: Location) -> Type {
    let single = |ty: &Type| match ty {
        Type::Primitive(Primitive::Json | Primitive::Object | Primitive::Unit)
        | Type::Model(_)
        | Type::Union(_)
        | Type::Map(_)
        | Type::List(_) => Type::Primitive(Primitive::String),
        Type::Primitive(_) | Type::Enum(_) => ty.clone(),
    };
    match ty {
        Type::List(inner) if location != Location::Path => Type::List(Box::new(single(inner))),
        other => single(other),
    }
}

/// Returns the response of an operation that declares none.
fn no_content() -> Response {
    let ty = Type::Primitive(Primitive::Unit);
    let (headers, at) = (Vec::new(), Span::default());
    Response { code: Code::Status(204), ty, headers, description: None, deprecation: None, at }
}

fn attributes(written: &[spec::Attribute]) -> Vec<Attribute> {
    let object = |a: &spec::Attribute| match a.value.to_value() {
        serde_json::Value::Object(value) => value,
        _ => serde_json::Map::new(),
    };
    written.iter().map(|a| Attribute { name: a.name.clone(), value: object(a) }).collect()
}

fn enumeration(service: Id<Service>, e: &spec::Enum) -> Enum {
    let values = e.values.iter().map(|v| EnumValue {
        name: v.common.name.value.clone(),
        wire: v.value.as_ref().map_or_else(|| v.common.name.value.clone(), |text| text.value.clone()),
        description: v.common.description.clone(),
        deprecation: v.common.deprecation.clone(),
    });
    Enum {
        service,
        name: e.common.name.value.clone(),
        description: e.common.description.clone(),
        deprecation: e.common.deprecation.clone(),
        values: values.collect(),
        attributes: attributes(&e.common.attributes),
        at: e.common.name.at,
    }
}

fn model(service: Id<Service>, m: &spec::Model) -> Model {
    Model {
        service,
        name: m.common.name.value.clone(),
        description: m.common.description.clone(),
        deprecation: m.common.deprecation.clone(),
        fields: Vec::new(),
        interfaces: Vec::new(),
        attributes: attributes(&m.common.attributes),
    }
}

fn union(service: Id<Service>, u: &spec::Union) -> Union {
    Union {
        service,
        name: u.common.name.value.clone(),
        description: u.common.description.clone(),
        deprecation: u.common.deprecation.clone(),
        discriminator: u.discriminator.as_ref().map(|d| d.value.clone()),
        members: Vec::new(),
        interfaces: Vec::new(),
        attributes: attributes(&u.common.attributes),
        at: u.common.name.at,
    }
}

fn interface(service: Id<Service>, i: &spec::Model) -> Interface {
    Interface {
        service,
        name: i.common.name.value.clone(),
        description: i.common.description.clone(),
        deprecation: i.common.deprecation.clone(),
        fields: Vec::new(),
    }
}
