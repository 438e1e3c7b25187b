//! Lowers the resolved model to the tables of the runtime: the validators and the state of a service without generated
//! code.

mod literal;
mod operation;
mod smallest;
mod state;
mod types;

use apigen_runtime::validate::schema::{
    EnumDefinition, FieldDefinition, LongPath, MemberDefinition, ModelDefinition, Schema, Service, Type,
    UnionDefinition,
};

use apigen_model::api::{self, Api, Id, Role};
use apigen_model::behaviour::{SensitiveAnnotations, union_tags};
pub(crate) use literal::literal;
pub(crate) use state::state;
pub(crate) use types::ty;

/// Builds the tables of all services in the model; types of the requested ones have short names too.
///
/// # Errors
/// Never fails for services that were checked.
pub fn schema(api: &Api, annotations: &SensitiveAnnotations) -> Result<Schema, LongPath> {
    let interfaces = api.interfaces.iter().map(|(_, interface)| (&interface.name, &interface.fields));
    let models = api.models.iter().map(|(_, model)| (&model.name, &model.fields)).chain(interfaces);
    Schema::new(Service {
        enums: api.enums.iter().map(|(_, e)| enumeration(e)).collect(),
        models: models.map(|(name, fields)| model(name, fields, annotations)).collect(),
        unions: api.unions.iter().map(|(id, _)| union(api, id)).collect(),
        names: names(api),
        operations: operation::operations(api, annotations),
    })
}

fn enumeration(e: &api::Enum) -> EnumDefinition {
    let values = e.values.iter().map(|value| (value.name.clone(), value.wire.clone()));
    EnumDefinition { name: e.name.clone(), values: values.collect() }
}

fn model(name: &str, fields: &[api::Field], annotations: &SensitiveAnnotations) -> ModelDefinition {
    let fields = fields.iter().map(|field| FieldDefinition {
        name: field.name.clone(),
        ty: ty(&field.ty),
        required: field.required,
        sensitive: field.annotations.iter().any(|annotation| annotations.is_sensitive(annotation)),
        minimum: field.minimum,
        maximum: field.maximum,
    });
    ModelDefinition { name: name.to_owned(), fields: fields.collect() }
}

fn union(api: &Api, id: Id<api::Union>) -> UnionDefinition {
    let u = &api.unions[id];
    let members = u.members.iter().map(|member| MemberDefinition {
        ty: ty(&member.ty),
        value: member.discriminator_value.clone(),
        default: member.default,
    });
    UnionDefinition {
        name: u.name.clone(),
        discriminator: u.discriminator.clone(),
        members: members.collect(),
        tags: union_tags(api, id),
    }
}

/// Returns `user` for the types of requested services, and `io.example.v0.models.user` for all.
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
