//! Lowers uses of types.

use apigen_model::api;
use apigen_runtime::validate::schema::{Primitive, Type};

/// Lowers a type, replacing ids with positions in the tables.
pub fn ty(ty: &api::Type) -> Type {
    match ty {
        api::Type::Primitive(primitive) => Type::Primitive(self::primitive(*primitive)),
        api::Type::Enum(id) => Type::Enum(id.index()),
        api::Type::Model(id) => Type::Model(id.index()),
        api::Type::Union(id) => Type::Union(id.index()),
        api::Type::List(inner) => Type::List(Box::new(self::ty(inner))),
        api::Type::Map(inner) => Type::Map(Box::new(self::ty(inner))),
    }
}

fn primitive(primitive: api::Primitive) -> Primitive {
    match primitive {
        api::Primitive::Boolean => Primitive::Boolean,
        api::Primitive::Integer => Primitive::Integer,
        api::Primitive::Long => Primitive::Long,
        api::Primitive::Double => Primitive::Double,
        api::Primitive::Decimal => Primitive::Decimal,
        api::Primitive::String => Primitive::String,
        api::Primitive::Uuid => Primitive::Uuid,
        api::Primitive::Date => Primitive::Date,
        api::Primitive::DateTime => Primitive::DateTime,
        api::Primitive::Object => Primitive::Object,
        api::Primitive::Json => Primitive::Json,
        api::Primitive::Unit => Primitive::Unit,
    }
}
