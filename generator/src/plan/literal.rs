//! Defaults as Rust expressions.

use proc_macro2::{Literal as Token, TokenStream};
use quote::quote;

use super::types::Scope;
use apigen_model::api::{Enum, Id, Literal, Type};

/// Returns an expression of the owned type.
pub fn expression(scope: Scope<'_>, literal: &Literal) -> TokenStream {
    match literal {
        Literal::Boolean(value) => quote!(#value),
        Literal::Integer(value) => integer(*value),
        Literal::Double(value) => double(*value),
        Literal::Decimal(text) => quote!(::apigen_runtime::codegen::literal::decimal(#text)),
        Literal::String(text) => owned(scope, text),
        Literal::Uuid(text) => quote!(::apigen_runtime::codegen::literal::uuid(#text)),
        Literal::Date(text) => scope.date(text, false),
        Literal::DateTime(text) => scope.date(text, true),
        Literal::Enum(id, index) if is_replaced(scope, *id) => {
            let json = serde_json::Value::from(scope.api.enums[*id].values[*index].wire.as_str()).to_string();
            quote!(::apigen_runtime::codegen::literal::value(#json))
        }
        Literal::Enum(id, index) => {
            let path = scope.owned(&Type::Enum(*id));
            let value = &scope.symbols[*id].values[*index];
            quote!(#path::#value)
        }
        Literal::Object(text) => quote!(::apigen_runtime::codegen::literal::object(#text)),
        Literal::Json(text) => quote!(::apigen_runtime::codegen::literal::json(#text)),
        Literal::List(items) if items.is_empty() => {
            let vec = scope.std("Vec");
            quote!(#vec::new())
        }
        Literal::List(items) => {
            let items = items.iter().map(|item| expression(scope, item));
            quote!(vec![#(#items),*])
        }
        Literal::Map(entries) if entries.is_empty() => quote!(::std::collections::BTreeMap::new()),
        Literal::Map(entries) => {
            let entries = entries.iter().map(|(key, value)| {
                let (key, value) = (owned(scope, key), expression(scope, value));
                quote!((#key, #value))
            });
            quote!(::std::collections::BTreeMap::from([#(#entries),*]))
        }
    }
}

/// Returns an expression for an owned text.
fn owned(scope: Scope<'_>, text: &str) -> TokenStream {
    if text.is_empty() {
        let string = scope.std("String");
        return quote!(#string::new());
    }
    quote!(#text.to_owned())
}

/// Returns the call after an `Option` that fills in this default, in the field's form: the one that clippy prefers for
/// this kind of expression.
pub fn fallback(scope: Scope<'_>, literal: &Literal, held: impl FnOnce(TokenStream) -> TokenStream) -> TokenStream {
    let value = held(expression(scope, literal));
    match literal {
        Literal::List(items) if items.is_empty() => quote!(.unwrap_or_default()),
        Literal::Map(entries) if entries.is_empty() => quote!(.unwrap_or_default()),
        Literal::Enum(id, _) if is_replaced(scope, *id) => quote!(.unwrap_or_else(|| #value)),
        Literal::Boolean(_) | Literal::Integer(_) | Literal::Double(_) | Literal::Enum(..) => {
            quote!(.unwrap_or(#value))
        }
        _ => quote!(.unwrap_or_else(|| #value)),
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

/// Returns a whole number without a suffix.
pub fn integer(value: i64) -> TokenStream {
    match value {
        i64::MIN => quote!(i64::MIN),
        i64::MAX => quote!(i64::MAX),
        _ => {
            let digits = readable(&value.unsigned_abs().to_string());
            if value < 0 { quote!(-#digits) } else { quote!(#digits) }
        }
    }
}

fn double(value: f64) -> TokenStream {
    let digits = readable(&Token::f64_unsuffixed(value.abs()).to_string());
    if value.is_sign_negative() { quote!(-#digits) } else { quote!(#digits) }
}

/// Formats the digits of a number, in groups of three if there are many.
fn readable(number: &str) -> TokenStream {
    let (whole, fraction) = number.split_once('.').map_or((number, None), |(whole, fraction)| (whole, Some(fraction)));
    let mut text = grouped(whole, whole.len() % 3);
    if let Some(fraction) = fraction {
        text.push('.');
        text.push_str(&grouped(fraction, 0));
    }
    text.parse().unwrap_or_default()
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
        let integers = [0, 99_999, 100_000, -1_234_567, i64::MIN, i64::MIN + 1].map(|value| integer(value).to_string());
        let expected = ["0", "99999", "100_000", "- 1_234_567", "i64 :: MIN", "- 9_223_372_036_854_775_807"];
        assert_eq!(integers, expected);
        let doubles = [0.5, 1_234_567.5, -0.123_456_7, 1e21].map(|value| double(value).to_string());
        assert_eq!(doubles, ["0.5", "1_234_567.5", "- 0.123_456_7", "1_000_000_000_000_000_000_000.0"]);
    }
}
