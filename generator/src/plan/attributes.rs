//! Documentation and deprecation.

use super::docs::{doc_item, doc_lines, summary};
use super::items::ItemAttributes;
use apigen_model::api::{Deprecation, Field, Literal, Primitive, Type};
use apigen_model::vocabulary::names::Name;

pub fn item_attributes(description: Option<&str>, deprecation: Option<&Deprecation>) -> ItemAttributes {
    ItemAttributes {
        docs: description.map(doc_lines).unwrap_or_default(),
        deprecated: deprecation.map(|d| d.description.as_deref().map(note).unwrap_or_default()),
    }
}

/// Returns the note of `#[deprecated]`: rustdoc reads it as Markdown and rustc prints it as is, so it must not contain markup.
fn note(description: &str) -> String {
    summary(description).replace(['[', ']', '<', '>', '`'], "").trim().to_owned()
}

/// As [`item_attributes`], with a line for limits and default, which the Rust type does not show; sensitive defaults
/// are withheld.
pub fn field_attributes(field: &Field, sensitive: bool) -> ItemAttributes {
    let attributes = item_attributes(field.description.as_deref(), field.deprecation.as_ref());
    with_facts(
        attributes,
        [limits(&field.ty, field.minimum, field.maximum), default(field.default.as_ref().filter(|_| !sensitive))],
    )
}

/// Returns the documentation of an argument, as an item of a list and on its own; empty if the spec has none.
///
/// A deprecation becomes a sentence, not an attribute: callers have no choice.
pub fn argument_attributes(
    name: &Name,
    description: Option<&str>,
    deprecation: Option<&Deprecation>,
    limits: Option<String>,
) -> (Vec<String>, ItemAttributes) {
    let deprecated = deprecation.map(|deprecation| match deprecation.description.as_deref().map(note) {
        Some(note) if !note.is_empty() => format!("Deprecated: {note}"),
        _ => "Deprecated.".to_owned(),
    });
    let attributes = with_facts(item_attributes(description, None), [limits.clone(), deprecated.clone()]);
    if attributes.docs.is_empty() {
        return (Vec::new(), attributes);
    }
    let facts: Vec<String> = [limits, deprecated].into_iter().flatten().collect();
    (doc_item(name.as_str(), description, &facts), attributes)
}

/// Adds sentences as a separate paragraph.
pub fn with_facts(mut attributes: ItemAttributes, facts: [Option<String>; 2]) -> ItemAttributes {
    let facts: Vec<String> = facts.into_iter().flatten().collect();
    if !facts.is_empty() {
        if !attributes.docs.is_empty() {
            attributes.docs.push(String::new());
        }
        attributes.docs.push(facts.join(" "));
    }
    attributes
}

/// Describes the limits; `None` for types without limits.
pub fn limits(ty: &Type, minimum: Option<i64>, maximum: Option<i64>) -> Option<String> {
    let unit = match ty {
        Type::Primitive(Primitive::String) => " characters",
        Type::List(_) => " elements",
        Type::Primitive(Primitive::Integer | Primitive::Long | Primitive::Double | Primitive::Decimal) => "",
        _ => return None,
    };
    match (minimum, maximum) {
        (Some(low), Some(high)) if low == high => Some(format!("Exactly {low}{}.", number(low, unit))),
        (Some(low), Some(high)) => Some(format!("{low} to {high}{unit}.")),
        (Some(low), None) => Some(format!("At least {low}{}.", number(low, unit))),
        (None, Some(high)) => Some(format!("At most {high}{}.", number(high, unit))),
        (None, None) => None,
    }
}

/// Uses the singular for one.
fn number(count: i64, unit: &str) -> &str {
    if count == 1 { unit.trim_end_matches('s') } else { unit }
}

/// Describes the default, if it is short and plain.
pub fn default(literal: Option<&Literal>) -> Option<String> {
    let text = match literal? {
        Literal::Boolean(value) => value.to_string(),
        Literal::Integer(value) => value.to_string(),
        Literal::Decimal(text) | Literal::Uuid(text) | Literal::Date(text) | Literal::DateTime(text) => text.clone(),
        Literal::String(text)
            if text.len() <= 40 && text.chars().all(|c| c.is_ascii_alphanumeric() || "-_.:/ ".contains(c)) =>
        {
            text.clone()
        }
        _ => return None,
    };
    Some(format!("Default: `{text}`."))
}
