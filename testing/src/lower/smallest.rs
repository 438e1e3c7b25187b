//! The smallest value of each type as JSON: what `Empty` is in generated code.

use apigen_model::api::{Api, Field, Id, Member, Primitive, Type, Union};
use apigen_model::behaviour::limits::{fewest, nearest_to_zero};
use apigen_model::behaviour::{SmallestValues, is_option};

use super::literal::literal;

/// Returns the JSON of the smallest value of a type; `None` if every value would be infinite.
pub fn smallest(api: &Api, values: &SmallestValues<'_>, ty: &Type) -> Option<String> {
    bounded(api, values, ty, None, None)
}

fn bounded(api: &Api, values: &SmallestValues<'_>, ty: &Type, low: Option<i64>, high: Option<i64>) -> Option<String> {
    Some(match ty {
        Type::Enum(id) => quoted(&api.enums[*id].values.first()?.wire),
        Type::Model(_) | Type::Union(_) if !values.exists(ty) => return None,
        Type::Model(id) => model(api, values, &api.models[*id].fields)?,
        Type::Union(id) => union(api, values, *id)?,
        Type::Map(_) => "{}".to_owned(),
        Type::List(inner) => list(api, values, inner, fewest(low)),
        Type::Primitive(primitive) => self::primitive(*primitive, low, high),
    })
}

fn primitive(primitive: Primitive, low: Option<i64>, high: Option<i64>) -> String {
    let number = nearest_to_zero(low, high);
    match primitive {
        Primitive::Boolean => "false".to_owned(),
        Primitive::Integer => number.clamp(i32::MIN.into(), i32::MAX.into()).to_string(),
        Primitive::Long | Primitive::Decimal | Primitive::Double => number.to_string(),
        Primitive::String => quoted(&"x".repeat(fewest(low))),
        Primitive::Uuid => quoted("00000000-0000-0000-0000-000000000000"),
        Primitive::Date => quoted("1970-01-01"),
        Primitive::DateTime => quoted("1970-01-01T00:00:00Z"),
        Primitive::Object => "{}".to_owned(),
        Primitive::Json | Primitive::Unit => "null".to_owned(),
    }
}

fn list(api: &Api, values: &SmallestValues<'_>, inner: &Type, count: usize) -> String {
    let element = if count == 0 { None } else { smallest(api, values, inner) };
    match element {
        None => "[]".to_owned(),
        Some(element) => format!("[{}]", vec![element; count].join(",")),
    }
}

fn model(api: &Api, values: &SmallestValues<'_>, fields: &[Field]) -> Option<String> {
    let mut members = Vec::new();
    for field in fields.iter().filter(|field| !is_option(field)) {
        let value = match &field.default {
            Some(default) => literal(api, default),
            None => bounded(api, values, &field.ty, field.minimum, field.maximum)?,
        };
        members.push(format!("{}:{value}", quoted(&field.name)));
    }
    Some(format!("{{{}}}", members.join(",")))
}

fn union(api: &Api, values: &SmallestValues<'_>, id: Id<Union>) -> Option<String> {
    let union = &api.unions[id];
    let member = &union.members[values.member(id)?];
    let value = smallest(api, values, &member.ty)?;
    Some(in_union(union, member, value))
}

/// Returns the JSON of a union whose member has this JSON (format reference, chapter 9).
fn in_union(union: &Union, member: &Member, value: String) -> String {
    let own = quoted(&member.discriminator_value);
    match (&union.discriminator, &member.ty) {
        (_, Type::Union(_)) => value,
        (Some(key), Type::Model(_)) => {
            let rest = value.strip_prefix('{').unwrap_or(&value);
            let comma = if rest == "}" { "" } else { "," };
            format!("{{{}:{own}{comma}{rest}", quoted(key))
        }
        (Some(key), _) => format!("{{{}:{own},\"value\":{value}}}", quoted(key)),
        (None, Type::Primitive(_)) => format!("{{{own}:{{\"value\":{value}}}}}"),
        (None, _) => format!("{{{own}:{value}}}"),
    }
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
