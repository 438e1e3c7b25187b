//! Elements of a service: as written, as resolved, and as messages name them.

use std::collections::BTreeMap;
use std::fmt;

use super::Linter;
use crate::api::{self, Literal, Type};
use crate::parse::names::commons;
use crate::parse::service::{Attribute, Common, Field, Kind, Model, Operation, Resource};
use crate::source::json::Span;

/// A field of a model or interface, or a parameter that the spec declares.
pub struct FieldRef<'a> {
    pub owner: Owner<'a>,
    pub field: &'a Field,
    pub ty: &'a Type,
    pub default: Option<&'a Literal>,
    /// Attributes of the field and of its containers.
    pub attributes: Vec<&'a [Attribute]>,
}

#[derive(Clone)]
pub enum Owner<'a> {
    /// `model` or `interface`, and its name.
    Type(&'static str, &'a str),
    Operation(&'a api::Operation),
}

impl FieldRef<'_> {
    pub fn name(&self) -> &str {
        &self.field.common.name.value
    }

    pub fn at(&self) -> Span {
        self.field.common.name.at
    }
}

impl fmt::Display for FieldRef<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.owner {
            Owner::Type(word, name) => write!(f, "field `{}` of {word} `{name}`", self.name()),
            Owner::Operation(o) => write!(f, "parameter `{}` of {} {}", self.name(), o.method.as_str(), o.path),
        }
    }
}

pub struct OperationRef<'a> {
    pub resource: &'a Resource,
    pub written: &'a Operation,
    pub resolved: &'a api::Operation,
}

impl<'a> OperationRef<'a> {
    pub fn attributes(&self) -> [&'a [Attribute]; 2] {
        [&self.written.attributes, &self.resource.common.attributes]
    }
}

impl fmt::Display for OperationRef<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.resolved.method.as_str(), self.resolved.path)
    }
}

impl<'a> Linter<'a> {
    pub fn operation_refs(&self) -> Vec<OperationRef<'a>> {
        let resources = self.service.resources.iter().zip(&self.own.resources);
        resources.flat_map(|(resource, own)| operations_of(resource, own)).collect()
    }

    pub fn shapes(&self) -> Vec<(&'static str, &'a Model, &'a [api::Field])> {
        let models = self.service.models.iter().zip(&self.own.models);
        let models = models.map(|(model, id)| ("model", model, self.api.models[*id].fields.as_slice()));
        let interfaces = self.service.interfaces.iter().zip(&self.own.interfaces);
        let interfaces =
            interfaces.map(|(interface, id)| ("interface", interface, self.api.interfaces[*id].fields.as_slice()));
        models.chain(interfaces).collect()
    }

    /// Returns all declared types: kind and common parts.
    pub fn declarations(&self) -> Vec<(&'static str, &'a Common)> {
        let kinds = Kind::ALL.into_iter();
        kinds.flat_map(|kind| commons(self.service, kind).map(move |common| (kind.word(), common))).collect()
    }

    pub fn field_refs(&self) -> Vec<FieldRef<'a>> {
        let mut fields = self.fields();
        for operation in self.operation_refs() {
            let resolved: BTreeMap<&str, &api::Parameter> =
                operation.resolved.parameters.iter().map(|p| (p.name.as_str(), p)).collect();
            fields.extend(operation.written.parameters.iter().filter_map(|parameter| {
                let field = &parameter.field;
                let found = resolved.get(field.common.name.value.as_str())?;
                let [of_operation, of_resource] = operation.attributes();
                let attributes = vec![field.common.attributes.as_slice(), of_operation, of_resource];
                let owner = Owner::Operation(operation.resolved);
                Some(FieldRef { owner, field, ty: &found.ty, default: found.default.as_ref(), attributes })
            }));
        }
        fields
    }

    pub fn fields(&self) -> Vec<FieldRef<'a>> {
        let fields = self.shapes().into_iter().flat_map(|(word, model, fields)| {
            model.fields.iter().zip(fields).map(move |(field, resolved)| FieldRef {
                owner: Owner::Type(word, &model.common.name.value),
                field,
                ty: &resolved.ty,
                default: resolved.default.as_ref(),
                attributes: vec![&field.common.attributes, &model.common.attributes],
            })
        });
        fields.collect()
    }
}

pub fn operations_of<'a>(resource: &'a Resource, own: &'a api::Resource) -> Vec<OperationRef<'a>> {
    let operations = resource.operations.iter().zip(&own.operations);
    operations.map(|(written, resolved)| OperationRef { resource, written, resolved }).collect()
}
