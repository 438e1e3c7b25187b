//! Whether what a form holds can stand in a model.

use std::collections::HashSet;

use crate::ir::{Api, Id, Model, Primitive, Type};

/// Whether the JSON of every value of one type is that of a value of the other, limits apart.
pub fn compatible(api: &Api, from: &Type, to: &Type) -> bool {
    fits(api, from, to, &mut HashSet::new())
}

fn fits(api: &Api, from: &Type, to: &Type, seen: &mut HashSet<(Id<Model>, Id<Model>)>) -> bool {
    use Primitive::{Date, DateTime, Decimal, Double, Integer, Json, Long, Object, String, Uuid};
    match (from, to) {
        _ if from == to => true,
        _ if api.replaced.contains_key(from) || api.replaced.contains_key(to) => false,
        (Type::List(from), Type::List(to)) | (Type::Map(from), Type::Map(to)) => fits(api, from, to, seen),
        (Type::Model(from), Type::Model(to)) => !seen.insert((*from, *to)) || model(api, *from, *to, seen),
        (Type::Model(_) | Type::Map(_), Type::Primitive(Object)) | (_, Type::Primitive(Json)) => true,
        (Type::Enum(_) | Type::Primitive(Date | DateTime | Uuid), Type::Primitive(String)) => true,
        (Type::Primitive(Integer), Type::Primitive(Long | Double | Decimal)) => true,
        (Type::Primitive(Long), Type::Primitive(Double | Decimal)) => true,
        _ => false,
    }
}

/// A form without a field that the model requires does not fit, unless the model has a default for it.
fn model(api: &Api, from: Id<Model>, to: Id<Model>, seen: &mut HashSet<(Id<Model>, Id<Model>)>) -> bool {
    let (from, to) = (&api.models[from].fields, &api.models[to].fields);
    to.iter().all(|to| match from.iter().find(|from| from.name == to.name) {
        Some(from) => {
            let there = !to.required || from.required || from.default.is_some();
            there && fits(api, &from.ty, &to.ty, seen)
        }
        None => !to.required,
    })
}

/// Whether a value is one text in a path or query.
pub fn is_plain(ty: &Type) -> bool {
    match ty {
        Type::Enum(_) => true,
        Type::Primitive(primitive) => !matches!(primitive, Primitive::Object | Primitive::Json | Primitive::Unit),
        _ => false,
    }
}

/// Whether the JSON of a plain value is a string.
pub fn is_text(ty: &Type) -> bool {
    use Primitive::{Date, DateTime, String, Uuid};
    matches!(ty, Type::Enum(_) | Type::Primitive(String | Uuid | Date | DateTime))
}
