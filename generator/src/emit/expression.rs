//! Writes expressions.

use std::fmt::{Display, Formatter, Result};

use proc_macro2::Literal;

use super::rust_type::list;
use crate::plan::items::{Conversion, Expression, Fallback};

impl Display for Expression {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::Unit => f.write_str("()"),
            Self::None => f.write_str("None"),
            Self::Some(value) => write!(f, "Some({value})"),
            Self::Boolean(value) => value.fmt(f),
            Self::Integer(value) => f.write_str(&integer(*value)),
            Self::Double(value) => f.write_str(&double(*value)),
            Self::Text(text) => write!(f, "{}.to_owned()", Literal::string(text)),
            Self::Literal(function, text) => {
                write!(f, "::apigen_runtime::codegen::literal::{function}({})", Literal::string(text))
            }
            Self::Decimal(value) => write!(f, "::apigen_runtime::Decimal::from({})", integer(*value)),
            Self::NilUuid => f.write_str("::apigen_runtime::Uuid::nil()"),
            Self::Null => f.write_str("::apigen_runtime::Value::Null"),
            Self::New(path) => write!(f, "{path}::new()"),
            Self::Pointer(path, value) => write!(f, "{path}::new({value})"),
            Self::Variant(path, variant, None) => write!(f, "{path}::{variant}"),
            Self::Variant(path, variant, Some(value)) => write!(f, "{path}::{variant}({value})"),
            Self::Fields(fields) => {
                let fields: Vec<String> = fields.iter().map(|(name, value)| format!("{name}: {value}")).collect();
                write!(f, "Self {{ {} }}", fields.join(", "))
            }
            Self::List(items) => {
                f.write_str("vec![")?;
                list(f, items)?;
                f.write_str("]")
            }
            Self::Repeated(element, count) => write!(f, "vec![{element}; {count}]"),
            Self::Map(entries) => {
                let entries: Vec<String> = entries.iter().map(|(key, value)| format!("({key}, {value})")).collect();
                write!(f, "::std::collections::BTreeMap::from([{}])", entries.join(", "))
            }
            Self::Empty => f.write_str("::apigen_runtime::codegen::Empty::empty()"),
            Self::Smallest => f.write_str("::apigen_runtime::codegen::smallest()"),
            Self::Argument(name, conversion) => write!(f, "{name}{conversion}"),
        }
    }
}

impl Display for Conversion {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::Nothing => Ok(()),
            Self::Into => f.write_str(".into()"),
            Self::Collect => f.write_str(".into_iter().collect()"),
            Self::CollectInto(path) => write!(f, ".into_iter().map({path}::into).collect()"),
        }
    }
}

impl Display for Fallback {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::Default => f.write_str(".unwrap_or_default()"),
            Self::Value(value) => write!(f, ".unwrap_or({value})"),
            Self::Computed(value) => write!(f, ".unwrap_or_else(|| {value})"),
        }
    }
}

/// Returns a whole number without a suffix.
pub fn integer(value: i64) -> String {
    match value {
        i64::MIN => "i64::MIN".to_owned(),
        i64::MAX => "i64::MAX".to_owned(),
        _ => format!("{}{}", if value < 0 { "-" } else { "" }, readable(&value.unsigned_abs().to_string())),
    }
}

/// Returns `.min(1).max(100)`.
pub fn limits(minimum: Option<i64>, maximum: Option<i64>) -> String {
    let limit = |name: &str, value: Option<i64>| value.map(|value| format!(".{name}({})", integer(value)));
    [limit("min", minimum), limit("max", maximum)].into_iter().flatten().collect()
}

fn double(value: f64) -> String {
    let digits = readable(&Literal::f64_unsuffixed(value.abs()).to_string());
    format!("{}{digits}", if value.is_sign_negative() { "-" } else { "" })
}

/// Formats the digits of a number, in groups of three if there are many.
fn readable(number: &str) -> String {
    let (whole, fraction) = number.split_once('.').map_or((number, None), |(whole, fraction)| (whole, Some(fraction)));
    let mut text = grouped(whole, whole.len() % 3);
    if let Some(fraction) = fraction {
        text.push('.');
        text.push_str(&grouped(fraction, 0));
    }
    text
}

/// Inserts `_` before each third digit, counted from `first`.
fn grouped(digits: &str, first: usize) -> String {
    if digits.len() < 6 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return digits.to_owned();
    }
    let mut text = String::with_capacity(digits.len() * 4 / 3 + 1);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && index % 3 == first % 3 {
            text.push('_');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_numbers_are_readable() {
        let integers = [0, 99_999, 100_000, -1_234_567, i64::MIN, i64::MIN + 1].map(integer);
        assert_eq!(integers, ["0", "99999", "100_000", "-1_234_567", "i64::MIN", "-9_223_372_036_854_775_807"]);
        let doubles = [0.5, 1_234_567.5, -0.123_456_7, 1e21].map(double);
        assert_eq!(doubles, ["0.5", "1_234_567.5", "-0.123_456_7", "1_000_000_000_000_000_000_000.0"]);
    }
}
