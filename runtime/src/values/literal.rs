//! Defaults in generated code, from their text in the spec.
//!
//! The generator rejects invalid text. Should one occur nevertheless, it yields the zero value of its type and does not
//! panic.

use super::Empty;
use crate::json;
use crate::json::{Decimal, FromJson, Mode, Object, Uuid, Value};

/// Parses a uuid in its canonical form; else returns the nil uuid.
pub fn uuid(text: &str) -> Uuid {
    Uuid::try_parse(text).unwrap_or_default()
}

#[cfg(feature = "chrono")]
pub use json::chrono::{naive_date, utc_date_time};
#[cfg(feature = "jiff")]
pub use json::jiff::{date, date_time};

/// Parses a decimal number; else returns zero.
pub fn decimal(text: &str) -> Decimal {
    json::decimal(text).unwrap_or_default()
}

/// Parses any JSON; else returns `null`.
pub fn json(text: &str) -> Value {
    Value::from_json_with(text, &Mode::lenient().max_depth(usize::MAX)).unwrap_or_default()
}

/// Parses a JSON object; else returns an empty one.
pub fn object(text: &str) -> Object {
    Object::from_json_with(text, &Mode::lenient().max_depth(usize::MAX)).unwrap_or_default()
}

/// Parses the JSON of a type that replaces one of the spec; else returns the smallest value of that type.
pub fn value<T: FromJson + Empty>(json: &str) -> T {
    T::from_json_with(json, &Mode::lenient()).unwrap_or_else(|_| T::empty())
}
