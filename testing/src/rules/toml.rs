//! Converts TOML to the tree of JSON, with its places.

use ::toml::Spanned;
use ::toml::de::{DeInteger, DeTable, DeValue};
use apigen_model::source::json::{Member, Node, Span, Value};

use super::problems::{Problems, UNREADABLE};

/// Reads a text; problems with it are reported.
pub(super) fn parse(text: &str, problems: &mut Problems) -> Option<Node> {
    let (table, errors) = DeTable::parse_recoverable(text);
    for error in &errors {
        let span = error.span().map(|span| Span { start: span.start, end: span.end }).unwrap_or_default();
        problems.add(UNREADABLE, span, format!("invalid TOML: {}", error.message()), None);
    }
    let whole = Span { start: 0, end: text.len() };
    errors.is_empty().then(|| Node { span: whole, value: object(table.get_ref(), problems) })
}

fn object(table: &DeTable<'_>, problems: &mut Problems) -> Value {
    let members = table.iter().map(|(key, value)| {
        let span = Span { start: key.span().start, end: key.span().end };
        Member { key: key.get_ref().to_string(), key_span: span, node: node(value, problems) }
    });
    let mut members: Vec<Member> = members.collect();
    // The table is sorted by key.
    members.sort_by_key(|member| member.key_span.start);
    Value::Object(members)
}

fn node(value: &Spanned<DeValue<'_>>, problems: &mut Problems) -> Node {
    let span = Span { start: value.span().start, end: value.span().end };
    let value = match value.get_ref() {
        DeValue::String(text) => Value::String(text.to_string()),
        DeValue::Boolean(flag) => Value::Bool(*flag),
        // Types of the spec are texts.
        DeValue::Datetime(time) => Value::String(time.to_string()),
        DeValue::Integer(number) => number_of(integer(number), span, problems),
        DeValue::Float(number) => number_of(float(number.as_str()), span, problems),
        DeValue::Array(items) => Value::Array(items.iter().map(|item| node(item, problems)).collect()),
        DeValue::Table(table) => object(table, problems),
    };
    Node { span, value }
}

fn number_of(text: Option<String>, span: Span, problems: &mut Problems) -> Value {
    if text.is_none() {
        problems.add(UNREADABLE, span, "JSON has no such number", Some("write a finite decimal number".to_owned()));
    }
    text.map_or(Value::Null, Value::Number)
}

/// Returns a number in decimal notation, in which JSON has it.
fn integer(number: &DeInteger<'_>) -> Option<String> {
    let digits = number.as_str().trim_start_matches('+');
    match number.radix() {
        10 => Some(digits.to_owned()),
        radix => i128::from_str_radix(digits, radix).ok().map(|number| number.to_string()),
    }
}

/// Returns a number as written; `None` for `inf` and `nan`.
fn float(text: &str) -> Option<String> {
    let finite = text.parse::<f64>().is_ok_and(f64::is_finite);
    finite.then(|| text.trim_start_matches('+').to_owned())
}
