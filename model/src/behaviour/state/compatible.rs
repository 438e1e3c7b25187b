//! Whether the fields of a form fit those of a model.

use std::collections::HashSet;

use crate::api::{Api, Id, Model, Primitive, Type};
use crate::behaviour::FieldIndex;

/// Returns true if the JSON of every value of one type is valid for the other, apart from limits.
pub fn compatible<'a>(api: &'a Api, fields: &FieldIndex<'a>, from: &'a Type, to: &'a Type) -> bool {
    use Primitive::{Date, DateTime, Decimal, Double, Integer, Json, Long, Object, String, Uuid};
    // Models may be nested without end, so this is not recursive.
    let (mut seen, mut open) = (HashSet::new(), vec![(from, to)]);
    while let Some((from, to)) = open.pop() {
        let fits = match (from, to) {
            _ if from == to => true,
            _ if api.replaced.contains_key(from) || api.replaced.contains_key(to) => false,
            (Type::List(from), Type::List(to)) | (Type::Map(from), Type::Map(to)) => {
                open.push((from, to));
                true
            }
            (Type::Model(from), Type::Model(to)) => {
                !seen.insert((*from, *to)) || model(api, fields, *from, *to, &mut open)
            }
            (Type::Model(_) | Type::Map(_), Type::Primitive(Object)) | (_, Type::Primitive(Json)) => true,
            (Type::Enum(_) | Type::Primitive(Date | DateTime | Uuid), Type::Primitive(String)) => true,
            (Type::Primitive(Integer), Type::Primitive(Long | Double | Decimal)) => true,
            (Type::Primitive(Long), Type::Primitive(Double | Decimal)) => true,
            _ => false,
        };
        if !fits {
            return false;
        }
    }
    true
}

/// Checks that a form has every field that the model requires without a default, and that the types of its fields fit.
fn model<'a>(
    api: &'a Api,
    fields: &FieldIndex<'a>,
    from: Id<Model>,
    to: Id<Model>,
    open: &mut Vec<(&'a Type, &'a Type)>,
) -> bool {
    api.models[to].fields.iter().all(|to| match fields.field(from, &to.name) {
        Some(from) => {
            open.push((&from.ty, &to.ty));
            !to.required || from.required || from.default.is_some()
        }
        None => !to.required,
    })
}

/// Returns true if a value is a single text in a path or query.
pub fn is_plain(ty: &Type) -> bool {
    match ty {
        Type::Enum(_) => true,
        Type::Primitive(primitive) => !matches!(primitive, Primitive::Object | Primitive::Json | Primitive::Unit),
        _ => false,
    }
}

/// Returns true if the JSON of a plain value is a string.
pub fn is_text(ty: &Type) -> bool {
    use Primitive::{Date, DateTime, String, Uuid};
    matches!(ty, Type::Enum(_) | Type::Primitive(String | Uuid | Date | DateTime))
}
