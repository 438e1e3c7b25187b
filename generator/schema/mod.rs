//! From the resolved model to the tables of the runtime: validators of a service without generated code.

mod operation;

use apigen_runtime::validate::schema::{
    EnumDefinition, FieldDefinition, MemberDefinition, ModelDefinition, Primitive, Schema, Service, Type,
    UnionDefinition,
};

use crate::ir::{self, Api, Role};
use crate::rust::Options;

/// The tables of all services that were read; types of the requested ones have short names too.
pub fn schema(api: &Api, options: &Options) -> &'static Schema {
    let interfaces = api.interfaces.iter().map(|(_, interface)| (&interface.name, &interface.fields));
    let models = api.models.iter().map(|(_, model)| (&model.name, &model.fields)).chain(interfaces);
    Schema::new(Service {
        enums: api.enums.iter().map(|(_, e)| enumeration(e)).collect(),
        models: models.map(|(name, fields)| model(name, fields, options)).collect(),
        unions: api.unions.iter().map(|(_, u)| union(u)).collect(),
        names: names(api),
        operations: operation::operations(api, options),
    })
}

fn enumeration(e: &ir::Enum) -> EnumDefinition {
    let values = e.values.iter().map(|value| (value.name.clone(), value.wire.clone()));
    EnumDefinition { name: e.name.clone(), values: values.collect() }
}

fn model(name: &str, fields: &[ir::Field], options: &Options) -> ModelDefinition {
    let fields = fields.iter().map(|field| FieldDefinition {
        name: field.name.clone(),
        ty: ty(&field.ty),
        required: field.required,
        secret: field.annotations.iter().any(|annotation| options.is_sensitive(annotation)),
        minimum: field.minimum,
        maximum: field.maximum,
    });
    ModelDefinition { name: name.to_owned(), fields: fields.collect() }
}

fn union(u: &ir::Union) -> UnionDefinition {
    let members = u.members.iter().map(|member| MemberDefinition {
        ty: ty(&member.ty),
        value: member.discriminator_value.clone(),
        default: member.default,
    });
    UnionDefinition { name: u.name.clone(), discriminator: u.discriminator.clone(), members: members.collect() }
}

/// `user` for the types of requested services, and `io.example.v0.models.user` for all.
fn names(api: &Api) -> Vec<(String, Type)> {
    let models = api.models.len();
    let enums = api.enums.iter().map(|(id, e)| (e.service, "enums", &e.name, Type::Enum(id.index())));
    let own = api.models.iter().map(|(id, m)| (m.service, "models", &m.name, Type::Model(id.index())));
    let unions = api.unions.iter().map(|(id, u)| (u.service, "unions", &u.name, Type::Union(id.index())));
    let interfaces = api.interfaces.iter();
    let interfaces = interfaces.map(|(id, i)| (i.service, "interfaces", &i.name, Type::Model(models + id.index())));
    let mut names = Vec::new();
    for (service, kind, name, ty) in enums.chain(own).chain(unions).chain(interfaces) {
        let service = &api.services[service];
        if service.role == Role::Requested {
            names.push((name.clone(), ty.clone()));
        }
        names.push((format!("{}.{kind}.{name}", service.namespace), ty));
    }
    names
}

fn ty(ty: &ir::Type) -> Type {
    match ty {
        ir::Type::Primitive(primitive) => Type::Primitive(self::primitive(*primitive)),
        ir::Type::Enum(id) => Type::Enum(id.index()),
        ir::Type::Model(id) => Type::Model(id.index()),
        ir::Type::Union(id) => Type::Union(id.index()),
        ir::Type::List(inner) => Type::List(Box::new(self::ty(inner))),
        ir::Type::Map(inner) => Type::Map(Box::new(self::ty(inner))),
    }
}

fn primitive(primitive: ir::Primitive) -> Primitive {
    match primitive {
        ir::Primitive::Boolean => Primitive::Boolean,
        ir::Primitive::Integer => Primitive::Integer,
        ir::Primitive::Long => Primitive::Long,
        ir::Primitive::Double => Primitive::Double,
        ir::Primitive::Decimal => Primitive::Decimal,
        ir::Primitive::String => Primitive::String,
        ir::Primitive::Uuid => Primitive::Uuid,
        ir::Primitive::Date => Primitive::Date,
        ir::Primitive::DateTime => Primitive::DateTime,
        ir::Primitive::Object => Primitive::Object,
        ir::Primitive::Json => Primitive::Json,
        ir::Primitive::Unit => Primitive::Unit,
    }
}
