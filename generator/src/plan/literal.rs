//! Defaults as Rust expressions.

use super::items::{Expression, Fallback, TypePath};
use super::types::{BTREE_MAP, Scope};
use apigen_model::api::{Enum, Id, Literal, Type};

pub fn expression(scope: Scope<'_>, literal: &Literal) -> Expression {
    match literal {
        Literal::Boolean(value) => Expression::Boolean(*value),
        Literal::Integer(value) => Expression::Integer(*value),
        Literal::Double(value) => Expression::Double(*value),
        Literal::Decimal(text) => Expression::Literal("decimal", text.clone()),
        Literal::String(text) => scope.text(text),
        Literal::Uuid(text) => Expression::Literal("uuid", text.clone()),
        Literal::Date(text) => scope.date(text, false),
        Literal::DateTime(text) => scope.date(text, true),
        Literal::Enum(id, index) => {
            let (declared, value) = (&scope.api.enums[*id], &scope.symbols[*id].values[*index]);
            if is_replaced(scope, *id) {
                let json = serde_json::Value::from(declared.values[*index].wire.as_str());
                return Expression::Literal("value", json.to_string());
            }
            Expression::Variant(scope.path(declared.service, &scope.symbols[*id].name), value.clone(), None)
        }
        Literal::Object(text) => Expression::Literal("object", text.clone()),
        Literal::Json(text) => Expression::Literal("json", text.clone()),
        Literal::List(items) if items.is_empty() => Expression::New(scope.std("Vec")),
        Literal::List(items) => Expression::List(items.iter().map(|item| expression(scope, item)).collect()),
        Literal::Map(entries) if entries.is_empty() => Expression::New(BTREE_MAP),
        Literal::Map(entries) => {
            let entries = entries.iter().map(|(key, value)| (scope.text(key), expression(scope, value)));
            Expression::Map(entries.collect())
        }
    }
}

/// Returns what an absent field is replaced by, behind the field's pointer: in the form that clippy prefers for this kind of
/// expression.
pub fn fallback(scope: Scope<'_>, literal: &Literal, pointer: Option<&TypePath>) -> Fallback {
    let value = || expression(scope, literal).behind(pointer);
    match literal {
        Literal::List(items) if items.is_empty() => Fallback::Default,
        Literal::Map(entries) if entries.is_empty() => Fallback::Default,
        Literal::Enum(id, _) if is_replaced(scope, *id) => Fallback::Computed(value()),
        Literal::Boolean(_) | Literal::Integer(_) | Literal::Double(_) | Literal::Enum(..) => Fallback::Value(value()),
        _ => Fallback::Computed(value()),
    }
}

fn is_replaced(scope: Scope<'_>, id: Id<Enum>) -> bool {
    scope.api.replaced.contains_key(&Type::Enum(id))
}

/// Returns true if the value equals `Default::default()`, so that the impl can be derived.
pub fn is_type_default(literal: &Literal) -> bool {
    match literal {
        Literal::Boolean(value) => !value,
        Literal::Integer(value) => *value == 0,
        Literal::Double(value) => *value == 0.0 && value.is_sign_positive(),
        Literal::String(text) => text.is_empty(),
        Literal::List(items) => items.is_empty(),
        Literal::Map(entries) => entries.is_empty(),
        _ => false,
    }
}
