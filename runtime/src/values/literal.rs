//! Defaults in generated code, from the text in the spec.
//!
//! The generator refuses texts that do not fit. One that does not fit all the same gives the type's zero instead of a panic.

use super::Empty;
use crate::json;
use crate::json::{Decimal, FromJson, Mode, Object, Uuid, Value};

/// A uuid in its canonical form; else the nil uuid.
pub fn uuid(text: &str) -> Uuid {
    Uuid::try_parse(text).unwrap_or_default()
}

#[cfg(feature = "chrono")]
pub use json::chrono::{naive_date, utc_date_time};
#[cfg(feature = "jiff")]
pub use json::jiff::{date, date_time};

/// A decimal number; else zero.
pub fn decimal(text: &str) -> Decimal {
    json::decimal(text).unwrap_or_default()
}

/// Any JSON; else `null`.
pub fn json(text: &str) -> Value {
    Value::from_json_with(text, &Mode::lenient().max_depth(usize::MAX)).unwrap_or_default()
}

/// A JSON object; else an empty one.
pub fn object(text: &str) -> Object {
    Object::from_json_with(text, &Mode::lenient().max_depth(usize::MAX)).unwrap_or_default()
}

/// A value of a type that replaces one of the spec, from its JSON; else the type's smallest value.
pub fn value<T: FromJson + Empty>(json: &str) -> T {
    T::from_json_with(json, &Mode::lenient()).unwrap_or_else(|_| T::empty())
}
